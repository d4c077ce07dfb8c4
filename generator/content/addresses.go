package content

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"kaiho/generator/diag"
)

// addresses sees to it that no two things have one URL: pages, aliases, files,
// and what the site makes itself. URLs that differ only in case are one, since
// they are one file on many disks.
//
// What the site makes is told by rule and not by what there is today: a page
// events/past.md is refused before the first event is over.
type addresses struct {
	l        *Library
	sections map[string]Kind   // those that have pages
	owner    map[string]string // key of a URL → path of the file that has it
	folders  map[string]string // key of a folder → path of a file with an URL in it
}

func newAddresses(l *Library, pages []*Page) *addresses {
	t := &addresses{l: l, sections: map[string]Kind{}, owner: make(map[string]string, len(pages)), folders: map[string]string{}}
	for _, p := range pages {
		if p.Section != "" && t.sections[p.Section] == "" {
			t.sections[p.Section] = l.o.Kind(strings.ToLower(p.Section))
		}
	}
	return t
}

var fold = cases.Fold()

// urlKey returns what is equal for URLs that lead to one file.
func urlKey(url string) string {
	url = strings.TrimSuffix(strings.TrimSuffix(url, "index.html"), "/")
	for i := range len(url) {
		if c := url[i]; c >= 0x80 || c >= 'A' && c <= 'Z' {
			return fold.String(norm.NFC.String(url))
		}
	}
	return url
}

// claim notes that the file at path has url. It returns a problem of rule at
// pos() if something else has it.
func (t *addresses) claim(url, path string, rule diag.Rule, pos func() diag.Pos) *diag.Problem {
	if index, needed := t.isNeeded(url, path); needed {
		problem := diag.New(pos(), diag.ReservedAddress, "url", url, "index", index)
		return &problem
	}
	key := urlKey(url)
	if other, taken := t.owner[key]; taken {
		problem := diag.New(pos(), rule, "url", url, "other", other)
		return &problem
	}
	t.owner[key] = path
	if !strings.HasSuffix(url, "/") {
		key = parent(key)
	}
	for ; key != "" && t.folders[key] == ""; key = parent(key) {
		t.folders[key] = path
	}
	return nil
}

func parent(key string) string { return key[:max(0, strings.LastIndexByte(key, '/'))] }

// pages gives every page its URL.
func (t *addresses) pages(pages []*Page) diag.Problems {
	var problems diag.Problems
	for _, p := range pages {
		if t.l.byURL[p.URL] == nil {
			t.l.byURL[p.URL] = p
		}
		if slices.Contains(t.l.o.Reserved, p.Section) {
			continue // reported once for the folder
		}
		if p.Index {
			t.owner[urlKey(p.URL)] = p.Path
			continue
		}
		if problem := t.claim(p.URL, p.Path, diag.DuplicateURL, func() diag.Pos {
			if p.Slug == "" {
				return p.pos()
			}
			return t.l.at(p, "slug")
		}); problem != nil {
			problems = append(problems, *problem)
		}
	}
	return problems
}

// aliases checks that an alias is nobody's URL.
func (t *addresses) aliases(pages []*Page) diag.Problems {
	var problems diag.Problems
	for _, p := range pages {
		for i, alias := range p.Aliases {
			if alias == "" { // reported
				continue
			}
			if problem := t.claim(alias, p.Path, diag.AliasTaken, func() diag.Pos { return t.l.at(p, "aliases", itoa(i)) }); problem != nil {
				problems = append(problems, *problem)
				continue
			}
			t.l.aliases[alias] = p
		}
		p.Aliases = slices.DeleteFunc(slices.Clone(p.Aliases), func(alias string) bool { return alias == "" })
	}
	return problems
}

// files checks that nothing lies below what is a file.
func (t *addresses) files(files []*File) diag.Problems {
	var problems diag.Problems
	for _, f := range files {
		key := urlKey(f.URL)
		if other := t.folders[key]; other != "" && t.owner[key] == f.Path && !strings.HasSuffix(f.URL, "/index.html") {
			problems = append(problems, diag.New(diag.Pos{Path: f.Path, Line: 1, Col: 1}, diag.FileAndFolder, "url", f.URL, "other", other))
		}
	}
	return problems
}

var (
	feedNames = []string{"feed.xml", "rss.xml", "feed.json"}
	pageOfAny = regexp.MustCompile(`(^|/)page/[0-9]+$`)
	sitemap   = regexp.MustCompile(`^sitemap(-[0-9]+)?\.xml$`)
)

// isNeeded reports whether the site, or its gate, uses url itself, and where
// words for the list there go, if it is one. path is the file that wants it: the
// theme has its folder in static/, and a robots.txt there takes the place of the
// site's.
func (t *addresses) isNeeded(url, path string) (index string, needed bool) {
	isStatic := strings.HasPrefix(path, "static/")
	rest := strings.Trim(strings.TrimSuffix(url, "index.html"), "/")
	isMain := true
	for _, lang := range t.l.o.Languages[1:] {
		if below, ok := strings.CutPrefix(rest+"/", lang+"/"); ok {
			rest, isMain = strings.TrimSuffix(below, "/"), false
			break
		}
	}
	section, below, _ := strings.Cut(rest, "/")
	switch {
	case rest == "":
		return "content/index.md", true
	case isStatic && (section == "assets" && below != "" || section == "admin"):
		return "", false // the theme's own files, and the CMS's
	case slices.Contains(t.l.o.Reserved, section):
		return "", true
	case rest == "robots.txt":
		return "", isMain && !isStatic
	case rest == "404.html", isMain && sitemap.MatchString(rest), t.l.o.Feeds && slices.Contains(feedNames, rest):
		return "", true
	}
	kind, isSection := t.sections[section]
	switch {
	case !isSection:
		return "", false
	case below == "" && kind == KindPerson:
		return "", true
	case below == "":
		return "content/" + section + "/index.md", true
	}
	return "", t.isBelow(url, kind, below)
}

// isBelow reports whether the list of a section of kind has below under it.
func (t *addresses) isBelow(url string, kind Kind, below string) bool {
	first, _, _ := strings.Cut(below, "/")
	switch {
	case kind == KindPerson:
		return false
	case pageOfAny.MatchString(below):
		return true
	case t.l.o.Feeds && slices.Contains(feedNames, below):
		return true
	case kind != KindEvent:
		return false
	case first == "past", first == "types":
		return true
	case !t.l.o.Calendars:
		return false
	case below == "calendar.ics":
		return true
	}
	event := t.l.byURL[path.Dir(url)+"/"]
	return path.Base(url) == "event.ics" && event != nil && event.Kind == KindEvent
}
