package config

import (
	"cmp"
	"slices"
	"strings"

	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
)

// Newsletter is how letters are put together.
type Newsletter struct {
	Sections  frontmatter.Entries[LetterSection] `yaml:"sections"`                // in the order of the letter; empty: not said
	Limit     int                                `yaml:"limit" min:"1" max:"100"` // most items of a section where none is said; default 5
	Honorific string                             `yaml:"honorific"`               // behind names in Japanese letters; default 様, "" for none
	Balance   Balance                            `yaml:"balance"`                 // of which a letter should not have more
	Subscribe bool                               `yaml:"subscribe"`               // whether anybody may subscribe by the form at /subscribe, which needs the gate; default false
	Privacy   string                             `yaml:"privacy"`                 // the page that says what is kept of people, named below the form: /path/, or an address
}

// LetterSection is a section of a letter; its key is that of the site's section.
type LetterSection struct {
	Limit int                   `yaml:"limit" min:"1" max:"100"` // most items; default that of the newsletter
	Title frontmatter.Localized `yaml:"title"`                   // default that of the site's section, which may be empty
}

// Balance says how much of a letter may be about what, in percent of its items,
// before whoever sends it is warned.
type Balance struct {
	Jobs    int `yaml:"jobs" min:"0" max:"100"`    // default 33
	Company int `yaml:"company" min:"0" max:"100"` // news of the company; default 40
}

// newsletter checks the sections of letters, and fills in what is not given.
func (c *checker) newsletter() {
	n := &c.site.Newsletter
	n.Limit = cmp.Or(n.Limit, 5)
	if c.oneLine("newsletter", "honorific"); !c.isText("newsletter", "honorific") {
		n.Honorific = "様"
	}
	if !c.isGood("newsletter", "balance", "jobs") {
		n.Balance.Jobs = 33
	}
	if !c.isGood("newsletter", "balance", "company") {
		n.Balance.Company = 40
	}
	c.subscribe()
	known := c.letterSections()
	for i := range n.Sections {
		e := &n.Sections[i]
		section, _ := c.site.Sections.Lookup(e.Key)
		e.Value.Limit = cmp.Or(e.Value.Limit, n.Limit)
		if e.Value.Title.IsZero() {
			e.Value.Title = section.Title
		}
		switch {
		case slices.Contains(known, e.Key):
		case slices.Contains(c.site.SectionNames(), e.Key):
			c.problems = append(c.problems, diag.New(e.Pos, diag.LetterSection, "name", e.Key))
		default:
			c.problems = append(c.problems, diag.New(e.Pos, diag.UnknownSection, "name", e.Key, "nearest", diag.Nearest(e.Key, known)))
		}
		c.oneLine("newsletter", "sections", e.Key, "title")
		for _, f := range c.node.At("newsletter", "sections", e.Key, "title").Fields() {
			c.oneLine("newsletter", "sections", e.Key, "title", f.Key)
		}
	}
}

// subscribe checks what the form for subscribers needs. The law wants whoever sends
// letters named, with their address and a way to reach them (特定電子メール法, article 4),
// and so the form does, too.
func (c *checker) subscribe() {
	n, o := &c.site.Newsletter, c.site.Organization
	switch privacy := n.Privacy; {
	case isWebAddress(privacy):
	case strings.HasPrefix(privacy, "/") && !strings.HasPrefix(privacy, "//"):
		c.site.Links = append(c.site.Links, Link{Pos: c.at("newsletter", "privacy"), URL: privacy})
	case privacy != "":
		c.report(diag.ConfigURL, []string{"newsletter", "privacy"}, "url", privacy)
		n.Privacy = ""
	}
	if !n.Subscribe {
		return
	}
	var missing []string
	for _, need := range []struct {
		key   string
		isSet bool
	}{
		{"mail.from", c.site.Mail.From.Address != "" || c.node.Has("mail", "from")},
		{"organization.name", !o.Name.IsZero()}, {"organization.address", !o.Address.IsZero()}, {"organization.contact", o.Contact != ""},
	} {
		if !need.isSet {
			missing = append(missing, need.key)
		}
	}
	if len(missing) > 0 {
		c.report(diag.SubscribeNeeds, []string{"newsletter", "subscribe"}, "keys", strings.Join(missing, ", "))
	}
}

// isText reports whether there is a text at a key path, which may be empty.
func (c *checker) isText(path ...string) bool {
	n := c.node.At(path...)
	return n.IsScalar() && !c.isReported(n)
}

// isGood reports whether there is a value at a key path that has no problem.
func (c *checker) isGood(path ...string) bool {
	n := c.node.At(path...)
	return n.Kind() != frontmatter.Null && !c.isReported(n)
}

// oneLine checks a text that stands in one line.
func (c *checker) oneLine(path ...string) {
	if strings.ContainsFunc(c.node.At(path...).Text(), isInvisible) {
		c.report(diag.ControlCharacter, path, "key", strings.Join(path, "."))
	}
}

// letterSections returns the sections whose pages may be in a letter.
func (c *checker) letterSections() []string {
	return slices.DeleteFunc(c.site.SectionNames(), func(name string) bool {
		kind := DefaultKind(name)
		if s, ok := c.site.Sections.Lookup(name); ok {
			kind = s.Kind
		}
		return kind == personKind || kind == "newsletter"
	})
}

// SectionNames returns the names of the sections: those of site.yaml, and the
// usual ones that it does not speak of.
func (s *Site) SectionNames() []string {
	var names []string
	for _, section := range s.Sections {
		names = append(names, section.Key)
	}
	for _, usual := range UsualSections() {
		if !slices.Contains(names, usual.Dir) {
			names = append(names, usual.Dir)
		}
	}
	return names
}
