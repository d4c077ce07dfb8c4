package content

import "kaiho/generator/frontmatter"

// This file is the front matter: every key of every kind, as the contract's
// table has them. The comments are also what `kaiho new` writes beside a key.

// Common is the front matter that pages of all kinds share.
type Common struct {
	Title    string              `yaml:"title,required" nonempty:"true"`
	Date     frontmatter.Time    `yaml:"date"`
	Updated  frontmatter.Time    `yaml:"updated"`
	Slug     string              `yaml:"slug"`
	Aliases  []string            `yaml:"aliases"`
	Draft    bool                `yaml:"draft"`
	Publish  frontmatter.Time    `yaml:"publish"` // embargo: not before
	Expires  frontmatter.Time    `yaml:"expires"` // not from then on
	Summary  string              `yaml:"summary" lines:"many"`
	Points   []string            `yaml:"points" max:"3"`
	Tags     []string            `yaml:"tags"`
	Authors  []string            `yaml:"authors"` // ids of content/people
	Cover    Image               `yaml:"cover"`
	Audience []string            `yaml:"audience" nonempty:"true"` // absent: public
	Teaser   bool                `yaml:"teaser"`
	Lang     string              `yaml:"lang"`
	Featured bool                `yaml:"featured"`
	Digest   string              `yaml:"digest" enum:"auto,lead,skip"`
	Segments []string            `yaml:"segments" nonempty:"true"` // in letters, for members of one of these alone; sites show it to all its readers
	Series   string              `yaml:"series"`
	Layout   string              `yaml:"layout"`
	Params   []frontmatter.Param `yaml:"params"`
}

// Image is a picture named in front matter.
type Image struct {
	Src     string `yaml:"src" file:"picture"` // beside the page, or /path of static/
	Alt     string `yaml:"alt"`
	Caption string `yaml:"caption"`
	Credit  string `yaml:"credit"`
}

// News is what news has of its own.
type News struct {
	Category string `yaml:"category"`
	Source   Source `yaml:"source"`
}

// Source is the original of a piece of news.
type Source struct {
	Title string `yaml:"title"`
	URL   string `yaml:"url"`
}

// Column is what a column has of its own.
type Column struct {
	Category string `yaml:"category"`
}

// Interview is what an interview has of its own.
type Interview struct {
	People       []string `yaml:"people"` // ids of content/people
	Interviewer  string   `yaml:"interviewer"`
	Photographer string   `yaml:"photographer"`
	Timeline     []Step   `yaml:"timeline"`
	Consent      Consent  `yaml:"consent"`
}

// Step is a line of a timeline.
type Step struct {
	When string `yaml:"when,required" nonempty:"true"`
	What string `yaml:"what,required" nonempty:"true"`
}

// Consent is somebody's consent to be published. After Until the page is held
// back.
type Consent struct {
	By    string           `yaml:"by"`
	On    frontmatter.Time `yaml:"on"`
	Scope []string         `yaml:"scope"`
	Until frontmatter.Time `yaml:"until"` // the last day
}

// Report is what a report has of its own.
type Report struct {
	Event   string           `yaml:"event"` // path of the event's page
	Held    frontmatter.Time `yaml:"held"`
	Numbers []Number         `yaml:"numbers"`
	Voices  []Voice          `yaml:"voices"`
	Gallery []Image          `yaml:"gallery"`
}

// Number is a figure of a report.
type Number struct {
	Label string `yaml:"label,required" nonempty:"true"`
	Value string `yaml:"value,required" nonempty:"true"`
}

// Voice is what somebody said.
type Voice struct {
	Who  string `yaml:"who"`
	Text string `yaml:"text,required" nonempty:"true" lines:"many"`
}

// Event is what an event has of its own.
type Event struct {
	Start        frontmatter.Time `yaml:"start,required"`
	End          frontmatter.Time `yaml:"end,required"` // the last day, if all_day
	AllDay       bool             `yaml:"all_day"`
	Type         string           `yaml:"type"`
	Mode         string           `yaml:"mode,required" enum:"offline,online,hybrid"`
	Venue        Venue            `yaml:"venue"`
	Online       Online           `yaml:"online"`
	Fee          Fee              `yaml:"fee"`
	Capacity     int              `yaml:"capacity" min:"1"`
	CapacityMode string           `yaml:"capacity_mode" enum:"first_come,lottery,approval"`
	Deadline     frontmatter.Time `yaml:"rsvp_deadline"` // a day: until its end
	Agenda       []string         `yaml:"agenda"`
	Speakers     []string         `yaml:"speakers"` // ids of content/people, or names
	Bring        []string         `yaml:"bring"`
	Dress        string           `yaml:"dress"`
	Companions   string           `yaml:"companions"`
	Contact      string           `yaml:"contact"`
	Status       string           `yaml:"status" enum:"scheduled,postponed,cancelled,moved_online,full,done"`
	Report       string           `yaml:"report"` // path of the report's page
}

// Venue is where an event takes place.
type Venue struct {
	Name       string `yaml:"name"`
	PostalCode string `yaml:"postal_code"`
	Address    string `yaml:"address"`
	Access     string `yaml:"access" lines:"many"`
	Map        string `yaml:"map"` // https address of a map
}

// Online is how to join an event online. The URL is never public.
type Online struct {
	Service string `yaml:"service"`
	URL     string `yaml:"url"`
	Note    string `yaml:"note"`
}

// Fee is what an event costs; an amount of 0 is 無料.
type Fee struct {
	Amount   *int   `yaml:"amount" min:"0"`
	Currency string `yaml:"currency"` // ISO 4217; default JPY
	Note     string `yaml:"note"`
}

// Job is what a job has of its own.
type Job struct {
	Posted         frontmatter.Time `yaml:"posted,required"`
	Closes         frontmatter.Time `yaml:"closes"` // a day: until its end
	Organization   Employer         `yaml:"organization"`
	EmploymentType string           `yaml:"employment_type,required" nonempty:"true"`
	Duties         Scope            `yaml:"duties"`
	Place          Scope            `yaml:"place"`
	Locations      []Location       `yaml:"locations"`
	Remote         string           `yaml:"remote" enum:"none,partial,full"`
	Salary         Salary           `yaml:"salary"`
	Contract       Contract         `yaml:"contract"`
	Hours          string           `yaml:"hours"`
	Trial          string           `yaml:"trial"`
	Smoking        string           `yaml:"smoking"`
	Apply          Apply            `yaml:"apply"`
	Contact        string           `yaml:"contact"`
}

// Employer is who offers a job; without it, the site's organization.
type Employer struct {
	Name string `yaml:"name"`
	URL  string `yaml:"url"`
	Logo string `yaml:"logo" file:"picture"`
}

// Scope is a condition at first and how far it may change
// (職業安定法施行規則, since 2024-04-01).
type Scope struct {
	Initial       string `yaml:"initial" lines:"many"`
	ScopeOfChange string `yaml:"scope_of_change" lines:"many"`
}

// Location is a place of work.
type Location struct {
	Region     string `yaml:"region"`
	Locality   string `yaml:"locality"`
	Address    string `yaml:"address"`
	PostalCode string `yaml:"postal_code"`
}

// Salary is what a job pays.
type Salary struct {
	Min      int    `yaml:"min" min:"0"`
	Max      int    `yaml:"max" min:"0"`
	Unit     string `yaml:"unit" enum:"year,month,day,hour"`
	Currency string `yaml:"currency"` // ISO 4217; default JPY
	Note     string `yaml:"note"`
}

// Contract is the term of a job.
type Contract struct {
	FixedTerm string `yaml:"fixed_term"`
	Renewal   string `yaml:"renewal"`
	Limit     string `yaml:"limit"`
}

// Apply is how to apply for a job.
type Apply struct {
	URL   string `yaml:"url"`
	Email string `yaml:"email"`
}

// Notes is short news of people.
type Notes struct {
	Entries []Note `yaml:"entries"`
}

// Note is one entry of notes.
type Note struct {
	Person    string `yaml:"person,required" nonempty:"true"` // an id of content/people, or a name
	Text      string `yaml:"text,required" nonempty:"true" lines:"many"`
	Confirmed bool   `yaml:"confirmed"` // the person has agreed to the text
}

// Plain is what a standing page has of its own.
type Plain struct {
	Version   string           `yaml:"version"`
	Effective frontmatter.Time `yaml:"effective"`
	Menu      Menu             `yaml:"menu"`
}

// Menu asks for a place in the main menu.
type Menu struct {
	Weight int    `yaml:"weight"`
	Label  string `yaml:"label"`
}

// Newsletter is what an issue of the newsletter has of its own.
type Newsletter struct {
	Number    int              `yaml:"number" min:"1"`
	Subject   string           `yaml:"subject"`
	Preheader string           `yaml:"preheader"`
	Editor    string           `yaml:"editor"`
	Lead      string           `yaml:"lead"` // path of a page
	Include   []string         `yaml:"include"`
	Exclude   []string         `yaml:"exclude"`
	Since     frontmatter.Time `yaml:"since"`
	Until     frontmatter.Time `yaml:"until"`
	Sections  []string         `yaml:"sections"`
}

// Person is somebody who writes or is written about, from content/people.
// Members are never content.
type Person struct {
	Name     Name         `yaml:"name,required"`
	Role     string       `yaml:"role"`
	Was      Was          `yaml:"was"`
	Now      Now          `yaml:"now"`
	Portrait Image        `yaml:"portrait"`
	Links    []PersonLink `yaml:"links"`
	Consent  Consent      `yaml:"consent"`
}

// Name is a person's name. Family or Latin is there.
type Name struct {
	Family     string `yaml:"family"`
	Given      string `yaml:"given"`
	FamilyKana string `yaml:"family_kana"`
	GivenKana  string `yaml:"given_kana"`
	Latin      string `yaml:"latin"`
	Former     string `yaml:"former"` // family name while in the organization
}

// Was is somebody's time in the organization.
type Was struct {
	Department string `yaml:"department"`
	Joined     int    `yaml:"joined" min:"1800" max:"2200"` // year
	Left       int    `yaml:"left" min:"1800" max:"2200"`   // year
}

// Now is what somebody does today.
type Now struct {
	Organization string `yaml:"organization"`
	Title        string `yaml:"title"`
}

// PersonLink is a link to something of a person.
type PersonLink struct {
	Title string `yaml:"title"`
	URL   string `yaml:"url,required" nonempty:"true"`
}
