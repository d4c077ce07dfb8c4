package content

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"kaiho/generator/audience"
	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
)

func itoa(i int) string { return strconv.Itoa(i) }

// file is the front matter of a file: what all kinds have, and the kind's own.
type file[Shared, Own any] struct {
	Shared Shared `yaml:",inline"`
	Own    Own    `yaml:",inline"`
}

// PersonCommon is what a person's file shares with pages.
type PersonCommon struct {
	Draft    bool                `yaml:"draft"`
	Publish  frontmatter.Time    `yaml:"publish"`
	Expires  frontmatter.Time    `yaml:"expires"`
	Aliases  []string            `yaml:"aliases"`
	Summary  string              `yaml:"summary" lines:"many"`
	Audience []string            `yaml:"audience" nonempty:"true"`
	Lang     string              `yaml:"lang"`
	Layout   string              `yaml:"layout"`
	Params   []frontmatter.Param `yaml:"params"`
}

// decode fills the page from its front matter.
func (p *Page) decode(node *frontmatter.Node, o Options) diag.Problems {
	d := decoder{page: p, node: node, zone: o.Zone, latin: o.LatinOrder}
	switch p.Kind {
	case KindNews:
		p.News = own[News](&d)
	case KindColumn:
		p.Column = own[Column](&d)
	case KindInterview:
		p.Interview = own[Interview](&d)
	case KindReport:
		p.Report = own[Report](&d)
	case KindEvent:
		p.Event = own[Event](&d)
	case KindJob:
		p.Job = own[Job](&d)
	case KindNotes:
		p.Notes = own[Notes](&d)
	case KindNewsletter:
		p.Newsletter = own[Newsletter](&d)
	case KindPerson:
		p.Person = d.person()
	case kindUnknown:
		d.decode(&p.Common)
		d.problems = slices.DeleteFunc(d.problems, func(p diag.Problem) bool { return p.Rule == diag.UnknownKey })
	default:
		p.Plain = own[Plain](&d)
	}
	return append(d.problems, p.decodeAudience(o)...)
}

// decoder decodes the front matter of one page.
type decoder struct {
	page     *Page
	node     *frontmatter.Node
	zone     *time.Location
	latin    string // the order of names
	problems diag.Problems
}

func (d *decoder) decode(into any) {
	d.problems = append(d.problems, frontmatter.Decode(d.node, into, frontmatter.Options{Zone: d.zone})...)
}

// own fills what the page shares with others, and returns what its kind has of
// its own.
func own[Own any](d *decoder) *Own {
	var f file[Common, Own]
	d.decode(&f)
	d.page.Common = f.Shared
	alone := f.Own // which does not keep the rest in memory
	return &alone
}

// person is own for people, who share less with pages.
func (d *decoder) person() *Person {
	var f file[PersonCommon, Person]
	d.decode(&f)
	c := f.Shared
	d.page.Common = Common{Draft: c.Draft, Publish: c.Publish, Expires: c.Expires, Aliases: c.Aliases,
		Summary: c.Summary, Audience: c.Audience, Lang: c.Lang, Layout: c.Layout, Params: c.Params}
	alone := f.Own
	alone.Name.Latin = alone.Name.inOrder(d.latin)
	return &alone
}

// FrontMatter returns an empty value of the struct that a kind's front matter
// is decoded into, for those who list or write its keys.
func FrontMatter(k Kind) any {
	switch k {
	case KindNews:
		return file[Common, News]{}
	case KindColumn:
		return file[Common, Column]{}
	case KindInterview:
		return file[Common, Interview]{}
	case KindReport:
		return file[Common, Report]{}
	case KindEvent:
		return file[Common, Event]{}
	case KindJob:
		return file[Common, Job]{}
	case KindNotes:
		return file[Common, Notes]{}
	case KindNewsletter:
		return file[Common, Newsletter]{}
	case KindPerson:
		return file[PersonCommon, Person]{}
	}
	return file[Common, Plain]{}
}

// decodeAudience checks the names of the audience key. A name that is not
// known stays in the set, where it opens nothing. No value at all would open
// the page to everyone, so here alone an empty value is a mistake.
func (p *Page) decodeAudience(o Options) diag.Problems {
	var problems diag.Problems
	names := o.Policy.Names()
	if slices.Equal(p.Common.Audience, []string{"public"}) {
		p.Common.Audience = nil
	} else if len(p.Common.Audience) == 0 && p.node.Has("audience") {
		p.unsure = true
		if n := p.node.At("audience"); n.Kind() == frontmatter.Null {
			problems = append(problems, diag.New(n.Pos(), diag.EmptyValue, "key", "audience"))
		}
	}
	for i, name := range p.Common.Audience {
		switch {
		case name == "": // reported
			p.unsure = true
		case name == "public":
			problems = append(problems, diag.New(p.at("audience", itoa(i)), diag.PublicAndMore))
			p.unsure = true
		case !slices.Contains(names, name):
			p.unsure = true
			if !o.Unsure {
				problems = append(problems, unknownAudience(p.at("audience", itoa(i)), name, append([]string{"public"}, names...)))
			}
		}
	}
	p.Audience = audience.Set(p.Common.Audience)
	p.Teaser = p.Common.Teaser && !p.Audience.IsPublic()
	if p.Common.Teaser && p.Audience.IsPublic() && !p.unsure {
		problems = append(problems, diag.New(p.at("teaser"), diag.TeaserPublic))
	}
	return problems
}

func unknownAudience(pos diag.Pos, name string, known []string) diag.Problem {
	nearest, list := diag.Nearest(name, known), ""
	if parts := strings.Split(name, ","); len(parts) > 1 {
		for i := range parts {
			parts[i] = strings.TrimSpace(parts[i])
		}
		if !slices.ContainsFunc(parts, func(part string) bool { return !slices.Contains(known, part) }) {
			nearest, list = "", "["+strings.Join(parts, ", ")+"]"
		}
	}
	return diag.New(pos, diag.UnknownAudience, "name", name, "list", list,
		"nearest", nearest, "choices", diag.Choices(known, false))
}

// checkParts checks the audiences of the body's :::members parts.
func (p *Page) checkParts(o Options) diag.Problems {
	var problems diag.Problems
	names := o.Policy.Names()
	if o.Unsure {
		return nil
	}
	for _, part := range p.parts {
		if len(names) == 0 {
			problems = append(problems, diag.New(part.Pos, diag.NoAudiences))
		}
		for _, name := range part.Audience {
			if len(names) > 0 && !slices.Contains(names, name) {
				problems = append(problems, unknownAudience(part.Pos, name, names))
			}
		}
	}
	return problems
}
