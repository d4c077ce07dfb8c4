package content

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kaiho/generator/diag"
)

// languageSuffix is what looks like a language at the end of a file's name:
// winter.en.md, winter.zh-Hant.md.
var languageSuffix = regexp.MustCompile(`^(?i)[a-z]{2}(-[a-z]{2,4})?$`)

// place takes from the path what it says: section, kind, language, key.
func (p *Page) place(o Options) diag.Problems {
	rest := strings.TrimPrefix(p.Path, "content/")
	rest = rest[:len(rest)-len(".md")]
	var problems diag.Problems
	p.Lang = o.Languages[0]
	if ext := strings.TrimPrefix(path.Ext(rest), "."); ext != "" {
		if slices.Contains(o.Languages, ext) {
			p.Lang = ext
			rest = strings.TrimSuffix(rest, "."+ext)
		} else if languageSuffix.MatchString(ext) {
			problems = append(problems, diag.New(p.pos(), diag.UnknownEdition, "lang", ext,
				"nearest", nearestLanguage(ext, o.Languages), "choices", diag.Choices(o.Languages, false)))
			// It keeps its suffix, and so does not stand in its original's way.
			base := strings.TrimSuffix(strings.TrimSuffix(norm.NFC.String(rest), "."+ext), "/index")
			p.meant = []string{"content/" + base, "content/" + ext + "/" + base}
		}
	}
	p.Key = norm.NFC.String(rest)
	if section, _, ok := strings.Cut(p.Key, "/"); ok {
		p.Section = section
	}
	p.Index = p.Key == "index" || p.Section != "" && p.Key == p.Section+"/index"
	p.Kind = KindPage
	if !p.Index && p.Section != "" {
		p.Kind = o.Kind(strings.ToLower(p.Section))
	}
	return problems
}

// nearestLanguage returns the language that a wrong tag most likely meant. The
// codes of countries are what people write most often.
func nearestLanguage(tag string, languages []string) string {
	tag = strings.ToLower(tag)
	for _, slip := range [][2]string{{"jp", "ja"}, {"us", "en"}, {"uk", "en"}, {"gb", "en"}, {"kr", "ko"}, {"cn", "zh"}, {"vn", "vi"}} {
		if slip[0] == tag && slices.Contains(languages, slip[1]) {
			return slip[1]
		}
	}
	if slices.Contains(languages, tag) {
		return tag
	}
	return ""
}

// pos is the place for what concerns the file as a whole.
func (p *Page) pos() diag.Pos { return diag.Pos{Path: p.Path, Line: 1, Col: 1} }

// at is the place of a key of the front matter.
func (p *Page) at(keys ...string) diag.Pos {
	if p.node == nil {
		return p.pos()
	}
	return p.node.Pos(keys...)
}

// isBundle reports whether the page is the index.md of a folder of its own.
func (p *Page) isBundle() bool { return !p.Index && path.Base(p.Key) == "index" }

// dir is the folder of the page, below content/.
func (p *Page) dir() string {
	if d := path.Dir(p.Key); d != "." {
		return d
	}
	return ""
}

// address returns the URL of the page in lang; slug replaces the last part.
func (p *Page) address(lang, slug string, o Options) string {
	where := p.Key
	switch {
	case where == "index":
		where = ""
	case path.Base(where) == "index":
		where = path.Dir(where)
	}
	if slug != "" && !p.Index {
		where = path.Join(path.Dir(where), slug)
	}
	return join(prefix(lang, o.Languages), where)
}

// prefix returns the folder of an edition: "" for the main one, else "/en".
func prefix(lang string, languages []string) string {
	if lang == languages[0] {
		return ""
	}
	return "/" + lang
}

func join(prefix, where string) string {
	if where == "" {
		return prefix + "/"
	}
	return prefix + "/" + where + "/"
}

var slugForm = regexp.MustCompile(`^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}_.-]*$`)

// locate gives the page its URL and checks lang, slug and aliases. An alias
// that is wrong is left empty.
func (p *Page) locate(o Options) diag.Problems {
	var problems diag.Problems
	report := func(key string, rule diag.Rule, args ...string) {
		problems = append(problems, diag.New(p.at(key), rule, args...))
	}
	suffix := strings.TrimPrefix(path.Ext(strings.TrimSuffix(p.Path, path.Ext(p.Path))), ".")
	switch lang := p.Common.Lang; {
	case lang == "" || lang == p.Lang && slices.Contains(o.Languages, lang):
	case lang == suffix: // an unknown language that the file's name has as well
	case suffix != "" && slices.Contains(o.Languages, suffix):
		report("lang", diag.LangDiffers, "lang", lang, "file", suffix)
	case !slices.Contains(o.Languages, lang):
		report("lang", diag.UnknownEdition, "lang", lang, "nearest", nearestLanguage(lang, o.Languages),
			"choices", diag.Choices(o.Languages, false))
	default:
		p.Lang = lang
	}
	slug := norm.NFC.String(p.Slug)
	switch {
	case p.Index && p.node.Has("slug"):
		report("slug", diag.KeyWithoutEffect, "key", "slug")
	case slug != "" && (!slugForm.MatchString(slug) || strings.Contains(slug, "..") || strings.HasSuffix(slug, ".")):
		report("slug", diag.BadSlug, "slug", p.Slug)
		slug, p.lost = "", true
	case len(slug) > maxSegmentBytes:
		problems = append(problems, tooLong(p.at("slug"), "slug", slug))
		slug, p.lost = "", true
	}
	p.URL = p.address(p.Lang, slug, o)
	if p.lost {
		p.meant = append(p.meant, "content"+path.Join(path.Dir(path.Clean(p.URL)), norm.NFC.String(p.Slug)))
	}
	if p.Index && len(p.Aliases) > 0 {
		report("aliases", diag.KeyWithoutEffect, "key", "aliases")
		p.Aliases = nil
	}
	for i, alias := range p.Aliases {
		cleaned, ok := cleanAlias(alias)
		if !ok && alias != "" {
			problems = append(problems, diag.New(p.at("aliases", itoa(i)), diag.BadAlias, "alias", alias))
		}
		for part := range strings.SplitSeq(cleaned, "/") {
			if len(part) > maxSegmentBytes {
				problems = append(problems, tooLong(p.at("aliases", itoa(i)), "aliases", part))
				cleaned = ""
			}
		}
		p.Aliases[i] = cleaned
	}
	return problems
}

// maxSegmentBytes is the most that a part of a URL may have between its slashes:
// it is the name of a file or folder, and ext4, APFS and NTFS have no longer ones.
const maxSegmentBytes = 255

// tooLong is the problem that a key makes a part of a URL that no disk takes.
func tooLong(pos diag.Pos, key, segment string) diag.Problem {
	return diag.New(pos, diag.TooLong, "key", key, "bytes", itoa(len(segment)), "limit", itoa(maxSegmentBytes))
}

// cleanAlias returns an alias as /path/ or /path.html.
func cleanAlias(alias string) (string, bool) {
	a := norm.NFC.String(alias)
	if !strings.HasPrefix(a, "/") || strings.ContainsFunc(a, unicode.IsControl) || strings.ContainsAny(a, "\\?#%:*\"<>| ") || strings.Contains(a, "//") {
		return "", false
	}
	for part := range strings.SplitSeq(strings.Trim(a, "/"), "/") {
		if part == "" || part == "." || part == ".." {
			return "", false
		}
	}
	if !strings.HasSuffix(a, "/") && !strings.HasSuffix(a, ".html") {
		a += "/"
	}
	return a, true
}
