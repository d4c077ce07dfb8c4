package markdown

import "kaiho/generator/diag"

// Doc is a body as one class of readers sees it.
type Doc struct {
	Facts
	Text string // the plain text; see the package comment. Empty with Options.NoText

	body Body
}

// Body returns the HTML of d, without what is known of it.
func (d *Doc) Body() Body { return d.body }

// HTML returns the body with every reference resolved; resolve is called once
// for each, in order.
func (d *Doc) HTML(resolve func(Ref) Target) string { return d.body.HTML(d.Refs, resolve) }

// Facts is what is known of a body without its words. It is plain data, which
// may be written to a file and read again, and its strings keep neither the
// HTML nor the plain text in memory.
type Facts struct {
	Headings []Heading // in order
	Refs     []Ref     // every link and image, in order
	// Lead is the beginning of the plain text: its first paragraphs, up to the
	// first heading, list or other block after them. Blanks that follow one
	// another are one, and no more than 240 characters are kept.
	Lead  string
	Runes int      // characters of the plain text
	Words int      // of the plain text, as spaces divide it
	Sum   [32]byte // SHA-256 of the fixed pieces of HTML and of the references
}

// Hash returns Sum: two bodies with the same give the same HTML for the same
// targets.
func (f *Facts) Hash() [32]byte { return f.Sum }

// Heading is a heading of a body, with the level that it has in HTML.
type Heading struct {
	Level    int // 2 to 6
	ID, Text string
	Line     int // in the file, from 1
}

// RefKind says what a reference is.
type RefKind uint8

// A reference is a Link to follow or an Image to show.
const (
	Link RefKind = iota
	Image
)

// Ref is a reference to something outside the text.
type Ref struct {
	Kind     RefKind
	Unsafe   bool   // names a scheme that may run a program: never a link, whatever the target
	Dest     string // as written, without escapes and entities
	Text     string // the link's text, or the image's alternative text
	Title    string
	diag.Pos     // where it begins
	Index    int // position among the references of its Doc
}

// Target is what a reference has become in the finished site.
type Target struct {
	// URL is what is written into HTML. When it is empty the target is not to
	// be had: a link becomes its text in <span class="unlinked">, an image is
	// left out together with its caption.
	URL           string
	Width, Height int    // of an image, in pixels; 0: unknown
	Srcset, Sizes string // of an image; may be empty
	Gallery       string // Sizes of an image that stands in a gallery; empty: the same
	Lead          bool   // an image that is seen at once: it is loaded first
}
