package site

import (
	"html/template"
	"time"
)

// LetterPage is the view of letter.html and letter.txt: an issue of the
// newsletter as one of its variants gets it. All URLs are absolute. What differs
// from one person to the next is a slot: it stands as a mark in the letter until
// that person's copy is made. Marks are made of ASCII letters, digits, - and _:
// in addresses and attributes html/template would encode all others.
type LetterPage struct {
	Lang         string
	Title        string // of the page
	Subject      string
	Preheader    string // what lists of mail show after the subject; may be empty
	Masthead     string // what the letter is called: the title of its section
	Site         string // title of the site
	Home         string // URL of the site
	Number       int    // of the issue; 0 if it has none
	Date         time.Time
	Name         string        // slot: how the reader is addressed, 髙梨 湊 様
	Fact         LetterSlot    // what the office remembers of the reader: 2009年入社
	Note         LetterSlot    // a line that the office wrote to this reader
	Body         template.HTML // the greeting, in letter.html
	Text         string        // the greeting, in letter.txt, in lines that are broken already
	Editor       string        // name
	Lead         LetterItem    // URL is empty if the variant has none
	Sections     []LetterSection
	Audience     string // title of the audience that the letter is for; empty for the public
	Seal         string // name of that audience as in site.yaml; empty for the public
	Web          string // URL of the issue on the web
	Preferences  string // URL of what the reader gets and what is stored
	Unsubscribe  string // URL of the page with the button
	Organization Organization
	ReplyTo      string       // mail address
	Links        []LetterLink // of letter.txt, in the order of their numbers
	Params       []Param
}

// LetterSlot is a part of a letter that is there only for those for whom there
// is something to say: all from Begin to End is left out for the others.
type LetterSlot struct {
	Begin string
	Text  string
	End   string
}

// LetterSection is the items of a letter that belong to one section of the site.
type LetterSection struct {
	Title string
	Kind  string // of the section: interview, news, event, job ...
	URL   string
	Items []LetterItem
}

// LetterItem is a page in a letter.
type LetterItem struct {
	Card   Card
	URL    string  // absolute; for a members' page it opens the gate
	Image  Image   // absolute URL, PNG or JPEG, in the file's own size, better 1072 pixels wide or more; empty URL or no size: no picture
	Number int     // of the link in letter.txt
	Voices []Voice // what people say: of notes the first entries, of a report the first voice
}

// LetterLink is where a number in letter.txt leads.
type LetterLink struct {
	Number int
	Title  string // of the page, or the words of the link; may be empty
	URL    string
}
