package gate

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"
	texttemplate "text/template"
	"time"
)

//go:embed pages
var pageFiles embed.FS

// pageNames are the gate's own pages; each is pages/NAME.html within base.html.
const pageNames = "notfound expired link sent signin switch loggedout unsubscribe preferences home people refused " +
	"subscribe subscribesent confirm subscribed askagain"

// pageLanguages are those in which the pages speak. A site's other editions get
// the last.
const pageLanguages = "ja en"

// words are the texts of one language, by key: pages/strings.LANG.json.
type words map[string]string

// say returns a text with {0}, {1} replaced by args. An unknown key is a defect
// that TestEveryTextIsThere finds; it is shown as it is.
func (w words) say(key string, args ...any) string {
	text, known := w[key]
	if !known {
		return key
	}
	for i, arg := range args {
		text = strings.ReplaceAll(text, fmt.Sprintf("{%d}", i), fmt.Sprint(arg))
	}
	return text
}

// or is say of key, or of the general one of its kind: "purpose." of "purpose.x".
func (w words) or(kind, name string, args ...any) string {
	if _, known := w[kind+name]; known {
		return w.say(kind+name, args...)
	}
	return w.say(kind, args...)
}

// date is a day in the words of the language, as in the site's pages.
func (w words) date(t time.Time) string {
	return w.say("date", t.Year(), int(t.Month()), t.Day(), t.Month())
}

// desk is what pages are written with: templates and words in each language,
// and the style that they share.
type desk struct {
	words    map[string]words
	pages    map[string]map[string]*template.Template // language, name
	letter   *template.Template
	plain    *texttemplate.Template
	style    []byte
	styleTag string // of its content, for its address
}

// newDesk reads the pages that are built in; look is put after their style.
func newDesk(look string) (*desk, error) {
	style, err := pageFiles.ReadFile("pages/style.css")
	if err != nil {
		return nil, err
	}
	style = append(style, look...)
	sum := sha256.Sum256(style)
	d := &desk{words: map[string]words{}, pages: map[string]map[string]*template.Template{}, style: style, styleTag: hex.EncodeToString(sum[:8])}
	for _, lang := range strings.Fields(pageLanguages) {
		data, err := pageFiles.ReadFile("pages/strings." + lang + ".json")
		if err != nil {
			return nil, err
		}
		var w words
		if err := json.Unmarshal(data, &w); err != nil {
			return nil, fmt.Errorf("texts of the gate's pages in %s: %w", lang, err)
		}
		d.words[lang] = w
	}
	for lang, w := range d.words {
		d.pages[lang] = map[string]*template.Template{}
		functions := template.FuncMap{
			"t":       w.say,
			"in":      func(lang, key string, args ...any) string { return d.words[lang].say(key, args...) },
			"isemail": isEmail,
		}
		for name := range strings.FieldsSeq(pageNames) {
			t, err := template.New("base.html").Funcs(functions).ParseFS(pageFiles, "pages/base.html", "pages/"+name+".html")
			if err != nil {
				return nil, fmt.Errorf("page %s of the gate: %w", name, err)
			}
			d.pages[lang][name] = t
		}
	}
	if d.letter, err = template.ParseFS(pageFiles, "pages/letter.html"); err != nil {
		return nil, err
	}
	d.plain, err = texttemplate.ParseFS(pageFiles, "pages/letter.txt")
	return d, err
}

// sheet is what base.html takes: one page.
type sheet struct {
	Lang      string
	Title     string
	Class     string
	Width     string // class of what is in main
	Style     string // address of the style
	Member    string // who is signed in; "": nobody
	Seal      string // what they are
	Site      letterhead
	Languages []option // the same page in other languages
	Menu      []option
	Body      any
}

// letterhead is who speaks.
type letterhead struct {
	Title, Organization, Contact, Home string
	Logo                               Logo // of the zero Path: the theme's own mark
}

// option is a choice, or a place to go to.
type option struct {
	Value, Label    string
	URL, Lang, Name string
	Chosen, Current bool
}

// hidden is a field of a form that nobody sees.
type hidden struct{ Name, Value string }

// write renders a page into memory first: what fails half way is a 500 and no
// torn page.
func (d *desk) write(s sheet, name string) ([]byte, error) {
	if s.Width == "" {
		s.Width = "narrow"
	}
	var b bytes.Buffer
	if err := d.pages[s.Lang][name].Execute(&b, s); err != nil {
		return nil, fmt.Errorf("page %s of the gate: %w", name, err)
	}
	return append(bytes.TrimSpace(b.Bytes()), '\n'), nil
}

// language chooses the language of a page among those that the gate speaks: want
// in their order, then what the browser asks for, then the site's first.
func (g *Gate) language(r *http.Request, want ...string) string {
	spoken := strings.Fields(pageLanguages)
	for _, lang := range want {
		if slices.Contains(spoken, lang) {
			return lang
		}
	}
	return acceptedLanguage(r.Header.Get("Accept-Language"), g.offered())
}

// offered are the languages of the site in which the gate speaks, its first one
// first; Japanese, if it has none of these.
func (g *Gate) offered() []string {
	var offered []string
	for _, lang := range g.o.Languages {
		lang, _, _ = strings.Cut(lang, "-")
		if strings.Contains(" "+pageLanguages+" ", " "+lang+" ") && !slices.Contains(offered, lang) {
			offered = append(offered, lang)
		}
	}
	if len(offered) == 0 {
		return []string{"ja"}
	}
	return offered
}

// acceptedLanguage returns the one of ours that a browser asks for with the
// greatest weight, else the first (RFC 9110, section 12.5.4). Regions count for
// nothing; a header's length is bounded by that of all.
func acceptedLanguage(header string, ours []string) string {
	best, weight := ours[0], 0
	for item := range strings.SplitSeq(header, ",") {
		tag, parameters, _ := strings.Cut(item, ";")
		lang, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		if q := quality(parameters); q > weight && slices.Contains(ours, lang) {
			best, weight = lang, q
		}
	}
	return best
}
