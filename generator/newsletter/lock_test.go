package newsletter_test

import (
	"fmt"
	"strings"
	"testing"

	"kaiho/generator/newsletter"
)

// locked returns small with its issue locked, and what is in the lock.
func locked(t testing.TB, more map[string]string) (map[string]string, newsletter.Lock) {
	t.Helper()
	files := small(more)
	i, letters := issue(t, good(t, files, noon), "2026-11-18")
	lock := i.Freeze(letters, map[string]int{"alumni-ja": 30})
	files[newsletter.LockPath("2026-11-18")] = string(lock.Bytes())
	return files, lock
}

// TestALockIsReadAsItWasWritten holds that a lock says the same again, also with
// titles that mean something to YAML.
func TestALockIsReadAsItWasWritten(t *testing.T) {
	_, want := locked(t, map[string]string{
		"content/columns/open.md":    page("本文。", `title: '"公開: の #話\ {x}"'`, "date: 2026-11-10", "segments: [engineers]"),
		"content/columns/members.md": column("会員の話", "audience: alumni", "segments: [veterans]"),
	})
	got, problems := newsletter.ReadLock(newsletter.LockPath("2026-11-18"), want.Bytes(), want.Locked.Location())
	if len(problems) > 0 {
		t.Fatalf("got problems %s", lines(problems))
	}
	if string(got.Bytes()) != string(want.Bytes()) {
		t.Errorf("got\n%s\nwant\n%s", got.Bytes(), want.Bytes())
	}
	if got.Variants[0].Name != "public-ja" || fmt.Sprint(got.Variants[1].Segments) != "[engineers]" || got.Items[0].Path != "content/interviews/lead.md" {
		t.Errorf("got %+v", got)
	}
}

// TestABadLockStopsEverything holds that a damaged record is told with its place, and
// is never taken for an empty one.
func TestABadLockStopsEverything(t *testing.T) {
	files, _ := locked(t, nil)
	name := newsletter.LockPath("2026-11-18")
	whole := files[name]
	for _, c := range []struct{ name, text, want string }{
		{"a conflict of git", "<<<<<<< HEAD\n" + whole, "content/newsletters/2026-11-18.lock:1:1: error: this lock cannot be read"},
		{"cut short", whole[:len(whole)/2+3], "2026-11-18.lock:"},
		{"empty", " ", "2026-11-18.lock:1:1: error:"},
		{"edited by hand", strings.Replace(whole, "members: 30", "members: 31", 1), "2026-11-18.lock:"},
		{"of another format", strings.Replace(whole, "format: 1", "format: 2", 1), "lock-broken"},
		{"with a key of nobody", whole + "\nextra: 1\n", "unknown-key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.text == whole {
				t.Fatal("the lock is not changed")
			}
			files[name] = c.text
			p := open(t, files, noon)
			if got := lines(p.Problems); !p.Problems.HasErrors() || !strings.Contains(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
	files[name] = "\ufeff" + strings.ReplaceAll(whole, "\n", "\r\n")
	if p := open(t, files, noon); p.Problems.HasErrors() {
		t.Errorf("with line ends of Windows: got %s", lines(p.Problems))
	}
	delete(files, name)
	files[newsletter.LockPath("2026-11-17")] = whole
	if got := lines(open(t, files, noon).Problems); !strings.Contains(got, `this lock is of the issue "2026-11-18", and its name is 2026-11-17.lock`) {
		t.Errorf("under another name: got %q", got)
	}
	delete(files, newsletter.LockPath("2026-11-17"))
	files[name] = whole
	files["content/columns/x.lock"] = whole
	if got := lines(open(t, files, noon).Problems); !strings.Contains(got, "content/columns/x.lock:1:1: error:") {
		t.Errorf("a lock elsewhere: got %q", got)
	}
}

// TestALockIsNeverPublished looks for it among the outputs, also where a page links
// to it.
func TestALockIsNeverPublished(t *testing.T) {
	files, _ := locked(t, nil)
	for _, out := range good(t, files, noon).Outputs() {
		if strings.Contains(out.Path, ".lock") {
			t.Errorf("got the output %s", out.Path)
		}
	}
	files["content/columns/open.md"] = page("[控え](../newsletters/2026-11-18.lock)", "title: 公開の話", "date: 2026-11-10")
	if p := open(t, files, noon); !p.Problems.HasErrors() {
		t.Error("a link to a lock is no problem, want one that is dead")
	}
}

// TestDifferences changes one thing after an issue was locked.
func TestDifferences(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  []newsletter.Difference
	}{
		{"nothing", nil, nil},
		{"a new article", map[string]string{"content/columns/new.md": column("新しい話")}, nil},
		{"an edited body of an article", map[string]string{"content/columns/open.md": page("別の本文。", "title: 公開の話", "date: 2026-11-10", "summary: 公開の話の要約。")}, nil},
		{"an edited title", map[string]string{"content/columns/open.md": column("公開の話（訂正）")},
			[]newsletter.Difference{{Path: "content/columns/open.md", What: newsletter.DiffItem}}},
		{"another greeting", map[string]string{"content/newsletters/2026-11-18.md": strings.Replace(issuePage("lead: interviews/lead.md"), "いかが", "みなさま、いかが", 1)},
			[]newsletter.Difference{{Path: "content/newsletters/2026-11-18.md", What: newsletter.DiffGreeting}}},
		{"another subject", map[string]string{"content/newsletters/2026-11-18.md": strings.Replace(issuePage("lead: interviews/lead.md"), "subject: 凪だより", "subject: 会報", 1)},
			[]newsletter.Difference{{Path: "content/newsletters/2026-11-18.md", What: newsletter.DiffGreeting}}},
		{"a page that was taken back", map[string]string{"content/columns/members.md": column("会員の話", "audience: alumni", "draft: true")},
			[]newsletter.Difference{{Variant: "alumni-ja", Path: "content/columns/members.md", What: newsletter.DiffGone}, {Variant: "staff-ja", Path: "content/columns/members.md", What: newsletter.DiffGone}, {Variant: "staff-ja-veterans", Path: "content/columns/members.md", What: newsletter.DiffGone}}},
		{"a page that is for others now", map[string]string{"content/columns/open.md": column("公開の話", "audience: alumni")},
			[]newsletter.Difference{{Variant: "public-ja", Path: "content/columns/open.md", What: newsletter.DiffGone}, {Path: "content/columns/open.md", What: newsletter.DiffItem}}},
		{"another postal address", map[string]string{"site.yaml": strings.Replace(conf, "灯台通1-2-3", "灯台通9", 1)},
			[]newsletter.Difference{{Variant: "public-ja", What: newsletter.DiffFrame}, {Variant: "alumni-ja", What: newsletter.DiffFrame}, {Variant: "staff-ja", What: newsletter.DiffFrame}, {Variant: "staff-ja-veterans", What: newsletter.DiffFrame}}},
		{"another layout", map[string]string{"layouts/letter.txt": "{{.Text}}\n"},
			[]newsletter.Difference{{Variant: "public-ja", What: newsletter.DiffFrame}, {Variant: "alumni-ja", What: newsletter.DiffFrame}, {Variant: "staff-ja", What: newsletter.DiffFrame}, {Variant: "staff-ja-veterans", What: newsletter.DiffFrame}}},
		{"another expression of a segment", map[string]string{"site.yaml": strings.Replace(conf, "joined <= 2000", "joined <= 2020", 1)},
			[]newsletter.Difference{{Path: "veterans", What: newsletter.DiffSegment}}},
		{"another sender", map[string]string{"site.yaml": strings.Replace(conf, "letter@nagi", "info@nagi", 1)},
			[]newsletter.Difference{{Variant: "public-ja", What: newsletter.DiffFrame}, {Variant: "alumni-ja", What: newsletter.DiffFrame}, {Variant: "staff-ja", What: newsletter.DiffFrame}, {Variant: "staff-ja-veterans", What: newsletter.DiffFrame}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			files, _ := locked(t, map[string]string{"content/columns/old.md": column("昔の話", "audience: [staff]", "segments: [veterans]")})
			for name, text := range c.files {
				files[name] = text
			}
			i, letters := issue(t, good(t, files, noon.AddDate(0, 0, 3)), "2026-11-18")
			got := i.Differences(letters)
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// TestALockOpensNoDoor writes a members' page into the lock of the public letter.
func TestALockOpensNoDoor(t *testing.T) {
	files, lock := locked(t, nil)
	lock.Variants[0].Items = append(lock.Variants[0].Items, "content/columns/members.md")
	files[newsletter.LockPath("2026-11-18")] = string(lock.Bytes())
	p := good(t, files, noon)
	i, letters := issue(t, p, "2026-11-18")
	if strings.Contains(letters[0].HTML, "会員の話") || letters[0].Variant.Name != "public-ja" {
		t.Error("the public letter has a members' page")
	}
	if len(i.Differences(letters)) == 0 {
		t.Error("got no difference, want the page that the public may not read")
	}
	for _, pages := range p.Desk().Archive("") {
		for _, page := range pages {
			if len(page.Audience) > 0 {
				t.Errorf("the public archive has %s", page.Path)
			}
		}
	}
}

// TestTheArchiveIsWhatTheLockHas looks at the issue on the web.
func TestTheArchiveIsWhatTheLockHas(t *testing.T) {
	files, _ := locked(t, nil)
	files["content/columns/new.md"] = column("新しい話")
	desk := good(t, files, noon).Desk()
	for reader, want := range map[string]string{"": "[巻頭の人 公開の話]", "alumni": "[巻頭の人 会員の話 公開の話]", "staff": "[巻頭の人 会員の話 公開の話 編集の話]"} {
		var got []string
		for page, items := range desk.Archive(readerOf(reader)) {
			if newsletter.ID(page) != "2026-11-18" {
				t.Errorf("got the issue %s", page.Path)
			}
			for _, item := range items {
				got = append(got, item.Title)
			}
		}
		if fmt.Sprint(got) != want {
			t.Errorf("%q: got %v, want %s", reader, got, want)
		}
	}
}
