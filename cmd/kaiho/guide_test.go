package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"kaiho"
	"kaiho/generator/diag"
)

// guidePages returns the pages of the editors' guide in a language, by path.
func guidePages(t *testing.T, lang diag.Lang) map[string]string {
	t.Helper()
	names, err := fs.Glob(kaiho.Sample, "content/guide/*.md")
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]string{}
	for _, name := range names {
		if strings.HasSuffix(name, ".en.md") != (lang == diag.English) {
			continue
		}
		text, err := fs.ReadFile(kaiho.Sample, name)
		if err != nil {
			t.Fatal(err)
		}
		pages[name] = string(text)
	}
	if len(pages) < 9 {
		t.Fatalf("%s: got %d pages of the guide, want 9 or more", lang, len(pages))
	}
	return pages
}

// fenced is a block of code in a page of the guide.
type fenced struct {
	where string // path:line
	info  []string
	text  string
}

// blocks returns the blocks of code of a page. What stands behind the word for
// the language is for this test: the file of which the block is an example,
// and "wrong" if check complains of it, in the words of the next block, which
// is "text check".
func blocks(name, page string) []fenced {
	var all []fenced
	var open *fenced
	for i, line := range strings.Split(page, "\n") {
		switch {
		case open == nil && strings.HasPrefix(line, "```"):
			open = &fenced{where: fmt.Sprintf("%s:%d", name, i+1), info: strings.Fields(line[3:])}
		case open != nil && line == "```":
			all, open = append(all, *open), nil
		case open != nil:
			open.text += line + "\n"
		}
	}
	return all
}

// checked puts an example into a copy of the sample, with a picture for each
// that lies beside it, and returns what check says of it.
func checked(t *testing.T, site string, lang diag.Lang, file, text string) string {
	t.Helper()
	folder := filepath.Join(site, filepath.FromSlash(path.Dir(file)))
	made := []string{filepath.Join(site, filepath.FromSlash(file))}
	for _, m := range localPicture.FindAllStringSubmatch(text, -1) {
		made = append(made, filepath.Join(folder, m[1]))
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	picture, err := fs.ReadFile(kaiho.Sample, "content/reports/namioto-beach-cleanup/bread.jpg")
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range made {
		if _, err := os.Stat(name); err == nil {
			t.Fatalf("%s is in the sample already", name)
		}
		body := []byte(text)
		if i > 0 {
			body = picture
		}
		if err := os.WriteFile(name, body, 0o644); err != nil {
			t.Fatal(err)
		}
		defer os.Remove(name)
	}
	var out bytes.Buffer
	w := world{stdout: &out, stderr: &out, clock: time.Now, getenv: environment(map[string]string{"KAIHO_LANG": string(lang)})}
	run([]string{"-C", site, "--now", "2026-11-20T09:00:00+09:00", "check"}, w)
	var said []string
	for line := range strings.Lines(out.String()) {
		if strings.HasPrefix(line, file+":") { // what it says of other files, such as of the next issue, is not of the example
			said = append(said, strings.TrimSuffix(line, "\n"))
		}
	}
	return strings.Join(said, "\n")
}

// localPicture is a picture beside its page.
var localPicture = regexp.MustCompile(`(?:src: |\]\()([a-z-]+\.jpg)`)

// TestTheGuideIsTrue makes every example of the editors' guide a file of the
// sample site: check finds nothing in those that are right, and says what the
// guide says of those that are wrong.
func TestTheGuideIsTrue(t *testing.T) {
	alone(t)
	site := filepath.Join(t.TempDir(), "site")
	printed(t, diag.English, "init", site)
	if err := os.RemoveAll(filepath.Join(site, "content", "guide")); err != nil { // no example leads to it, and each check reads the whole site
		t.Fatal(err)
	}
	for _, lang := range []diag.Lang{diag.Japanese, diag.English} {
		right, wrong := 0, 0
		for name, page := range guidePages(t, lang) {
			all := blocks(name, page)
			for i, b := range all {
				if len(b.info) < 2 || b.info[0] != "markdown" {
					if strings.HasPrefix(b.text, "---\n") {
						t.Errorf("%s: this example has no path, so nothing holds it to the program", b.where)
					}
					continue
				}
				want := ""
				if len(b.info) > 2 {
					if i+1 == len(all) || strings.Join(all[i+1].info, " ") != "text check" {
						t.Errorf("%s: no block says what check says of it", b.where)
						continue
					}
					want, wrong = strings.TrimSuffix(all[i+1].text, "\n"), wrong+1
				} else {
					right++
				}
				if got := checked(t, site, lang, b.info[1], b.text); got != want {
					t.Errorf("%s: check says\n%s\nwant\n%s", b.where, got, want)
				}
			}
		}
		if right < 14 || wrong < 10 {
			t.Errorf("%s: got %d right examples and %d wrong ones, want 14 and 10 or more", lang, right, wrong)
		}
	}
}

// inlineCommand is a command in the running text.
var inlineCommand = regexp.MustCompile("`(kaiho [^`]+)`")

// TestTheGuideNamesCommandsThatExist reads every command line of the editors'
// guide as the program would, without running it.
func TestTheGuideNamesCommandsThatExist(t *testing.T) {
	for _, lang := range []diag.Lang{diag.Japanese, diag.English} {
		seen := 0
		for name, page := range guidePages(t, lang) {
			for _, b := range blocks(name, page) {
				for line := range strings.Lines(b.text) {
					if len(b.info) > 0 && b.info[0] == "sh" && strings.HasPrefix(line, "kaiho ") {
						seen++
						if err := understood(strings.TrimSpace(line), true); err != nil {
							t.Errorf("%s: %s: %v", b.where, strings.TrimSpace(line), err)
						}
					}
				}
			}
			for _, m := range inlineCommand.FindAllStringSubmatch(page, -1) {
				seen++
				if err := understood(m[1], false); err != nil {
					t.Errorf("%s: %s: %v", name, m[1], err)
				}
			}
		}
		if seen < 40 {
			t.Errorf("%s: got %d command lines, want 40 or more", lang, seen)
		}
	}
}

// understood reports what the program does not understand of a command line:
// the command, a flag, or, if it is whole, the number of its arguments.
func understood(line string, whole bool) error {
	line, _, _ = strings.Cut(line, " >")
	var args []string
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			args = append(args, part)
		} else {
			args = append(args, strings.Fields(part)...)
		}
	}
	root := newRoot(&session{lang: diag.English})
	root.InitDefaultHelpCmd()
	c, rest, err := root.Find(args[1:])
	if err != nil {
		return err
	}
	if c == root || c.HasSubCommands() && c.Run == nil && c.RunE == nil && whole {
		return fmt.Errorf("no such command")
	}
	if err := c.ParseFlags(rest); err != nil {
		return err
	}
	if c.Name() == "help" {
		return helpNamed(root, c.Flags().Args())
	}
	if err := c.ValidateArgs(c.Flags().Args()); whole && err != nil {
		return err
	}
	return nil
}

// helpNamed reports that there is no such command to explain.
func helpNamed(root *cobra.Command, args []string) error {
	c, _, err := root.Find(args)
	if err == nil && c == root {
		return fmt.Errorf("nothing to explain")
	}
	return err
}
