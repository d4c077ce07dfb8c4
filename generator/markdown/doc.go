package markdown

import (
	"crypto/sha256"
	"strconv"
	"strings"

	"kaiho/generator/diag"
)

// Doc is a body as one class of readers sees it: HTML in fixed pieces, with a
// slot for every reference.
type Doc struct {
	Headings []Heading // in order
	Refs     []Ref     // every link and image, in order
	Text     string    // the plain text; see the package comment
	Lead     string    // of Text, the first paragraphs: up to the first heading, list or other block after them

	html  string // all fixed pieces, one after another
	slots []slot // where references go, by position in html
	hash  [sha256.Size]byte
}

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
	unsafe   bool   // names a scheme that may run a program: never a link
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
}

// slot is a place in the HTML that depends on a reference's target.
type slot struct {
	at   uint32 // offset in Doc.html
	ref  uint32 // index in Doc.Refs; not used by endLink
	kind slotKind
}

type slotKind uint8

const (
	beginLink slotKind = iota
	beginButton
	endLink
	inlineImage
	figureImage
)

// HTML returns the body with every reference resolved; resolve is called once
// for each, in order.
func (d *Doc) HTML(resolve func(Ref) Target) string {
	if len(d.slots) == 0 {
		return d.html
	}
	var b strings.Builder
	b.Grow(len(d.html) + 128*len(d.slots))
	from, linked := uint32(0), false
	for _, s := range d.slots {
		b.WriteString(d.html[from:s.at])
		from = s.at
		if s.kind == endLink {
			// Links do not nest: the renderer sees to that.
			if linked {
				b.WriteString("</a>")
			} else {
				b.WriteString("</span>")
			}
			continue
		}
		ref := d.Refs[s.ref]
		target := resolve(ref)
		if ref.unsafe {
			target = Target{}
		}
		switch s.kind {
		case inlineImage, figureImage:
			writeImage(&b, ref, target, s.kind == figureImage)
		default:
			linked = target.URL != ""
			writeLink(&b, ref, target, s.kind == beginButton)
		}
	}
	b.WriteString(d.html[from:])
	return b.String()
}

func writeLink(b *strings.Builder, ref Ref, target Target, button bool) {
	if target.URL == "" {
		b.WriteString(`<span class="unlinked">`)
		return
	}
	b.WriteString("<a")
	if button {
		b.WriteString(` class="button"`)
	}
	writeAttribute(b, "href", escapeURL(target.URL))
	if ref.Title != "" {
		writeAttribute(b, "title", ref.Title)
	}
	b.WriteByte('>')
}

func writeImage(b *strings.Builder, ref Ref, target Target, figure bool) {
	if target.URL == "" {
		return
	}
	if figure {
		b.WriteString("<figure>")
	}
	b.WriteString("<img")
	writeAttribute(b, "src", escapeURL(target.URL))
	writeAttribute(b, "alt", ref.Text)
	if target.Width > 0 && target.Height > 0 {
		writeAttribute(b, "width", strconv.Itoa(target.Width))
		writeAttribute(b, "height", strconv.Itoa(target.Height))
	}
	if target.Srcset != "" {
		writeAttribute(b, "srcset", target.Srcset)
		if target.Sizes != "" {
			writeAttribute(b, "sizes", target.Sizes)
		}
	}
	if !figure && ref.Title != "" {
		writeAttribute(b, "title", ref.Title)
	}
	b.WriteString(` loading="lazy" decoding="async">`)
	if !figure {
		return
	}
	if ref.Title != "" {
		b.WriteString("<figcaption>")
		writeEscaped(b, ref.Title)
		b.WriteString("</figcaption>")
	}
	b.WriteString("</figure>\n")
}

func writeAttribute(b *strings.Builder, name, value string) {
	b.WriteByte(' ')
	b.WriteString(name)
	b.WriteString(`="`)
	writeEscaped(b, value)
	b.WriteByte('"')
}

// Hash returns a SHA-256 of the fixed pieces and the slots: two Docs with the
// same hash give the same HTML for the same targets.
func (d *Doc) Hash() [32]byte { return d.hash }
