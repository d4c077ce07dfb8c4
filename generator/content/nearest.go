package content

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"kaiho/generator/diag"
	"kaiho/generator/picture"
)

// nearby holds what suggestions are chosen from, by folder and by last part: a
// large site with many dead links must not compare each of them with each page.
type nearby struct {
	byFolder, byName map[string][]string // URLs of pages and lists
	keysIn, keysOf   map[string][]string // keys of pages, by folder and by last part
	pictures         map[string][]string // URLs of pictures, by folder
	beside           map[string][]string // names of pictures, by folder of the project
	people           []string
}

func (l *Library) nearby() *nearby {
	n := &nearby{byFolder: map[string][]string{}, byName: map[string][]string{}, keysIn: map[string][]string{}, keysOf: map[string][]string{},
		pictures: map[string][]string{}, beside: map[string][]string{}, people: slices.Sorted(maps.Keys(l.people))}
	urls := slices.Collect(maps.Keys(l.byURL))
	for url := range l.made {
		if l.byURL[url] == nil {
			urls = append(urls, url)
		}
	}
	slices.Sort(urls)
	for _, url := range urls {
		folder, name := path.Split(strings.TrimSuffix(url, "/"))
		n.byFolder[folder] = append(n.byFolder[folder], url)
		n.byName[name] = append(n.byName[name], url)
	}
	for _, key := range slices.Sorted(maps.Keys(l.byKey)) {
		folder, name := path.Split(strings.TrimSuffix(key, "/index"))
		n.keysIn[folder] = append(n.keysIn[folder], key)
		n.keysOf[name] = append(n.keysOf[name], key)
	}
	for _, file := range slices.Sorted(maps.Keys(l.filesByPath)) {
		if picture.IsImage(file) {
			url := l.filesByPath[file].URL
			n.pictures[path.Dir(url)] = append(n.pictures[path.Dir(url)], url)
			n.beside[path.Dir(file)] = append(n.beside[path.Dir(file)], path.Base(file))
		}
	}
	return n
}

// foreign is the beginning of an address elsewhere without its scheme.
var foreign = regexp.MustCompile(`^(www\.|[a-z0-9-]+(\.[a-z0-9-]+)*\.(com|org|net|info|io|jp|dev)(/|$))`)

// nearestURL returns the address that a dead link most likely meant.
func (l *Library) nearestURL(p *Page, dest string) string {
	switch {
	case foreign.MatchString(dest):
		return "https://" + dest
	case mailAddress.MatchString(dest):
		return "mailto:" + dest
	case strings.HasSuffix(dest, ".md"):
		return l.nearestKey(p, dest)
	}
	if scheme, rest, ok := strings.Cut(dest, ":"); ok {
		if near := diag.Nearest(scheme, knownSchemes); near != "" && near != scheme {
			return near + ":" + rest
		}
		return ""
	}
	where := l.withoutOrigin(dest)
	if i := strings.IndexAny(where, "?#"); i >= 0 {
		where = where[:i]
	}
	if !strings.HasPrefix(where, "/") {
		where = path.Join(p.URL, where) + "/"
	}
	folder, name := path.Split(strings.TrimSuffix(where, "/"))
	return nearestOf(name, l.near().byFolder[folder], l.near().byName[name])
}

// nearestOf returns the one of siblings, which are paths in one folder, whose
// last part is nearest to name, or else the first of namesakes, which have that
// last part in other folders.
func nearestOf(name string, siblings, namesakes []string) string {
	if len(name) > 0 && len([]rune(name)) > 1 { // every letter is near to every other
		names := make([]string, 0, len(siblings))
		for _, s := range siblings {
			if path.Ext(s) == path.Ext(name) {
				names = append(names, path.Base(s))
			}
		}
		if near := diag.Nearest(name, names); near != "" {
			return siblings[slices.IndexFunc(siblings, func(s string) bool { return path.Base(s) == near })]
		}
	}
	if name != "" && len(namesakes) > 0 {
		return namesakes[0]
	}
	return ""
}

// nearestPicture returns the picture that a missing one most likely meant, as
// it is written in p.
func (l *Library) nearestPicture(p *Page, src string) string {
	folder, name := path.Split(src)
	if strings.HasPrefix(src, "/") {
		return nearestOf(name, l.near().pictures[path.Clean(folder)], nil)
	}
	if near := nearestOf(name, l.near().beside[path.Join("content", p.dir(), folder)], nil); near != "" {
		return folder + near
	}
	return ""
}

// nearestKey returns the path that a wrong reference most likely meant.
func (l *Library) nearestKey(p *Page, ref string) string {
	key := strings.TrimSuffix(strings.TrimPrefix(strings.Trim(ref, "/"), "content/"), ".md")
	if strings.HasPrefix(ref, ".") {
		key = strings.TrimPrefix(path.Join("/", p.dir(), key), "/")
	}
	folder, name := path.Split(key)
	if near := nearestOf(name, l.near().keysIn[folder], l.near().keysOf[name]); near != "" {
		return near + ".md"
	}
	return ""
}

// isDoubtful reports whether a reference that leads nowhere may be right: it
// could mean a file that is there and cannot be read, or a page in the same
// folder whose front matter is broken, so that its slug is not known.
func (l *Library) isDoubtful(p *Page, dest string) bool {
	where, _, _ := strings.Cut(l.withoutOrigin(dest), "#")
	where = strings.TrimSuffix(strings.TrimSuffix(where, ".md"), "/")
	candidates := []string{path.Clean("/" + strings.TrimPrefix(where, "content/"))}
	if !strings.HasPrefix(where, "/") {
		candidates = append(candidates, path.Join("/", p.dir(), where), path.Join(p.URL, where))
	}
	for _, candidate := range candidates {
		for _, name := range l.unread {
			name = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(name, ".md"), ".MD"), "/index")
			_, name, _ = strings.Cut(name, "/")
			if name == "" || candidate == "/"+name || strings.HasPrefix(candidate, "/"+name+"/") {
				return true
			}
		}
		if l.broken[path.Dir(candidate)] {
			return true
		}
	}
	return false
}
