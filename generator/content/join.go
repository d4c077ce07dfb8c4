package content

import (
	"cmp"
	"io/fs"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/unicode/norm"

	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
)

// join puts the parsed files together and checks what needs more than one.
func (l *Library) join(pages []*Page, files []*File) diag.Problems {
	slices.SortFunc(pages, func(a, b *Page) int { return cmp.Compare(a.Path, b.Path) })
	l.byURL, l.byKey = make(map[string]*Page, len(pages)), make(map[string][]*Page, len(pages))
	l.people, l.aliases = map[string][]*Page{}, map[string]*Page{}
	l.files, l.filesByPath = make(map[string]*File, len(files)), make(map[string]*File, len(files))
	l.Home, l.Lists = map[string]*Page{}, map[string]*Page{}
	if u, err := url.Parse(l.o.Origin); err == nil {
		l.host = hostOf(u)
	}
	l.broken, l.near = map[string]bool{}, sync.OnceValue(l.nearby)
	var problems diag.Problems
	for _, p := range pages {
		problems = append(problems, l.add(p)...)
	}
	problems = append(problems, l.checkFolders(pages)...)
	problems = append(problems, l.joinEditions()...)
	t := newAddresses(l, pages)
	problems = append(problems, t.pages(pages)...)
	problems = append(problems, l.addFiles(files, t)...)
	problems = append(problems, t.aliases(pages)...)
	problems = append(problems, t.files(files)...)
	problems = append(problems, l.checkTags(pages)...)
	l.findMade(pages)
	problems = append(problems, l.checkReferences(pages)...)
	problems = append(problems, l.checkLinks()...)
	return append(append(problems, l.checkFiles()...), l.checkPictures()...)
}

// add puts a page where it belongs.
func (l *Library) add(p *Page) diag.Problems {
	l.byKey[p.Key] = append(l.byKey[p.Key], p)
	l.unread = append(l.unread, p.meant...)
	if p.broken || p.lost {
		l.broken[path.Dir(strings.TrimSuffix(p.URL, "/"))] = true
	}
	switch {
	case p.Key == "index":
		l.Home[p.Lang] = p
	case p.Index:
		l.Lists[p.Lang+"/"+p.Section] = p
		if l.o.Kind(p.Section) == KindPerson {
			return diag.Problems{diag.New(p.pos(), diag.NoPeopleWords)}
		}
	case p.Kind == KindPerson:
		id := path.Base(p.Key)
		if p.isBundle() {
			id = path.Base(p.dir())
		}
		l.People = append(l.People, p)
		l.people[id] = append(l.people[id], p)
		if first := l.people[id][0]; first.Key != p.Key {
			return diag.Problems{diag.New(p.pos(), diag.DuplicatePerson, "id", id, "other", first.Path)}
		}
	default:
		l.Pages = append(l.Pages, p)
	}
	return nil
}

// checkFolders reports sections whose name cannot stand, once each. A capital
// letter would make two sections that a disk may not tell apart.
func (l *Library) checkFolders(pages []*Page) diag.Problems {
	var problems diag.Problems
	last := ""
	for _, p := range pages {
		if p.Section == last {
			continue
		}
		last = p.Section
		if last != strings.ToLower(last) || slices.Contains(l.o.Reserved, last) {
			pos := diag.Pos{Path: "content/" + last, Line: 1, Col: 1}
			problems = append(problems, diag.New(pos, diag.ConfigSectionName, "name", last))
			l.unread = append(l.unread, "content/"+strings.ToLower(last)) // links to where it should be
		}
	}
	return problems
}

// joinEditions gives every page its translations, and reports those that are
// for other readers than the first of them: most often the key was forgotten.
func (l *Library) joinEditions() diag.Problems {
	var problems diag.Problems
	for _, group := range l.byKey {
		l.sortByLanguage(group)
		first := group[0]
		for _, p := range group {
			p.Translations = group
			if p.broken || p.unsure || first.broken || first.unsure || sameSet(p.Audience, first.Audience) {
				continue
			}
			problems = append(problems, diag.New(l.at(p, "audience"), diag.AudienceDiffers, "audience", audienceText(p),
				"other", first.Path, "wanted", audienceText(first)))
		}
	}
	return problems
}

func (l *Library) sortByLanguage(pages []*Page) {
	slices.SortStableFunc(pages, func(a, b *Page) int {
		return cmp.Compare(slices.Index(l.o.Languages, a.Lang), slices.Index(l.o.Languages, b.Lang))
	})
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

func audienceText(p *Page) string {
	if p.Audience.IsPublic() {
		return "public"
	}
	return strings.Join(p.Audience, ", ")
}

// checkTags names tags of different words that share a list, because what tells
// them apart cannot stand in its address. Spelling in another case or width is
// no difference.
func (l *Library) checkTags(pages []*Page) diag.Problems {
	type use struct{ tag, word, path, slug string }
	first, known := map[list]use{}, map[string]use{}
	var problems diag.Problems
	for _, p := range pages {
		for i, tag := range p.Tags {
			here, ok := known[tag]
			if !ok {
				here = use{tag: tag, word: fold.String(norm.NFKC.String(strings.TrimSpace(tag))), slug: TagSlug(tag)}
				known[tag] = here
			}
			here.path = p.Path
			at := list{p.Lang, here.slug}
			other, taken := first[at]
			if !taken {
				first[at] = here
			} else if other.word != here.word && other.path != p.Path { // on one page it is double-tag
				problems = append(problems, diag.New(l.at(p, "tags", itoa(i)), diag.TagsShareList, "tag", tag, "other", other.tag, "path", other.path))
			}
		}
	}
	return problems
}

// at is the place of a key of the front matter of p, whose file is read once more
// for it.
func (l *Library) at(p *Page, keys ...string) diag.Pos {
	src, err := fs.ReadFile(l.project, p.Path)
	if err != nil {
		return p.pos()
	}
	file, _ := frontmatter.Split(p.Path, src)
	if file.Node == nil {
		return p.pos()
	}
	return file.Node.Pos(keys...)
}

// Place returns the place of a key in the front matter of p, or of what comes
// nearest to it; without keys, the beginning of its file.
func (l *Library) Place(p *Page, keys ...string) diag.Pos {
	if len(keys) == 0 {
		return p.pos()
	}
	return l.at(p, keys...)
}

// list is a list of a tag in one edition.
type list struct{ lang, slug string }

// bundle is a folder with an index.md of its own.
type bundle struct {
	pages []*Page // the editions of its index.md
	all   []*Page // and every other page at or below it
}

// bundles returns the bundles by their folders below content/.
func (l *Library) bundles() map[string]*bundle {
	bundles := map[string]*bundle{}
	for _, group := range l.byKey {
		if p := group[0]; p.isBundle() {
			bundles[p.dir()] = &bundle{pages: group}
		}
	}
	for _, group := range l.byKey {
		for dir := group[0].dir(); dir != "" && dir != "."; dir = path.Dir(dir) {
			if b := bundles[dir]; b != nil {
				b.all = append(b.all, group...)
			}
		}
	}
	return bundles
}

// addFiles gives the files of bundles to their pages, and every file its URL.
func (l *Library) addFiles(files []*File, t *addresses) diag.Problems {
	bundles := l.bundles()
	var problems diag.Problems
	for _, f := range files {
		if strings.HasPrefix(f.Path, "static/") {
			l.Static = append(l.Static, f)
		} else {
			// Its URL is its path, whatever slug its page has: that of an edition
			// which is not shown must not show in it.
			f.bundle = true
			f.URL = "/" + norm.NFC.String(strings.TrimPrefix(f.Path, "content/"))
			for dir := path.Dir(f.URL[1:]); dir != "."; dir = path.Dir(dir) {
				if b := bundles[dir]; b != nil {
					f.pages, f.beside = b.pages, b.all
					break
				}
			}
			l.Files = append(l.Files, f)
		}
		l.filesByPath[norm.NFC.String(f.Path)] = f
		pos := diag.Pos{Path: f.Path, Line: 1, Col: 1}
		if problem := t.claim(f.URL, f.Path, diag.DuplicateURL, func() diag.Pos { return pos }); problem != nil {
			problems = append(problems, *problem)
			continue
		}
		l.files[f.URL] = f
	}
	return problems
}
