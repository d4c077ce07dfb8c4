package layout

import (
	"errors"
	"html/template"
	"strings"
	"testing"
	"testing/fstest"

	"kaiho/generator/diag"
)

type mail struct {
	Title string
	Width int
	Body  template.HTML
}

// letterHead is what makes a letter.html a whole document.
const letterHead = "<!doctype html>\n"

func letters(changes ...string) fstest.MapFS {
	return project(append([]string{
		"layouts/letter.html", letterHead + `<p title="{{.Title}}" class="a">  {{t "hello" .Title}} </p>` + "\n",
		"layouts/letter.txt", "{{t `hello` .Title}}  <{{.Title}}>\n\n",
	}, changes...)...)
}

func TestLetter(t *testing.T) {
	tests := []struct {
		name, lang string
		changes    []string
		html, text string
	}{
		{"nothing is minified, and text is not escaped", "ja", nil,
			letterHead + `<p title="A &amp; &#34;B&#34;" class="a">  A &amp; &#34;B&#34;さん </p>` + "\n", "A & \"B\"さん  <A & \"B\">\n\n"},
		{"the other language has its own words", "en", []string{"layouts/letter.html", letterHead + "{{lang}}"},
			letterHead + "en", "Hello, A & \"B\"  <A & \"B\">\n\n"},
		{"it calls partials and what it defines", "en", []string{"layouts/letter.html", letterHead + "{{template `partials/words.html`}}", "layouts/letter.txt", "{{define `a`}}<a>{{end}}x{{template `a`}}"},
			letterHead + "<ul></ul>", "x<a>"},
		{"it does not fill the skeleton", "en", []string{"layouts/letter.html", letterHead + "{{template `main` .}}{{define `main`}}<i>{{.Body}}</i>{{end}}"},
			letterHead + "<i><b>x</b></i>", "Hello, A & \"B\"  <A & \"B\">\n\n"},
		{"Outlook's comments stay, and others go", "en", []string{"layouts/letter.html", letterHead + "<!-- x -->{{outlook `<table width=\"600\"><tr><td>`}}y{{outlook \"</td></tr></table>\"}}"},
			letterHead + `<!--[if mso]><table width="600"><tr><td><![endif]-->y<!--[if mso]></td></tr></table><![endif]-->`, "Hello, A & \"B\"  <A & \"B\">\n\n"},
		{"pictures are scaled", "en", []string{"layouts/letter.html", letterHead + `<img height="{{scale 800 .Width 536}}">`},
			letterHead + `<img height="357">`, "Hello, A & \"B\"  <A & \"B\">\n\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set, problems := Load(nil, letters(tt.changes...), both)
			if len(problems) > 0 {
				t.Fatalf("problems: %v", problems)
			}
			html, text, err := set.Letter(tt.lang, mail{`A & "B"`, 1200, "<b>x</b>"})
			if err != nil || html != tt.html || text != tt.text {
				t.Errorf("got  %q, %q, %v\nwant %q, %q", html, text, err, tt.html, tt.text)
			}
		})
	}
}

func TestLetterTellsProblems(t *testing.T) {
	const quoted = `error: the layout cannot be read: outlook takes one text in quotes, as in {{outlook "<tr>"}}`
	tests := []struct{ name, file, text, want string }{
		{"an unclosed action in text", "letter.txt", "x\n{{if .Title}}\n", `layouts/letter.txt:3:1: error: the layout cannot be read: unexpected EOF`},
		{"an unknown function in text", "letter.txt", "\n{{shout .}}", `layouts/letter.txt:2:1: error: the layout cannot be read: function "shout" not defined`},
		{"HTML for Outlook in text", "letter.txt", "{{outlook `<tr>`}}", `layouts/letter.txt:1:1: error: the layout cannot be read: function "outlook" not defined`},
		{"an unknown string in text", "letter.txt", "日本{{t `helo`}}", `layouts/letter.txt:1:7: error: no strings file has the key "helo". Did you mean "hello"?`},
		{"a template that is not there in text", "letter.txt", "日本{{template `a`}}{{define `b`}}{{end}}", `layouts/letter.txt:1:14: error: the layout cannot be read: no such template "a"`},
		{"a partial in text", "letter.txt", "{{template `partials/words.html` .}}", `layouts/letter.txt:1:12: error: the layout cannot be read: no such template "partials/words.html"`},
		{"a text that is empty", "letter.txt", " \n", `layouts/letter.txt:1:1: error: the layout is empty`},
		{"a text of definitions alone", "letter.txt", "{{define `a`}}x{{end}}", `layouts/letter.txt:1:1: error: the layout is empty`},
		{"a letter that is a part of a document", "letter.html", "{{define `main`}}<p>x{{end}}", `layouts/letter.html:1:1: error: the layout has no "main" and is no whole document`},
		{"another text", "note.txt", "x", `layouts/note.txt:1:1: warning: this file is no layout`},
		{"a text among the partials", "partials/letter.txt", "x", `layouts/partials/letter.txt:1:1: warning: this file is no layout`},
		{"a view's words for Outlook", "letter.html", letterHead + "{{outlook .Title}}", `layouts/letter.html:2:3: ` + quoted},
		{"a view's words in a pipeline for Outlook", "letter.html", letterHead + "{{.Title | outlook}}", `layouts/letter.html:2:12: ` + quoted},
		{"made words for Outlook", "letter.html", letterHead + "{{with outlook (print `<tr>`)}}{{.}}{{end}}", `layouts/letter.html:2:8: ` + quoted},
		{"the end of Outlook's comment", "letter.html", letterHead + "{{outlook `a-->b`}}", `layouts/letter.html:2:3: error: the layout cannot be read: outlook takes no -->: it would end the comment`},
		{"the other end of Outlook's comment", "partials/words.html", "{{outlook `a--!>b`}}", `layouts/partials/words.html:1:3: error: the layout cannot be read: outlook takes no --!>`},
		{"a condition in Outlook's comment", "letter.html", letterHead + "{{outlook `<![endif]`}}", `layouts/letter.html:2:3: error: the layout cannot be read: outlook takes no <!`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, problems := Load(fstest.MapFS{"layouts/" + tt.file: {Data: []byte(tt.text)}}, letters(), both)
			if len(problems) != 1 {
				t.Fatalf("got %d problems, want 1: %v", len(problems), problems)
			}
			if got := problems[0].Line(diag.English); !strings.HasPrefix(got, tt.want) {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
}

func TestLetterSaysWhereItFails(t *testing.T) {
	tests := []struct{ name, lang, file, text, want string }{
		{"a field that the view lacks", "en", "letter.html", letterHead + "日本 {{.Titel}}", "layouts/letter.html:2:6: error: the layout letter.html failed: .Titel: can't evaluate field Titel"},
		{"a field that the view lacks, in text", "en", "letter.txt", "日本 {{.Titel}}", "layouts/letter.txt:1:6: error: the layout letter.txt failed: .Titel: can't evaluate field Titel"},
		{"a picture without a size", "en", "letter.html", letterHead + "{{scale 1 0 2}}", "layouts/letter.html:2:3: error: the layout letter.html failed: scale 1 0 2: scale from 0: it must be more than 0."},
		{"a letter with a problem", "en", "letter.html", "{{", "layouts/letter.html:1:1: error: the layout letter.html failed: there is no layout of this name that loads without errors."},
		{"a text with a problem", "en", "letter.txt", "{{", "layouts/letter.txt:1:1: error: the layout letter.txt failed: there is no layout of this name"},
		{"a language that is not there", "fr", "letter.txt", "x", "layouts/letter.html:1:1: error: the layout letter.html failed: layouts were not loaded for the language fr."},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			set, _ := Load(fstest.MapFS{"layouts/" + tt.file: {Data: []byte(tt.text)}}, letters(), both)
			_, _, err := set.Letter(tt.lang, mail{})
			if failed, ok := errors.AsType[*RenderError](err); !ok || !strings.HasPrefix(failed.Error(), tt.want) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

// A page of a site cannot ask for a letter, and another letter is another set.
func TestLettersAreNoPages(t *testing.T) {
	set, _ := Load(nil, letters(), both)
	if _, err := set.Execute("en", "letter.html", mail{}); err == nil || set.Has("letter.html") || set.Has("letter.txt") {
		t.Errorf("a letter passes for a page: %v, names %q", err, set.Names())
	}
	if _, ok := set.Source("letter.txt"); !ok {
		t.Error("letter.txt has no source")
	}
	for _, name := range []string{"layouts/letter.html", "layouts/letter.txt"} {
		other, _ := Load(nil, letters(name, letterHead+"other"), both)
		if set.Hash() == other.Hash() {
			t.Errorf("another %s has the same hash", name)
		}
	}
}

// What pages write with the functions for letters is what html/template makes
// of them.
func TestFunctionsOfLettersInPages(t *testing.T) {
	set, problems := Load(nil, project("layouts/p.html", `<!doctype html>{{outlook "<tr>"}}<img height="{{scale 800 .Width 536}}">{{scale 3 .Width 2}}`), both)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, width := range []int{1200, 0} {
		want, err := set.Interpreted("en", "p.html", mail{Width: width})
		if got, ok := set.Compiled("en", "p.html", mail{Width: width}); ok != (err == nil) || ok && string(got) != string(want) {
			t.Errorf("width %d: got %s, %v, want %s, %v", width, got, ok, want, err)
		}
	}
}
