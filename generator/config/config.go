// Package config is site.yaml: decoded strictly, checked, and with its
// defaults filled in.
//
// `title` and `base_url` alone make a site. Every other key has a default that
// suits a Japanese alumni office. An unknown key, a wrong type or a value that
// makes no sense is a problem with its place in the file; Load gathers all of
// them and still returns the best Site that it can, so that the content can be
// checked in the same run. Secrets have no keys here: they come from the
// environment.
//
// Keys whose feature is not built yet (cadence) are accepted as mappings and kept
// aside.
package config

import (
	"net/url"
	"strings"
	"time"

	"kaiho/generator/audience"
	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
	"kaiho/generator/segment"
)

// Path is the configuration file, relative to the project folder.
const Path = "site.yaml"

// Site is a site's configuration with defaults filled in.
type Site struct {
	Title        frontmatter.Localized         `yaml:"title,required" nonempty:"true"`
	BaseURL      string                        `yaml:"base_url,required" nonempty:"true"` // absolute, ends in a slash
	Language     string                        `yaml:"language"`                          // of the main edition
	Languages    []string                      `yaml:"languages"`                         // of all editions, the main one first
	Timezone     string                        `yaml:"timezone"`                          // IANA name
	Description  frontmatter.Localized         `yaml:"description"`
	Organization Organization                  `yaml:"organization"`
	Audiences    frontmatter.Entries[Audience] `yaml:"audiences"`
	Sections     frontmatter.Entries[Section]  `yaml:"sections"`
	EventTypes   []string                      `yaml:"event_types"` // empty: any
	Menu         []MenuItem                    `yaml:"menu"`
	Pagination   int                           `yaml:"pagination" min:"1" max:"1000"` // cards on a page of a list
	Feeds        Feeds                         `yaml:"feeds"`
	Markdown     Markdown                      `yaml:"markdown"`
	Outputs      Outputs                       `yaml:"outputs"`
	Params       []frontmatter.Param           `yaml:"params"`
	Segments     frontmatter.Entries[string]   `yaml:"segments"` // expressions; see package segment
	Theme        Theme                         `yaml:"theme"`
	Images       Images                        `yaml:"images"`
	Search       Search                        `yaml:"search"`
	Admin        *Admin                        `yaml:"admin"` // nil: there is none
	Dates        Dates                         `yaml:"dates"`
	Names        Names                         `yaml:"names"`
	Newsletter   Newsletter                    `yaml:"newsletter"`
	Mail         Mail                          `yaml:"mail"`
	Gate         Gate                          `yaml:"gate"`
	Cadence      Later                         `yaml:"cadence"`

	Zone    *time.Location  `yaml:"-"` // of Timezone
	Policy  audience.Policy `yaml:"-"` // of Audiences
	Segment *segment.Set    `yaml:"-"` // of Segments
	Links   []Link          `yaml:"-"` // what site.yaml leads to within the site
}

// Link is a place in site.yaml that names a page, a list or a file of the site.
type Link struct {
	Pos     diag.Pos
	URL     string // from the first slash on, without the base path
	Picture bool   // a picture, and not a page to go to
}

// Organization is the publisher.
type Organization struct {
	Name       frontmatter.Localized `yaml:"name"`
	PostalCode string                `yaml:"postal_code"`
	Address    frontmatter.Localized `yaml:"address"`
	Contact    string                `yaml:"contact"` // a mail address
	URL        string                `yaml:"url"`
	Logo       string                `yaml:"logo"` // a file in static/
}

// Audience is a class of readers; its key is its name.
type Audience struct {
	Title frontmatter.Localized `yaml:"title"`
	Reads []string              `yaml:"reads"` // audiences whose pages it may read too
}

// UnknownKind is the kind of a section whose kind is misspelt beyond guessing:
// its files may have any keys, so that one mistake is one message.
const UnknownKind = "unknown"

// Section is a folder of content/; its key is the folder's name.
type Section struct {
	Kind        string                `yaml:"kind" enum:"news,column,interview,report,event,job,notes,page,newsletter"`
	Title       frontmatter.Localized `yaml:"title"`
	Description frontmatter.Localized `yaml:"description"`
	Weight      int                   `yaml:"weight"` // order in menus; equal ones as in site.yaml
}

// MenuItem is an entry of a menu that a site writes by hand.
type MenuItem struct {
	Title frontmatter.Localized `yaml:"title,required" nonempty:"true"`
	URL   string                `yaml:"url,required" nonempty:"true"` // /path/ of the site, or an address elsewhere
}

// Feeds says what feeds hold.
type Feeds struct {
	Items int `yaml:"items" min:"1" max:"1000"` // most items in a feed; default 20
}

// Markdown is how bodies are converted.
type Markdown struct {
	RawHTML bool `yaml:"raw_html"`
}

// Outputs switches emitters off; nil is on.
type Outputs struct {
	Feeds          *bool `yaml:"feeds"`
	Calendars      *bool `yaml:"calendars"`
	StructuredData *bool `yaml:"structured_data"`
	Search         *bool `yaml:"search"`
	Cards          *bool `yaml:"cards"`
}

// On reports whether a switch of Outputs is on: it is unless it says false.
func On(b *bool) bool { return b == nil || *b }

// Search says what the search page finds.
type Search struct {
	Exclude []string `yaml:"exclude"` // sections whose pages are not found
}

// Later is a mapping whose keys belong to a feature that is not built yet.
type Later struct{ Given bool }

// DecodeFrontMatter accepts any mapping, and false for a feature that is not
// wanted.
func (l *Later) DecodeFrontMatter(n *frontmatter.Node, _ frontmatter.Options) diag.Problems {
	l.Given = n.Kind() == frontmatter.Map
	if !l.Given && n.Text() != "false" {
		return diag.Problems{diag.New(n.Pos(), diag.NotMap, "key", n.Name())}
	}
	return nil
}

// Shape is that of free keys: they are not known yet.
func (Later) Shape() frontmatter.Shape { return frontmatter.Shape{Form: frontmatter.FreeShape} }

// Dates is how dates are written.
type Dates struct {
	Era bool `yaml:"era"` // the Japanese editions have the year of the era, too: 2026年（令和8年）
}

// Names is how the names of people are written.
type Names struct {
	Latin string `yaml:"latin" enum:"as_written,family_first,given_first"` // the order of names in Latin letters; default as_written
}

// Base returns the path of base_url, escaped: "/" or "/alumni/".
func (s *Site) Base() string {
	u, err := url.Parse(s.BaseURL)
	if err != nil || u.Path == "" {
		return "/"
	}
	return u.EscapedPath()
}

// Origin returns base_url without its path: "https://nagi.example".
func (s *Site) Origin() string {
	u, err := url.Parse(s.BaseURL)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// Host returns the host name of base_url, for ids that need a domain.
func (s *Site) Host() string {
	u, err := url.Parse(s.BaseURL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// AudienceTitle returns what the audience is called in lang.
func (s *Site) AudienceTitle(name, lang string) string {
	for _, a := range s.Audiences {
		if a.Key == name {
			if title := a.Value.Title.In(lang); title != "" {
				return title
			}
		}
	}
	return name
}

// SetBaseURL gives the site another address, one that CheckBaseURL accepts.
func (s *Site) SetBaseURL(raw string) { s.BaseURL = strings.TrimSuffix(raw, "/") + "/" }
