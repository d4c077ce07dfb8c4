package markdown_test

import (
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kaiho/generator/markdown"
)

var update = flag.Bool("update", false, "write testdata/mail.*")

// atHome is the target of a reference as a letter has it.
func atHome(r markdown.Ref) markdown.Target {
	switch {
	case strings.HasPrefix(r.Dest, "-"):
		return markdown.Target{}
	case strings.Contains(r.Dest, ":"):
		return markdown.Target{URL: r.Dest, Width: 1200, Height: 800}
	case strings.HasSuffix(r.Dest, "icon.png"):
		return markdown.Target{URL: "https://example.jp/" + r.Dest, Width: 20, Height: 20}
	}
	return markdown.Target{URL: "https://example.jp/" + r.Dest, Width: 1200, Height: 801}
}

// letter returns a body as a letter in lang has it.
func letter(src, lang string, readable func(markdown.Part) bool) (markdown.Mail, *markdown.Source) {
	s, _ := markdown.Parse("page.md", []byte(src), 1, markdown.Options{RawHTML: true})
	var addresses []string
	return s.Mail(readable, markdown.MailOptions{Lang: lang, Resolve: atHome, Number: func(url string) int {
		if i := slices.Index(addresses, url); i >= 0 {
			return i + 1
		}
		addresses = append(addresses, url)
		return len(addresses)
	}}), s
}

func TestLetterOfEveryConstruct(t *testing.T) {
	src, err := os.ReadFile("testdata/mail.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"ja", "en"} {
		m, _ := letter(string(src), lang, everything)
		for name, got := range map[string]string{"testdata/mail." + lang + ".html": m.HTML + "\n", "testdata/mail." + lang + ".txt": m.Text + "\n"} {
			if *update {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("%s is not what is made of mail.md; look at the difference after -update. Got\n%s", name, got)
			}
		}
		checkLetter(t, string(src), m)
	}
}

// mailClasses is every class that a letter may have, as Mail says.
var mailClasses = strings.Fields("k-ink k-sub k-link k-rule k-panel k-button")

// checkLetter holds what is true of every letter.
func checkLetter(t *testing.T, src string, m markdown.Mail) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader("<letter>" + m.HTML + "</letter>"))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%q: the HTML is not well-formed: %v\n%s", src, err, m.HTML)
		}
		start, is := token.(xml.StartElement)
		if !is {
			continue
		}
		if !slices.Contains(mailElements, start.Name.Local) {
			t.Errorf("%q: there is <%s>", src, start.Name.Local)
		}
		for _, a := range start.Attr {
			checkAttribute(t, src, start.Name.Local, a.Name.Local, a.Value)
		}
	}
	for _, c := range m.HTML + m.Text {
		if c < ' ' && c != '\n' && c != '\t' || 0x7F <= c && c < 0xA0 {
			t.Errorf("%q: there is a control character %q", src, c)
		}
	}
	for i, line := range strings.Split(m.Text, "\n") {
		if line != strings.TrimRight(line, " \t\u3000") {
			t.Errorf("%q: line %d ends in a blank: %q", src, i, line)
		}
	}
	if m.Text != strings.Trim(m.Text, "\n") || strings.Contains(m.Text, "\u2060") {
		t.Errorf("%q: text has lines around it or a joiner: %q", src, m.Text)
	}
}

var mailElements = strings.Fields("letter p h2 h3 h4 ul ol li blockquote table tr td th pre code hr br strong em del sup a img dl dt dd div")

var mailStyle = regexp.MustCompile(`^[a-z-]+:[^;:]+(;[a-z-]+:[^;:]+)*$`)

func checkAttribute(t *testing.T, src, element, name, value string) {
	t.Helper()
	switch name {
	case "class":
		for class := range strings.FieldsSeq(value) {
			if !slices.Contains(mailClasses, class) {
				t.Errorf("%q: class %q is none of those that are documented", src, class)
			}
		}
	case "style":
		if !mailStyle.MatchString(value) || strings.Contains(value, "var(") || strings.Contains(value, "flex") || strings.Contains(value, "rem") {
			t.Errorf("%q: the style of <%s> is %q", src, element, value)
		}
	case "href":
		if !regexp.MustCompile(`^(https?://.|mailto:.|tel:.)`).MatchString(value) {
			t.Errorf("%q: there is a link to %q", src, value)
		}
	case "src":
		if !regexp.MustCompile(`^https?://.*\.(png|jpe?g|gif)([?#].*)?$`).MatchString(strings.ToLower(value)) {
			t.Errorf("%q: there is a picture at %q", src, value)
		}
	case "alt", "role", "border", "cellpadding", "cellspacing", "width", "height", "align", "bgcolor", "scope", "type", "start", "size":
	default:
		t.Errorf("%q: <%s> has %s=%q", src, element, name, value)
	}
}

func TestLetterHasTheReferencesOfItsReader(t *testing.T) {
	src, err := os.ReadFile("testdata/mail.md")
	if err != nil {
		t.Fatal(err)
	}
	for name, readable := range map[string]func(markdown.Part) bool{"the public": nil, "everybody": everything} {
		m, s := letter(string(src), "ja", readable)
		if want := s.Doc(readable).Refs; !reflect.DeepEqual(m.Refs, want) {
			t.Errorf("%s: got %+v, want %+v", name, m.Refs, want)
		}
	}
}
