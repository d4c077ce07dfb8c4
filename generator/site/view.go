package site

import (
	"html/template"
	"time"
)

// This file and view_page.go are every type that a layout sees. They are
// closed: structs, slices, strings, booleans, numbers, times and template.HTML,
// nothing that leads back to the site. TestViewsAreClosed holds them to it, and
// `kaiho help layouts` prints them with these comments.

// Site is what every layout is told about the site and its reader.
type Site struct {
	Title        string
	Description  string
	Lang         string         // language of this edition: ja, en
	Home         string         // URL of the edition's home page
	Menu         []MenuItem     // main menu: sections, then pages that ask for a place in it
	Footer       []MenuItem     // pages of kind page that are not in the menu
	Languages    []LanguageLink // this page, or else the home page, in the site's languages; empty with one language
	Feeds        []Feed         // feeds of the site
	Calendar     string         // URL of the calendar of all events; empty without events
	Tags         string         // URL of the list of tags; empty without tags
	People       string         // URL of the list of people; empty without people
	Search       string         // URL of the search page; empty without search
	Subscribe    string         // URL of the form of those who want the newsletter; empty if the site takes none
	Organization Organization
	Logo         Image   // beside the title, in place of the theme's own mark; URL is empty if there is none
	Reader       string  // title of the audience that this copy is for; empty for the public
	Seal         string  // name of that audience as in site.yaml; empty for the public
	Params       []Param // params of site.yaml
}

// MenuItem is an entry of a menu.
type MenuItem struct {
	Label   string
	URL     string
	Current bool // the page is this entry or lies below it
}

// LanguageLink leads to a translation.
type LanguageLink struct {
	Lang     string // BCP 47 tag
	Name     string // the language's own name: 日本語, English
	URL      string
	Absolute string // the same with the site's address, for hreflang
	Current  bool
	Exact    bool // a translation of this very page, not only the home page
}

// Feed is a feed of the site or of a section.
type Feed struct {
	Title string
	Type  string // media type
	URL   string
}

// Organization is the publisher.
type Organization struct {
	Name       string
	PostalCode string
	Address    string
	Contact    string // mail address
	URL        string
	Logo       string // URL
}

// Head is what goes into the head of a page.
type Head struct {
	Title        string // of the window: page, section, site
	Heading      string // of the page alone
	Description  string
	Canonical    string // absolute URL of this page
	Type         string // Open Graph type: website, article, profile
	Image        Image  // absolute URL; the site's card if the page has no picture
	NoIndex      bool   // search engines shall not list the page
	Published    time.Time
	Updated      time.Time
	Feeds        []Feed        // of the page's section
	Breadcrumbs  []Link        // from the home page down to the page itself
	PreviousPage string        // URL of the list's previous page
	NextPage     string        // URL of the list's next page
	Data         template.HTML // JSON-LD, as script elements
}

// Link is a place to go.
type Link struct {
	Title string
	URL   string
}

// Param is a value of free front matter; the function param reads it by key.
type Param struct {
	Key    string // nested keys joined by dots
	Values []string
}

// Image is a picture with its size in pixels.
type Image struct {
	URL     string // empty: there is no picture
	Alt     string
	Caption string
	Credit  string
	Width   int // 0: not known
	Height  int
	Srcset  string // what browsers choose from; empty: there is URL alone
}

// Card is a page in a list: all that others than its own reader may know of it.
// It has no body.
type Card struct {
	URL      string
	Title    string
	Ruby     string // the title with readings, {漢字|かんじ}, for the function phrases; empty if it has none
	Summary  string
	Kind     string // news, column, interview, report, event, job, notes, page, newsletter, person
	Category string
	Section  Link
	Lang     string
	Date     time.Time // publication; zero if it has none, and in teasers of events, where it would pass for the event's day
	Cover    Image
	Authors  []string // names
	Tags     []Tag
	Seal     string // titles of the audiences that it is for; empty: public
	Locked   bool   // this reader sees only the teaser
	Featured bool
	Draft    bool // only shown with --drafts
	Event    EventLine
	Job      JobLine
}

// Tag is a tag with its page.
type Tag struct {
	Name  string
	URL   string
	Count int // pages; only in lists of tags
}

// EventLine is what a list says of an event; zero for other kinds and teasers.
type EventLine struct {
	Start    time.Time
	End      time.Time
	AllDay   bool
	Type     string
	Mode     string // offline, online, hybrid
	Place    string // name of the venue
	Deadline time.Time
	Until    time.Time // until when one can sign up: of a deadline without a clock, the last second of that day
	Closed   bool      // the deadline has passed
	Running  bool      // it has begun and is not over, and it takes place
	Past     bool      // it is over
	Status   string    // empty, or: postponed, cancelled, moved_online, full
}

// JobLine is what a list says of a job; zero for other kinds and teasers.
type JobLine struct {
	Organization   string
	EmploymentType string
	Place          string
	Remote         string // none, partial, full
	Closes         time.Time
	Until          time.Time // until when it is open: of a day without a clock, the last second
	Closed         bool      // no longer open
}

// Pager is a list's place among its pages.
type Pager struct {
	Number   int // from 1
	Total    int
	Previous string // URL; empty on the first
	Next     string // URL; empty on the last
	First    string
	Last     string
	Items    int // in all pages together
}

// HomePage is the view of home.html.
type HomePage struct {
	Site     Site
	Head     Head
	Body     template.HTML // of content/index.md; may be empty
	Lead     Card          // the featured item, or the latest one; URL is empty if there is none
	Next     Card          // the next event; URL is empty if there is none
	Events   []Card        // those after it, soonest first
	Sections []SectionCards
	Letter   Card  // the latest newsletter; URL is empty if there is none
	Tags     []Tag // those under which there is most
}

// SectionCards is a section on the home page.
type SectionCards struct {
	Title       string
	Description string
	URL         string
	Kind        string
	Cards       []Card // the latest; events and jobs: those to come or open
}

// ListPage is the view of list.html: a section, an event type, a tag, past
// events.
type ListPage struct {
	Site        Site
	Head        Head
	Title       string
	Description string
	Kind        string        // kind of the section; "tag" for a tag
	Body        template.HTML // of the section's index.md; only on the first page
	Cards       []Card
	Pager       Pager
	Types       []MenuItem // of sections of events: all, the types of events, past events
	Calendar    string     // URL of the calendar, for sections of events
	Feeds       []Feed
}

// TagsPage is the view of tags.html.
type TagsPage struct {
	Site  Site
	Head  Head
	Title string
	Tags  []Tag
}

// PeoplePage is the view of people.html.
type PeoplePage struct {
	Site   Site
	Head   Head
	Title  string
	Groups []PeopleGroup
}

// PeopleGroup is people whose names begin alike.
type PeopleGroup struct {
	Label  string // あ, か, さ ...; A, B, C ... in other editions
	People []PersonLine
}

// SearchPage is the view of search.html.
type SearchPage struct {
	Site     Site
	Head     Head
	Title    string
	Index    SearchIndex
	Sections []Link // where else to look: the lists of the edition
}

// SearchIndex is where the files of the edition's index are, and how it is cut
// into them: what the script of the theme has to know.
type SearchIndex struct {
	URL        string // folder of the files
	Generation string // hexadecimal; changes with the list of pages
	Pages      int    // in the index
	Parts      int
	PerBlock   int // pages in a block
}

// NotFoundPage is the view of 404.html.
type NotFoundPage struct {
	Site   Site
	Head   Head
	Latest []Card
}

// SubscribePage is the view of subscribe.html: what stands in place of the gate's form
// on hosts without a gate.
type SubscribePage struct {
	Site Site
	Head Head
}

// Redirect is the view of redirect.html, the page at an alias.
type Redirect struct {
	Lang   string
	Title  string
	Target string // absolute URL
}
