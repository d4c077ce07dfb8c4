package markdown_test

import (
	"testing"

	"kaiho/generator/markdown"
)

func TestLinksOfNothingInHeadings(t *testing.T) {
	for _, body := range []string{"# し[3]()\x00", "# し[3]()", "# [3](/a/)\x00", "[3](/a/)\x00", "## \x00[x](/a/)\x00\x00"} {
		s, _ := markdown.Parse("page.md", []byte(body), 1, markdown.Options{})
		if doc := s.Doc(nil); len(doc.Refs) != 1 || doc.Refs[0].Text == "" {
			t.Errorf("%q: got %+v", body, doc.Refs)
		}
	}
}
