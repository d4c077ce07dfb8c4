package preview

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
)

func TestSinceSendsOnlyWhatIsNeeded(t *testing.T) {
	tests := []struct {
		name     string
		old, new version
		want     string
	}{
		{"nothing changed", "a.1", "a.1", ""},
		{"the text", "a.1", "b.1", "page"},
		{"the style", "a.1", "a.2", "css"},
		{"both", "a.1", "b.2", "page"},
		{"a page went", "a.1", "c.1~404", "gone"},
		{"a page went, and there is no 404.html", "a.1", none, "gone"},
		{"a page came", "c.1~404", "a.1", "page"},
		{"a page came for one of ours", none, "a.1", "page"},
		{"the page for what is not there", "c.1~404", "d.1~404", "page"},
		{"its style", "c.1~404", "c.2~404", "page"},
		{"a 404.html that is a page too", "c.1~404", "c.1", "page"},
	}
	for _, test := range tests {
		if got := test.new.since(test.old); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestSplitStyles(t *testing.T) {
	tests := []struct{ name, page, text, hrefs string }{
		{"as our layouts write it", `<link rel="stylesheet" href="/site.a.css"><body>`, `<link rel="stylesheet" href=><body>`, "/site.a.css"},
		{"minified", `<link rel=stylesheet href=/a.css><link href=/b.css rel=stylesheet>`, `<link rel=stylesheet href=><link href= rel=stylesheet>`, "/a.css /b.css"},
		{"single quotes and escapes", `<LINK REL='Stylesheet' HREF='/a.css?b=1&amp;c=2'/>`, `<LINK REL='Stylesheet' HREF=/>`, "/a.css?b=1&c=2"},
		{"among other relations", `<link rel="preload stylesheet" as="style" href="/a.css">`, `<link rel="preload stylesheet" as="style" href=>`, "/a.css"},
		{"not an icon", `<link rel="icon" href="/stylesheet.ico">`, `<link rel="icon" href="/stylesheet.ico">`, ""},
		{"not data-href", `<link rel="stylesheet" data-href="x" href="y">`, `<link rel="stylesheet" data-href="x" href=>`, "y"},
		{"not in the body", `</head><link rel="stylesheet" href="/a.css">`, `</head><link rel="stylesheet" href="/a.css">`, ""},
		{"a bracket in a value", `<link title="a>b" rel="stylesheet" href="/a.css">`, `<link title="a>b" rel="stylesheet" href=>`, "/a.css"},
	}
	for _, test := range tests {
		before := strings.Clone(test.page)
		text, hrefs := splitStyles([]byte(test.page))
		if string(text) != test.text || strings.Join(hrefs, " ") != test.hrefs || test.page != before {
			t.Errorf("%s: got %q, %q", test.name, text, hrefs)
		}
	}
}

func TestStylesAreKnownByWhatIsInThem(t *testing.T) {
	text := ""
	versionNow := func() version {
		s := NewServer(ServerOptions{})
		s.Show(Snapshot{Base: "/b/", Open: func(_, path string) (Content, error) {
			switch path {
			case "/news/a/":
				return Content{Body: []byte(`<link rel=stylesheet href=/b/reset.css><link rel=stylesheet href=../../site.css><link rel=stylesheet href=//cdn.example/x.css>`)}, nil
			case "/reset.css":
				return Content{Body: []byte("* { margin: 0 }")}, nil
			case "/site.css":
				return Content{Body: []byte(text)}, nil
			}
			return Content{}, &PageError{}
		}})
		return s.answer(s.current.Load(), "", "/b/news/a/").version
	}
	old := versionNow()
	text = "body { color: red }"
	if got := versionNow().since(old); got != "css" {
		t.Errorf("got %q, want css", got)
	}
}

func FuzzInject(f *testing.F) {
	for _, page := range []string{"", "a", "<body></BODY>", "</body></body ></html>", "İ</body>", "</bod", "</"} {
		f.Add([]byte(page))
	}
	f.Fuzz(func(t *testing.T, page []byte) {
		got := inject(page, "v")
		tag := []byte(`<script src="/-/preview.js" data-version="v" defer></script>`)
		if len(got) != len(page)+len(tag) || !bytes.Contains(got, tag) {
			t.Fatalf("got %q", got)
		}
		for at := 0; ; at++ {
			next := bytes.Index(got[at:], tag)
			if next < 0 {
				t.Fatalf("%q is not %q and the script", got, page)
			}
			at += next
			if bytes.Equal(append(bytes.Clone(got[:at]), got[at+len(tag):]...), page) {
				return
			}
		}
	})
}

func FuzzLocalURL(f *testing.F) {
	for _, to := range []string{"/", "/a/?b#c", "//evil", "///evil", "////evil", "/\\evil", "/%2f/evil", "/%2Fevil/ a", "/.//evil", "/a b", "https:/evil", "/お知らせ/"} {
		f.Add(to)
	}
	f.Fuzz(func(t *testing.T, to string) {
		got, ok := localURL(to)
		if !ok {
			return
		}
		base := &url.URL{Scheme: "http", Host: "localhost:8080", Path: "/-/reader"}
		u, err := base.Parse(got)
		if err != nil || u.Host != base.Host || u.Scheme != base.Scheme || strings.HasPrefix(got, "//") || strings.ContainsAny(got, "\\\t\r\n") {
			t.Errorf("%q became %q: %v, %v", to, got, u, err)
		}
	})
}

func TestEditURL(t *testing.T) {
	const code = "vscode://file/{path}:{line}:{col}"
	tests := []struct {
		name, editor, root, file string
		line, col                int
		want                     string
	}{
		{"a pattern with the slash", code, "/home/nagi", "content/a.md", 7, 11, "vscode://file/home/nagi/content/a.md:7:11"},
		{"a pattern without", "txmt://open?url=file://{path}&line={line}", "/p", "a.md", 7, 1, "txmt://open?url=file:///p/a.md&line=7"},
		{"a query", "idea://open?file={path}&line={line}", "/p q", "R&D+#1?.md", 0, 0, "idea://open?file=/p%20q/R%26D%2B%231%3F.md&line=1"},
		{"Japanese", code, "/会", "a:b.md", 1, 1, "vscode://file/%E4%BC%9A/a%3Ab.md:1:1"},
		{"a Windows drive", code, "C:/p", "a.md", 1, 1, "vscode://file/C:/p/a.md:1:1"},
		{"a name that looks like a place", code, "/p", "{line}.md", 3, 1, "vscode://file/p/%7Bline%7D.md:3:1"},
		{"no file", code, "/p", "", 1, 1, ""},
		{"no editor", "", "/p", "a.md", 1, 1, ""},
		{"a script", "javascript:alert('{path}')", "/p", "a.md", 1, 1, ""},
	}
	for _, test := range tests {
		o := ServerOptions{Editor: test.editor, Root: test.root}
		if got := o.editURL(test.file, test.line, test.col); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}
