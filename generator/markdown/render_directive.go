package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"

	"kaiho/generator/diag"
)

func (w *renderer) directive(n *directive) {
	switch n.name {
	case "voice":
		w.wrap(`<figure class="voice"><blockquote>`, n, "</blockquote>")
		w.line("<figcaption>", n.value("who"), "</figcaption></figure>")
	case "cta":
		// An aside would be a landmark, one among many without a name.
		w.wrap(`<aside class="cta" role="presentation">`, n, "")
		label := n.value("label")
		w.block("<p>")
		ref := w.ref(n, Link, []byte(n.value("url")), []byte(label), nil, n.offset)
		w.linkAround(beginButton, ref, func() { w.words([]byte(label)) })
		w.block("</p></aside>")
		w.endText()
	case "gallery":
		w.block(`<div class="gallery">`)
		w.gallery(n)
		w.block("</div>")
	case "qa":
		w.block(`<div class="qa">`)
		w.line(`<p class="q">`, n.value("q"), "</p>")
		w.wrap(`<div class="a">`, n, "</div></div>")
	case "note":
		w.block(`<aside class="note" role="note">`)
		if title := n.value("title"); title != "" {
			w.line(`<p class="title">`, title, "</p>")
		}
		w.wrap("", n, "</aside>")
	case "members":
		w.wrap(`<section class="members-part">`, n, "</section>")
	default: // reported, and never published
		w.blocks(n)
	}
}

// gallery writes the images of n's paragraphs as figures.
func (w *renderer) gallery(n ast.Node) {
	for block := n.FirstChild(); block != nil; block = block.NextSibling() {
		if _, ok := block.(*ast.Paragraph); !ok {
			w.report(block.Pos(), diag.GalleryContent)
			continue
		}
		for c := block.FirstChild(); c != nil; c = c.NextSibling() {
			switch c := c.(type) {
			case *ast.Image:
				w.image(c, galleryImage)
			case *ast.Text:
				if text := w.textOf(c); len(bytes.TrimSpace(text)) > 0 {
					w.report(c.Segment.Start, diag.GalleryContent)
				}
			default:
				w.report(c.Pos(), diag.GalleryContent)
			}
		}
	}
}

func (w *renderer) htmlBlock(n *ast.HTMLBlock) {
	lines := n.Lines()
	var block []byte
	for i := range lines.Len() {
		segment := lines.At(i)
		block = append(block, segment.Value(w.src)...)
	}
	if n.HasClosure() {
		block = append(block, n.ClosureLine.Value(w.src)...)
	}
	if w.options.RawHTML {
		w.asWritten(block)
		if len(block) > 0 && block[len(block)-1] != '\n' {
			w.raw("\n")
		}
		return
	}
	w.dropHTML(block, n.Pos())
}

func (w *renderer) rawHTML(n *ast.RawHTML) {
	var tag []byte
	for i := range n.Segments.Len() {
		segment := n.Segments.At(i)
		tag = append(tag, segment.Value(w.src)...)
	}
	if w.options.RawHTML {
		w.asWritten(tag)
		return
	}
	if !bytes.HasPrefix(tag, []byte("</")) {
		w.dropHTML(tag, n.Segments.At(0).Start)
	}
}

// dropHTML reports HTML that is left out; of a comment nobody misses anything.
func (w *renderer) dropHTML(b []byte, offset int) {
	if isComment(b) {
		return
	}
	line, _, _ := bytes.Cut(bytes.TrimSpace(b), []byte("\n"))
	if i := bytes.IndexByte(line, '>'); i >= 0 {
		line = line[:i+1]
	}
	w.report(offset, diag.RawHTML, "tag", string(line))
}

// isComment reports whether b is one HTML comment and nothing else.
func isComment(b []byte) bool {
	b = bytes.TrimSpace(b)
	return bytes.HasPrefix(b, []byte("<!--")) && bytes.Index(b, []byte("-->")) == len(b)-len("-->")
}
