package content

import (
	"slices"
	"strings"

	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
)

func (c *checker) interview() {
	i := c.p.Interview
	c.wants(len(i.People) == 0, "people")
	c.consent(i.Consent)
}

// consent checks what a person has agreed to.
func (c *checker) consent(consent Consent) {
	c.wants(consent.By == "" && consent.On.IsZero(), "consent")
	c.after("consent.until", consent.Until, "consent.on", consent.On, true)
}

// eventReport checks a page of kind report.
func (c *checker) eventReport() {
	r := c.p.Report
	c.wants(r.Held.IsZero(), "held")
	for i := range r.Gallery {
		c.image("gallery", itoa(i))
	}
}

func (c *checker) notes() {
	c.wants(len(c.p.Notes.Entries) == 0, "entries")
	for i, note := range c.p.Notes.Entries {
		given := c.text("entries", itoa(i), "confirmed")
		if !note.Confirmed && note.Person != "" && (given == "" || strings.EqualFold(given, "false")) {
			c.report(diag.NoteUnconfirmed, keys("entries", itoa(i)), "person", note.Person)
		}
	}
}

func (c *checker) newsletter() {
	n := c.p.Newsletter
	c.oneLine("subject")
	c.oneLine("preheader")
	c.wants(n.Subject == "", "subject")
	c.wants(n.Preheader == "", "preheader")
	if !n.Since.IsZero() && !n.Until.IsZero() && EndOfDay(n.Until).Before(EndOfDay(n.Since)) {
		c.report(diag.TimeOrder, keys("until"), "key", "until", "other", "since")
	}
	for i, section := range n.Sections {
		if section != "" && !slices.Contains(c.o.Sections, section) {
			c.report(diag.UnknownSection, keys("sections", itoa(i)), "name", section, "nearest", diag.Nearest(section, c.o.Sections))
		}
	}
}

func (c *checker) person() {
	p := c.p.Person
	if c.p.node.At("name").Kind() == frontmatter.Map && !c.isGiven("name", "family") && !c.isGiven("name", "given") && !c.isGiven("name", "latin") {
		c.report(diag.MissingKey, keys("name"), "key", "family", "parent", "name")
	}
	for _, key := range []string{"family", "given", "family_kana", "given_kana", "latin", "former"} {
		c.oneLine("name", key)
	}
	for _, key := range []string{"family_kana", "given_kana"} {
		if kana := c.text("name", key); kana != "" && !isKana(kana) {
			c.report(diag.NotKana, keys("name", key), "key", "name."+key, "value", kana)
		}
	}
	if p.Name.Family != "" {
		c.wants(p.Name.FamilyKana == "", "name.family_kana")
	}
	if p.Was.Joined > 0 && p.Was.Left > 0 && p.Was.Left < p.Was.Joined {
		c.report(diag.TimeOrder, keys("was", "left"), "key", "was.left", "other", "was.joined")
	}
	c.image("portrait")
	for i := range p.Links {
		c.address("links", itoa(i), "url")
	}
	c.consent(p.Consent)
}
