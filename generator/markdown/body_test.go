package markdown_test

import (
	"slices"
	"strings"
	"testing"

	"kaiho/generator/markdown"
)

// elsewhere is a target with everything that one can have, or none.
func elsewhere(r markdown.Ref) markdown.Target {
	if strings.HasPrefix(r.Dest, "-") {
		return markdown.Target{}
	}
	return markdown.Target{URL: "/x/" + r.Dest, Width: 3, Height: 2, Srcset: r.Dest + " 2x", Sizes: "50vw", Gallery: "25vw"}
}

// TestPicturesSayHowTheyAreShown looks at the attributes of pictures that a target
// decides.
func TestPicturesSayHowTheyAreShown(t *testing.T) {
	s, _ := markdown.Parse("page.md", []byte("![a](a.jpg)\n\n:::gallery\n![b](b.jpg)\n:::\n\n![c](c.jpg) text\n"), 1, markdown.Options{})
	html := s.Doc(everything).HTML(func(r markdown.Ref) markdown.Target {
		target := elsewhere(r)
		target.Lead = r.Dest == "a.jpg"
		return target
	})
	for _, want := range []string{
		`alt=a width=3 height=2 srcset="a.jpg 2x" sizes=50vw loading=eager fetchpriority=high`,
		`alt=b width=3 height=2 srcset="b.jpg 2x" sizes=25vw loading=lazy`,
		`alt=c width=3 height=2 srcset="c.jpg 2x" sizes=50vw loading=lazy`,
	} {
		if !strings.Contains(strings.ReplaceAll(html, `"`, ""), strings.ReplaceAll(want, `"`, "")) {
			t.Errorf("got %s, want %s", html, want)
		}
	}
}

// FuzzBodyIsTheSameAfterTheFile holds that what Append writes is what
// DecodeBody reads.
func FuzzBodyIsTheSameAfterTheFile(f *testing.F) {
	f.Add("")
	f.Add("a [b](c \"d\") ![e](f) [![g](h)](i) <j@k>\n\n![l](m \"n\")\n\n[o](-) ![p](-)\n\n![q](-)\n")
	f.Add(":::gallery\n![a](b)\n![c](d \"e\")\n:::\n\n![f](g)\n")
	f.Add(":::cta{url=a label=b}\n[c](javascript:d)\n:::\n")
	f.Add(string(japanese()))
	f.Fuzz(func(t *testing.T, src string) {
		s, _ := markdown.Parse("page.md", []byte(src), 1, markdown.Options{})
		doc := s.Doc(everything)
		written := doc.Body().Append([]byte("before"))
		data, found := strings.CutPrefix(string(written), "before")
		if !found {
			t.Fatalf("%q: got %q, want it to be appended", src, written)
		}
		read, err := markdown.DecodeBody([]byte(data))
		if err != nil {
			t.Fatalf("%q: %v", src, err)
		}
		for _, resolve := range []func(markdown.Ref) markdown.Target{asWritten, elsewhere} {
			if got, want := read.HTML(doc.Refs, resolve), doc.HTML(resolve); got != want {
				t.Errorf("%q:\ngot  %s\nwant %s", src, got, want)
			}
		}
	})
}

// FuzzAnyBytesAreABodyOrAnError holds that a damaged file stops nothing, and
// that a body is written as it was read.
func FuzzAnyBytesAreABodyOrAnError(f *testing.F) {
	for _, src := range []string{"", "a", "[a](b)", "![a](b)\n\nc ![d](e)", ":::cta{url=a label=b}\n[c](d)\n:::\n"} {
		s, _ := markdown.Parse("page.md", []byte(src), 1, markdown.Options{})
		f.Add(s.Doc(nil).Body().Append(nil), uint8(2))
	}
	f.Add([]byte("\x02\x00\x00\x09\x00\x02\x00a"), uint8(0))                        // there is no such reference
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"), uint8(0))             // many slots
	f.Add([]byte("\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x03\x00"), uint8(0)) // far away
	f.Fuzz(func(t *testing.T, data []byte, refs uint8) {
		given := slices.Clone(data)
		body, err := markdown.DecodeBody(data)
		if err != nil {
			return
		}
		clear(data) // of which it has a copy
		list := make([]markdown.Ref, refs)
		for i := range list {
			list[i].Dest = "-"[:i%2]
		}
		html := body.HTML(list, elsewhere)
		again, err := markdown.DecodeBody(body.Append(nil))
		if err != nil {
			t.Fatalf("%q is read, but not what is written of it: %v", given, err)
		}
		if got := again.HTML(list, elsewhere); got != html {
			t.Errorf("%q: got %q when it is read again, want %q", given, got, html)
		}
	})
}

func TestWhatIsNoBodyIsAnError(t *testing.T) {
	for _, c := range []struct{ name, data string }{
		{"nothing", ""},
		{"a slot that is cut off", "\x01\x00"},
		{"a slot behind the end", "\x01\x05\x03\x00abcd"},
		{"a kind that there is not", "\x01\x00\x09\x00abcd"},
		{"a link that nothing ends", "\x01\x00\x00\x00abcd"},
		{"an end without a link", "\x01\x00\x02\x00abcd"},
		{"a link in a link", "\x04\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00\x02\x00abcd"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := markdown.DecodeBody([]byte(c.data)); err == nil {
				t.Error("got no error")
			}
		})
	}
}

// Facts are read from a cache that may be older than the bodies.
func TestReferenceThatThereIsNotHasNoTarget(t *testing.T) {
	s, _ := markdown.Parse("page.md", []byte("[a](b) ![c](d)"), 1, markdown.Options{})
	if got, want := s.Doc(nil).Body().HTML(nil, asWritten), "<p><span class=\"unlinked\">a</span></p>"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
