package preview

import (
	"bytes"
	_ "embed" // letters.html, letters.css and letters.js
	"fmt"
	"html/template"
	"net/url"
	"strconv"
	"strings"
)

//go:embed letters.html
var lettersTemplate string

//go:embed letters.css
var lettersStyle []byte

//go:embed letters.js
var lettersScript []byte

var lettersLayout = template.Must(template.New("letters").Parse(lettersTemplate))

const lettersPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// lettersView is what the page of letters shows.
type lettersView struct {
	Words
	Letters
	Title       string // of the issue
	HasIssues   bool
	HasVariants bool
	IsMissing   bool // what was asked for is not there, and this is what is

	Tabs     []lettersTab
	Views    []letterFrame
	TextURL  string
	Inbox    inboxLine
	Version  string // of the letter's HTML
	Sandbox  string
	Problems []problemView // of the pre-flight
	More     int           // of its problems that are not shown
	Worst    string        // "error" or "warning"
}

type lettersTab struct {
	LetterChoice
	URL      string
	Size     string // "31 KB"
	Readers  string // "1,204"
	IsOpened bool
}

// letterFrame is one of the views in a frame.
type letterFrame struct {
	Name, Title, URL string
	Width            int // of the letter in it, in CSS pixels
}

// inboxLine is the letter as a phone's list of mail shows it.
type inboxLine struct {
	Sender, Subject, Preheader string
	IsCut                      bool
}

type problemView struct {
	Problem
	Place string
	Edit  template.URL // made by editURL from the pattern of whoever runs the server
}

func pageOfLetters(s *Server, l Letters) lettersView {
	v := lettersView{Words: s.o.Words, Letters: l, Title: titleOf(l.Issues, l.Issue), HasIssues: len(l.Issues) > 0, HasVariants: true, Sandbox: letterSandbox}
	for _, c := range l.Variants {
		tab := lettersTab{LetterChoice: c, URL: place{issue: l.Issue, variant: c.Name}.url(), Size: kilobytes(c.Bytes), Readers: "–", IsOpened: c.Name == l.Variant}
		if c.Readers >= 0 {
			tab.Readers = grouped(c.Readers)
		}
		v.Tabs = append(v.Tabs, tab)
	}
	v.showLetter(s.o.Words.Letter, l)
	problems := errorsFirst(l.Problems)
	for _, p := range problems[:min(len(problems), maxProblems)] {
		v.Problems = append(v.Problems, problemView{p, p.place(), template.URL(s.o.editURL(p.Path, p.Line, p.Col))})
	}
	v.More = len(problems) - len(v.Problems)
	if v.Worst = "warning"; countErrors(problems) > 0 {
		v.Worst = "error"
	}
	return v
}

func (v *lettersView) showLetter(words LetterWords, l Letters) {
	if l.HTML == "" && l.Text == "" {
		return
	}
	at := place{issue: l.Issue, variant: l.Variant}.url()
	document := func(name, scheme string) string {
		q := url.Values{}
		if scheme != "" {
			q.Set("scheme", scheme)
		}
		if l.Member != "" {
			q.Set("member", l.Member)
		}
		return strings.TrimSuffix(at+name+"?"+q.Encode(), "?")
	}
	v.Views = []letterFrame{
		{"wide", words.Wide, document("letter.html", "light"), 600},
		{"phone", words.Phone, document("letter.html", "light"), 375},
		{"dark", words.Dark, document("letter.html", "dark"), 375},
	}
	v.TextURL = document("letter.txt", "")
	v.Version = digest([]byte(l.HTML))
	var cuts [2]bool
	v.Inbox.Sender = senderName(l.From)
	v.Inbox.Subject, cuts[0] = cut(l.Subject, inboxColumns)
	v.Inbox.Preheader, cuts[1] = cut(l.Preheader, inboxColumns)
	v.Inbox.IsCut = cuts[0] || cuts[1]
	if cuts[0] {
		v.Inbox.Subject += "…"
	}
	if cuts[1] {
		v.Inbox.Preheader += "…"
	}
}

func (s *Server) lettersPage(status int, v lettersView) answer {
	var b bytes.Buffer
	if err := lettersLayout.Execute(&b, v); err != nil {
		return s.failed(fmt.Errorf("make the page of letters: %w", err))
	}
	return answer{status: status, version: none, Content: Content{Type: contentType("letters.html"), Body: b.Bytes()}}
}

// titleOf returns a choice's title, or its name if it has none.
func titleOf(choices []Choice, name string) string {
	for _, c := range choices {
		if c.Name == name && c.Title != "" {
			return c.Title
		}
	}
	return name
}

// place is path:line:col, as far as they are known.
func (p Problem) place() string {
	at := p.Path
	if at != "" && p.Line > 0 {
		at += ":" + strconv.Itoa(p.Line)
		if p.Col > 0 {
			at += ":" + strconv.Itoa(p.Col)
		}
	}
	return at
}

// kilobytes rounds up, in the 1024 bytes that Gmail counts its limit in.
func kilobytes(n int) string { return grouped((n+1023)/1024) + " KB" }

// grouped writes a number with a comma before each three digits.
func grouped(n int) string {
	digits := strconv.Itoa(n)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}
