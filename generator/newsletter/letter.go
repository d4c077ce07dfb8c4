package newsletter

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"strings"

	"kaiho/generator/audience"
	"kaiho/generator/content"
	"kaiho/generator/diag"
	"kaiho/generator/layout"
	"kaiho/generator/markdown"
	"kaiho/generator/site"
)

// Letter is a variant as it reads, with marks where a person's own things go.
type Letter struct {
	Variant   *Variant
	Subject   string
	Preheader string
	HTML      string
	Text      string
	Greeting  [32]byte // hash of what the issue's own file says
	View      site.LetterPage

	marks marks
	seen  []reference // what the greeting refers to
}

// reference is a link or a picture of the greeting.
type reference struct {
	markdown.Ref
	target markdown.Target
}

const (
	// textColumns is how many full-width characters a line of the text edition has.
	textColumns = 35
	// maxVoices is how many entries of notes stand in a letter; the link has the rest.
	maxVoices = 3
)

// Letters renders every variant of the issue with the layouts letter.html and
// letter.txt. What the layouts get wrong is a problem, and then there are no letters.
func (i *Issue) Letters(layouts *layout.Set) ([]Letter, diag.Problems, error) {
	cards := map[audience.Reader]*site.Cards{}
	letters := make([]Letter, 0, len(i.Variants))
	for n := range i.Variants {
		v := &i.Variants[n]
		if cards[v.Audience] == nil {
			cards[v.Audience] = site.NewCards(i.desk.Library, i.desk.Config, site.Options{Reader: v.Audience, Now: i.Now})
		}
		w := writer{issue: i, variant: v, cards: cards[v.Audience], layouts: layouts}
		letter, err := w.letter()
		if failed, ok := errors.AsType[*layout.RenderError](err); ok {
			return nil, diag.Problems{failed.Problem()}, nil
		}
		if err != nil {
			return nil, nil, fmt.Errorf("write the letter %s: %w", v.Name, err)
		}
		letters = append(letters, letter)
	}
	return letters, nil, nil
}

// writer writes the letter of one variant.
type writer struct {
	issue   *Issue
	variant *Variant
	cards   *site.Cards
	layouts *layout.Set
	marks   marks
	numbers []site.LetterLink
	seen    []reference
}

// letter renders the variant. It does so twice: the marks of the second time hold a
// hash of all that the first time gave, so that no text can have one in it, and
// nobody gets a reader's token by writing a mark into an article.
func (w *writer) letter() (Letter, error) {
	w.marks = newMarks("")
	first, err := w.render()
	if err != nil {
		return Letter{}, err
	}
	sum := sha256.Sum256([]byte(first.HTML + "\x00" + first.Text))
	w.marks = newMarks(hex.EncodeToString(sum[:]))
	return w.render()
}

func (w *writer) render() (Letter, error) {
	w.numbers, w.seen = nil, nil
	view, err := w.view()
	if err != nil {
		return Letter{}, err
	}
	html, text, err := w.layouts.Letter(w.variant.Lang, view)
	if err != nil {
		return Letter{}, err
	}
	return Letter{
		Variant: w.variant, Subject: view.Subject, Preheader: view.Preheader,
		HTML: html, Text: w.wrapped(text), View: view, marks: w.marks, seen: w.seen,
		Greeting: sha256.Sum256([]byte(w.marks.blank(view.Subject + "\x00" + view.Preheader + "\x00" + string(view.Body) + "\x00" + view.Text))),
	}, nil
}

// wrapped breaks the lines of the text edition, but for those that a reader's own
// words stand in, and addresses.
func (w *writer) wrapped(text string) string {
	var out []string
	for line := range strings.SplitSeq(strings.TrimRight(text, "\n \u3000"), "\n") {
		line = strings.TrimRight(line, " ")
		rest := strings.TrimLeft(line, " \u3000")
		if strings.Contains(line, w.marks.prefix) || strings.HasPrefix(rest, "http") {
			out = append(out, line)
			continue
		}
		indent := line[:len(line)-len(rest)]
		out = append(out, markdown.WrapIndent(rest, textColumns, indent, indent)...)
	}
	return strings.Join(out, "\n") + "\n"
}

// view fills in the view of the letter.
func (w *writer) view() (site.LetterPage, error) {
	v, page := w.variant, w.variant.Page
	own, first := page.Newsletter, w.issue.Editions[0]
	frame := w.cards.Site(v.Lang)
	masthead, _ := w.cards.Section(v.Lang, Section)
	view := site.LetterPage{
		Lang: v.Lang, Title: page.Title, Subject: or(own.Subject, page.Title), Preheader: own.Preheader,
		Masthead: masthead, Site: frame.Title, Home: w.absolute(frame.Home), Number: own.Number, Date: page.Date.Time,
		Name: w.marks.of(markName), Fact: w.marks.slot(markFact), Note: w.marks.slot(markNote),
		Seal: string(v.Audience), Web: w.link(page),
		Preferences: w.address("p", markPreferences), Unsubscribe: w.address("u", markUnsubscribe),
		Organization: frame.Organization, ReplyTo: w.issue.desk.Config.Mail.ReplyTo, Params: frame.Params,
	}
	if view.Number == 0 {
		view.Number = first.Newsletter.Number
	}
	if view.Date.IsZero() {
		view.Date = first.Date.Time
	}
	if v.Audience != audience.Public {
		view.Audience = w.issue.desk.Config.AudienceTitle(string(v.Audience), v.Lang)
	}
	view.Editor = w.cards.NameOf(v.Lang, or(own.Editor, first.Newsletter.Editor))
	body, err := w.greeting(page)
	if err != nil {
		return view, err
	}
	view.Body, view.Text = trusted(body.HTML), body.Text
	if v.Lead != nil {
		view.Lead = w.item(v.Lead)
	}
	view.Sections = w.sections()
	view.Links = w.numbers
	return view, nil
}

// trusted is where the renderer's HTML of a greeting becomes HTML that a layout
// does not escape.
func trusted(html string) template.HTML { return template.HTML(html) }

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// sections gathers the items section by section, in their order.
func (w *writer) sections() []site.LetterSection {
	var sections []site.LetterSection
	last := ""
	for _, page := range w.variant.Items {
		if len(sections) == 0 || page.Section != last {
			title, kind := w.cards.Section(w.variant.Lang, page.Section)
			if s, ok := w.issue.desk.Config.Newsletter.Sections.Lookup(page.Section); ok {
				title = or(s.Title.In(w.variant.Lang), title)
			}
			sections = append(sections, site.LetterSection{Title: title, Kind: kind})
			last = page.Section
		}
		s := &sections[len(sections)-1]
		s.Items = append(s.Items, w.item(page))
	}
	return sections
}

// item is a page in the letter.
func (w *writer) item(page *content.Page) site.LetterItem {
	item := site.LetterItem{Card: w.cards.Card(page), URL: w.link(page), Image: w.picture(page)}
	item.Number = w.numbered(item.URL, page.Title)
	voices := w.cards.Voices(page)
	most := maxVoices
	if page.Report != nil {
		most = 1
	}
	item.Voices = voices[:min(len(voices), most)]
	return item
}

// picture returns the picture of a page as a letter has it.
func (w *writer) picture(page *content.Page) site.Image {
	image := w.cards.Picture(page)
	if image.URL == "" || image.Width == 0 {
		return site.Image{}
	}
	image.URL = w.absolute(image.URL)
	return image
}

// absolute returns a path of the site, with its base path, as an address.
func (w *writer) absolute(path string) string {
	if !strings.HasPrefix(path, "/") {
		return path
	}
	return w.issue.desk.Config.Origin() + path
}

// address returns the address of one of the gate's pages, with the token that a mark
// stands for.
func (w *writer) address(page string, m mark) string {
	return w.issue.desk.Config.BaseURL + page + "/" + w.marks.of(m)
}

// link returns the address of a page: for one that the public reads it is plain, for
// a members' page it is the reader's own.
func (w *writer) link(page *content.Page) string {
	if w.variant.Audience == audience.Public || w.isPublic(page) {
		return w.absolute(w.issue.desk.Library.Link(page.URL))
	}
	return w.address("k", markView) + (&url.URL{Path: page.URL}).EscapedPath()
}

// isPublic reports whether everybody reads at the page's address what the reader of
// the letter is to read there. The issue itself is another one for members.
func (w *writer) isPublic(page *content.Page) bool {
	return w.issue.desk.Library.Sees(audience.Public, page) == content.All && page.Kind != content.KindNewsletter
}

// numbered returns the number of an address in the list of links of the text
// edition; title is what the list says of it.
func (w *writer) numbered(address, title string) int {
	for n, l := range w.numbers {
		if l.URL == address {
			w.numbers[n].Title = or(l.Title, title)
			return l.Number
		}
	}
	w.numbers = append(w.numbers, site.LetterLink{Number: len(w.numbers) + 1, Title: title, URL: address})
	return len(w.numbers)
}

// greeting renders the body of the issue.
func (w *writer) greeting(page *content.Page) (markdown.Mail, error) {
	words := map[string]string{} // of links, by address
	accent := strings.ToUpper(w.issue.desk.Config.Theme.Style().OnPaper().String())
	return w.issue.desk.Library.Mail(w.variant.Audience, page, markdown.MailOptions{
		Lang: w.variant.Lang, Columns: textColumns, Accent: accent, Number: func(address string) int { return w.numbered(address, words[address]) },
		Resolve: func(ref markdown.Ref) markdown.Target {
			target := w.resolve(page, ref)
			w.seen = append(w.seen, reference{ref, target})
			words[target.URL] = or(words[target.URL], ref.Text)
			return target
		},
	})
}

// resolve returns where a reference of the greeting leads in the letter.
func (w *writer) resolve(page *content.Page, ref markdown.Ref) markdown.Target {
	lib := w.issue.desk.Library
	target := lib.Resolve(w.variant.Audience, page, ref)
	switch {
	case target.URL == "":
		return target
	case strings.HasPrefix(target.URL, "#"):
		target.URL = w.link(page) + target.URL
	case !strings.HasPrefix(target.URL, "/"): // another site, or mailto:
	case ref.Kind == markdown.Image:
		file := lib.Image(page, ref.Dest)
		if file == nil || !file.VisibleTo(audience.Public) {
			return markdown.Target{}
		}
		url, r, ok := lib.LetterPicture(file)
		if !ok {
			return markdown.Target{}
		}
		target = markdown.Target{URL: w.absolute(lib.Link(url)), Width: r.Width, Height: r.Height}
	case w.isForMembers(page, ref):
		target.URL = w.address("k", markView) + "/" + strings.TrimPrefix(target.URL, w.issue.desk.Config.Base())
	default:
		target.URL = w.absolute(target.URL)
	}
	return target
}

// isForMembers reports whether a reference leads to what the public does not read.
func (w *writer) isForMembers(page *content.Page, ref markdown.Ref) bool {
	if w.variant.Audience == audience.Public {
		return false
	}
	if to := w.issue.desk.Library.Leads(page, ref); to != nil {
		return !w.isPublic(to)
	}
	return w.issue.desk.Library.Resolve(audience.Public, page, ref).URL == ""
}
