package content

import (
	"slices"
	"strings"

	"kaiho/generator/audience"
	"kaiho/generator/diag"
	"kaiho/generator/picture"
)

// frontMatter checks the names, paths and pictures of the front matter.
func (v *review) frontMatter() {
	p := v.p
	v.image(p.Cover, v.coverReaders(), "cover")
	for i, id := range p.Authors {
		v.person(id, false, "authors", itoa(i))
	}
	switch {
	case p.Interview != nil:
		for i, id := range p.Interview.People {
			v.person(id, false, "people", itoa(i))
		}
	case p.Report != nil:
		v.page(p.Report.Event, []Kind{KindEvent}, "event")
		for i, image := range p.Report.Gallery {
			v.image(image, v.readers, "gallery", itoa(i))
		}
	case p.Event != nil:
		v.page(p.Event.Report, []Kind{KindReport}, "report")
		for i, id := range p.Event.Speakers {
			v.person(id, true, "speakers", itoa(i))
		}
	case p.Job != nil:
		if logo := p.Job.Organization.Logo; logo != "" {
			v.picture(spot{keys: keys("organization", "logo")}, logo, v.readers)
		}
	case p.Notes != nil:
		for i, note := range p.Notes.Entries {
			v.person(note.Person, true, "entries", itoa(i), "person")
		}
	case p.Newsletter != nil:
		v.newsletter(p.Newsletter)
	case p.Person != nil:
		v.image(p.Person.Portrait, v.readers, "portrait")
	}
}

// coverReaders are those who may read the page, and with a teaser everyone.
func (v *review) coverReaders() []audience.Reader {
	if v.p.Teaser {
		return v.l.o.Policy.Readers()
	}
	return v.readers
}

func (v *review) image(image Image, readers []audience.Reader, keys ...string) {
	if image.Src == "" {
		return
	}
	pos := spot{keys: append(keys, "src")}
	v.picture(pos, image.Src, readers)
	f := v.l.Image(v.p, image.Src)
	if f != nil && !f.bundle && !v.p.unsure && len(readers) < len(v.l.o.Policy.Readers()) {
		v.report(pos, diag.PublicPicture, "src", image.Src)
	}
}

// picture checks a picture and opens it to readers.
func (v *review) picture(pos spot, src string, readers []audience.Reader) {
	f, ok := v.l.find(v.p, src)
	switch {
	case ok && f.outside:
		if v.scheme(pos, src, f.scheme, pictureSchemes) {
			v.report(pos, diag.ImageElsewhere, "src", src)
		}
	case ok && f.file != nil && picture.IsImage(f.file.Path):
		v.pictures = append(v.pictures, showing{f.file, pos})
		v.use(pos, src, f.file, readers)
	case ok:
		v.report(pos, diag.NotAPicture, "src", src)
	case !v.l.isDoubtful(v.p, src):
		v.reportDead(pos, diag.ImageMissing, "src", src, func() string { return v.l.nearestPicture(v.p, src) })
	}
}

// person checks an id of content/people. Where a name may stand as well, only
// what looks like an id must be one.
func (v *review) person(id string, orName bool, keys ...string) {
	if id == "" || v.l.people[id] != nil || v.l.isDoubtful(v.p, "/people/"+id) {
		return
	}
	if orName && strings.ContainsFunc(id, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_'
	}) {
		return
	}
	v.reportDead(spot{keys: keys}, diag.UnknownPerson, "id", id, func() string { return diag.Nearest(id, v.l.near().people) })
}

// page checks a path of a page, which must be of one of kinds, and returns the
// page; nil if it has a problem.
func (v *review) page(ref string, kinds []Kind, keys ...string) *Page {
	if ref == "" {
		return nil
	}
	target := v.l.pageAt(v.p, ref, false)
	switch {
	case target == nil && v.l.isDoubtful(v.p, "/"+strings.TrimPrefix(ref, "/")):
		return nil
	case target == nil:
		v.reportDead(spot{keys: keys}, diag.UnknownPage, "path", ref, func() string { return v.l.nearestKey(v.p, ref) })
		return nil
	case target.Key == v.p.Key:
		v.report(spot{keys: keys}, diag.SelfReference, "path", ref)
		return nil
	case target.Kind != kindUnknown && (target.Index || !slices.Contains(kinds, target.Kind)):
		v.report(spot{keys: keys}, diag.WrongKind, "path", ref, "kind", string(target.Kind), "wanted", kindList(kinds))
		return nil
	}
	return target
}

func kindList(kinds []Kind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return strings.Join(names, ", ")
}

// newsletter checks what an issue names. It may have what readers of the site
// may have, but neither another issue nor a person.
func (v *review) newsletter(n *Newsletter) {
	kinds := slices.DeleteFunc(Kinds(), func(k Kind) bool { return k == KindNewsletter || k == KindPerson })
	named := map[*Page]bool{}
	for i, ref := range append([]string{n.Lead}, n.Include...) {
		at := keys("lead")
		if i > 0 {
			at = keys("include", itoa(i-1))
		}
		page := v.page(ref, kinds, at...)
		if named[page] && page != nil {
			v.report(spot{keys: at}, diag.NamedTwice, "path", ref)
		}
		named[page] = true
	}
	for i, ref := range n.Exclude {
		if page := v.page(ref, kinds, "exclude", itoa(i)); page != nil && named[page] {
			v.report(spot{keys: keys("exclude", itoa(i))}, diag.IncludedAndExcluded, "path", ref)
		}
	}
}
