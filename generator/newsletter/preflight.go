package newsletter

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"time"

	"kaiho/generator/content"
	"kaiho/generator/diag"
	"kaiho/generator/markdown"
)

// Sizes of a letter's HTML in bytes. Gmail cuts at about 102 KB.
const (
	maxHTML   = 95 << 10
	largeHTML = 80 << 10
)

// tokenChars is how long a token is that takes a mark's place.
const tokenChars = 112

// Size returns how many bytes of HTML a reader of the letter gets, a long name
// counted in.
func (l *Letter) Size() int {
	const nameBytes = 100
	marks := strings.Count(l.HTML, l.marks.prefix)
	return len(l.HTML) + marks*(tokenChars-len(l.marks.of(0))) + nameBytes
}

// Preflight looks at an issue and its letters as somebody would who has one chance
// to send them. members says how many get each variant; nil: that is not known.
func (i *Issue) Preflight(letters []Letter, members map[string]int) diag.Problems {
	c := preflight{issue: i, letters: letters}
	c.problems = i.held()
	c.sender()
	for n := range letters {
		c.letter(&letters[n])
		c.law(&letters[n])
	}
	c.compiled()
	c.editions()
	c.leads()
	c.named()
	c.balance()
	if members != nil {
		c.nobody(members)
	}
	c.problems.Sort()
	return c.problems
}

type preflight struct {
	issue    *Issue
	letters  []Letter
	problems diag.Problems
}

func (c *preflight) report(p diag.Problem) { c.problems = append(c.problems, p) }

// at reports a problem of a page at a key of its front matter.
func (c *preflight) at(p *content.Page, keys []string, rule diag.Rule, args ...string) {
	c.report(diag.New(c.issue.desk.Library.Place(p, keys...), rule, args...))
}

// configured reports a problem of site.yaml at a key, or at its beginning where the
// key is missing.
func (c *preflight) configured(rule diag.Rule, args ...string) {
	c.report(diag.New(diag.Pos{Path: "site.yaml", Line: 1, Col: 1}, rule, args...))
}

// sender reports what the law asks of a letter (特定電子メール法 article 4, 施行規則
// article 9), and what RFC 8058 does, and site.yaml has not.
func (c *preflight) sender() {
	conf := c.issue.desk.Config
	langs := map[string]bool{}
	for _, p := range c.issue.Editions {
		langs[p.Lang] = true
	}
	for _, lang := range conf.Languages {
		if !langs[lang] {
			continue
		}
		for _, need := range []struct{ key, value string }{
			{"organization.name", conf.Organization.Name.In(lang)},
			{"organization.address", conf.Organization.Address.In(lang)},
			{"organization.contact", conf.Organization.Contact},
			{"mail.from", conf.Mail.From.Address},
		} {
			if strings.TrimSpace(need.value) == "" {
				c.configured(diag.LetterSender, "key", need.key)
			}
		}
	}
	if !strings.HasPrefix(conf.BaseURL, "https://") {
		c.configured(diag.LetterOneClick, "url", conf.BaseURL)
	}
	if shortest := 14 * 24 * time.Hour; conf.Gate.LinkTTL < shortest {
		c.configured(diag.LetterLinkTime, "time", conf.Gate.LinkTTL.String())
	}
}

// law reports what a site's own layout leaves out of a letter though there is
// something to say.
func (c *preflight) law(l *Letter) {
	conf, lang := c.issue.desk.Config, l.Variant.Lang
	for _, part := range []struct{ name, text string }{{"letter.html", html.UnescapeString(l.HTML)}, {"letter.txt", l.Text}} {
		text := withoutBlanks(part.text)
		for _, need := range []struct{ what, text string }{
			{"unsubscribe", l.marks.of(markUnsubscribe)}, {"preferences", l.marks.of(markPreferences)}, {"web", l.View.Web},
			{"organization.name", conf.Organization.Name.In(lang)}, {"organization.address", conf.Organization.Address.In(lang)}, {"organization.contact", conf.Organization.Contact},
		} {
			if !strings.Contains(text, withoutBlanks(need.text)) {
				c.report(diag.New(diag.Pos{Path: "layouts/" + part.name, Line: 1, Col: 1}, diag.LetterLaw, "variant", l.Variant.Name, "what", need.what, "part", part.name))
			}
		}
	}
}

// withoutBlanks returns text as it is compared with text that was broken into lines.
func withoutBlanks(text string) string { return strings.Join(strings.Fields(text), "") }

// compiled reports a letter of which no message can be made, the same reason once.
func (c *preflight) compiled() {
	if c.issue.desk.Config.Mail.From.Address == "" {
		return // told already
	}
	told := map[string]bool{}
	for _, l := range c.letters {
		_, err := c.issue.Template(l)
		if err != nil && !told[err.Error()] {
			told[err.Error()] = true
			c.at(l.Variant.Page, nil, diag.LetterBroken, "variant", l.Variant.Name, "reason", err.Error())
		}
	}
}

// leads names the letters that begin without the lead that others have.
func (c *preflight) leads() {
	var without []string
	for _, l := range c.letters {
		if l.Variant.Lead == nil {
			without = append(without, l.Variant.Name)
		}
	}
	if len(without) > 0 && len(without) < len(c.letters) {
		c.at(c.issue.Editions[0], nil, diag.LeadMissing, "variants", listed(without))
	}
}

// listed joins names, not too many of them.
func listed(names []string) string {
	const most = 8
	if len(names) > most {
		return strings.Join(names[:most], ", ") + fmt.Sprintf(" … (+%d)", len(names)-most)
	}
	return strings.Join(names, ", ")
}

// widestPicture is how many pixels wide a picture of a letter should be at most.
const widestPicture = 2400

func (c *preflight) letter(l *Letter) {
	page := l.Variant.Page
	switch size := l.Size(); {
	case size > maxHTML:
		c.at(page, nil, diag.LetterTooLarge, "variant", l.Variant.Name, "size", fmt.Sprint(size>>10))
	case size > largeHTML:
		c.at(page, nil, diag.LetterLarge, "variant", l.Variant.Name, "size", fmt.Sprint(size>>10))
	}
	for _, ref := range l.seen {
		if ref.Kind == markdown.Link && ref.target.URL == "" {
			c.report(diag.New(ref.Pos, diag.LetterLink, "url", ref.Dest, "variant", l.Variant.Name))
		}
	}
	for page, item := range l.items() {
		if item.Image.URL != "" && item.Image.Width > widestPicture {
			c.at(page, []string{"cover", "src"}, diag.LetterPicture, "file", page.Cover.Src, "width", fmt.Sprint(item.Image.Width))
		}
		for _, text := range []struct{ key, words string }{{"title", page.Title}, {"summary", page.Summary}} {
			c.characters(page, text.key, text.words)
		}
	}
}

// subjectColumns is how many full-width characters of a subject phones show.
const subjectColumns = 28

// editions looks at what each edition of the issue says itself.
func (c *preflight) editions() {
	for _, p := range c.issue.Editions {
		n := p.Newsletter
		if wide := (markdown.Width(or(n.Subject, p.Title)) + 1) / 2; wide > subjectColumns {
			c.at(p, []string{"subject"}, diag.LetterSubject, "count", fmt.Sprint(wide))
		}
		if strings.TrimSpace(n.Preheader) == "" {
			c.at(p, nil, diag.LetterPreheader)
		}
		c.characters(p, "subject", n.Subject)
		c.characters(p, "preheader", n.Preheader)
		for _, l := range c.letters {
			if l.Variant.Page == p {
				c.characters(p, "", l.View.Text)
			}
		}
		for at, name := range n.Sections {
			if !slices.ContainsFunc(c.letters, func(l Letter) bool {
				return slices.ContainsFunc(l.Variant.Pages(), func(page *content.Page) bool { return page.Section == name })
			}) {
				c.at(p, []string{"sections", fmt.Sprint(at)}, diag.LetterEmptySection, "name", name)
			}
		}
		c.answers(p)
	}
}

// answers reports an edition that invites nobody to answer: it asks nothing, calls
// to nothing, and replies go nowhere.
func (c *preflight) answers(p *content.Page) {
	if c.issue.desk.Config.Mail.ReplyTo != "" {
		return
	}
	for _, l := range c.letters {
		if l.Variant.Page == p && (strings.ContainsAny(l.View.Text, "？?▶") || strings.Contains(string(l.View.Body), "mailto:")) {
			return
		}
	}
	c.at(p, nil, diag.LetterOneWay)
}

// characters reports what becomes question marks where mail is still converted to
// ISO-2022-JP: half-width kana, emoji, and characters that only some vendors' tables
// had. Rare letters of names (髙, 𠮷) are not among them: nobody can write otherwise.
func (c *preflight) characters(p *content.Page, key, text string) {
	var found []rune
	for _, r := range text {
		if isFragile(r) && !slices.Contains(found, r) {
			found = append(found, r)
		}
	}
	if len(found) > 0 {
		var keys []string // of the greeting none
		if key != "" {
			keys = []string{key}
		}
		c.at(p, keys, diag.LetterCharacters, "characters", string(found))
	}
}

func isFragile(r rune) bool {
	switch {
	case 0xFF61 <= r && r <= 0xFF9F: // half-width kana
	case 0x2460 <= r && r <= 0x24FF: // ① ⑴ ⓐ
	case 0x2160 <= r && r <= 0x217F: // Ⅰ ⅰ
	case 0x3200 <= r && r <= 0x33FF: // ㈱ ㍿ ㌔ ㎡
	case r == '№', r == '℡':
	case 0x1F000 <= r && r <= 0x1FAFF: // emoji
	case 0xE0100 <= r && r <= 0xE01EF: // ideographic variation selectors: the letter before it shows without
	default:
		return false
	}
	return true
}

// named reports pages that the issue names and no letter has.
func (c *preflight) named() {
	if c.issue.Lock != nil || len(c.letters) == 0 {
		return
	}
	lib := c.issue.desk.Library
	for _, edition := range c.issue.Editions {
		isIn := func(p *content.Page) bool {
			return slices.ContainsFunc(c.letters, func(l Letter) bool {
				return l.Variant.Page == edition && slices.ContainsFunc(l.Variant.Pages(), func(have *content.Page) bool { return have.Key == p.Key })
			})
		}
		if p := lib.Page(edition, edition.Newsletter.Lead); p != nil && !isIn(p) {
			c.at(edition, []string{"lead"}, diag.LeadHidden, "path", edition.Newsletter.Lead, "reason", c.reason(edition, p))
		}
		for n, ref := range edition.Newsletter.Include {
			if p := lib.Page(edition, ref); p != nil && !isIn(p) {
				c.at(edition, []string{"include", fmt.Sprint(n)}, diag.LetterInclude, "path", ref, "reason", c.reason(edition, p))
			}
		}
	}
}

// reason is why nobody gets a page: for those who may read most.
func (c *preflight) reason(edition, p *content.Page) string {
	readers := c.issue.desk.Config.Policy.Readers()
	q := c.issue.question(edition, readers[len(readers)-1], func(string) bool { return true })
	d := q.decide(p.Translations)
	if d.Detail != "" {
		return string(d.Reason) + ": " + d.Detail
	}
	return string(d.Reason)
}

// balance reports, for the letter in which it is worst, too large a share of jobs and
// of company news. Of short letters it says nothing.
func (c *preflight) balance() {
	const shortest = 4
	limits := c.issue.desk.Config.Newsletter.Balance
	for _, part := range []struct {
		kind  content.Kind
		rule  diag.Rule
		limit int
	}{{content.KindJob, diag.LetterJobs, limits.Jobs}, {content.KindNews, diag.LetterCompany, limits.Company}} {
		worst, share := "", 0
		for _, l := range c.letters {
			pages := l.Variant.Pages()
			count := 0
			for _, p := range pages {
				if p.Kind == part.kind {
					count++
				}
			}
			if len(pages) >= shortest && count*100 > share*len(pages) {
				worst, share = l.Variant.Name, count*100/len(pages)
			}
		}
		if share > part.limit {
			c.at(c.issue.Editions[0], nil, part.rule, "variant", worst, "share", fmt.Sprint(share), "limit", fmt.Sprint(part.limit))
		}
	}
}

// nobody reports the variants that nobody gets, in one problem.
func (c *preflight) nobody(members map[string]int) {
	var names []string
	for _, l := range c.letters {
		if members[l.Variant.Name] == 0 {
			names = append(names, l.Variant.Name)
		}
	}
	if len(names) > 0 {
		c.at(c.issue.Editions[0], nil, diag.LetterNobody, "variants", listed(names))
	}
}
