package content

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kaiho/generator/cache"
	"kaiho/generator/diag"
	"kaiho/generator/picture"
)

const (
	// maxFileBytes is the most that a Markdown file may hold. An article of
	// 50,000 characters is 150 KB.
	maxFileBytes = 4 << 20
	// maxPictureBytes is the most that a picture may hold: it is read as a
	// whole. A photograph of 50 megapixels is 25 MB.
	maxPictureBytes = 40 << 20
)

// LockExt is the ending of the files that say what an issue of the newsletter
// held: content/newsletters/2026-11-18.lock.
const LockExt = ".lock"

// tree is the files of a project, by what they are.
type tree struct {
	markdown []seen   // content/**/*.md
	files    []seen   // the others of content/, and static/
	locks    []seen   // content/**/*.lock, the record of the newsletter: never published
	folders  []string // of content/ and static/
	unread   []string // what is there and cannot be taken; it has a problem
	problems diag.Problems
}

// seen is a file as it looked when it was found.
type seen struct {
	name string
	stat cache.Stat
}

// walk finds the files of content/ and static/. Nothing is opened.
func walk(project fs.FS) (*tree, error) {
	t := &tree{}
	for _, top := range []string{"content", "static"} {
		info, err := fs.Lstat(project, top)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			if top == "content" {
				t.report(top, diag.NoContent)
			}
			continue
		case err != nil:
			return nil, fmt.Errorf("read %s: %w", top, err)
		case info.Mode()&fs.ModeSymlink != 0:
			t.refuse(top, diag.Symlink)
			continue
		case !info.IsDir():
			t.refuse(top, diag.NotAFolder)
			continue
		}
		err = fs.WalkDir(project, top, func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				return fmt.Errorf("read %s: %w", name, err)
			}
			return t.take(top, name, d)
		})
		if err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *tree) report(name string, rule diag.Rule, args ...string) {
	t.problems = append(t.problems, diag.New(diag.Pos{Path: name, Line: 1, Col: 1}, rule, args...))
}

// refuse reports what is there and cannot be taken. Whoever refers to it has no
// mistake of their own.
func (t *tree) refuse(name string, rule diag.Rule, args ...string) {
	t.report(name, rule, args...)
	t.unread = append(t.unread, name)
}

// take notes one file or folder.
func (t *tree) take(top, name string, d fs.DirEntry) error {
	isMarkdown := top == "content" && strings.HasSuffix(strings.ToLower(name), ".md")
	switch {
	case name == top:
	case isIgnored(top, name):
		if d.IsDir() {
			return fs.SkipDir
		}
	case d.Type()&fs.ModeSymlink != 0:
		t.refuse(name, diag.Symlink)
	case d.IsDir():
		t.folders = append(t.folders, name)
		if isMarkdown {
			t.refuse(name, diag.FolderNamedMD)
		}
	case !d.Type().IsRegular():
		t.refuse(name, diag.NotAFile)
	case hasBadName(d.Name()):
		t.refuse(name, diag.FileName, "name", d.Name())
	case top == "content" && !isMarkdown && looksLikeMarkdown(d.Name()):
		t.refuse(name, diag.MarkdownName, "name", d.Name())
	default:
		return t.measure(name, d, isMarkdown)
	}
	return nil
}

// measure takes a file unless it is too large to be read as a whole.
func (t *tree) measure(name string, d fs.DirEntry, isMarkdown bool) error {
	info, err := d.Info()
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	limit, rule := int64(maxFileBytes), diag.FileTooLarge
	if !isMarkdown {
		limit, rule = maxPictureBytes, diag.PictureTooLarge
	}
	if size := info.Size(); size > limit && (isMarkdown || picture.IsImage(name)) {
		t.refuse(name, rule, "size", fmt.Sprint((size+1<<20-1)>>20), "limit", fmt.Sprint(limit>>20))
		return nil
	}
	file := seen{name, cache.StatOf(info)}
	switch {
	case isMarkdown:
		t.markdown = append(t.markdown, file)
	case strings.HasPrefix(name, "content/") && strings.EqualFold(path.Ext(name), LockExt):
		t.locks = append(t.locks, file)
	default:
		t.files = append(t.files, file)
	}
	return nil
}

// looksLikeMarkdown reports whether a file is probably a page, or an older state
// of one: index.md.txt, index.md_old, index.mdx. Beside a page it would be
// published as it is, with what is a draft or for members.
func looksLikeMarkdown(base string) bool {
	base = strings.ToLower(norm.NFKC.String(base)) // ｍｄ as well
	return strings.Contains(base, ".md") || slices.Contains(markdownEndings, path.Ext(base))
}

// markdownEndings are further names that programs give to Markdown.
var markdownEndings = []string{".markdown", ".mkd", ".mkdn", ".mkdown", ".mmd", ".rmd", ".qmd"}

// backups are the endings of what editors, patch and merge tools leave behind.
var backups = []string{"~", ".swp", ".tmp", ".bak", ".orig", ".rej", ".save", ".old"}

// isIgnored reports whether a file or folder is an editor's or a system's own.
// Of hidden ones, static/.well-known alone is published (RFC 8615).
func isIgnored(top, name string) bool {
	if name == "static/.well-known" {
		return false
	}
	base := path.Base(name)
	lower := strings.ToLower(base)
	return strings.HasPrefix(base, ".") || strings.HasPrefix(base, "~$") || top == "content" && strings.HasPrefix(base, "#") ||
		slices.ContainsFunc(backups, func(end string) bool { return strings.HasSuffix(lower, end) }) ||
		slices.Contains([]string{"thumbs.db", "desktop.ini"}, lower)
}

// hasBadName reports whether a name cannot stand in a URL and on every disk.
func hasBadName(name string) bool {
	return strings.ContainsFunc(name, func(r rune) bool {
		return r < ' ' || r == 0x7f || strings.ContainsRune(`\:*?"<>|%#`, r) || r == '\uFFFD'
	})
}
