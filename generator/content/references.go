package content

import (
	"regexp"
	"slices"
	"strings"

	"kaiho/generator/audience"
	"kaiho/generator/diag"
	"kaiho/generator/markdown"
	"kaiho/generator/parallel"
)

// use is a file that a reader needs because of a page.
type use struct {
	file   *File
	reader audience.Reader
}

// review is what a look at one page's references finds.
type review struct {
	l        *Library
	p        *Page
	readers  []audience.Reader // who may read the page
	problems diag.Problems
	pending  []suggestion
	uses     []use
	pictures []showing
}

// spot is a place in the page's file: where a reference of its body is, or else a
// key of its front matter. Where that is, is looked for when somebody asks.
type spot struct {
	diag.Pos
	keys []string
}

// suggestion is what the problem with that index most likely meant; finding it
// takes time.
type suggestion struct {
	problem int
	nearest func() string
}

// maxSuggestions is how many dead references of a site are compared with what
// is there. Who has more of them has renamed a folder, and needs no hints.
const maxSuggestions = 100

// checkReferences checks every link, picture and name in every page, and opens
// the files that pages use to those who read them. Of pages that are gone for
// good, or that cannot be read, only the files are noted.
func (l *Library) checkReferences(pages []*Page) diag.Problems {
	reviews := make([]review, len(pages))
	parallel.Each(len(pages), func(i int) {
		v := &reviews[i]
		v.l, v.p = l, pages[i]
		for _, r := range l.o.Policy.Readers() {
			if l.o.Policy.MayRead(r, v.p.Audience) {
				v.readers = append(v.readers, r)
			}
		}
		v.frontMatter()
		v.body()
		if v.p.broken || v.p.Held.Reason == "expired" || v.p.Held.Reason == "consent" {
			v.problems = nil
		}
	})
	var problems diag.Problems
	suggestions := 0
	for _, v := range reviews {
		if len(v.problems) > 0 {
			v.suggest(&suggestions)
		}
		problems = append(problems, v.problems...)
		for _, s := range v.pictures {
			if s.file.shown.page == nil {
				s.file.shown = place{v.p, s.spot}
			}
		}
		for _, u := range v.uses {
			u.file.used = true
			u.file.openTo(u.reader)
		}
	}
	return problems
}

// suggest completes the problems that wait for it, until count has reached its
// limit.
func (v *review) suggest(count *int) {
	for _, s := range v.pending {
		if *count < maxSuggestions {
			*count++
			p := &v.problems[s.problem]
			p.Args = append(p.Args, "nearest", s.nearest())
		}
	}
}

// reportDead reports what leads nowhere.
func (v *review) reportDead(pos spot, rule diag.Rule, name, value string, nearest func() string) {
	v.pending = append(v.pending, suggestion{len(v.problems), nearest})
	v.report(pos, rule, name, value)
}

func (v *review) report(pos spot, rule diag.Rule, args ...string) {
	at := pos.Pos
	if pos.keys != nil {
		at = v.l.at(v.p, pos.keys...)
	}
	v.problems = append(v.problems, diag.New(at, rule, args...))
}

// nobody is a reader that no policy knows.
const nobody audience.Reader = "\x00nobody"

// use opens a file to readers, if the page is shown at all. A file in the
// bundle of another page is for the readers of that one. Who they are is known
// before either page is shown, so the clock alone makes no error.
func (v *review) use(pos spot, dest string, f *File, readers []audience.Reader) {
	v.uses = append(v.uses, use{f, nobody}) // known, even if open to no one
	if v.p.broken || v.p.unsure {
		return
	}
	foreign := len(f.pages) > 0 && !slices.Contains(f.pages, v.p)
	waits := false
	for _, r := range readers {
		switch {
		case foreign && !v.l.o.Unsure && !v.l.mayHave(f, func(p *Page) Sight { return v.l.seesOnce(r, p) }):
			v.report(pos, diag.GatedFile, "url", dest, "reader", r.String(), "page", f.pages[0].Path)
			return
		case !v.p.Live():
		case foreign && !v.l.mayHave(f, func(p *Page) Sight { return v.l.Sees(r, p) }):
			waits = true
		default:
			v.uses = append(v.uses, use{f, r})
		}
	}
	if i := slices.IndexFunc(f.pages, func(p *Page) bool { return !p.Live() }); waits && i >= 0 {
		v.report(pos, diag.HeldFile, "url", dest, "page", f.pages[i].Path, "reason", f.pages[i].Held.Reason)
	}
}

// mayHave reports whether somebody may have a file of a bundle because of the
// bundle's own page: they read it, or see its teaser, of which the file is the
// cover.
func (l *Library) mayHave(f *File, sees func(*Page) Sight) bool {
	return slices.ContainsFunc(f.pages, func(p *Page) bool {
		return p.broken || p.unsure || sees(p) == All || sees(p) == Teaser && l.Image(p, p.Cover.Src) == f
	})
}

// mention is a reference in a body, with those who see it.
type mention struct {
	markdown.Ref
	readers []audience.Reader
}

// body checks the references of the body. What stands in a part for members is
// judged as the readers of that part see it.
func (v *review) body() {
	if !v.p.HasParts() {
		for _, ref := range v.l.form(audience.Public, v.p).Refs {
			v.reference(mention{ref, v.readers})
		}
		return
	}
	type place struct {
		diag.Pos
		kind markdown.RefKind
		dest string
	}
	index := map[place]int{}
	var mentions []mention
	for _, r := range v.readers {
		for _, ref := range v.l.form(r, v.p).Refs {
			at := place{ref.Pos, ref.Kind, ref.Dest}
			i, seen := index[at]
			if !seen {
				i = len(mentions)
				index[at] = i
				mentions = append(mentions, mention{Ref: ref})
			}
			mentions[i].readers = append(mentions[i].readers, r)
		}
	}
	for _, m := range mentions {
		v.reference(m)
	}
}

func (m mention) spot() spot { return spot{Pos: m.Pos} }

func (v *review) reference(m mention) {
	scheme, _, _ := strings.Cut(m.Dest, ":")
	if m.Dest == "" || slices.Contains(unsafeSchemes, strings.ToLower(scheme)) {
		return // reported by markdown
	}
	if m.Kind == markdown.Image {
		v.picture(m.spot(), m.Dest, m.readers)
		return
	}
	f, ok := v.l.find(v.p, m.Dest)
	switch {
	case ok && f.outside:
		v.scheme(m.spot(), m.Dest, f.scheme, linkSchemes)
	case !ok && v.l.isDoubtful(v.p, m.Dest):
	case !ok && v.p.Path == config && v.l.isSection(m.Dest):
		v.report(m.spot(), diag.EmptyList, "url", m.Dest)
	case !ok:
		v.reportDead(m.spot(), diag.DeadLink, "url", m.Dest, func() string { return v.l.nearestURL(v.p, m.Dest) })
	case f.file != nil:
		v.use(m.spot(), m.Dest, f.file, m.readers)
	case f.made:
		v.list(m, f.path())
	default:
		v.target(m, f)
	}
}

// Other programs than browsers answer to further schemes; the unsafe ones run or
// show what stands in the address itself.
var (
	unsafeSchemes  = []string{"javascript", "vbscript", "data"}
	linkSchemes    = []string{"", "http", "https", "mailto", "tel", "sms"}
	pictureSchemes = []string{"", "http", "https"}
)

// scheme checks the scheme of an address elsewhere.
func (v *review) scheme(pos spot, dest, scheme string, allowed []string) bool {
	ok := slices.Contains(allowed, scheme)
	if !ok {
		v.report(pos, diag.BadScheme, "url", dest, "scheme", scheme, "choices", strings.Join(allowed[1:], ", "))
	}
	return ok
}

// gate reports the first of a link's readers who cannot open what it leads to.
// Where a mistake hides who the readers are, it says nothing.
func (v *review) gate(m mention, opens func(audience.Reader) bool) bool {
	if v.p.unsure || v.l.o.Unsure {
		return true
	}
	for _, r := range m.readers {
		if !opens(r) {
			v.report(m.spot(), diag.GatedLink, "url", m.Dest, "reader", r.String())
			return false
		}
	}
	return true
}

// list checks a link to what the site makes. That is never an error because of
// the clock: the last page of a list may expire.
func (v *review) list(m mention, url string) {
	if !v.gate(m, func(r audience.Reader) bool { return v.l.later[url][r] }) || !v.p.Live() {
		return
	}
	if slices.ContainsFunc(m.readers, func(r audience.Reader) bool { return v.l.later[url][r] && !v.l.made[url][r] }) {
		v.held(m, v.l.waiting[url].Held)
	}
}

// held reports a link to what is not shown now.
func (v *review) held(m mention, held Held) {
	until := ""
	if !held.Until.IsZero() && held.Reason == "embargo" {
		until = held.Until.Format("2006-01-02 15:04")
	}
	v.report(m.spot(), diag.HeldLink, "url", m.Dest, "reason", held.Reason, "until", until)
}

// target checks a link to a page. Who may open it, and its headings, are known
// before it is shown, so the end of an embargo makes no error.
func (v *review) target(m mention, f found) {
	if f.page.broken {
		return
	}
	if f.page != v.p && !f.page.unsure {
		if !v.gate(m, func(r audience.Reader) bool { return v.l.seesOnce(r, f.page) != Nothing }) {
			return
		}
		if !f.page.Live() {
			if v.p.Live() { // what is published together may refer to each other
				v.held(m, f.page.Held)
			}
			if f.page.Held.Reason != "embargo" {
				return
			}
		}
	}
	if f.fragment != "" && !footnoteID.MatchString(f.fragment) {
		v.anchor(m, f)
	}
}

// footnoteID is an id that package markdown gives to a footnote or its mark.
var footnoteID = regexp.MustCompile(`^fn(ref)?_[0-9]`)

// anchor checks that every reader of a link finds the heading that it names,
// if the page as that reader sees it has headings at all.
func (v *review) anchor(m mention, f found) {
	for _, r := range m.readers {
		if f.page != v.p && v.l.seesOnce(r, f.page) != All {
			continue
		}
		headings := v.l.form(r, f.page).Headings
		if slices.ContainsFunc(headings, func(h markdown.Heading) bool { return h.ID == f.fragment }) {
			continue
		}
		var ids []string
		for _, h := range headings {
			ids = append(ids, h.ID)
		}
		reader := ""
		if f.page.HasParts() {
			reader = r.String()
		}
		v.report(m.spot(), diag.DeadAnchor, "url", m.Dest, "anchor", f.fragment, "reader", reader,
			"nearest", diag.Nearest(f.fragment, ids))
		return
	}
}

// config is the file whose links checkLinks checks.
const config = "site.yaml"

// isSection reports whether an address is that of a section's list, though
// there may be nothing in it.
func (l *Library) isSection(dest string) bool {
	name := strings.Trim(dest, "/")
	for _, lang := range l.o.Languages[1:] {
		name = strings.TrimPrefix(name, lang+"/")
	}
	return slices.Contains(l.o.Sections, name)
}

// checkLinks checks what site.yaml leads to. Everyone sees its links.
func (l *Library) checkLinks() diag.Problems {
	home := &Page{Path: config, Key: "index", URL: "/", Lang: l.o.Languages[0], forms: make([]form, 1)}
	v := &review{l: l, p: home, readers: l.o.Policy.Readers()[:1]}
	for _, link := range l.o.Links {
		kind := markdown.Link
		if link.Picture {
			kind = markdown.Image
		}
		v.reference(mention{markdown.Ref{Kind: kind, Dest: link.URL, Pos: link.Pos}, v.readers})
	}
	v.suggest(new(int))
	return v.problems
}

// checkFiles names the files that belong to nothing, and opens those of bundles
// that nothing mentions to who may read all that could mean them: every edition
// and every other page of the folder, with each part for members. For a mention
// may be hidden in raw HTML, or be meant and misspelt.
func (l *Library) checkFiles() diag.Problems {
	var problems diag.Problems
	for _, f := range l.Files {
		if f.used {
			continue
		}
		if len(f.pages) == 0 {
			problems = append(problems, diag.New(diag.Pos{Path: f.Path, Line: 1, Col: 1}, diag.LooseFile))
			continue
		}
		for _, r := range l.o.Policy.Readers() {
			if !slices.ContainsFunc(f.beside, func(p *Page) bool { return !l.readsWhole(r, p) }) {
				f.openTo(r)
			}
		}
	}
	return problems
}

// readsWhole reports whether r may read p with each of its parts for members.
func (l *Library) readsWhole(r audience.Reader, p *Page) bool {
	return l.Sees(r, p) == All && !p.unsure && !slices.ContainsFunc(p.parts, func(part markdown.Part) bool {
		return !mayReadPart(r, part, l.o.Policy)
	})
}
