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
	Hide     string `json:"hide"` // makes the bar small
	Show     string `json:"show"` // and large again
	Lost     string `json:"lost"` // the server does not answer

	Starting string `json:"-"` // a page, before there is a site
	Missing  string `json:"-"` // a page, where the site has no 404.html
	Failed   string `json:"-"` // a page that could not be made
}

func (w Words) orEnglish() Words {
	english := Words{
		Lang: "en", Bar: "Preview",
		Open: "Members’ pages are open in this preview", Reader: "View as", Edition: "Edition", Edit: "Edit",
		Problems: "Problems", Behind: "Behind this is the last good page.", Error: "Error", Warning: "Warning",
		Close: "Close", Hide: "Hide the bar", Show: "Show the bar", Lost: "The preview does not answer",
		Starting: "The site is being made", Missing: "There is no page here", Failed: "This page could not be made",
	}
	said, e := reflect.ValueOf(&w).Elem(), reflect.ValueOf(english)
	for i := range said.NumField() {
		if said.Field(i).String() == "" {
			said.Field(i).SetString(e.Field(i).String())
		}
	}
	return w
}
