package generator_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"kaiho"
	"kaiho/generator"
	"kaiho/generator/audience"
	"kaiho/generator/member"
	"kaiho/generator/newsletter"
)

// leakIssue names every page of the project, for whoever may read it, and has words
// of its own in parts for members.
func leakIssue(t *testing.T, c canaries, files fstest.MapFS) map[string]string {
	t.Helper()
	p, err := generator.Open(files, kaiho.Sample, generator.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, page := range p.Library.Pages {
		if page.Translations[0] == page {
			paths = append(paths, strings.TrimPrefix(page.Path, "content/"))
		}
	}
	words := map[string]string{
		"greeting": c.word("greeting", "public", "members/alumni", "members/staff"),
		"members":  c.word("greeting for members", "members/alumni", "members/staff"),
		"staff":    c.word("greeting for staff", "members/staff"),
	}
	files["content/newsletters/2026-11-18.md"] = &fstest.MapFile{Data: []byte("---\ntitle: 会報\ndate: 2026-11-18\nsubject: 会報\npreheader: 会報です\neditor: 編集\nlead: " +
		paths[0] + "\ninclude:\n  - " + strings.Join(paths[1:], "\n  - ") + "\n---\n" + words["greeting"] +
		"\n\n:::members\n" + words["members"] + "\n:::\n\n:::members{audience=staff}\n" + words["staff"] + "\n:::\n")}
	return words
}

// TestNoLetterLeaks makes the letters of an issue that names every page of
// TestNothingLeaks, and looks for every word in every letter; and then, with the
// issue locked, in every file of the site.
func TestNoLetterLeaks(t *testing.T) {
	c, files := leakProject(t)
	for name := range files { // the only issue is ours
		if strings.HasPrefix(name, "content/newsletters/") {
			delete(files, name)
		}
	}
	words := leakIssue(t, c, files)
	files["site.yaml"].Data = append(files["site.yaml"].Data, "mail: {from: 会報 <letter@nagi.example>}\nnewsletter: {limit: 100}\n"...)
	p, err := generator.Open(files, kaiho.Sample, generator.Options{Now: now})
	if err != nil {
		t.Fatal(err)
	}
	issue, letters, problems, err := p.Issue("2026-11-18")
	if err != nil || problems.HasErrors() || len(letters) < 3 {
		t.Fatalf("got %d letters, %v, %v", len(letters), problems, err)
	}
	found := 0
	for _, l := range letters {
		found += c.lookInLetter(t, issue, l)
		for part, for_ := range map[string]audience.Reader{"members": "alumni", "staff": "staff"} {
			has := strings.Contains(l.HTML, words[part]) && strings.Contains(l.Text, words[part])
			if may := p.Config.Policy.MayRead(l.Variant.Audience, audience.Set{string(for_)}); has != may {
				t.Errorf("%s: got the part for %s: %v, want %v", l.Variant.Name, part, has, may)
			}
		}
	}
	if found < 50 {
		t.Errorf("the letters have %d words in all: the issue names nothing", found)
	}
	lock := issue.Freeze(letters, nil)
	files[newsletter.LockPath("2026-11-18")] = &fstest.MapFile{Data: lock.Bytes()}
	c.look(t, build(t, files, generator.Options{Now: now}))
}

// lookInLetter reports words that a letter must not have, and returns how many it
// has.
func (c canaries) lookInLetter(t *testing.T, issue *newsletter.Issue, l newsletter.Letter) int {
	t.Helper()
	template, err := issue.Template(l)
	if err != nil {
		t.Fatal(err)
	}
	html, text, err := template.Parts(newsletter.Person{Member: member.Member{ID: 1, SMTP: "a@b.example"}, Date: now}, newsletter.Specimen{})
	if err != nil {
		t.Fatal(err)
	}
	tree := "public"
	if l.Variant.Audience != audience.Public {
		tree = "members/" + string(l.Variant.Audience)
	}
	count := 0
	for word, trees := range c {
		if !strings.Contains(html, word) && !strings.Contains(text, word) && !strings.Contains(l.Subject+l.Preheader, word) {
			continue
		}
		count++
		if !slices.Contains(trees, tree) && !slices.Contains(trees, "public") {
			t.Errorf("%s is in the letter %s", word, l.Variant.Name)
		}
	}
	return count
}
