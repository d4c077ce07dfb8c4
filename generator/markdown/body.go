package markdown

import (
	"strconv"
	"strings"
)

// Body is the HTML of a body in fixed pieces, with a slot for every reference.
type Body struct {
	html  string // all fixed pieces, one after another
	slots []slot // where references go, by position in html
}

// slot is a place in the HTML that depends on a reference's target.
type slot struct {
	at   uint32 // offset in Body.html
	ref  uint32 // index in Facts.Refs; 0 if kind does not refer
	kind slotKind
}

type slotKind uint8

const (
	beginLink slotKind = iota
	beginButton
	endLink
	inlineImage
	figureImage
	galleryImage
	rawHTML // before the first HTML of the author's
)

// refers reports whether a slot of kind k has a reference.
func (k slotKind) refers() bool { return k != endLink && k != rawHTML }

// HTML returns b with every reference resolved. refs are those of the Facts
// that belong to b; resolve is called once for each, in order. A reference that
// is not among refs is treated as one that has no target.
func (b Body) HTML(refs []Ref, resolve func(Ref) Target) string {
	if len(b.slots) == 0 {
		return b.html
	}
	w := pageWriter{tag: make([]byte, 0, 512)} // most tags are shorter
	w.out.Grow(len(b.html) + 128*len(b.slots))
	from := uint32(0)
	for _, s := range b.slots {
		w.piece(b.html[from:s.at])
		from = s.at
		var ref Ref
		var target Target
		if s.kind.refers() && int64(s.ref) < int64(len(refs)) {
			ref = refs[s.ref]
			target = resolve(ref)
		}
		if ref.Unsafe {
			target = Target{}
		}
		w.slot(s.kind, ref, target)
	}
	w.piece(b.html[from:])
	if w.imageGone && !w.raw {
		return squeeze(w.out.String())
	}
	return w.out.String()
}

// pageWriter puts the pieces of a Body together.
type pageWriter struct {
	out       strings.Builder
	tag       []byte
	linked    bool // the open link has a target
	imageGone bool // an image among text was left out: blanks may be beside one another now
	raw       bool // there is HTML of the author's, which is left as it is
}

func (w *pageWriter) piece(html string) {
	// "&" before an image is no entity's beginning; before what follows that, it
	// may be.
	if w.imageGone && html != "" && continuesEntity(html[0]) && strings.HasSuffix(w.out.String(), "&") {
		w.out.WriteString("amp;")
	}
	w.out.WriteString(html)
}

func (w *pageWriter) slot(kind slotKind, ref Ref, target Target) {
	w.tag = w.tag[:0]
	switch kind {
	case rawHTML:
		w.raw = true
	case beginLink, beginButton: // links do not nest: the renderer sees to that
		w.linked = target.URL != ""
		w.tag = appendLink(w.tag, ref, target, kind == beginButton)
	case endLink:
		if w.linked {
			w.tag = append(w.tag, "</a>"...)
		} else {
			w.tag = append(w.tag, "</span>"...)
		}
	case inlineImage:
		w.imageGone = w.imageGone || target.URL == ""
		fallthrough
	case figureImage, galleryImage:
		if kind == galleryImage && target.Gallery != "" {
			target.Sizes = target.Gallery
		}
		if target.URL != "" {
			w.tag = appendImage(w.tag, ref, target, kind != inlineImage)
		}
	}
	w.out.Write(w.tag)
}

func appendLink(out []byte, ref Ref, target Target, button bool) []byte {
	if target.URL == "" {
		return append(out, `<span class="unlinked">`...)
	}
	out = append(out, "<a"...)
	if button {
		out = append(out, ` class="button"`...)
	}
	out = appendURL(out, "href", target.URL)
	if ref.Title != "" {
		out = appendAttribute(out, "title", ref.Title)
	}
	return append(out, '>')
}

func appendImage(out []byte, ref Ref, target Target, figure bool) []byte {
	if figure {
		out = append(out, "<figure>"...)
	}
	out = appendURL(append(out, "<img"...), "src", target.URL)
	out = appendAttribute(out, "alt", ref.Text)
	if target.Width > 0 && target.Height > 0 {
		out = appendAttribute(out, "width", strconv.Itoa(target.Width))
		out = appendAttribute(out, "height", strconv.Itoa(target.Height))
	}
	if target.Srcset != "" {
		out = appendTokens(out, "srcset", target.Srcset)
		if target.Sizes != "" {
			out = appendTokens(out, "sizes", target.Sizes)
		}
	}
	if !figure && ref.Title != "" {
		out = appendAttribute(out, "title", ref.Title)
	}
	if target.Lead {
		out = append(out, ` loading="eager" fetchpriority="high" decoding="async">`...)
	} else {
		out = append(out, ` loading="lazy" decoding="async">`...)
	}
	if !figure {
		return out
	}
	if ref.Title != "" {
		t := tight{html: out}
		t.block("<figcaption>")
		t.put([]byte(ref.Title))
		t.block("</figcaption>")
		out = t.html
	}
	return append(out, "</figure>"...)
}
