package newsletter

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"kaiho/generator/audience"
	"kaiho/generator/content"
	"kaiho/generator/diag"
)

// maxSegments is how many segments may make a difference to one letter: they give
// two to the power of that many variants, each of which somebody has to look at.
const maxSegments = 6

// choose finds the issue's variants as the library is now.
func (i *Issue) choose() diag.Problems {
	if !i.Editions[0].Live() { // a preview shows what the site does not
		return i.held()
	}
	if problems := i.unfit(); len(problems) > 0 {
		return problems
	}
	problems := i.findLead()
	for _, reader := range i.desk.Config.Policy.Readers() {
		for _, lang := range i.languages() {
			variants, ok := i.variantsOf(reader, lang)
			if !ok {
				names := strings.Join(i.differences(i.edition(lang), reader), ", ")
				return append(problems, i.problem(diag.TooManySegments, nil, "most", fmt.Sprint(maxSegments), "names", names))
			}
			for _, v := range variants {
				if i.Find(v.Name) != nil { // of the segments a-b, and a and b
					problems = append(problems, i.problem(diag.VariantTwice, nil, "name", v.Name))
				}
				i.Variants = append(i.Variants, v)
			}
		}
	}
	if len(i.Variants) == 0 {
		problems = append(problems, i.problem(diag.EmptyIssue, nil, "id", i.ID))
	}
	return problems
}

// issueName is what an issue may be called: its name stands in header fields.
var issueName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)

// unfit reports an issue of which nobody can tell which issues were before it, or
// whose name cannot stand in a letter.
func (i *Issue) unfit() diag.Problems {
	var problems diag.Problems
	if i.Editions[0].Date.IsZero() {
		problems = append(problems, i.problem(diag.IssueDate, nil))
	}
	if !issueName.MatchString(i.ID) {
		problems = append(problems, i.problem(diag.IssueName, nil, "id", i.ID))
	}
	return problems
}

// held reports an issue that the site does not show to everybody who gets it.
func (i *Issue) held() diag.Problems {
	var problems diag.Problems
	for _, p := range i.Editions[:1] {
		at := func(key, reason string) {
			problems = append(problems, diag.New(i.desk.Library.Place(p, key), diag.IssueHeld, "reason", reason))
		}
		switch {
		case p.Draft:
			at("draft", "draft")
		case p.Publish.After(i.desk.Now):
			at("publish", "publish: "+p.Publish.Format("2006-01-02 15:04"))
		case !p.Live():
			at("expires", p.Held.Reason)
		}
	}
	return problems
}

// problem is one of the issue's first edition, at a key or at its beginning.
func (i *Issue) problem(rule diag.Rule, keys []string, args ...string) diag.Problem {
	return diag.New(i.desk.Library.Place(i.Editions[0], keys...), rule, args...)
}

// findLead reports an issue without a lead. It is the page that the issue names,
// or else the one new page that offers itself by digest: lead.
func (i *Issue) findLead() diag.Problems {
	first := i.Editions[0]
	if first.Newsletter.Lead != "" {
		return nil // whether it is there, content has checked
	}
	leads := i.offers()
	switch len(leads) {
	case 1:
		return nil
	case 0:
		return diag.Problems{i.problem(diag.NoLead, nil, "id", i.ID)}
	}
	paths := make([]string, len(leads))
	for n, p := range leads {
		paths[n] = p.Path
	}
	return diag.Problems{i.problem(diag.TwoLeads, nil, "pages", strings.Join(paths, ", "))}
}

// offers returns the new pages, for any reader, that would be the lead.
func (i *Issue) offers() []*content.Page {
	var leads []*content.Page
	i.eachGroup(func(group []*content.Page) {
		if !slices.ContainsFunc(group, func(p *content.Page) bool { return p.Digest == "lead" }) {
			return
		}
		for _, reader := range i.desk.Config.Policy.Readers() {
			q := i.question(i.Editions[0], reader, func(string) bool { return true })
			if q.decide(group).In {
				leads = append(leads, group[0])
				return
			}
		}
	})
	return leads
}

// eachGroup calls f with the editions of every page that may be in a letter.
func (i *Issue) eachGroup(f func(group []*content.Page)) {
	for _, p := range i.desk.Library.Pages {
		if p.Translations[0] == p && p.Kind != content.KindNewsletter {
			f(p.Translations)
		}
	}
}

func (i *Issue) question(edition *content.Page, reader audience.Reader, segment func(string) bool) question {
	return question{issue: i, page: edition, reader: reader, lang: edition.Lang, segment: segment, names: i.names(edition)}
}

// variantsOf returns the letters of one audience in one language: one for each
// set of items that some segments get. It reports false if too many segments make
// a difference.
func (i *Issue) variantsOf(reader audience.Reader, lang string) ([]Variant, bool) {
	edition := i.edition(lang)
	if i.desk.Library.Sees(reader, edition) != content.All {
		return nil, true // the issue itself is not for them
	}
	segments := i.differences(edition, reader)
	if len(segments) > maxSegments {
		return nil, false
	}
	sets := subsets(segments)
	var variants []Variant
	for _, set := range sets {
		v := i.variant(edition, reader, set)
		same := slices.IndexFunc(variants, func(have Variant) bool { return slices.Equal(have.Pages(), v.Pages()) })
		switch {
		case same >= 0:
			variants[same].Sets = append(variants[same].Sets, set)
		case len(v.Pages()) > 0:
			variants = append(variants, v)
		}
	}
	return variants, true
}

// differences returns the segments, in the order of site.yaml, that some page
// names which readers of them would get.
func (i *Issue) differences(edition *content.Page, reader audience.Reader) []string {
	q := i.question(edition, reader, func(string) bool { return true })
	named := map[string]bool{}
	i.eachGroup(func(group []*content.Page) {
		if d := q.decide(group); d.In && d.Reason != IsLead {
			for _, name := range d.Page.Segments {
				named[name] = true
			}
		}
	})
	var segments []string
	for _, name := range i.desk.Config.Segment.Names() {
		if named[name] {
			segments = append(segments, name)
		}
	}
	return segments
}

// subsets returns every subset of names, the smaller ones first, and among those
// of one size in the order of names.
func subsets(names []string) [][]string {
	var all [][]string
	for bits := range 1 << len(names) {
		set := []string{}
		for n, name := range names {
			if bits>>n&1 == 1 {
				set = append(set, name)
			}
		}
		all = append(all, set)
	}
	place := func(set []string) (key string) {
		for _, name := range set {
			key += string(rune('a' + slices.Index(names, name)))
		}
		return key
	}
	slices.SortStableFunc(all, func(a, b []string) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(place(a), place(b)))
	})
	return all
}

// variantName returns audience-language[-segment...].
func variantName(reader audience.Reader, lang string, segments []string) string {
	return strings.Join(append([]string{reader.String(), lang}, segments...), "-")
}

// variant chooses the items of those readers who are in all of segments, and in no
// others that make a difference.
func (i *Issue) variant(edition *content.Page, reader audience.Reader, segments []string) Variant {
	v := Variant{Name: variantName(reader, edition.Lang, segments), Audience: reader, Lang: edition.Lang, Segments: segments, Sets: [][]string{segments}, Page: edition}
	for _, d := range i.decisions(edition, reader, segments) {
		switch {
		case d.In && d.Reason == IsLead:
			v.Lead = d.Page
		case d.In:
			v.Items = append(v.Items, d.Page)
		}
	}
	return v
}

// decisions decides about every page, limits included. What is in the letter comes
// first, in the order of the letter.
func (i *Issue) decisions(edition *content.Page, reader audience.Reader, segments []string) []Decision {
	q := i.question(edition, reader, func(name string) bool { return slices.Contains(segments, name) })
	if q.names.lead == "" {
		if offers := i.offers(); len(offers) == 1 {
			q.names.lead = offers[0].Key
		}
	}
	var in, out []Decision
	i.eachGroup(func(group []*content.Page) {
		if d := q.decide(group); d.In {
			in = append(in, d)
		} else {
			out = append(out, d)
		}
	})
	q.sort(in)
	over := i.overLimit(edition)
	var kept []Decision
	for _, d := range in {
		if d.Reason == IsNew && over[d.Page] {
			d.In, d.Reason = false, OverLimit
			out = append(out, d)
			continue
		}
		kept = append(kept, d)
	}
	return append(kept, out...)
}

// overLimit returns the pages for which their sections have no place in this issue.
// It is one answer for all readers of an edition: if a page were cut in one letter
// alone, it would count as mailed by the others, and its readers never get it.
func (i *Issue) overLimit(edition *content.Page) map[*content.Page]bool {
	if over, known := i.over[edition]; known {
		return over
	}
	q := i.question(edition, audience.Public, func(string) bool { return true })
	q.anybody = true
	var in []Decision
	i.eachGroup(func(group []*content.Page) {
		if d := q.decide(group); d.In && d.Reason != IsLead {
			in = append(in, d)
		}
	})
	q.sort(in)
	over, full := map[*content.Page]bool{}, map[string]int{}
	for _, d := range in {
		over[d.Page] = d.Reason == IsNew && full[d.Page.Section] >= i.limit(d.Page.Section)
		if !over[d.Page] {
			full[d.Page.Section]++
		}
	}
	if i.over == nil {
		i.over = map[*content.Page]map[*content.Page]bool{}
	}
	i.over[edition] = over
	return over
}

// limit is how many items a section may have; what the issue names counts, and is
// never cut.
func (i *Issue) limit(section string) int {
	if s, ok := i.desk.Config.Newsletter.Sections.Lookup(section); ok && s.Limit > 0 {
		return s.Limit
	}
	return i.desk.Config.Newsletter.Limit
}

// sort brings items into the order of the letter: the lead, then section by
// section what the issue names, in its order, and then what is new.
func (q *question) sort(items []Decision) {
	sections := q.issue.sectionOrder(q.names.sections)
	slices.SortStableFunc(items, func(a, b Decision) int {
		return cmp.Or(
			compareFirst(a.Reason == IsLead, b.Reason == IsLead),
			cmp.Compare(slices.Index(sections, a.Page.Section), slices.Index(sections, b.Page.Section)),
			compareFirst(a.Reason == Included, b.Reason == Included),
			cmp.Compare(slices.Index(q.names.include, a.Page.Key), slices.Index(q.names.include, b.Page.Key)),
			compareFirst(a.Page.Featured, b.Page.Featured),
			compareDays(a.Page, b.Page),
			strings.Compare(a.Page.Path, b.Page.Path))
	})
}

func compareFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// compareDays puts events in the order in which they come, and all else the newest
// first.
func compareDays(a, b *content.Page) int {
	if a.Event != nil && b.Event != nil {
		return a.Event.Start.Compare(b.Event.Start.Time)
	}
	return b.Published().Compare(a.Published())
}

// kindOrder is the order of sections of which neither the issue nor site.yaml says
// anything.
var kindOrder = []string{"interview", "column", "report", "news", "notes", "event", "job", "page"}

// sectionOrder returns the names of all sections in the order of the letter: first
// those that the issue names, then those of newsletter.sections, then the others by
// their kind and as the menu has them.
func (i *Issue) sectionOrder(own []string) []string {
	order := slices.Clone(own)
	add := func(name string) {
		if !slices.Contains(order, name) {
			order = append(order, name)
		}
	}
	for _, s := range i.desk.Config.Newsletter.Sections {
		add(s.Key)
	}
	type section struct {
		name         string
		kind, weight int
	}
	var rest []section
	seen := map[string]bool{}
	for _, p := range i.desk.Library.Pages {
		if !seen[p.Section] {
			seen[p.Section] = true
			s, _ := i.desk.Config.Sections.Lookup(p.Section)
			kind := slices.Index(kindOrder, string(p.Kind))
			if kind < 0 {
				kind = len(kindOrder)
			}
			rest = append(rest, section{p.Section, kind, s.Weight})
		}
	}
	slices.SortFunc(rest, func(a, b section) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.weight, b.weight), strings.Compare(a.name, b.name))
	})
	for _, s := range rest {
		add(s.name)
	}
	return order
}
