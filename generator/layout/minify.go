package layout

import (
	"bytes"
	"fmt"
	"regexp"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"
	"github.com/tdewolff/minify/v2/html"
	"github.com/tdewolff/minify/v2/js"
	"github.com/tdewolff/minify/v2/json"
	"github.com/tdewolff/minify/v2/svg"
	"github.com/tdewolff/minify/v2/xml"
)

var (
	documents = documentMinifier()
	files     = fileMinifier()
)

// documentMinifier is for HTML. It has no minifier for what is inside script
// elements: JSON-LD passes untouched. Document and end tags, quotes and default
// values stay, because validators ask for them.
func documentMinifier() *minify.M {
	m := minify.New()
	m.Add("text/html", &html.Minifier{
		KeepDocumentTags:    true,
		KeepEndTags:         true,
		KeepQuotes:          true,
		KeepDefaultAttrVals: true,
	})
	return m
}

// fileMinifier is for whole files of other types. Numbers are kept as they are
// written where they are data.
func fileMinifier() *minify.M {
	m := minify.New()
	m.Add("text/css", &css.Minifier{})
	m.Add("image/svg+xml", &svg.Minifier{})
	m.AddRegexp(regexp.MustCompile(`^(application|text)/(x-)?javascript$`), &js.Minifier{})
	m.AddRegexp(regexp.MustCompile(`^application/([\w.-]+\+)?json$`), &json.Minifier{KeepNumbers: true})
	m.AddRegexp(regexp.MustCompile(`^(application|text)/([\w.-]+\+)?xml$`), &xml.Minifier{KeepWhitespace: true})
	return m
}

// Minify returns b in fewer bytes that mean the same. mediaType has no
// parameters. Types that it does not know are returned as they are. The error
// says where the input is malformed. b is not kept; it may be changed.
func Minify(mediaType string, b []byte) ([]byte, error) {
	m := files
	if mediaType == "text/html" {
		m = documents
	}
	out := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(out)
	out.Reset()
	switch err := m.Minify(mediaType, out, bytes.NewBuffer(b)); { // a Buffer is not read, but taken as it is
	case err == minify.ErrNotExist:
		return bytes.Clone(b), nil
	case err != nil:
		return nil, fmt.Errorf("minify %s: %w", mediaType, err)
	}
	return bytes.Clone(out.Bytes()), nil
}
