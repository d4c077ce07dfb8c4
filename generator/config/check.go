package config

import (
	"cmp"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"kaiho/generator/audience"
	"kaiho/generator/diag"
)

var (
	// mailAddress is narrower than RFC 5321: the address stands after mailto:,
	// where ?, & and % have a meaning.
	mailAddress = regexp.MustCompile(`^[\p{L}\p{N}._+'-]+@[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$`)
	postalCode  = regexp.MustCompile(`^〒?\s?(\d{3})\D?(\d{4})$`) // the Japanese one, in any spelling
)

func (c *checker) organization() {
	o := c.site.Organization
	if o.Contact != "" && !mailAddress.MatchString(o.Contact) {
		c.report(diag.ConfigMailAddress, []string{"organization", "contact"}, "address", o.Contact)
	}
	if m := postalCode.FindStringSubmatch(o.PostalCode); m != nil && o.PostalCode != m[1]+"-"+m[2] {
		c.report(diag.BadPostal, []string{"organization", "postal_code"}, "value", o.PostalCode, "nearest", m[1]+"-"+m[2])
	}
	if o.URL != "" && !isWebAddress(o.URL) {
		c.report(diag.BadAddress, []string{"organization", "url"}, "key", "organization.url", "url", o.URL)
	}
	if o.Logo != "" && !isWebAddress(o.Logo) {
		c.site.Links = append(c.site.Links, Link{c.at("organization", "logo"), staticPath(o.Logo), true})
	}
}

func isWebAddress(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}

var audienceName = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// audiences makes the policy. An audience whose name is wrong is in it all the
// same, so that the pages that name it have no mistake of their own.
func (c *checker) audiences() {
	s := c.site
	var names []string
	for _, a := range s.Audiences {
		names = append(names, a.Key)
	}
	var audiences []audience.Audience
	for _, a := range s.Audiences {
		if !audienceName.MatchString(a.Key) || a.Key == "public" {
			c.problems = append(c.problems, diag.New(a.Pos, diag.ConfigAudienceName, "name", a.Key))
		}
		if a.Key == "public" {
			continue
		}
		for i, name := range a.Value.Reads {
			if name != "" && !slices.Contains(names, name) && name != "public" {
				c.report(diag.UnknownAudience, []string{"audiences", a.Key, "reads", itoa(i)},
					"name", name, "nearest", diag.Nearest(name, names), "choices", diag.Choices(names, false))
			}
		}
		audiences = append(audiences, audience.Audience{Name: a.Key, Reads: a.Value.Reads})
	}
	s.Policy = audience.NewPolicy(audiences)
}

// sectionName is what a section may be called: letters without capitals, so
// that two sections never differ in case alone.
var sectionName = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{N}][\p{Ll}\p{Lo}\p{M}\p{N}_ー-]*$`)

// sections fills in kinds. A misspelt kind counts as the nearest one, or else
// as UnknownKind.
func (c *checker) sections() {
	for i := range c.site.Sections {
		e := &c.site.Sections[i]
		if !sectionName.MatchString(e.Key) || slices.Contains(c.site.ReservedNames(), e.Key) {
			c.problems = append(c.problems, diag.New(e.Pos, diag.ConfigSectionName, "name", e.Key))
		}
		given := c.node.At("sections", e.Key, "kind").Text()
		switch {
		case e.Key == "people":
			if e.Value.Kind != "" {
				c.report(diag.ConfigPeopleKind, []string{"sections", e.Key, "kind"})
			}
			e.Value.Kind = DefaultKind(e.Key)
		case given != "" && e.Value.Kind == "": // reported as a bad choice
			e.Value.Kind = cmp.Or(diag.Nearest(given, Kinds()), UnknownKind)
		default:
			e.Value.Kind = cmp.Or(e.Value.Kind, DefaultKind(e.Key))
		}
	}
}

// ReservedNames returns the names that no section can have, because the site
// or its gate uses addresses that begin with them.
func (s *Site) ReservedNames() []string {
	names := []string{"tags", "assets", "search", "page", "k", "u", "a", "p", "s", "me", "subscribe", "link", "logout"}
	if s.Admin != nil {
		names = append(names, AdminFolder)
	}
	if len(s.Languages) > 1 {
		names = append(names, s.Languages[1:]...)
	}
	return names
}

// UsualSection is a section of which site.yaml need say nothing.
type UsualSection struct{ Dir, Kind string }

// UsualSections returns a section for each kind, in the order in which the
// documentation has the kinds. Folders of other names are of kind page.
func UsualSections() []UsualSection {
	return []UsualSection{{"news", "news"}, {"columns", "column"}, {"interviews", "interview"}, {"reports", "report"},
		{"events", "event"}, {"jobs", "job"}, {"notes", "notes"}, {"about", "page"}, {"newsletters", "newsletter"}, {"people", personKind}}
}

// personKind is the kind of people, which no section of site.yaml may have.
const personKind = "person"

// Kinds returns the kinds that a section may have.
func Kinds() []string {
	var kinds []string
	for _, s := range UsualSections() {
		if s.Kind != personKind {
			kinds = append(kinds, s.Kind)
		}
	}
	return kinds
}

// DefaultKind returns the kind of a section that site.yaml says nothing of.
func DefaultKind(dir string) string {
	for _, s := range UsualSections() {
		if s.Dir == dir {
			return s.Kind
		}
	}
	return "page"
}

func (c *checker) menu() {
	for i, item := range c.site.Menu {
		switch {
		case item.URL == "", isWebAddress(item.URL): // empty: reported
		case strings.HasPrefix(item.URL, "/") && !strings.HasPrefix(item.URL, "//"):
			c.site.Links = append(c.site.Links, Link{Pos: c.at("menu", itoa(i), "url"), URL: item.URL})
		default:
			c.report(diag.ConfigURL, []string{"menu", itoa(i), "url"}, "url", item.URL)
		}
	}
}

// search checks that the sections are sections of the site.
func (c *checker) search() {
	known := c.site.SectionNames()
	for i, name := range c.site.Search.Exclude {
		if !slices.Contains(known, name) {
			c.report(diag.UnknownSection, []string{"search", "exclude", itoa(i)}, "name", name, "nearest", diag.Nearest(name, known))
		}
	}
}
