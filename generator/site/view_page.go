package site

import (
	"html/template"
	"time"
)

// Article is what pages of all kinds have in common.
type Article struct {
	Card     Card
	Lede     string // the summary, if one is written; that of Card may be the beginning of Body
	Body     template.HTML
	Headings []Heading // of level 2 and 3
	Points   []string  // 要点
	Updated  time.Time // zero if never
	Authors  []Person
	Series   Series
	Previous Link // the older neighbour in the section; empty URL: none
	Next     Link // the newer one
	Related  []Card
	Params   []Param
	Minutes  int // to read it; 0 for very short ones
}

// Heading is a heading of a body.
type Heading struct {
	Level int
	ID    string
	Text  string
}

// Series is the series that a page belongs to, as the reader may read it; empty
// if it has no other page.
type Series struct {
	Title  string
	Number int          // of this page, from 1 for the oldest
	Total  int          // pages in the series
	Items  []SeriesItem // this page, up to three before it and three after it, oldest first
}

// SeriesItem is a page of a series.
type SeriesItem struct {
	Number  int
	Title   string
	URL     string
	Current bool
}

// Person is somebody who writes or is written about.
type Person struct {
	URL      string // empty: no page of its own
	Name     string // as the edition writes it
	Reading  string // kana
	Latin    string
	Former   string // family name at the time, if it was another
	Role     string
	Was      Was
	Now      Now
	Portrait Image
}

// PersonLine is a person in the list of people.
type PersonLine struct {
	URL      string
	Name     string
	Reading  string
	Former   string
	Role     string
	Portrait Image
}

// Was is somebody's time in the organization.
type Was struct {
	Department string
	Joined     string // year
	Left       string // year
}

// Now is what somebody does today.
type Now struct {
	Organization string
	Title        string
}

// NewsPage is the view of news.html.
type NewsPage struct {
	Site    Site
	Head    Head
	Article Article
	Source  Link // the original announcement
}

// ColumnPage is the view of column.html.
type ColumnPage struct {
	Site    Site
	Head    Head
	Article Article
}

// InterviewPage is the view of interview.html, also for dialogues of several
// people.
type InterviewPage struct {
	Site         Site
	Head         Head
	Article      Article
	People       []Person
	Interviewer  string
	Photographer string
	Timeline     []Step
	Consent      Consent
}

// Step is a line of a timeline.
type Step struct {
	When string
	What string
}

// Consent is the consent to publish an interview.
type Consent struct {
	By    string
	On    time.Time
	Until time.Time
}

// ReportPage is the view of report.html.
type ReportPage struct {
	Site    Site
	Head    Head
	Article Article
	Event   Card // the event reported on; empty URL: none that the reader may see
	Held    time.Time
	Numbers []Number
	Voices  []Voice
	Gallery []Image
}

// Number is a figure of a report.
type Number struct {
	Label string
	Value string
}

// Voice is what somebody said.
type Voice struct {
	Who  string
	Text string
}

// EventPage is the view of event.html.
type EventPage struct {
	Site    Site
	Head    Head
	Article Article
	Event   Event
	Report  Card // the report afterwards; empty URL: none that the reader may see
}

// Event is all facts of an event.
type Event struct {
	Line         EventLine
	Venue        Venue
	Online       Online
	Fee          Fee
	Capacity     int    // 0: not limited or not known
	CapacityMode string // first_come, lottery, approval
	Agenda       []string
	Speakers     []Person
	Bring        []string
	Dress        string
	Companions   string
	Contact      string // mail address or text
	ICS          string // URL of the calendar file
}

// Venue is where an event takes place.
type Venue struct {
	Name       string
	PostalCode string
	Address    string
	Access     string
	Map        string // URL
}

// Online is how to join online.
type Online struct {
	Service string
	URL     string // empty for the public, always
	Note    string
}

// Fee is what an event costs.
type Fee struct {
	Known    bool
	Free     bool
	Amount   int    // in the currency's unit
	Currency string // ISO 4217
	Note     string
}

// JobPage is the view of job.html.
type JobPage struct {
	Site    Site
	Head    Head
	Article Article
	Job     Job
}

// Job is all facts of a job.
type Job struct {
	Line            JobLine
	OrganizationURL string
	Logo            Image
	Posted          time.Time
	Duties          Scope
	Place           Scope
	Locations       []Location
	Salary          Salary
	Contract        Contract
	Hours           string
	Trial           string
	Smoking         string
	ApplyURL        string
	ApplyEmail      string
	Contact         string
}

// Scope is a condition at first, and how far it may change later
// (職業安定法施行規則, since 2024-04-01).
type Scope struct {
	Initial       string
	ScopeOfChange string
}

// Location is a place of work.
type Location struct {
	Address    string // all of it in a line, in the order of the edition's language
	Region     string
	Locality   string
	Street     string // what is below Locality
	PostalCode string
}

// Salary is what a job pays.
type Salary struct {
	Min      int // 0: not said
	Max      int
	Unit     string // year, month, day, hour
	Currency string // ISO 4217
	Note     string
}

// Contract is the term of a job.
type Contract struct {
	FixedTerm string
	Renewal   string
	Limit     string
}

// NotesPage is the view of notes.html: short news of people.
type NotesPage struct {
	Site    Site
	Head    Head
	Article Article
	Entries []Note
}

// Note is one entry of notes.
type Note struct {
	Person Person
	Text   string
}

// PlainPage is the view of page.html: standing pages.
type PlainPage struct {
	Site      Site
	Head      Head
	Article   Article
	Version   string
	Effective time.Time
}

// PersonPage is the view of person.html.
type PersonPage struct {
	Site   Site
	Head   Head
	Person Person
	Body   template.HTML
	Links  []Link
	Cards  []Card // written by them or about them, newest first
	Params []Param
}

// NewsletterPage is the view of newsletter.html: an issue on the web.
type NewsletterPage struct {
	Site    Site
	Head    Head
	Article Article
	Number  int
	Editor  string // name
	Items   []Card // the lead, then what its letter has; of an issue that is not locked, what its file names
}

// TeaserPage is the view of teaser.html: what the public sees of a members'
// page that has `teaser: true`. It knows nothing but the card.
type TeaserPage struct {
	Site Site
	Head Head
	Card Card
}
