package doctor

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"kaiho/generator/diag"
)

// Style is how findings are written to a terminal.
type Style struct {
	Lang   diag.Lang
	Colour bool
	Wrap   func(text string, columns int) []string // breaks a text into lines; nil: none
	Width  int                                     // of a line, in columns, for Wrap
}

// headings of the topics.
var headings = map[Topic]map[diag.Lang]string{
	Settings: {diag.English: "Settings", diag.Japanese: "設定"},
	Files:    {diag.English: "Files", diag.Japanese: "ファイル"},
	Keys:     {diag.English: "Keys", diag.Japanese: "鍵"},
	Database: {diag.English: "Members", diag.Japanese: "会員"},
	Clock:    {diag.English: "Clock", diag.Japanese: "時計"},
	DNS:      {diag.English: "Domain", diag.Japanese: "ドメイン"},
	Relay:    {diag.English: "Mail server", diag.Japanese: "メールサーバー"},
	Site:     {diag.English: "Site", diag.Japanese: "サイト"},
}

// marks are sign, words and colour (SGR) of the severities. The words say what the
// sign and the colour do.
var marks = map[diag.Severity]struct {
	sign, colour string
	word         map[diag.Lang]string
}{
	diag.Fine:    {"✓", "32", map[diag.Lang]string{diag.English: "ok     ", diag.Japanese: "よし"}},
	diag.Warning: {"!", "33", map[diag.Lang]string{diag.English: "warning", diag.Japanese: "注意"}},
	diag.Error:   {"✗", "31", map[diag.Lang]string{diag.English: "error  ", diag.Japanese: "誤り"}},
}

// Print writes the findings to w, topic by topic, a line each and what to do below it.
// Its error is that of w.
func (fs Findings) Print(w io.Writer, s Style) error {
	var b strings.Builder
	var topic Topic
	for _, f := range fs {
		if f.Topic != topic {
			if topic != "" {
				b.WriteByte('\n')
			}
			topic = f.Topic
			b.WriteString(s.paint(headings[topic][s.Lang], "1") + "\n")
		}
		mark := marks[f.Severity]
		word := mark.word[s.Lang]
		lead := "  " + mark.sign + " " + word + "  "
		indent := 4 + len(word) + 2
		if s.Lang == diag.Japanese {
			indent = 4 + 4 + 2 // two characters of two columns
		}
		for i, line := range s.lines(f.Message(s.Lang), indent) {
			if i == 0 {
				b.WriteString(s.paint(lead, mark.colour) + line + "\n")
			} else {
				fmt.Fprintf(&b, "%*s%s\n", indent, "", line)
			}
		}
		for i, line := range s.lines(f.Remedy(s.Lang), indent+2) {
			arrow := "  "
			if i == 0 {
				arrow = "→ "
			}
			if line != "" {
				fmt.Fprintf(&b, "%*s%s%s\n", indent, "", arrow, line)
			}
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (s Style) lines(text string, indent int) []string {
	if s.Wrap == nil || s.Width <= indent+20 {
		return []string{text}
	}
	return s.Wrap(text, s.Width-indent)
}

func (s Style) paint(text, colour string) string {
	if !s.Colour {
		return text
	}
	return "\x1b[" + colour + "m" + text + "\x1b[0m"
}

// WriteJSON writes the findings to w as
// {"errors":n,"warnings":n,"findings":[{"id","topic","severity","message","remedy"}]}.
func (fs Findings) WriteJSON(w io.Writer, lang diag.Lang) error {
	type finding struct {
		ID       diag.Rule `json:"id"`
		Topic    Topic     `json:"topic"`
		Severity string    `json:"severity"`
		Message  string    `json:"message"`
		Remedy   string    `json:"remedy"`
	}
	doc := struct {
		Errors   int       `json:"errors"`
		Warnings int       `json:"warnings"`
		Findings []finding `json:"findings"`
	}{fs.Count(diag.Error), fs.Count(diag.Warning), []finding{}}
	for _, f := range fs {
		doc.Findings = append(doc.Findings, finding{f.ID, f.Topic, f.Severity.String(), f.Message(lang), f.Remedy(lang)})
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(doc)
}
