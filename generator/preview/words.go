package preview

import "reflect"

// Words are what the bar, the overlay and the server's own pages say. Those
// that are "" are English.
type Words struct {
	Lang     string `json:"lang"`     // of these words: "ja"
	Bar      string `json:"bar"`      // names the bar to who does not see it
	Open     string `json:"open"`     // that members' pages can be seen by whoever reaches the server
	Reader   string `json:"reader"`   // heads the choice of readers
	Edition  string `json:"edition"`  // heads the choice of translations
	Edit     string `json:"edit"`     // opens the page's source in the editor
	Problems string `json:"problems"` // the overlay's name; a number follows in the bar
	Behind   string `json:"behind"`   // under the overlay's name, if the site could not be made
	Error    string `json:"error"`
	Warning  string `json:"warning"`
	Close    string `json:"close"`
	Hide     string `json:"hide"`    // makes the bar small
	Show     string `json:"show"`    // and large again
	Lost     string `json:"lost"`    // the server does not answer
	Letters  string `json:"letters"` // leads to the letters of the newsletter, and is their page's name

	Starting string `json:"-"` // a page, before there is a site
	Missing  string `json:"-"` // a page, where the site has no 404.html
	Failed   string `json:"-"` // a page that could not be made

	Letter LetterWords `json:"-"`
}

// LetterWords are what the pages of letters say.
type LetterWords struct {
	Site         string // leads to the site
	Issue        string // heads the choice of issues
	Variant      string // heads the choice of variants
	Member       string // heads the choice of whom the letter is for
	Specimen     string // is nobody of them
	Show         string // the button beside a choice
	Inbox        string // heads the letter as a phone's list of mail shows it
	Whole        string // heads what the list cuts off
	NoSubject    string
	NoPreheader  string
	Readers      string // before their number
	Items        string // before their number
	Wide         string // heads the view of a desk
	Phone        string
	Dark         string
	Text         string
	Alone        string // opens a view in a tab of its own
	Locked       string // what is shown is what is sent
	Preflight    string // heads the problems; their number follows
	None         string // there is no letter to show
	Missing      string // there is none at the address
	Personal     string // heads what links show that only a recipient can open
	PersonalText string
}

func (w Words) orEnglish() Words {
	english := Words{
		Lang: "en", Bar: "Preview",
		Open: "Members’ pages are open in this preview", Reader: "View as", Edition: "Edition", Edit: "Edit",
		Problems: "Problems", Behind: "Behind this is the last good page.", Error: "Error", Warning: "Warning",
		Close: "Close", Hide: "Hide the bar", Show: "Show the bar", Lost: "The preview does not answer", Letters: "Letters",
		Starting: "The site is being made", Missing: "There is no page here", Failed: "This page could not be made",
		Letter: LetterWords{
			Site: "To the site", Issue: "Issue", Variant: "Variants", Member: "Recipient", Specimen: "A specimen reader", Show: "Show",
			Inbox: "In a phone’s list of mail", Whole: "In full", NoSubject: "No subject", NoPreheader: "No preheader: the list shows how the letter begins",
			Readers: "Readers", Items: "Items", Wide: "Desktop", Phone: "Phone", Dark: "Phone, dark", Text: "Text", Alone: "Open alone",
			Locked: "This issue is locked. What you see is what is sent.", Preflight: "Before it is sent",
			None: "There is no letter to show yet", Missing: "There is no such letter",
			Personal:     "This link is the recipient’s own",
			PersonalText: "In a letter that was sent it opens the recipient’s own page, which kaiho serve answers. The preview has no such page.",
		},
	}
	fill(reflect.ValueOf(&w).Elem(), reflect.ValueOf(english))
	return w
}

// fill puts english's words where said has none.
func fill(said, english reflect.Value) {
	for i := range said.NumField() {
		switch field := said.Field(i); {
		case field.Kind() == reflect.Struct:
			fill(field, english.Field(i))
		case field.String() == "":
			field.Set(english.Field(i))
		}
	}
}
