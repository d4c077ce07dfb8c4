package layout

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"strings"
	"unicode/utf8"

	"kaiho/generator/diag"
)

// read takes every file below layouts/ of fsys over those that are there.
// Symbolic links are not followed: they could lead out of the project.
func (l *loader) read(fsys fs.FS) {
	info, err := fs.Lstat(fsys, dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return
	case err != nil:
		l.unreadable(dir, err)
		return
	case info.Mode()&fs.ModeSymlink != 0:
		l.report(dir, diag.Symlink)
		return
	case !info.IsDir():
		l.report(dir, diag.NotAFolder)
		return
	}
	_ = fs.WalkDir(fsys, dir, func(name string, d fs.DirEntry, err error) error { // all its errors are problems
		switch {
		case err != nil:
			l.unreadable(name, err)
		case d.IsDir() && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case d.IsDir() || strings.HasPrefix(d.Name(), "."):
		case d.Type()&fs.ModeSymlink != 0:
			l.report(name, diag.Symlink)
		case !d.Type().IsRegular():
			l.report(name, diag.NotAFile)
		default:
			l.readFile(fsys, name)
		}
		return nil
	})
}

func (l *loader) readFile(fsys fs.FS, name string) {
	below := strings.TrimPrefix(name, dir+"/")
	lang, isStrings := stringsFile(below)
	folder := path.Dir(below)
	isHTML := path.Ext(below) == ".html" && (folder == "." || folder == "partials")
	if !isStrings && !isHTML && below != letterText {
		l.report(name, diag.LayoutUnknownFile)
		return
	}
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		l.unreadable(name, err)
		return
	}
	b = bytes.TrimPrefix(b, byteOrderMark)
	if i := invalid(b); i >= 0 {
		l.problems = append(l.problems, diag.New(at(source{name, b}, i), diag.NotUTF8, "byte", fmt.Sprintf("0x%02X", b[i])))
		l.unread[below] = true
		return
	}
	if !isStrings {
		l.sources[below] = source{name, b}
		return
	}
	// A site's strings are laid over the built-in ones, so both texts count.
	l.sources[below] = source{name, append(l.sources[below].text, b...)}
	table, problems := parseStrings(name, b)
	l.problems = append(l.problems, problems...)
	if l.tables[lang] == nil {
		l.tables[lang] = map[string]string{}
	}
	maps.Copy(l.tables[lang], table)
}

// byteOrderMark is what some editors write before UTF-8; browsers would see it
// before the document type, and JSON has none.
var byteOrderMark = []byte("\ufeff")

// invalid returns the offset of the first byte of b that is not UTF-8, or -1.
func invalid(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	for i := 0; i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// report notes a problem with a file. What has one is not looked for again.
func (l *loader) report(name string, rule diag.Rule, args ...string) {
	l.problems = append(l.problems, diag.New(diag.Pos{Path: name, Line: 1, Col: 1}, rule, args...))
	l.unread[strings.TrimPrefix(name, dir+"/")] = true
}

// unreadable reports what the machine does not let us read, without the names
// of system calls.
func (l *loader) unreadable(name string, err error) {
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		err = failed.Err
	}
	l.report(name, diag.LayoutUnreadable, "reason", err.Error())
}
