package content

import (
	"slices"
	"strings"

	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
)

// checker checks the sense of one page's front matter, as far as the page
// alone can tell. found are the problems that reading the page has had: what is
// wrong already is not said to be missing as well.
type checker struct {
	p        *Page
	o        Options
	found    diag.Problems
	problems diag.Problems
}

func (p *Page) check(o Options, found diag.Problems) diag.Problems {
	c := checker{p: p, o: o, found: found}
	c.common()
	if isDated(p.Kind) {
		c.requires(p.Date.IsZero(), "date")
	}
	switch {
	case p.News != nil:
		c.address("source", "url")
	case p.Interview != nil:
		c.interview()
	case p.Report != nil:
		c.eventReport()
	case p.Event != nil:
		c.event()
	case p.Job != nil:
		c.job()
	case p.Notes != nil:
		c.notes()
	case p.Newsletter != nil:
		c.newsletter()
	case p.Person != nil:
		c.person()
	}
	return c.problems
}

func (c *checker) report(rule diag.Rule, keys []string, args ...string) {
	c.problems = append(c.problems, diag.New(c.p.at(keys...), rule, args...))
}

func keys(k ...string) []string { return k }

// text returns the scalar at a key path.
func (c *checker) text(path ...string) string { return c.p.node.At(path...).Text() }

// isGiven reports whether there is a value at a key path, right or wrong.
func (c *checker) isGiven(path ...string) bool {
	n := c.p.node.At(path...)
	return n.Kind() != frontmatter.Null || n != nil && c.isReported(n)
}

// isReported reports whether n has a problem already.
func (c *checker) isReported(n *frontmatter.Node) bool {
	return slices.ContainsFunc(c.found, func(p diag.Problem) bool { return p.Pos == n.Pos() })
}

// isMisspelt reports whether an unknown key is probably meant to be key.
func (c *checker) isMisspelt(key string) bool {
	return slices.ContainsFunc(c.found, func(p diag.Problem) bool {
		return p.Rule == diag.UnknownKey && p.Arg("nearest") == key
	})
}

// requires reports that a key is missing which the kind must have.
func (c *checker) requires(missing bool, key string) {
	if missing && !c.isGiven(key) && !c.isMisspelt(key) {
		c.report(diag.MissingKey, nil, "key", key)
	}
}

// wants warns that a good page of the kind has a key that this one lacks. In a
// draft, a key without a value is somebody's to-do; one below a value of a wrong
// type has nowhere to be.
func (c *checker) wants(missing bool, key string) {
	path := strings.Split(key, ".")
	if !missing || c.isMisspelt(path[len(path)-1]) {
		return
	}
	for i := range path {
		n := c.p.node.At(path[:i+1]...)
		isWrong := n != nil && !isEmpty(n) && (i == len(path)-1 || n.Kind() != frontmatter.Map)
		if isWrong || n != nil && isEmpty(n) && (c.p.Draft || c.isReported(n)) {
			return
		}
	}
	c.report(diag.KeyWanted, path[:1], "key", key, "kind", string(c.p.Kind))
}

// after reports that the time at key is not after the one at other.
func (c *checker) after(key string, t frontmatter.Time, other string, than frontmatter.Time, orEqual bool) {
	if t.IsZero() || than.IsZero() || t.After(than.Time) || orEqual && t.Equal(than.Time) {
		return
	}
	c.report(diag.TimeOrder, strings.Split(key, "."), "key", key, "other", other)
}

func (c *checker) common() {
	p := c.p
	c.oneLine("title")
	c.oneLine("series")
	c.oneLine("category")
	if !p.Updated.IsZero() && !p.Date.IsZero() && EndOfDay(p.Updated).Before(p.Date.Time) {
		c.report(diag.TimeOrder, keys("updated"), "key", "updated", "other", "date")
	}
	c.after("expires", p.Expires, "publish", p.Publish, false)
	c.after("expires", p.Expires, "date", p.Date, true)
	c.mayNotBeEmpty("draft", "publish", "expires", "segments")
	c.letterSegments()
	c.tags()
	c.image("cover")
	if p.Layout != "" && !slices.Contains(c.o.Layouts, strings.TrimSuffix(p.Layout, ".html")+".html") {
		c.report(diag.LayoutMissing, keys("layout"), "name", p.Layout, "nearest",
			strings.TrimSuffix(diag.Nearest(strings.TrimSuffix(p.Layout, ".html")+".html", c.o.Layouts), ".html"))
	}
	bare := p.Summary == "" && len(p.Points) == 0
	if p.Teaser && bare {
		c.report(diag.TeaserWithoutSummary, keys("teaser"))
		return
	}
	switch p.Kind {
	case KindNews, KindColumn, KindInterview, KindReport, KindEvent, KindJob:
		c.wants(p.Summary == "", "summary")
	}
}

// letterSegments checks the names of segments. A wrong one stays: nobody is in it.
func (c *checker) letterSegments() {
	for i, name := range c.p.Segments {
		if name != "" && c.o.Segments != nil && !slices.Contains(c.o.Segments, name) {
			c.report(diag.UnknownSegment, keys("segments", itoa(i)), "name", name,
				"nearest", diag.Nearest(name, c.o.Segments), "choices", diag.Choices(c.o.Segments, false))
		}
	}
}

// mayNotBeEmpty reports keys without a value that hold a page back: somebody
// wanted to write one, and without it the page would be shown, or sent, to all.
func (c *checker) mayNotBeEmpty(names ...string) {
	for _, key := range names {
		if n := c.p.node.At(key); n != nil && isEmpty(n) && !c.isReported(n) {
			c.report(diag.EmptyValue, keys(key), "key", key)
		}
	}
}

// isEmpty reports whether there is nothing in a value, nor in any below it.
func isEmpty(n *frontmatter.Node) bool {
	switch n.Kind() {
	case frontmatter.Scalar:
		return strings.TrimSpace(n.Text()) == ""
	case frontmatter.List:
		return !slices.ContainsFunc(n.Items(), func(item *frontmatter.Node) bool { return !isEmpty(item) })
	case frontmatter.Map:
		return !slices.ContainsFunc(n.Fields(), func(f frontmatter.Field) bool { return !isEmpty(f.Value) })
	}
	return true
}

func (c *checker) tags() {
	seen := map[string]string{}
	for i, tag := range c.p.Tags {
		if strings.TrimSpace(tag) == "" {
			if !c.isReported(c.p.node.At("tags", itoa(i))) {
				c.report(diag.EmptyValue, keys("tags", itoa(i)), "key", "tags")
			}
			continue
		}
		c.oneLine("tags", itoa(i))
		slug := TagSlug(tag)
		c.segment(slug, "tags", itoa(i))
		if other, double := seen[slug]; double {
			c.report(diag.DoubleTag, keys("tags", itoa(i)), "tag", tag, "other", other)
		}
		seen[slug] = tag
	}
}

// segment checks the length of what a key makes in a URL.
func (c *checker) segment(slug string, path ...string) {
	if len(slug) > maxSegmentBytes {
		c.problems = append(c.problems, tooLong(c.p.at(path...), path[0], slug))
	}
}

// image checks that a picture of the front matter has what it needs.
func (c *checker) image(path ...string) {
	n := c.p.node.At(path...)
	if n.Kind() != frontmatter.Map {
		return
	}
	name := strings.Join(slices.DeleteFunc(slices.Clone(path), isNumber), ".")
	alt := n.At("alt")
	switch src := n.At("src").Text(); {
	case src == "" && !c.isGiven(append(slices.Clone(path), "src")...):
		c.report(diag.MissingKey, path, "key", "src", "parent", name)
	case src == "":
		if n.At("src").IsScalar() {
			c.report(diag.EmptyValue, append(slices.Clone(path), "src"), "key", name+".src")
		}
	case alt.Kind() == frontmatter.Null, alt.IsScalar() && strings.TrimSpace(alt.Text()) == "":
		c.report(diag.AltMissing, path, "key", name+".alt")
	}
}

func isNumber(key string) bool { return key != "" && strings.Trim(key, "0123456789") == "" }
