// Package audience says who may read what. It is the one notion of audience in
// the program: HTML, feeds, calendars, lists, images and letters all ask
// Policy.MayRead and nothing else.
//
// A Reader is a class of people: the public, or a named audience of site.yaml.
// A Set is what a page, a file or a part of a page asks of its reader. The
// public may read only what asks for nothing; a named audience may read what
// the public may, what names it, and what names an audience that it reads.
package audience

import "slices"

// Reader is a class of readers: Public, or the name of an audience.
type Reader string

// Public is everyone.
const Public Reader = ""

// String returns the reader's name: "public", or that of the audience.
func (r Reader) String() string {
	if r == Public {
		return "public"
	}
	return string(r)
}

// Set names the audiences that may read something. The empty set is public.
type Set []string

// IsPublic reports whether everyone may read what has this set.
func (s Set) IsPublic() bool { return len(s) == 0 }

// Audience is a named audience of a site.
type Audience struct {
	Name  string
	Reads []string // further audiences whose pages it may read
}

// Policy is the audiences of a site, in order.
type Policy struct {
	audiences []Audience
	reads     map[Reader]map[string]bool
}

// NewPolicy returns the policy of the given audiences. `reads` is followed
// from one audience to the next; a circle is allowed and means that its
// members read each other's pages.
func NewPolicy(audiences []Audience) Policy {
	p := Policy{audiences: audiences, reads: make(map[Reader]map[string]bool, len(audiences))}
	direct := make(map[string][]string, len(audiences))
	for _, a := range audiences {
		direct[a.Name] = a.Reads
	}
	for _, a := range audiences {
		seen := map[string]bool{}
		for queue := []string{a.Name}; len(queue) > 0; queue = queue[1:] {
			if name := queue[0]; !seen[name] {
				seen[name] = true
				queue = append(queue, direct[name]...)
			}
		}
		p.reads[Reader(a.Name)] = seen
	}
	return p
}

// Readers returns every class of readers: the public, then each audience in
// the order of site.yaml.
func (p Policy) Readers() []Reader {
	readers := []Reader{Public}
	for _, a := range p.audiences {
		readers = append(readers, Reader(a.Name))
	}
	return readers
}

// Names returns the names of the audiences, in the order of site.yaml.
func (p Policy) Names() []string {
	names := make([]string, 0, len(p.audiences))
	for _, a := range p.audiences {
		names = append(names, a.Name)
	}
	return names
}

// MayRead reports whether r may read what asks for s. An unknown reader, or a
// set of unknown names, opens nothing.
func (p Policy) MayRead(r Reader, s Set) bool {
	if s.IsPublic() {
		return true
	}
	reads := p.reads[r]
	return slices.ContainsFunc(s, func(name string) bool { return reads[name] })
}

// All returns the set that every named audience may read: what a part "for
// members" asks for.
func (p Policy) All() Set { return Set(p.Names()) }
