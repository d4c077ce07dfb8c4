package frontmatter_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
)

var tokyo = time.FixedZone("JST", 9*60*60)

// event is a page with a field of every supported type.
type event struct {
	Common   `yaml:",inline"`
	Mode     string                        `yaml:"mode" enum:"offline,online,hybrid"`
	Days     []string                      `yaml:"days" enum:"mon,tue"`
	Start    time.Time                     `yaml:"start"`
	Ends     frontmatter.Time              `yaml:"ends"`
	Venue    venue                         `yaml:"venue"`
	Online   *venue                        `yaml:"online"`
	Amount   int                           `yaml:"amount" min:"0" max:"100000"`
	Size     int64                         `yaml:"size"`
	Weight   float64                       `yaml:"weight"`
	Lifetime time.Duration                 `yaml:"lifetime"`
	Timeline []step                        `yaml:"timeline"`
	Prices   map[string]int                `yaml:"prices"`
	Sections frontmatter.Entries[venue]    `yaml:"sections"`
	Label    frontmatter.Localized         `yaml:"label" nonempty:"true"`
	Params   []frontmatter.Param           `yaml:"params"`
	Audience who                           `yaml:"audience"`
	Notes    frontmatter.Entries[[]string] `yaml:"notes"`
	_        string
	Skipped  string `yaml:"-"`
}

type Common struct {
	Title  string   `yaml:"title,required" nonempty:"true"`
	Tags   []string `yaml:"tags" nonempty:"true"`
	Points []string `yaml:"points" max:"3"`
	Draft  bool     `yaml:"draft"`
}

type venue struct {
	Name string `yaml:"name,required"`
	Zip  string `yaml:"postal_code"`
}

type step struct {
	When string `yaml:"when"`
	What string `yaml:"what"`
}

// who decodes itself.
type who struct{ names []string }

func (w *who) DecodeFrontMatter(n *frontmatter.Node, o frontmatter.Options) diag.Problems {
	if n.Text() == "nobody" {
		return diag.Problems{diag.New(n.Pos(), diag.BadChoice, "value", "nobody")}
	}
	return frontmatter.Decode(n, &w.names, o)
}

// read decodes front matter, without its borders, as an event.
func read(t *testing.T, yaml string) (event, diag.Problems) {
	t.Helper()
	file, problems := frontmatter.Split("p.md", []byte("---\n"+yaml+"\n---\nbody\n"))
	if string(file.Body) != "body\n" {
		t.Errorf("the body is %q, want %q", file.Body, "body\n")
	}
	var e event
	problems = append(problems, frontmatter.Decode(file.Node, &e, frontmatter.Options{Zone: tokyo})...)
	problems.Sort()
	return e, problems
}

// check compares problems with lines of the form "line:col: … [rule]", in
// which … stands for any text.
func check(t *testing.T, problems diag.Problems, want ...string) {
	t.Helper()
	var got []string
	for _, p := range problems {
		got = append(got, strings.TrimPrefix(p.Line(diag.English), p.Path+":"))
	}
	same := len(got) == len(want)
	for i := 0; same && i < len(want); i++ {
		same = matches(got[i], strings.Split(want[i], "…"))
	}
	if !same {
		t.Errorf("got:\n%swant:\n%s", indented(got), indented(want))
	}
}

// matches reports whether line is made of parts, in order, with any text
// between them.
func matches(line string, parts []string) bool {
	line, ok := strings.CutPrefix(line, parts[0])
	for _, part := range parts[1:] {
		i := strings.Index(line, part)
		if !ok || i < 0 {
			return false
		}
		line = line[i+len(part):]
	}
	return ok && line == ""
}

func indented(lines []string) string {
	var b strings.Builder
	for _, line := range lines {
		fmt.Fprintf(&b, "\t%s\n", line)
	}
	return b.String()
}
