package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// site is a project with the corpus in it, and the program that builds it.
type site struct {
	name   string   // in the tables
	dir    string   // of the project; the paths below lie in it
	output string   // where the published files are
	cold   []string // what is not there before a cold build
	cache  string   // what a preview keeps for the next one; empty: nothing
	layout string   // what stands around every page
	build  []string // command line
	serve  func(port int) []string
	counts bool // build prints as JSON how many files it wrote
	equal  bool // its pages are to show the same text as those of the others
	isHugo bool

	page       string // file of the page that is edited
	url        string // of that page: /news/p000500/
	title      string // of that page
	pageText   []byte // as the corpus has it
	layoutText []byte
}

// load finds the i-th page of the corpus and keeps what is edited.
func (s *site) load(i int) error {
	found, err := filepath.Glob(filepath.Join(s.dir, "content", "*", fmt.Sprintf("p%06d.md", i)))
	if err != nil || len(found) != 1 {
		return fmt.Errorf("%s: want one page of number %d in content/, found %d", s.dir, i, len(found))
	}
	s.page = found[0]
	s.layout = filepath.Join(s.dir, s.layout)
	s.url = "/" + filepath.Base(filepath.Dir(s.page)) + "/" + strings.TrimSuffix(filepath.Base(s.page), ".md") + "/"
	if s.pageText, err = os.ReadFile(s.page); err != nil {
		return fmt.Errorf("read the page to edit: %w", err)
	}
	if s.layoutText, err = os.ReadFile(s.layout); err != nil {
		return fmt.Errorf("read the layout to edit: %w", err)
	}
	_, rest, _ := strings.Cut(string(s.pageText), "\ntitle: ")
	s.title, _, _ = strings.Cut(rest, "\n")
	return nil
}

// reset makes the site what it was before the first build.
func (s *site) reset() error {
	for _, name := range s.cold {
		if err := os.RemoveAll(filepath.Join(s.dir, name)); err != nil {
			return fmt.Errorf("make cold: %w", err)
		}
	}
	return errors.Join(os.WriteFile(s.page, s.pageText, 0o644), os.WriteFile(s.layout, s.layoutText, 0o644))
}

// withBody returns the page with word in a paragraph of its own.
func (s *site) withBody(word string) []byte {
	return fmt.Appendf(bytes.Clone(s.pageText), "\n%s\n", word)
}

// withTitle returns the page with word in its title, and text in its body.
func (s *site) withTitle(word, text string) []byte {
	return bytes.Replace(s.withBody(text), []byte("\ntitle: "), []byte("\ntitle: "+word), 1)
}

// withLayout returns the layout with word below every page.
func (s *site) withLayout(word string) []byte {
	return bytes.Replace(s.layoutText, []byte("</main>"), []byte(word+"</main>"), 1)
}

// published is the file of the page at url.
func (s *site) published(url string) string {
	return filepath.Join(s.dir, s.output, filepath.FromSlash(path.Join(url, "index.html")))
}

// files counts the published files that are newer than since, and their bytes.
func (s *site) files(since time.Time) (files int, size int64, err error) {
	err = s.walk(func(_ string, info fs.FileInfo) error {
		if info.ModTime().After(since) {
			files++
			size += info.Size()
		}
		return nil
	})
	return files, size, err
}

// showing counts the published files that contain word, and the pages among them.
func (s *site) showing(word string) (files, pages int, err error) {
	buffer := make([]byte, 64<<10)
	err = s.walk(func(name string, _ fs.FileInfo) error {
		has, err := contains(name, word, buffer)
		if has {
			files++
			if path.Ext(name) == ".html" {
				pages++
			}
		}
		return err
	})
	return files, pages, err
}

func (s *site) walk(visit func(name string, info fs.FileInfo) error) error {
	err := filepath.WalkDir(filepath.Join(s.dir, s.output), func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		return visit(name, info)
	})
	if err != nil {
		return fmt.Errorf("look through the output: %w", err)
	}
	return nil
}

// contains reports whether the file has word in it. It reads through buffer, a
// piece at a time, and keeps the end of one for a word that begins in it.
func contains(name, word string, buffer []byte) (bool, error) {
	f, err := os.Open(name)
	if err != nil {
		return false, err
	}
	defer f.Close()
	kept := 0
	for {
		n, err := f.Read(buffer[kept:])
		piece := buffer[:kept+n]
		if bytes.Contains(piece, []byte(word)) {
			return true, nil
		}
		if err == io.EOF {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		kept = copy(buffer, piece[max(0, len(piece)-len(word)+1):])
	}
}
