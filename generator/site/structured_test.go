package site

import (
	"encoding/json"
	"fmt"
	"html/template"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

var (
	dataSite = Site{
		Title: "例社 同窓会", Description: "例社を離れた人と、いまの人のために。", Lang: "ja", Home: "/alumni/",
		Organization: Organization{Name: "株式会社例社", PostalCode: "100-0005", Address: "東京都千代田区丸の内1-2-3", Logo: "/alumni/logo.png"},
	}
	dataHead = Head{
		Title: "題 - 例社", Heading: "題", Description: "説明", Canonical: "https://example.jp/alumni/news/a/",
		Image: Image{URL: "https://example.jp/alumni/a.jpg", Width: 1200, Height: 630, Alt: "工場"},
		Breadcrumbs: []Link{
			{"ホーム", "/alumni/"}, {"ニュース", "/alumni/news/"}, {"題", "/alumni/news/a/"},
		},
	}
	dataArticle = Article{
		Card: Card{
			URL: "/alumni/news/a/", Title: "新工場が動く", Summary: "来春、動きます。", Lang: "ja", Section: Link{"ニュース", "/alumni/news/"},
			Date: time.Date(2026, 5, 1, 9, 0, 0, 0, tokyoTime), Tags: []Tag{{Name: "工場"}},
		},
		Body:    "<p>本文</p>",
		Updated: time.Date(2026, 5, 2, 9, 0, 0, 0, tokyoTime),
		Authors: []Person{{URL: "/alumni/people/yamada/", Name: "山田 太郎", Former: "高橋", Now: Now{"例大学", "教授"}}},
	}
)

// parseScripts reads the objects back, as a browser finds them.
func parseScripts(t *testing.T, data string) []map[string]any {
	t.Helper()
	var objects []map[string]any
	for data != "" {
		rest, found := strings.CutPrefix(data, `<script type="application/ld+json">`)
		text, rest, closed := strings.Cut(rest, "</script>\n")
		if !found || !closed {
			t.Fatalf("not a script element: %s", data)
		}
		if strings.ContainsAny(text, "<>&") {
			t.Fatalf("markup in %s", text)
		}
		var object map[string]any
		if err := json.Unmarshal([]byte(text), &object); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		if object["@context"] != "https://schema.org" {
			t.Errorf("got context %v", object["@context"])
		}
		objects, data = append(objects, object), rest
	}
	return objects
}

// dataAt follows a path of keys and indexes; nil if it leads nowhere.
func dataAt(value any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, _ := value.(map[string]any)
			value = object[step]
		case int:
			list, _ := value.([]any)
			if step >= len(list) {
				return nil
			}
			value = list[step]
		}
	}
	return value
}

// sameData compares a value of JSON with one of Go.
func sameData(got, want any) bool {
	if n, isInt := want.(int); isInt {
		want = float64(n)
	}
	return reflect.DeepEqual(got, want)
}

type dataWant struct {
	path []any
	want any
}

func checkData(t *testing.T, data string, kind string, wants []dataWant) {
	t.Helper()
	objects := parseScripts(t, data)
	i := slices.IndexFunc(objects, func(o map[string]any) bool { return o["@type"] == kind })
	if kind == "" {
		for _, object := range objects {
			if object["@type"] != "BreadcrumbList" {
				t.Errorf("got %v, want none", object["@type"])
			}
		}
		return
	}
	if i < 0 {
		t.Fatalf("got no %s in %s", kind, data)
	}
	for _, w := range wants {
		if got := dataAt(any(objects[i]), w.path...); !sameData(got, w.want) {
			t.Errorf("%v: got %#v, want %#v", w.path, got, w.want)
		}
	}
}

func keys(steps ...any) []any { return steps }

func TestArticlesAreDescribed(t *testing.T) {
	common := []dataWant{
		{keys("headline"), "新工場が動く"},
		{keys("description"), "来春、動きます。"},
		{keys("datePublished"), "2026-05-01T09:00:00+09:00"},
		{keys("dateModified"), "2026-05-02T09:00:00+09:00"},
		{keys("inLanguage"), "ja"},
		{keys("mainEntityOfPage"), "https://example.jp/alumni/news/a/"},
		{keys("image", "url"), "https://example.jp/alumni/a.jpg"},
		{keys("image", "width"), 1200},
		{keys("author", "name"), "山田 太郎"},
		{keys("author", "url"), "https://example.jp/alumni/people/yamada/"},
		{keys("author", "alternateName"), nil},
		{keys("publisher", "@id"), "https://example.jp/alumni/#organization"},
		{keys("publisher", "name"), "株式会社例社"},
		{keys("publisher", "logo"), "https://example.jp/alumni/logo.png"},
		{keys("isAccessibleForFree"), nil},
	}
	guest := Person{Name: "鈴木 花子", Now: Now{"別社", "部長"}}
	tests := []struct {
		name, data, kind string
		wants            []dataWant
	}{
		{"news is NewsArticle", newsData(NewsPage{Site: dataSite, Head: dataHead, Article: dataArticle}), "NewsArticle", nil},
		{"a column is Article", columnData(ColumnPage{Site: dataSite, Head: dataHead, Article: dataArticle}), "Article", nil},
		{"notes are Article", notesData(NotesPage{Site: dataSite, Head: dataHead, Article: dataArticle}), "Article", nil},
		{"an interview is about those who speak", interviewData(InterviewPage{Site: dataSite, Head: dataHead, Article: dataArticle,
			People: []Person{dataArticle.Authors[0], guest}}), "Article", []dataWant{
			{keys("about", 0, "url"), "https://example.jp/alumni/people/yamada/"},
			{keys("about", 1, "name"), "鈴木 花子"}, {keys("about", 1, "url"), nil},
			{keys("about", 1, "jobTitle"), "部長"}, {keys("about", 1, "worksFor", "name"), "別社"},
		}},
		{"a report is about its event, which it does not describe again", reportData(ReportPage{Site: dataSite, Head: dataHead,
			Article: dataArticle, Event: Card{URL: "/alumni/events/b/", Title: "同窓会"}}), "Article", []dataWant{
			{keys("about", "@id"), "https://example.jp/alumni/events/b/#event"}, {keys("about", "@type"), nil},
		}},
		{"a report without an event", reportData(ReportPage{Site: dataSite, Head: dataHead, Article: dataArticle}), "Article",
			[]dataWant{{keys("about"), nil}}},
		{"a newsletter is in an issue", newsletterData(NewsletterPage{Site: dataSite, Head: dataHead, Article: dataArticle, Number: 7}),
			"Article", []dataWant{{keys("isPartOf", "issueNumber"), 7}, {keys("isPartOf", "isPartOf", "name"), "例社 同窓会"}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			checkData(t, test.data, test.kind, append(test.wants, common...))
			checkData(t, test.data, "BreadcrumbList", []dataWant{
				{keys("itemListElement", 1, "position"), 2},
				{keys("itemListElement", 1, "name"), "ニュース"},
				{keys("itemListElement", 2, "item"), "https://example.jp/alumni/news/a/"},
			})
		})
	}
}

func TestAnArticleWithoutAuthorsIsThePublishers(t *testing.T) {
	article := dataArticle
	article.Authors = nil
	data := newsData(NewsPage{Site: dataSite, Head: dataHead, Article: article})
	checkData(t, data, "NewsArticle", []dataWant{{keys("author", "@type"), "Organization"}})
	article.Card.Authors, article.Card.Seal = []string{"佐藤"}, "同窓生"
	data = newsData(NewsPage{Site: dataSite, Head: dataHead, Article: article})
	checkData(t, data, "NewsArticle", []dataWant{
		{keys("author", "@type"), "Person"}, {keys("author", "name"), "佐藤"}, {keys("isAccessibleForFree"), false},
	})
}

func TestATeaserSaysNoMoreThanItsCard(t *testing.T) {
	card := dataArticle.Card
	card.Locked, card.Seal, card.Authors = true, "同窓生", []string{"山田 太郎"}
	data := teaserData(TeaserPage{Site: dataSite, Head: dataHead, Card: card})
	checkData(t, data, "Article", []dataWant{
		{keys("headline"), "新工場が動く"}, {keys("isAccessibleForFree"), false}, {keys("image", "height"), 630},
		{keys("author", "@type"), "Organization"}, {keys("articleBody"), nil},
	})
	if strings.Contains(data, "山田") {
		t.Errorf("got the author in %s", data)
	}
}

func TestPagesAreDescribed(t *testing.T) {
	person := Person{URL: "/alumni/people/yamada/", Name: "山田 太郎", Reading: "やまだ たろう", Latin: "YAMADA Taro", Former: "高橋",
		Portrait: Image{URL: "/alumni/yamada.jpg"}}
	profile := PersonPage{Site: dataSite, Head: dataHead, Person: person, Links: []Link{{"X", "https://x.example/yamada"}, {"mail", "mailto:a@b"}}}
	private := profile
	private.Person.URL = ""
	tests := []struct {
		name, data, kind string
		wants            []dataWant
	}{
		{"a standing page is WebPage", plainData(PlainPage{Site: dataSite, Head: dataHead, Article: dataArticle, Version: "2"}), "WebPage",
			[]dataWant{{keys("name"), "新工場が動く"}, {keys("version"), "2"}, {keys("isPartOf", "@id"), "https://example.jp/alumni/#website"}}},
		{"a list is CollectionPage", listData(ListPage{Site: dataSite, Head: dataHead, Title: "ニュース"}), "CollectionPage",
			[]dataWant{{keys("name"), "ニュース"}, {keys("url"), "https://example.jp/alumni/news/a/"}}},
		{"the tags are CollectionPage", tagsData(TagsPage{Site: dataSite, Head: dataHead, Title: "タグ"}), "CollectionPage", nil},
		{"the people are CollectionPage", peopleData(PeoplePage{Site: dataSite, Head: dataHead, Title: "人"}), "CollectionPage", nil},
		{"a person with a page is ProfilePage", personData(profile), "ProfilePage", []dataWant{
			{keys("mainEntity", "name"), "山田 太郎"},
			{keys("mainEntity", "alternateName"), []any{"やまだ たろう", "YAMADA Taro"}},
			{keys("mainEntity", "image", "url"), "https://example.jp/alumni/yamada.jpg"},
			{keys("mainEntity", "sameAs"), []any{"https://x.example/yamada"}},
		}},
		{"a person without a page is not described", personData(private), "", nil},
		{"the home page is WebSite", homeData(HomePage{Site: dataSite, Head: dataHead}), "WebSite",
			[]dataWant{{keys("url"), "https://example.jp/alumni/"}, {keys("publisher", "@id"), "https://example.jp/alumni/#organization"}}},
		{"the home page has the Organization", homeData(HomePage{Site: dataSite, Head: dataHead}), "Organization", []dataWant{
			{keys("address", "addressRegion"), "東京都"}, {keys("address", "addressLocality"), "千代田区"},
			{keys("address", "streetAddress"), "丸の内1-2-3"}, {keys("address", "postalCode"), "100-0005"}, {keys("address", "addressCountry"), "JP"},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) { checkData(t, test.data, test.kind, test.wants) })
	}
	if data := personData(profile); strings.Contains(data, "高橋") {
		t.Errorf("got the former name in %s", data)
	}
}

func TestAddressesInFull(t *testing.T) {
	tests := []struct{ name, base, ref, want string }{
		{"a path from the root", "https://example.jp/alumni/a/", "/alumni/b/", "https://example.jp/alumni/b/"},
		{"an address in full stays", "https://example.jp/", "https://other.example/x.png", "https://other.example/x.png"},
		{"Japanese is escaped", "https://example.jp/", "/tags/工場/", "https://example.jp/tags/%E5%B7%A5%E5%A0%B4/"},
		{"what is escaped stays", "https://example.jp/", "/tags/%E5%B7%A5/", "https://example.jp/tags/%E5%B7%A5/"},
		{"nothing stays nothing", "https://example.jp/", "", ""},
		{"a script is no address", "https://example.jp/", "javascript:alert(1)", ""},
		{"without a canonical address there is none", "", "/a/", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := dataURL(Head{Canonical: test.base}, test.ref); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestNothingEndsTheScript(t *testing.T) {
	const evil = "</script><script>alert(1)</script><!--\u2028\xff"
	fill := func(view any) { fillTexts(reflect.ValueOf(view).Elem(), evil) }
	var (
		news   NewsPage
		event  EventPage
		job    JobPage
		person PersonPage
		home   HomePage
		teaser TeaserPage
	)
	for _, view := range []any{&news, &event, &job, &person, &home, &teaser} {
		fill(view)
	}
	event.Article.Card.Seal, job.Article.Card.Seal = "", ""
	job.Job.Line.Closed, job.Job.Line.Remote = false, "full"
	job.Article.Body = template.HTML(evil)
	for i, data := range []string{newsData(news), eventData(event), jobData(job), personData(person), homeData(home), teaserData(teaser)} {
		if len(parseScripts(t, data)) == 0 && i != 3 {
			t.Errorf("%d: got nothing", i)
		}
	}
}

// fillTexts sets every text of a view, and its dates and numbers, so that
// nothing is left out for being empty.
func fillTexts(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
	case reflect.Int:
		v.SetInt(5)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fillTexts(v.Index(i), text)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Date(2026, 5, 1, 0, 0, 0, 0, tokyoTime)))
			return
		}
		for i := range v.NumField() {
			fillTexts(v.Field(i), text)
		}
	}
}

func ExampleSite() {
	head := Head{Canonical: "https://example.jp/"}
	fmt.Print(homeData(HomePage{Site: Site{Title: "同窓会", Lang: "ja", Home: "/"}, Head: head}))
	// Output:
	// <script type="application/ld+json">{"@context":"https://schema.org","@type":"WebSite","@id":"https://example.jp/#website","name":"同窓会","url":"https://example.jp/","inLanguage":"ja","publisher":{"@id":"https://example.jp/#organization"}}</script>
	// <script type="application/ld+json">{"@context":"https://schema.org","@type":"Organization","@id":"https://example.jp/#organization","name":"同窓会","url":"https://example.jp/"}</script>
}
