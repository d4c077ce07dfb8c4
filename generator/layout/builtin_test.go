package layout_test

import (
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kaiho/generator/diag"
	"kaiho/generator/layout"
	"kaiho/generator/site"
)

// views says which view each built-in layout gets.
var views = map[string]any{
	"home.html":       site.HomePage{},
	"list.html":       site.ListPage{},
	"tags.html":       site.TagsPage{},
	"people.html":     site.PeoplePage{},
	"search.html":     site.SearchPage{},
	"404.html":        site.NotFoundPage{},
	"subscribe.html":  site.SubscribePage{},
	"redirect.html":   site.Redirect{},
	"news.html":       site.NewsPage{},
	"column.html":     site.ColumnPage{},
	"interview.html":  site.InterviewPage{},
	"report.html":     site.ReportPage{},
	"event.html":      site.EventPage{},
	"job.html":        site.JobPage{},
	"notes.html":      site.NotesPage{},
	"page.html":       site.PlainPage{},
	"person.html":     site.PersonPage{},
	"newsletter.html": site.NewsletterPage{},
	"teaser.html":     site.TeaserPage{},
}

func builtin(t testing.TB) *layout.Set {
	t.Helper()
	return builtinWith(t, false)
}

// builtinWith returns the built-in layouts; plain ones are executed as they
// are written.
func builtinWith(t testing.TB, plain bool) *layout.Set {
	t.Helper()
	asset := func(name string) (string, bool) {
		_, err := os.Stat("../../static/assets/" + name)
		return "/assets/" + name, err == nil
	}
	options := layout.Options{Langs: []string{"ja", "en"}, Asset: asset}
	if plain {
		options = layout.Plain(options)
	}
	set, problems := layout.Load(nil, os.DirFS("../.."), options)
	for _, p := range problems {
		t.Error(p.Line(diag.English))
	}
	return set
}

func TestBuiltinLayoutsTakeTheirViews(t *testing.T) {
	set := builtin(t)
	if got, want := set.Names(), slices.Sorted(maps.Keys(views)); !slices.Equal(got, want) {
		t.Errorf("layouts: got %q, want %q", got, want)
	}
	for name, zero := range views {
		filled := reflect.New(reflect.TypeOf(zero)).Elem()
		fill(filled, "", 0)
		for _, lang := range []string{"ja", "en"} {
			for _, view := range []any{zero, filled.Interface()} {
				html, err := set.Execute(lang, name, view)
				if err != nil {
					t.Errorf("%s in %s: %v", name, lang, err)
				}
				for _, residue := range []string{"ZgotmplZ", "{{", "0001-01-01", "<no value>", "%!", " style=", "<style", "aria-label=\"\""} {
					if strings.Contains(string(html), residue) {
						t.Errorf("%s in %s holds %q", name, lang, residue)
					}
				}
				if got := strings.Count(string(html), "<h1"); got != 1 {
					t.Errorf("%s in %s has %d h1, want 1", name, lang, got)
				}
			}
		}
	}
}

// Of a full view no word may be lost, but for the few that a layout shows only
// in some states.
func TestBuiltinLayoutsShowTheirViews(t *testing.T) {
	set := builtin(t)
	for name, zero := range views {
		filled := reflect.New(reflect.TypeOf(zero)).Elem()
		fill(filled, "", 0)
		html, _ := set.Execute("ja", name, filled.Interface())
		for _, field := range []string{"Head.Title", "Head.Description", "Head.Canonical", "Head.Image.URL", "Article.Card.Title", "Article.Lede", "Article.Body",
			"Article.Card.Cover.Caption", "Article.Card.Cover.Credit", "Person.Portrait.Caption", "Person.Portrait.Credit",
			"Article.Points.0", "Article.Series.Title", "Article.Authors.0.Name", "Article.Previous.Title", "Article.Next.URL", "Article.Related.0.Title", "Article.Card.Tags.0.Name",
			"Site.Title", "Site.Organization.Address", "Site.Footer.0.Label", "Site.Menu.0.Label", "Site.Reader", "Event.Venue.Name", "Event.Venue.Access", "Event.Online.URL",
			"Event.Agenda.0", "Event.Bring.0", "Event.Dress", "Job.Duties.ScopeOfChange", "Job.Place.ScopeOfChange", "Job.Contract.Renewal", "Job.Smoking", "Job.Trial", "Job.Hours",
			"People.0.Name", "Timeline.0.What", "Voices.0.Text", "Numbers.0.Value", "Gallery.0.Caption", "Entries.0.Text", "Person.Reading", "Person.Latin", "Links.0.URL", "Cards.0.Title", "Items.0.Title"} {
			if has(reflect.TypeOf(zero), strings.Split(field, ".")) && !(name == "newsletter.html" && (field == "Article.Points.0" || field == "Article.Lede")) &&
				!(name == "notes.html" && field == "Article.Points.0") && !strings.Contains(string(html), field) {
				t.Errorf("%s does not show %s", name, field)
			}
		}
	}
}

func has(t reflect.Type, path []string) bool {
	for _, name := range path {
		switch t.Kind() {
		case reflect.Slice:
			t = t.Elem()
		case reflect.Struct:
			f, ok := t.FieldByName(name)
			if !ok {
				return false
			}
			t = f.Type
		default:
			return false
		}
	}
	return true
}

// fill writes its own path into every string of v, as far as it fits what the
// field must be, and one element into every list.
func fill(v reflect.Value, path string, depth int) {
	switch v.Kind() {
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 12, 4, 18, 30, 0, 0, time.FixedZone("JST", 9*60*60))))
			return
		}
		for i := range v.NumField() {
			if v.Type().Field(i).Name == "Ruby" {
				continue // it takes the place of the title
			}
			fill(v.Field(i), strings.TrimPrefix(path+"."+v.Type().Field(i).Name, "."), depth)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 3, 3))
		for i := range v.Len() {
			fill(v.Index(i), fmt.Sprintf("%s.%d", path, i), depth+1)
		}
	case reflect.String:
		switch {
		case v.Type() == reflect.TypeFor[template.HTML]():
			v.SetString("<p>" + path + "</p>")
		case strings.HasSuffix(path, "Kind"):
			v.SetString("event")
		default:
			v.SetString(path)
		}
	case reflect.Int:
		v.SetInt(2)
	case reflect.Bool:
		v.SetBool(!strings.HasSuffix(path, "Closed") && !strings.HasSuffix(path, "Past"))
	}
}

func TestEventsOfSeveralDays(t *testing.T) {
	day := time.Date(2026, 12, 4, 0, 0, 0, 0, time.FixedZone("JST", 9*60*60))
	tests := []struct {
		name       string
		line       site.EventLine
		want, lack []string
	}{
		{"two days, now", site.EventLine{Start: day, End: day.AddDate(0, 0, 1), AllDay: true, Running: true, Closed: true}, []string{"〜12月5日（土）", ">開催中<"}, []string{"facts-line", "受付終了"}},
		{"one day", site.EventLine{Start: day, End: day, AllDay: true, Mode: "offline"}, []string{"date-block"}, []string{"〜", "facts-line", "開催中"}},
		{"an evening", site.EventLine{Start: day.Add(18 * time.Hour), End: day.Add(20 * time.Hour)}, []string{"18:00〜20:00"}, []string{"date-block-end"}},
		{"a teaser", site.EventLine{}, nil, []string{"date-block", "facts-line"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			card := site.Card{URL: "/events/a/", Title: "集い", Kind: "event", Event: tt.line}
			for name, view := range map[string]any{"home.html": site.HomePage{Events: []site.Card{card}}, "list.html": site.ListPage{Kind: "event", Cards: []site.Card{card}}} {
				html, err := builtin(t).Execute("ja", name, view)
				if err != nil {
					t.Fatal(err)
				}
				for _, text := range tt.want {
					if !strings.Contains(string(html), text) {
						t.Errorf("%s does not show %q", name, text)
					}
				}
				for _, text := range tt.lack {
					if strings.Contains(string(html), text) {
						t.Errorf("%s shows %q", name, text)
					}
				}
			}
		})
	}
}

func TestEventFactsRepeatNothing(t *testing.T) {
	page := site.EventPage{Head: site.Head{Heading: "集い"}}
	page.Article.Card.Title, page.Article.Card.Summary, page.Article.Lede = "集い", "要約です。", "要約です。"
	for _, tt := range []struct {
		heading, lede string
		want          []string
	}{
		{"集い", "要約です。", []string{}},
		{"集い", "", []string{"内容"}},
		{"冬の集い", "", []string{"名称", "内容"}},
	} {
		page.Head.Heading, page.Article.Lede = tt.heading, tt.lede
		html, err := builtin(t).Execute("ja", "event.html", page)
		if err != nil {
			t.Fatal(err)
		}
		got := []string{}
		for _, m := range regexp.MustCompile(`<dt>(.*?)</dt>`).FindAllStringSubmatch(string(html), -1) {
			got = append(got, m[1])
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("heading %q, lede %q: got %q, want %q", tt.heading, tt.lede, got, tt.want)
		}
	}
}

func TestPartialsSayWhatTheyAre(t *testing.T) {
	files, err := filepath.Glob("../../layouts/partials/*.html")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(`^\{\{- /\* .*It takes .*\. \*/ -\}\}\n`).Match(text) {
			t.Errorf("%s does not begin with a comment that says what it shows and what it takes", name)
		}
	}
}

func TestClosedJobsOfferNoWayToApply(t *testing.T) {
	page := site.JobPage{Job: site.Job{ApplyURL: "https://apply.example/", ApplyEmail: "apply@job.example"}}
	for _, closed := range []bool{false, true} {
		page.Job.Line.Closed = closed
		html, err := builtin(t).Execute("ja", "job.html", page)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(html), "apply.example") || strings.Contains(string(html), "apply@job"); got == closed {
			t.Errorf("closed %v: a way to apply %v", closed, got)
		}
		if got := strings.Contains(string(html), "募集は終了しました"); got != closed {
			t.Errorf("closed %v: says so %v", closed, got)
		}
	}
}

func TestStringsOfBothLanguagesAreTheSame(t *testing.T) {
	tables := map[string]map[string]string{}
	argument := regexp.MustCompile(`\{(\d)`)
	for _, lang := range []string{"ja", "en"} {
		b, err := os.ReadFile("../../layouts/strings." + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		tables[lang] = map[string]string{}
		if err := json.Unmarshal(b, new(map[string]string)); err != nil {
			t.Fatal(err)
		}
		table := map[string]string{}
		_ = json.Unmarshal(b, &table)
		tables[lang] = table
	}
	for key, ja := range tables["ja"] {
		en, ok := tables["en"][key]
		if !ok {
			t.Errorf("%q is missing in English", key)
		}
		numbers := func(s string) []string {
			var found []string
			for _, m := range argument.FindAllStringSubmatch(s, -1) {
				found = append(found, m[1])
			}
			slices.Sort(found)
			return slices.Compact(found)
		}
		if !slices.Equal(numbers(ja), numbers(en)) {
			t.Errorf("%q has other arguments in English: %q, %q", key, ja, en)
		}
	}
	for key := range tables["en"] {
		if _, ok := tables["ja"][key]; !ok {
			t.Errorf("%q is missing in Japanese", key)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		builtin(b)
	}
}
