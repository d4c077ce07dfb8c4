// Package content is the Markdown of a site: read, checked and joined into a
// Library of typed pages.
//
// Load works in two steps. Each file is parsed alone, in parallel: front matter
// into the struct of its kind, body into a markdown.Source, its URL from its
// path. Then the files are joined: sorted, translations and bundles put
// together, and everything checked that needs more than one file: two pages
// for one URL, links and anchors, people, events and reports, images. A file
// with errors takes part as far as it can, so that one mistake causes one
// message: a page that cannot be read has its address, one whose audience is
// misspelt is closed and yet no link to it counts as gated, and what is there
// but cannot be taken (a symbolic link, a file of 50 MB) is not missing.
//
// A path says most of a page:
//
//	content/index.md               /             words for the home page
//	content/events/index.md        /events/      words for a section's list
//	content/events/winter.md       /events/winter/
//	content/events/winter.en.md    /en/events/winter/
//	content/reports/beach/index.md /reports/beach/, a bundle: the other files of
//	                               its folder are published beside it, at the
//	                               URLs of their own paths whatever its slug is
//
// The first folder is the section, which gives the kind. No two things have one
// URL: pages, aliases, files of static/, and the lists and feeds that the site
// makes itself. Pages that must not
// show yet or no longer (draft, embargo, expired) stay in the library with
// their Held; they have no outputs, and links to them become plain text.
package content

import (
	"io/fs"
	"sync"
	"time"

	"kaiho/generator/audience"
	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
	"kaiho/generator/markdown"
	"kaiho/generator/picture"
)

// Kind is the kind of a page.
type Kind string

// The kinds.
const (
	KindNews       Kind = "news"
	KindColumn     Kind = "column"
	KindInterview  Kind = "interview"
	KindReport     Kind = "report"
	KindEvent      Kind = "event"
	KindJob        Kind = "job"
	KindNotes      Kind = "notes"
	KindPage       Kind = "page"
	KindNewsletter Kind = "newsletter"
	KindPerson     Kind = "person"
)

// kindUnknown is the kind of pages in a section whose kind site.yaml misspells:
// config.UnknownKind. Their keys are not judged.
const kindUnknown Kind = "unknown"

// Kinds returns every kind, in the order of the documentation.
func Kinds() []Kind {
	return []Kind{KindNews, KindColumn, KindInterview, KindReport, KindEvent, KindJob, KindNotes, KindPage, KindNewsletter, KindPerson}
}

// Options are what configuration and the command say of content.
type Options struct {
	Languages  []string // the main one first
	Zone       *time.Location
	Policy     audience.Policy
	Kind       func(section string) Kind
	EventTypes []string // empty: any
	Sections   []string // names of site.yaml, for messages
	Segments   []string // names of site.yaml; nil: who they are is not known, and names are not checked
	Reserved   []string // names that no section can have
	Links      []Link   // what site.yaml leads to
	Pictures   Pictures
	Layouts    []string // names of layouts, with .html
	Feeds      bool     // the site has feeds
	Calendars  bool     // the site has calendars
	Search     bool     // the site has search pages
	Subscribe  bool     // the site takes subscribers of its newsletter
	RawHTML    bool
	LatinOrder string // FamilyFirst, GivenFirst, or as names are written
	BasePath   string // path of the site's address: "/" or "/alumni/"
	Origin     string // "https://nagi.example"

	Store *Store // what is known of the files already; nil: nothing
	Once  bool   // this Load of Store is the last one of the process, and need keep nothing for others

	Now    time.Time
	Drafts bool // show drafts
	Future bool // show what is under embargo
	Unsure bool // site.yaml has mistakes: who the audiences are is not known
}

// Link is a place outside of content that names something of the site.
type Link struct {
	Pos     diag.Pos
	URL     string // from the first slash on, without the base path
	Picture bool   // a picture, and not a page to go to
}

// Page is a Markdown file.
type Page struct {
	Path     string // content/events/winter.en.md
	Section  string // events; "" for the home page
	Kind     Kind
	Lang     string
	Key      string       // events/winter: the same for all translations
	URL      string       // /en/events/winter/, without the base path
	Index    bool         // words for the home page or a section's list, not a page of its own
	Audience audience.Set // who may read it; empty: everyone
	Ruby     string       // the title as it is written, with readings of its letters; empty if it has none
	Teaser   bool         // the public sees title, summary and cover
	Held     Held
	Common

	// One of these is set, that of the kind; a column or a piece of news and a
	// page have only few keys of their own.
	News       *News
	Column     *Column
	Interview  *Interview
	Report     *Report
	Event      *Event
	Job        *Job
	Notes      *Notes
	Plain      *Plain
	Newsletter *Newsletter
	Person     *Person

	Translations []*Page // all language editions of it, itself included, in the order of Languages
	forms        []form
	formOf       []uint16 // which of forms each of Policy.Readers() sees; nil: the only one
	parts        []markdown.Part

	node   *frontmatter.Node // while the file is read
	broken bool              // its front matter cannot be read: it takes part in nothing
	unsure bool              // its audience has a mistake: nobody can tell who may read it
	lost   bool              // its slug has a mistake: nobody can tell where it is meant to be
	meant  []string          // where else its file may be meant to be, below content/
}

// Held says why a page is not shown now.
type Held struct {
	Reason string    // "", draft, embargo, expired, consent
	Until  time.Time // zero: for good, or until somebody changes it
}

// Live reports whether the page is shown now.
func (p *Page) Live() bool { return p.Held.Reason == "" }

// Published returns the day that stands on the page: its date, or for a job the
// day it was posted. It is zero for a page that has none.
func (p *Page) Published() time.Time {
	if p.Job != nil && p.Date.IsZero() {
		return p.Job.Posted.Time
	}
	return p.Date.Time
}

// File is a file beside a page, or of static/.
type File struct {
	Path   string // content/reports/beach/beach.jpg
	URL    string // /reports/beach/beach.jpg, without the base path
	Width  int    // of images, in pixels as shown; 0 if not known
	Height int
	// State identifies its bytes without their having been read; zero if they
	// must be looked at.
	State   [32]byte
	Picture picture.Info // of images; zero if they cannot be shown

	broken diag.Problems // why an image cannot be shown, without a place; one at most
	shown  place         // where it is shown first
	look   func() look   // how pages show it
	bundle bool          // of content/, not of static/
	pages  []*Page       // whose bundle it belongs to
	beside []*Page       // every page in the folder of that bundle
	used   bool          // some page shows it or leads to it
	open   readers
}

// Library is all content of a site.
type Library struct {
	Pages  []*Page          // sorted by path; without people and index pages
	People []*Page          // sorted by path
	Home   map[string]*Page // words for the home page, by language
	Lists  map[string]*Page // words for a section's list, by language + "/" + section
	Files  []*File          // beside pages, sorted by path
	Static []*File          // of static/, sorted by path
	Locks  []string         // paths of the files that end in LockExt, sorted; nothing publishes them
	Look   Look             // what the files looked like before they were read

	Unsaved error // why the store could not write what it knows

	changes int // by Reread

	o           Options
	project     fs.FS
	store       *Store
	lost        sync.Map                // path of a page → why its body could not be had
	readers     map[audience.Reader]int // index in Policy.Readers()
	host        string                  // of o.Origin, as hostOf has it
	byURL       map[string]*Page        // every page, also those held back
	byKey       map[string][]*Page
	people      map[string][]*Page // by id
	aliases     map[string]*Page
	files       map[string]*File   // by URL
	filesByPath map[string]*File   // by path in NFC
	made        map[string]readers // URLs of lists, feeds and the like
	later       map[string]readers // the same, if nothing were held back
	waiting     map[string]*Page   // for those of later: a page that is held back
	unread      []string           // paths of what is there and cannot be read
	broken      map[string]bool    // folders of URLs with a page that cannot be read
	near        func() *nearby     // for suggestions
}
