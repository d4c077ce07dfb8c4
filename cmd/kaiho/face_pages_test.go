package main

import (
	"cmp"
	"maps"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"kaiho/generator"
	"kaiho/generator/signedlink"
	"kaiho/generator/site"
)

// facePage is a page to be looked at.
type facePage struct {
	name   string
	path   string
	reader string // address of the member who is signed in; "" is nobody
	status int    // of the answer; 0 is 200
	holds  string // selector of what the page must have, or it is not the one that is meant
	kind   faceKind
}

// faceKind says how much is looked at.
type faceKind int

const (
	whole  faceKind = iota // everything
	edited                 // another edition, or a member's copy, of what is looked at as a whole: shape alone, and axe
	letter                 // a letter: its own widths and policy, and no keyboard
)

// Members of the sample.
const (
	faceMember = "shun.agatsuma@example.jp"
	faceOther  = "koji.asahina@example.jp"
	faceReader = "daniel.okafor@atlantic-buoys.example" // reads English
)

// faceIssue is the issue of the sample whose letters are looked at.
const faceIssue = "2026-11-18"

// noPage are layouts that are skeletons, letters, or lead on at once.
var noPage = []string{"base.html", "letter.html", "redirect.html"}

// sitePages returns for each kind of page, edition and reader the page that has most
// in it, and says which layouts are shown by no page of the sample.
func (f *faceSite) sitePages() []facePage {
	f.t.Helper()
	project := f.read()
	largest, sizes := map[string]facePage{}, map[string]int64{}
	shown := map[string]bool{}
	for _, out := range project.Outputs() {
		if path.Ext(out.Layout) != ".html" || slices.Contains(noPage, out.Layout) || out.Audience != "" && out.Audience != "alumni" {
			continue
		}
		info, err := os.Stat(filepath.Join(f.site, "dist", filepath.FromSlash(out.Path)))
		if err != nil {
			f.t.Fatal(err)
		}
		shown[out.Layout] = true
		p := facePage{name: strings.Join(strings.Fields(faceType(out)+" "+out.Lang+" "+string(out.Audience)), " "), path: addressOf(out.Output.Path)}
		if out.Audience != "" {
			p.reader = faceMember
		}
		if out.Lang != "ja" {
			p.kind = edited
		}
		if info.Size() > sizes[p.name] {
			largest[p.name], sizes[p.name] = p, info.Size()
		}
	}
	for _, name := range project.Layouts.Names() {
		if !shown[name] && !slices.Contains(noPage, name) {
			f.t.Errorf("layouts/%s: no page of the sample site shows it, and so nobody looks at it", name)
		}
	}
	var pages []facePage
	for _, name := range slices.Sorted(maps.Keys(largest)) {
		p := largest[name]
		main, edition, isEdition := strings.Cut(name, " en")
		public, isMembers := strings.CutSuffix(name, " alumni")
		_, inMain := largest[main+" ja"]
		_, inPublic := largest[public]
		switch {
		case isEdition && edition != "" && inMain, // looked at in either way
			isMembers && inPublic && slices.Contains(sameForAll, strings.Fields(name)[0]):
			continue
		case isMembers && inPublic:
			p.kind = edited
		}
		pages = append(pages, p)
	}
	return pages
}

// sameForAll are types of pages of which a member's copy differs in what is listed,
// and not in how.
var sameForAll = []string{"404", "list", "tags", "person"}

// read opens the project as the build did.
func (f *faceSite) read() *generator.Project {
	f.t.Helper()
	now, err := time.Parse(time.RFC3339, sampleNow)
	if err != nil {
		f.t.Fatal(err)
	}
	project, err := f.session.read(generator.Options{Now: now})
	if err != nil {
		f.t.Fatal(err)
	}
	return project
}

// faceType is the type of an output: its layout, and what differs within one.
func faceType(out generator.Output) string {
	name := strings.TrimSuffix(out.Layout, ".html")
	switch v := out.View(site.ForComparing).(type) {
	case site.ListPage:
		return name + " of " + v.Kind
	case site.InterviewPage:
		if len(v.People) > 1 {
			return "dialogue"
		}
	case site.JobPage:
		if v.Job.Line.Closed {
			return "closed job"
		}
	case site.EventPage:
		if v.Event.Line.Past {
			return "past event"
		}
	}
	return name
}

// addressOf returns the address of a file below a tree.
func addressOf(file string) string {
	return (&url.URL{Path: "/" + strings.TrimSuffix(file, "index.html")}).EscapedPath()
}

// gatePages returns the gate's own pages: each file of its folder, and what forms
// lead to.
func (f *faceSite) gatePages() []facePage {
	f.t.Helper()
	version := regexp.MustCompile(`name="text" value="([^"]+)"`).FindStringSubmatch(f.fetch("/subscribe?lang=ja"))
	if version == nil {
		f.t.Fatal("the form of /subscribe does not say to which text one agrees")
	}
	stop := "/u/" + f.token(signedlink.Unsubscribe, faceOther, time.Hour)
	confirm := "/subscribe/" + f.application(version[1], time.Minute)
	pages := []facePage{
		{name: "gate home", path: "/me/", reader: faceMember, holds: `form[action$="/me/renew"]`},
		{name: "gate home en", path: "/me/", reader: faceReader, holds: `html[lang=en] form[action$="/me/renew"]`, kind: edited},
		{name: "gate people", path: "/me/people/", reader: faceMember, holds: ".person"},
		{name: "gate people en", path: "/me/people/", reader: faceReader, holds: "html[lang=en] .person", kind: edited},
		{name: "gate people, found", path: "/me/people/?q=" + url.QueryEscape("光学"), reader: faceMember, holds: ".person"},
		{name: "gate people, nobody", path: "/me/people/?q=xyzzy", reader: faceMember, holds: "[role=status]"},
		{name: "gate preferences", path: "/me/preferences/", reader: faceMember, holds: ".levels"},
		{name: "gate preferences en", path: "/me/preferences/", reader: faceReader, holds: "html[lang=en] .levels", kind: edited},
		{name: "gate preferences, mistake", path: f.posts("/me/preferences/", "paused", "2020-01-01"), reader: faceOther, status: 400, holds: "[role=alert]"},
		{name: "gate preferences, by a letter", path: "/p/" + f.token(signedlink.Preferences, faceOther, time.Hour), holds: ".levels", kind: edited},
		{name: "gate link", path: "/link", holds: "input[name=email]"},
		{name: "gate link en", path: "/link?lang=en", holds: "html[lang=en] input[name=email]", kind: edited},
		{name: "gate link, mistake", path: f.posts("/link?lang=ja", "email", "shun"), status: 400, holds: "[aria-invalid=true]"},
		{name: "gate sent", path: f.posts("/link?lang=ja", "email", "nobody@mail.example"), holds: "h1"},
		{name: "gate subscribe", path: "/subscribe", holds: "input[name=name]"},
		{name: "gate subscribe en", path: "/subscribe?lang=en", holds: "html[lang=en] input[name=name]", kind: edited},
		{name: "gate subscribe, mistake", path: f.posts("/subscribe?lang=ja", "email", "hanako", "text", version[1]), status: 400, holds: "[aria-invalid=true]"},
		{name: "gate subscribesent", path: f.posts("/subscribe?lang=ja", "email", "mori@mail.example", "text", version[1]), holds: "h1"},
		{name: "gate confirm", path: confirm, holds: "form input[name=name]"},
		{name: "gate subscribed", path: f.posts(confirm, "name", "森 花子"), holds: `a[href^="/p/"]`},
		{name: "gate askagain", path: "/subscribe/" + f.application(version[1], 100*time.Hour), status: 410, holds: `a.button[href*="/subscribe"]`},
		{name: "gate unsubscribe", path: stop, holds: "form button"},
		{name: "gate unsubscribe, stopped", path: f.posts("/u/"+f.token(signedlink.Unsubscribe, faceReader, time.Hour), "action", "stop"), holds: "form button", kind: edited},
		{name: "gate signin", path: "/s/" + f.token(signedlink.SignIn, faceOther, time.Minute), holds: "form button"},
		{name: "gate switch", path: "/k/" + f.token(signedlink.View, faceOther, time.Hour) + "/", reader: faceMember, holds: "form button"},
		{name: "gate expired", path: "/k/" + f.token(signedlink.View, faceOther, 90*24*time.Hour) + "/", status: 410, holds: "input[name=token]"},
		{name: "gate loggedout", path: f.posts("/logout?lang=ja"), holds: `a.button[href*="/link"]`},
		{name: "gate notfound", path: "/no/such/page/", status: 404, holds: `a[href*="/link"]`},
		{name: "gate refused", path: "/logout", status: 405, holds: "h1"},
	}
	pages = append(pages, f.gateLetter())
	f.checkGatePages(pages)
	return pages
}

// gateLetter asks for a link as a member does, and returns the letter that brings it.
func (f *faceSite) gateLetter() facePage {
	f.t.Helper()
	res, err := f.client.PostForm(f.address+"/link?lang=ja", url.Values{"email": {faceMember}})
	if err != nil {
		f.t.Fatal(err)
	}
	res.Body.Close()
	f.letter() // waits for it
	files, err := filepath.Glob(filepath.Join(f.site, ".kaiho", "outbox", "*.eml"))
	if err != nil || len(files) != 1 {
		f.t.Fatalf("the outbox: got %v, %v, want one letter", files, err)
	}
	folder := filepath.Join(f.site, "dist", "newsletters", "gate")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		f.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "link.html"), []byte(f.partOf(files[0], "text/html")), 0o644); err != nil {
		f.t.Fatal(err)
	}
	return facePage{name: "gate letter", path: lettersPath + "gate/link.html", holds: `a[href*="/s/"]`, kind: letter}
}

// checkGatePages wants every page of the gate's folder in the table.
func (f *faceSite) checkGatePages(pages []facePage) {
	f.t.Helper()
	files, err := filepath.Glob("../../generator/gate/pages/*.html")
	if err != nil || len(files) == 0 {
		f.t.Fatalf("the gate's pages: got %d files, %v", len(files), err)
	}
	for _, file := range files {
		name := "gate " + strings.TrimSuffix(filepath.Base(file), ".html")
		if name != "gate base" && !slices.ContainsFunc(pages, func(p facePage) bool { return p.name == name }) {
			f.t.Errorf("%s: the table has no %q, and so nobody looks at it", file, name)
		}
	}
}

// posts returns the address of the page that a form leads to.
func (f *faceSite) posts(to string, fields ...string) string {
	q := url.Values{"to": {to}}
	for i := 0; i < len(fields); i += 2 {
		q.Set(fields[i], fields[i+1])
	}
	return postPath + "?" + q.Encode()
}

// letterPages returns the letters that newsletter preview has written: for each
// language the shortest and the longest.
func (f *faceSite) letterPages() []facePage {
	f.t.Helper()
	files, err := filepath.Glob(filepath.Join(f.site, "dist", "newsletters", faceIssue, "*.html"))
	if err != nil || len(files) == 0 {
		f.t.Fatalf("the letters: got %d files, %v", len(files), err)
	}
	slices.SortFunc(files, func(a, b string) int { return cmp.Compare(f.size(a), f.size(b)) })
	byLang := map[string][]string{}
	for _, file := range files {
		lang := regexp.MustCompile(`<html lang="?([a-z]+)`).FindStringSubmatch(f.text(file))
		if lang == nil {
			f.t.Fatalf("%s has no language", file)
		}
		byLang[lang[1]] = append(byLang[lang[1]], file)
	}
	var pages []facePage
	for _, lang := range slices.Sorted(maps.Keys(byLang)) {
		of := byLang[lang]
		for _, file := range slices.Compact([]string{of[0], of[len(of)-1]}) {
			rel, err := filepath.Rel(filepath.Join(f.site, "dist", "newsletters"), file)
			if err != nil {
				f.t.Fatal(err)
			}
			pages = append(pages, facePage{name: "letter " + filepath.Base(file), path: lettersPath + filepath.ToSlash(rel), kind: letter})
		}
	}
	return pages
}

func (f *faceSite) size(file string) int64 {
	f.t.Helper()
	info, err := os.Stat(file)
	if err != nil {
		f.t.Fatal(err)
	}
	return info.Size()
}

func (f *faceSite) text(file string) string {
	f.t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		f.t.Fatal(err)
	}
	return string(data)
}
