package generator_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// edits are the things that happen to a project, its output and its cache.
func (d *desk) edits() map[string]func() {
	return map[string]func(){
		"words": func() { d.change(d.page(), func(s string) string { return s + d.word() + "\n\n" }) },
		"more words": func() {
			d.change(d.page(), func(s string) string { return strings.Replace(s, "。", "。"+d.word()+"。", 1) })
		},
		"a heading": func() {
			d.change(d.page(), func(s string) string { return s + "\n## 見出し" + d.word() + "\n\n本文\n" })
		},
		"a link": func() { d.change(d.page(), func(s string) string { return s + "\n[先](/news/a/)\n" }) },
		"a part": func() {
			d.change(d.page(), func(s string) string { return s + "\n:::members\n" + d.word() + "\n:::\n" })
		},
		"a dead link":      func() { d.change(d.page(), func(s string) string { return s + "\n[先](/gone/)\n" }) },
		"a warning":        func() { d.change(d.page(), func(s string) string { return s + "\n<b>HTML</b>\n" }) },
		"equal size twice": d.equalSize,
		"title":            func() { d.set("title", d.word()) },
		"date":             func() { d.set("date", fmt.Sprintf("2026-10-%02d", 1+d.r.IntN(30))) },
		"updated":          func() { d.set("updated", fmt.Sprintf("2026-11-%02d", 9+d.r.IntN(11))) },
		"tags":             func() { d.set("tags", "["+d.word()+", 海]") },
		"summary":          func() { d.set("summary", d.word()) },
		"audience":         func() { d.set("audience", []string{"alumni", "staff", "[alumni, staff]", "public"}[d.r.IntN(4)]) },
		"teaser":           func() { d.set("teaser", fmt.Sprint(d.r.IntN(2) == 0)) },
		"draft":            func() { d.set("draft", fmt.Sprint(d.r.IntN(3) == 0)) },
		"publish":          func() { d.set("publish", fmt.Sprintf("2026-11-%02d 12:00", 10+d.r.IntN(20))) },
		"expires":          func() { d.set("expires", fmt.Sprintf("2026-11-%02d 12:00", 15+d.r.IntN(15))) },
		"featured":         func() { d.set("featured", fmt.Sprint(d.r.IntN(2) == 0)) },
		"broken":           func() { d.set("date", "tomorrow") },
		"new page": func() {
			d.write("content/news/"+d.word()+".md", "---\ntitle: "+d.word()+"\ndate: 2026-11-09\n---\n新しい。\n")
		},
		"rename":           d.rename,
		"delete":           func() { d.remove(d.page()) },
		"layout":           d.layout,
		"strings":          func() { d.write("layouts/strings.ja.json", `{"read": "`+d.word()+`"}`) },
		"style":            func() { d.write("static/assets/site.css", "body { color: #"+fmt.Sprintf("%06x", d.r.IntN(1<<24))+" }") },
		"site":             d.site,
		"picture":          func() { d.write("static/images/a.png", string(dotPNG(1+d.r.IntN(5), 1+d.r.IntN(5)))) },
		"bundled picture":  func() { d.write("content/news/q/b.png", string(dotPNG(1+d.r.IntN(5), 1+d.r.IntN(5)))) },
		"no picture":       func() { d.remove("static/images/a.png") },
		"file":             func() { d.write("static/files/"+d.word()+".txt", d.word()) },
		"touch":            d.touch,
		"time kept":        d.timeKept,
		"an empty folder":  func() { d.folders() },
		"drafts":           func() { d.o.Drafts, d.live = !d.o.Drafts, nil },
		"future":           func() { d.o.Future, d.live = !d.o.Future, nil },
		"another address":  func() { d.o.BaseURL, d.live = []string{"", "https://test.example/b/"}[d.r.IntN(2)], nil },
		"another folder":   func() { d.dist, d.other = d.other, d.dist },
		"dist is copied":   d.copyDist,
		"a day passes":     func() { d.o.Now, d.live = d.o.Now.Add(time.Duration(d.r.IntN(96)-24)*time.Hour), nil },
		"dist is damaged":  d.damageDist,
		"cache is damaged": d.damageCache,
		"cache is old":     d.oldCache,
		"two builds":       d.twoBuilds,
		"nothing":          func() {},
	}
}

// word returns a word of two characters, which may be new.
func (d *desk) word() string {
	letters := []rune("凪波音湾海山朝夕灯台")
	return string([]rune{letters[d.r.IntN(len(letters))], letters[d.r.IntN(len(letters))]})
}

// page returns the name of some Markdown file.
func (d *desk) page() string {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(d.files())), func(name string) bool { return !strings.HasSuffix(name, ".md") })
	return names[d.r.IntN(len(names))]
}

func (d *desk) change(name string, edit func(string) string) {
	data, err := d.root.ReadFile(name)
	if err != nil {
		d.t.Fatal(err)
	}
	d.write(name, edit(string(data)))
}

// set writes a key of the front matter of some page.
func (d *desk) set(key, value string) {
	line := regexp.MustCompile(`(?m)^` + key + `:.*\n`)
	d.change(d.page(), func(s string) string {
		return strings.Replace(line.ReplaceAllString(s, ""), "---\n", "---\n"+key+": "+value+"\n", 1)
	})
}

// equalSize edits a page, builds, and edits it again, to the same size and within
// one tick of a clock: in both builds the file looks the same, and so new that its
// next change may not show. (The clock of this file system goes wrong by an hour,
// so that a slow machine does not spoil the test.)
func (d *desk) equalSize() {
	name, tick := d.page(), time.Now().Add(time.Hour)
	for i, word := range []string{"甲", "乙"} {
		d.change(name, func(s string) string { return strings.TrimSuffix(s, "甲") + word })
		if err := d.root.Chtimes(name, tick, tick); err != nil {
			d.t.Fatal(err)
		}
		if i == 0 {
			d.check(-1, "the first of two edits")
		}
	}
}

// timeKept puts a file of equal size and time in the place of another, as rsync -t
// and cp -p do.
func (d *desk) timeKept() {
	name := d.page()
	info, err := d.root.Stat(name)
	if err != nil {
		d.t.Fatal(err)
	}
	swap := strings.NewReplacer("本", "文", "文", "本", "alumni", "staffs", "甲", "乙", "乙", "甲")
	d.change(name, swap.Replace)
	if err := d.root.Chtimes(name, info.ModTime(), info.ModTime()); err != nil {
		d.t.Fatal(err)
	}
}

// folders makes or removes an empty section, which site.yaml may name.
func (d *desk) folders() {
	if err := d.root.Mkdir("content/gallery", 0o755); err != nil {
		d.remove("content/gallery")
		return
	}
	d.tell("content/gallery")
	d.change("site.yaml", func(s string) string {
		return strings.Replace(s, "sections:\n  gallery: {kind: news}\n", "", 1) + "\nsections:\n  gallery: {kind: news}\n"
	})
}

// twoBuilds builds twice at once, one time with drafts.
func (d *desk) twoBuilds() {
	other := *d
	other.o.Drafts = !d.o.Drafts
	done := make(chan bool)
	go func() {
		defer close(done)
		other.with(d.state, d.dist)
	}()
	d.with(d.state, d.dist)
	<-done
}

// copyDist makes every file of the output another one with the same bytes.
func (d *desk) copyDist() {
	copied := d.t.TempDir()
	if err := os.CopyFS(copied, os.DirFS(d.dist)); err != nil {
		d.t.Fatal(err)
	}
	if err := os.RemoveAll(d.dist); err != nil {
		d.t.Fatal(err)
	}
	if err := os.Rename(copied, d.dist); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) rename() {
	name := d.page()
	text, err := d.root.ReadFile(name)
	if err != nil {
		d.t.Fatal(err)
	}
	d.remove(name)
	d.write(filepath.Join(filepath.Dir(name), "renamed"+fmt.Sprint(d.r.IntN(3))+".md"), string(text))
}

func (d *desk) layout() {
	switch d.r.IntN(4) {
	case 0:
		d.write("layouts/column.html", `{{define "main"}}<h1>`+d.word()+`{{.Article.Card.Title}}</h1>{{.Article.Body}}{{end}}`)
	case 1:
		d.write("layouts/partials/entry.html", `<b>`+d.word()+`</b><a href="{{.URL}}">{{.Title}}</a>`)
	case 2:
		d.write("layouts/own.html", `{{define "main"}}`+d.word()+`{{end}}`)
	default:
		d.remove("layouts")
	}
}

func (d *desk) site() {
	d.change("site.yaml", func(s string) string {
		switch d.r.IntN(5) {
		case 0:
			return regexp.MustCompile(`title: 会.*`).ReplaceAllString(s, "title: 会"+d.word())
		case 1:
			return regexp.MustCompile(`\npagination: .`).ReplaceAllString(s, "") + fmt.Sprintf("\npagination: %d\n", 1+d.r.IntN(4))
		case 2:
			if strings.Contains(s, "friends") {
				return strings.Replace(s, "  friends: {title: 友}\n", "", 1)
			}
			return strings.Replace(s, "audiences:\n", "audiences:\n  friends: {title: 友}\n", 1)
		case 3:
			return regexp.MustCompile(`\noutputs: .*\n`).ReplaceAllString(s, "\n") + fmt.Sprintf("\noutputs: {feeds: %t, structured_data: %t}\n", d.r.IntN(2) == 0, d.r.IntN(2) == 0)
		}
		return strings.Replace(s, "{title: 会員", "{title: 会員"+d.word(), 1)
	})
}

func (d *desk) touch() {
	then := time.Now().Add(-time.Duration(d.r.IntN(3)) * time.Hour)
	for name := range d.files() {
		if err := d.root.Chtimes(name, then, then); err != nil {
			d.t.Fatal(err)
		}
	}
}

// some returns a file below a folder; "" if there is none.
func (d *desk) some(folder string) string {
	names := slices.Sorted(maps.Keys(read(d.t, folder)))
	if len(names) == 0 {
		return ""
	}
	return filepath.Join(folder, names[d.r.IntN(len(names))])
}

// damage changes a byte of a file, or cuts, empties or removes it.
func (d *desk) damage(name string) {
	data, err := os.ReadFile(name)
	if err != nil {
		d.t.Fatal(err)
	}
	kind := d.r.IntN(4)
	switch {
	case kind == 0 && len(data) > 0:
		data[d.r.IntN(len(data))] ^= 1 << d.r.IntN(8)
	case kind == 1 && len(data) > 0:
		data = data[:d.r.IntN(len(data))]
	case kind == 2:
		data = nil
	default:
		if err := os.Remove(name); err != nil {
			d.t.Fatal(err)
		}
		return
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) damageDist() {
	name := d.some(d.dist)
	if name == "" || filepath.Base(name) == "manifest.json" {
		return
	}
	if d.r.IntN(4) > 0 {
		d.damage(name)
		return
	}
	if err := os.WriteFile(filepath.Join(d.dist, "public", "stray.html"), []byte("stray"), 0o644); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) damageCache() {
	if name := d.some(d.state); name != "" {
		d.damage(name)
	}
}

// oldCache puts an older state of the cache back, and keeps the one of now.
func (d *desk) oldCache() {
	current := read(d.t, d.state)
	for name := range current {
		if d.kept != nil {
			if err := os.Remove(filepath.Join(d.state, name)); err != nil {
				d.t.Fatal(err)
			}
		}
	}
	for name, data := range d.kept {
		if err := os.WriteFile(filepath.Join(d.state, name), data, 0o644); err != nil {
			d.t.Fatal(err)
		}
	}
	d.kept = current
}

func dotPNG(width, height int) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, width, height))); err != nil {
		panic(err) // impossible: into memory
	}
	return b.Bytes()
}
