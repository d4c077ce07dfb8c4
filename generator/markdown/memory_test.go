package markdown_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"weak"

	"kaiho/generator/markdown"
)

// Bodies are read with memory that is used again.
func TestDocsStayAsTheyAreWhileOthersAreRead(t *testing.T) {
	bodies := append([]string{string(japanese()), "", "## a\n\n[b](c \"d\") ![e](f)\n\n:::members\n[g](h)\n:::\n", strings.Repeat("[", 2000)}, hostile...)
	read := func(src string) string {
		s, _ := markdown.Parse("page.md", []byte(src), 1, markdown.Options{})
		return everythingOf(s.Doc(nil)) + fmt.Sprintf("%x", s.Doc(everything).Hash())
	}
	want := make([]string, len(bodies))
	docs := make([]*markdown.Doc, len(bodies))
	for i, src := range bodies {
		s, _ := markdown.Parse("page.md", []byte(src), 1, markdown.Options{})
		docs[i], want[i] = s.Doc(nil), read(src)
	}
	var group sync.WaitGroup
	for worker := range 4 {
		group.Go(func() {
			for i := range bodies {
				i = (i + worker*7) % len(bodies)
				if got := read(bodies[i]); got != want[i] {
					t.Errorf("body %d is another when it is read again:\ngot  %.300q\nwant %.300q", i, got, want[i])
				}
			}
		})
	}
	group.Wait()
	for i, doc := range docs {
		if got := everythingOf(doc); !strings.HasPrefix(want[i], got) {
			t.Errorf("doc %d has changed: got %.300q, want %.300q", i, got, want[i])
		}
	}
}

// The words of a link or a heading are in the plain text, most often; where
// not, they are kept apart.
func TestWordsAreRightWhereTheyStand(t *testing.T) {
	s, _ := markdown.Parse("page.md", []byte("## a  b[^1] {#x}\n\n[ c *d* ](e \"f\") [![g](h \"i\")](j) [![k](l) m](n)\n\n"+
		":::gallery\n## left out\n![o](p)\n:::\n\n:::cta{url=q label=\"r s\"}\n:::\n\n[^1]: t"), 1, markdown.Options{})
	var got strings.Builder
	for _, h := range s.Doc(nil).Headings {
		fmt.Fprintf(&got, "%s=%s|", h.ID, h.Text)
	}
	for _, r := range s.Doc(nil).Refs {
		fmt.Fprintf(&got, "%s=%s,%s|", r.Dest, r.Text, r.Title)
	}
	const want = "x=a  b|left-out=left out|e=c d,f|j=g,|h=g,i|n=k m,|l=k,|p=o,|q=r s,|"
	if got.String() != want {
		t.Errorf("got  %s\nwant %s", got.String(), want)
	}
}

func TestDocDoesNotKeepTheFileInMemory(t *testing.T) {
	file := bytes.Clone(japanese())
	source := weak.Make(&file[0])
	s, _ := markdown.Parse("page.md", file, 1, markdown.Options{})
	file = nil
	for range 3 { // what is pooled goes with the second
		runtime.GC()
	}
	if source.Value() != nil {
		t.Error("the file is kept")
	}
	runtime.KeepAlive(s)
}
