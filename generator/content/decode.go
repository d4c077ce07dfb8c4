package content

import (
	"slices"
	"strconv"
	"strings"

	"kaiho/generator/audience"
	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
)

func itoa(i int) string { return strconv.Itoa(i) }

// The front matter of a file of each kind.
type (
	newsFile struct {
		Common `yaml:",inline"`
		News   `yaml:",inline"`
	}
	columnFile struct {
		Common `yaml:",inline"`
		Column `yaml:",inline"`
	}
	interviewFile struct {
		Common    `yaml:",inline"`
		Interview `yaml:",inline"`
	}
	reportFile struct {
		Common `yaml:",inline"`
		Report `yaml:",inline"`
	}
	eventFile struct {
		Common `yaml:",inline"`
		Event  `yaml:",inline"`
	}
	jobFile struct {
		Common `yaml:",inline"`
		Job    `yaml:",inline"`
	}
	notesFile struct {
		Common `yaml:",inline"`
		Notes  `yaml:",inline"`
	}
	pageFile struct {
		Common `yaml:",inline"`
		Plain  `yaml:",inline"`
	}
	newsletterFile struct {
		Common     `yaml:",inline"`
		Newsletter `yaml:",inline"`
	}
	personFile struct {
		PersonCommon `yaml:",inline"`
		Person       `yaml:",inline"`
	}
)

// PersonCommon is what a person's file shares with pages.
type PersonCommon struct {
	Draft    bool                `yaml:"draft"`
	Publish  frontmatter.Time    `yaml:"publish"`
	Expires  frontmatter.Time    `yaml:"expires"`
	Aliases  []string            `yaml:"aliases"`
	Summary  string              `yaml:"summary"`
	Audience []string            `yaml:"audience" nonempty:"true"`
	Lang     string              `yaml:"lang"`
	Layout   string              `yaml:"layout"`
	Params   []frontmatter.Param `yaml:"params"`
}

// decode fills the page from its front matter.
func (p *Page) decode(node *frontmatter.Node, o Options) diag.Problems {
	decode := func(into any) diag.Problems {
		return frontmatter.Decode(node, into, frontmatter.Options{Zone: o.Zone})
	}
	var problems diag.Problems
	switch p.Kind {
	case KindNews:
		var f newsFile
		problems, p.Common, p.News = decode(&f), f.Common, &f.News
	case KindColumn:
		var f columnFile
		problems, p.Common, p.Column = decode(&f), f.Common, &f.Column
	case KindInterview:
		var f interviewFile
		problems, p.Common, p.Interview = decode(&f), f.Common, &f.Interview
	case KindReport:
		var f reportFile
		problems, p.Common, p.Report = decode(&f), f.Common, &f.Report
	case KindEvent:
		var f eventFile
		problems, p.Common, p.Event = decode(&f), f.Common, &f.Event
	case KindJob:
		var f jobFile
		problems, p.Common, p.Job = decode(&f), f.Common, &f.Job
	case KindNotes:
		var f notesFile
		problems, p.Common, p.Notes = decode(&f), f.Common, &f.Notes
	case KindNewsletter:
		var f newsletterFile
		problems, p.Common, p.Newsletter = decode(&f), f.Common, &f.Newsletter
	case KindPerson:
		var f personFile
		problems, p.Person = decode(&f), &f.Person
		c := f.PersonCommon
		p.Common = Common{Draft: c.Draft, Publish: c.Publish, Expires: c.Expires, Aliases: c.Aliases,
			Summary: c.Summary, Audience: c.Audience, Lang: c.Lang, Layout: c.Layout, Params: c.Params}
	case kindUnknown:
		problems = decode(&p.Common)
		problems = slices.DeleteFunc(problems, func(p diag.Problem) bool { return p.Rule == diag.UnknownKey })
	default:
		var f pageFile
		problems, p.Common, p.Plain = decode(&f), f.Common, &f.Plain
	}
	return append(problems, p.decodeAudience(o)...)
}

// FrontMatter returns an empty value of the struct that a kind's front matter
// is decoded into, for those who list or write its keys.
func FrontMatter(k Kind) any {
	switch k {
	case KindNews:
		return newsFile{}
	case KindColumn:
		return columnFile{}
	case KindInterview:
		return interviewFile{}
	case KindReport:
		return reportFile{}
	case KindEvent:
		return eventFile{}
	case KindJob:
		return jobFile{}
	case KindNotes:
		return notesFile{}
	case KindNewsletter:
		return newsletterFile{}
	case KindPerson:
		return personFile{}
	}
	return pageFile{}
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
	for _, part := range p.source.Parts() {
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

// In returns the name as the edition lang writes it: 髙梨 湊, or Linh TRẦN
// elsewhere.
func (n Name) In(lang string) string {
	japanese := strings.TrimSpace(n.Family + " " + n.Given)
	if lang != "ja" && n.Latin != "" || japanese == "" {
		return n.Latin
	}
	return japanese
}
