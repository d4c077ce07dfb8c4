package content

import (
	"cmp"
	"net/url"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"kaiho/generator/audience"
	"kaiho/generator/diag"
	"kaiho/generator/markdown"
)

// A reference in a file leads to a page, a file, or something that the site
// makes itself (a list, a feed). Found says which.
type found struct {
	page     *Page
	file     *File
	made     bool   // a list, feed or other output; whether a reader has it, the plan knows
	url      string // of the site, without the base path, with query and fragment
	fragment string
	outside  bool   // another site, or mailto: and the like
	scheme   string // of what is outside, in lower case; "" for //host/path
}

// path returns the URL without query and fragment.
func (f found) path() string {
	if i := strings.IndexAny(f.url, "?#"); i >= 0 {
		return f.url[:i]
	}
	return f.url
}

// find looks up a reference written in the page p. It reports false for what
// is not there, and for addresses elsewhere that no browser can open.
func (l *Library) find(p *Page, dest string) (found, bool) {
	own := l.withoutOrigin(strings.TrimSpace(dest))
	u, err := url.Parse(own)
	if err != nil {
		return found{}, false
	}
	if u.Scheme != "" || u.Host != "" || strings.HasPrefix(own, "//") {
		return found{outside: true, url: dest, scheme: u.Scheme}, canBeOpened(u)
	}
	f := found{fragment: norm.NFC.String(u.Fragment)}
	where := norm.NFC.String(u.Path)
	switch {
	case where == "":
		f.page, f.url = p, p.URL
	case !l.findMarkdown(p, where, &f) && !l.findURL(p, where, &f):
		return f, false
	}
	if f.page != nil && f.page != p && f.page.Index && l.later[f.page.URL] != nil {
		f.page, f.made = nil, true // words for a list, which is there without them as well
	}
	if u.RawQuery != "" {
		f.url += "?" + u.RawQuery
	}
	if u.Fragment != "" {
		f.url += "#" + u.EscapedFragment()
	}
	return f, true
}

// withoutOrigin returns an absolute address of this site as a path of it, and
// any other as it is. What a browser takes to the same host is the same site:
// an address that is only spelt otherwise must not pass for another one's.
func (l *Library) withoutOrigin(dest string) string {
	u, err := url.Parse(dest)
	if err != nil || u.Host == "" || l.host == "" || hostOf(u) != l.host {
		return dest
	}
	_, rest, _ := strings.Cut(dest, "//")
	rest = rest[strings.IndexAny(rest+"/", "/?#"):]
	for _, base := range l.bases() {
		if below, ok := strings.CutPrefix(rest, base); ok && (below == "" || strings.ContainsAny(below[:1], "/?#")) {
			if !strings.HasPrefix(below, "/") {
				below = "/" + below
			}
			return below
		}
	}
	return dest
}

// hostOf returns what is equal for web addresses of one host: its name in lower
// case and its port, if that is not the scheme's own. It is "" for addresses
// that are not of the web.
func hostOf(u *url.URL) string {
	if u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "" {
		return ""
	}
	host := strings.TrimSuffix(fold.String(norm.NFC.String(u.Hostname())), ".")
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		host += ":" + port
	}
	return host
}

// bases returns the base path without its last slash, as it stands in HTML and
// as people write it.
func (l *Library) bases() [2]string {
	escaped := strings.TrimSuffix(l.o.BasePath, "/")
	plain, err := url.PathUnescape(escaped)
	if err != nil {
		plain = escaped
	}
	return [2]string{escaped, norm.NFC.String(plain)}
}

// canBeOpened reports whether an address that is not the site's own has what
// its scheme needs. Of schemes that are not known, only what looks like a slip
// is refused: any program may have its own.
func canBeOpened(u *url.URL) bool {
	switch u.Scheme {
	case "http", "https", "":
		return u.Hostname() != ""
	case "mailto":
		return strings.Contains(u.Opaque, "@")
	case "tel", "sms":
		return strings.ContainsAny(u.Opaque, "0123456789")
	}
	return diag.Nearest(u.Scheme, knownSchemes) == ""
}

var knownSchemes = []string{"http", "https", "mailto", "tel"}

// findMarkdown looks up a path of a Markdown file.
func (l *Library) findMarkdown(p *Page, where string, f *found) bool {
	if !strings.HasSuffix(where, ".md") {
		return false
	}
	if f.page = l.pageAt(p, where, true); f.page == nil {
		return false
	}
	f.url = f.page.URL
	return true
}

// findURL looks up a path: of the site if it begins with a slash, else of a file
// or page beside the page's file, else below the page's URL.
func (l *Library) findURL(p *Page, where string, f *found) bool {
	if !strings.HasPrefix(where, "/") {
		if file := l.filesByPath[path.Join("content", p.dir(), where)]; file != nil {
			f.file, f.url = file, file.URL
			return true
		}
		if page := l.pageOf(p, path.Join("/", p.dir(), where)); page != nil {
			f.page, f.url = page, page.URL
			return true
		}
		clean := path.Join(p.URL, where)
		if strings.HasSuffix(where, "/") && clean != "/" {
			clean += "/"
		}
		where = clean
	}
	if base := l.bases()[1]; base != "" && strings.HasPrefix(where, base+"/") {
		where = strings.TrimPrefix(where, base)
	}
	return l.findAt(where, f) || !strings.HasSuffix(where, "/") && l.findAt(where+"/", f) ||
		strings.HasSuffix(where, "/index.html") && l.findAt(strings.TrimSuffix(where, "index.html"), f)
}

// findAt looks up what has exactly the URL where.
func (l *Library) findAt(where string, f *found) bool {
	f.url = where
	if page := l.byURL[where]; page != nil {
		f.page = page
		return true
	}
	if page := l.aliases[where]; page != nil {
		f.page, f.url = page, page.URL
		return true
	}
	if l.later[where] != nil {
		f.made = true
		return true
	}
	f.file = l.files[where]
	if f.file == nil && strings.HasSuffix(where, "/") {
		f.file = l.files[where+"index.html"]
	}
	return f.file != nil
}

// pageAt returns the page whose file ref names: as a path from content/, or
// relative to the folder of p. Where it could be both, nearby says that the
// file in the folder is meant. An edition in the language of p is preferred.
func (l *Library) pageAt(p *Page, ref string, nearby bool) *Page {
	ref = norm.NFC.String(strings.TrimSpace(ref))
	if i := strings.IndexAny(ref, "?#"); i >= 0 {
		ref = ref[:i]
	}
	if strings.HasPrefix(ref, "/") {
		for _, where := range []string{ref, ref + "/"} {
			if page := l.byURL[where]; page != nil {
				return page
			}
		}
	}
	ref = strings.TrimSuffix(ref, ".md")
	fromTop := strings.TrimPrefix(strings.TrimPrefix(ref, "/"), "content/")
	beside := path.Join("/", p.dir(), ref)
	switch {
	case strings.HasPrefix(ref, "/"):
		return l.pageOf(p, fromTop)
	case strings.HasPrefix(ref, "./"), strings.HasPrefix(ref, "../"):
		return l.pageOf(p, beside)
	case nearby:
		return cmp.Or(l.pageOf(p, beside), l.pageOf(p, fromTop))
	}
	return cmp.Or(l.pageOf(p, fromTop), l.pageOf(p, beside))
}

// pageOf returns the page of a key, with or without a language after it.
func (l *Library) pageOf(p *Page, key string) *Page {
	key = strings.Trim(path.Clean(key), "/")
	for _, k := range []string{key, key + "/index"} {
		if group := l.byKey[k]; len(group) > 0 {
			return choose(group, p.Lang)
		}
	}
	for _, lang := range l.o.Languages {
		if base, ok := strings.CutSuffix(key, "."+lang); ok && len(l.byKey[base]) > 0 {
			return choose(l.byKey[base], lang)
		}
	}
	return nil
}

// choose returns the edition of a group in lang, or else the first.
func choose(group []*Page, lang string) *Page {
	for _, p := range group {
		if p.Lang == lang {
			return p
		}
	}
	return group[0]
}

// Page returns the page that a reference in the front matter of p names (a
// path below content/, with or without .md), in the language of p if it is
// there; nil if there is none.
func (l *Library) Page(p *Page, ref string) *Page {
	if ref == "" {
		return nil
	}
	return l.pageAt(p, ref, false)
}

// Resolve returns where a reference in the body of p leads for reader r. The
// URL is empty if r cannot go there.
func (l *Library) Resolve(r audience.Reader, p *Page, ref markdown.Ref) markdown.Target {
	f, ok := l.find(p, ref.Dest)
	switch {
	case !ok:
		return markdown.Target{}
	case f.outside && !slices.Contains(linkSchemes, f.scheme):
		return markdown.Target{}
	case f.outside:
		return markdown.Target{URL: f.url}
	case f.page == p && strings.HasPrefix(ref.Dest, "#"):
		return markdown.Target{URL: ref.Dest}
	case f.page != nil && l.Sees(r, f.page) == Nothing:
		return markdown.Target{}
	case f.made && !l.made[f.path()][r]:
		return markdown.Target{}
	case f.file != nil && !f.file.VisibleTo(r):
		return markdown.Target{}
	}
	t := markdown.Target{URL: l.Link(f.url)}
	switch {
	case f.file == nil:
	case ref.Kind == markdown.Image:
		shown := f.file.Shown()
		t = markdown.Target{URL: shown.URL, Width: shown.Width, Height: shown.Height, Srcset: shown.Srcset}
		if t.Srcset != "" {
			t.Sizes, t.Gallery = l.o.Pictures.Sizes, l.o.Pictures.Gallery
		}
	default:
		t.Width, t.Height = f.file.Width, f.file.Height
	}
	return t
}

// Leads returns the page to which a reference in the body of p leads; nil if it is
// no page, or none of its own.
func (l *Library) Leads(p *Page, ref markdown.Ref) *Page {
	f, _ := l.find(p, ref.Dest)
	return f.page
}

// Link returns a URL of the site as it stands in HTML: with the base path, and
// escaped.
func (l *Library) Link(u string) string {
	rest, fragment, hasFragment := strings.Cut(u, "#")
	where, query, hasQuery := strings.Cut(rest, "?")
	out := strings.TrimSuffix(l.o.BasePath, "/") + (&url.URL{Path: where}).EscapedPath()
	if hasQuery {
		out += "?" + query
	}
	if hasFragment {
		out += "#" + fragment
	}
	return out
}

// Image returns the file of a picture that the front matter of p names, or nil
// if it is not the project's own or not there.
func (l *Library) Image(p *Page, src string) *File {
	if src == "" {
		return nil
	}
	f, ok := l.find(p, src)
	if !ok {
		return nil
	}
	return f.file
}

// StaticAt returns the file of static/ with a URL, or nil.
func (l *Library) StaticAt(u string) *File {
	if f := l.files[u]; f != nil && !f.bundle {
		return f
	}
	return nil
}

// Moved returns the page that has a URL, or that says it had it by an alias; nil if
// there is none.
func (l *Library) Moved(u string) *Page {
	if p := l.byURL[u]; p != nil {
		return p
	}
	return l.aliases[u]
}

// At returns the page with a URL, without the base path; nil if there is none.
func (l *Library) At(u string) *Page { return l.byURL[u] }
