package markdown

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// addressParser reads bare addresses that follow Japanese text, as in
// （https://example.jp/）. GFM wants a space before them, which Japanese does not
// write.
type addressParser struct{}

// Trigger returns the colon: parsers are not asked at letters.
func (addressParser) Trigger() []byte { return []byte{':'} }

// Parse reads an address from its colon on, and takes the scheme before it
// from the text that is already there.
func (addressParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	before, ok := parent.LastChild().(*ast.Text)
	if !ok || pc.IsInLinkLabel() || !bytes.HasPrefix(line, []byte("://")) || before.Segment.Stop != segment.Start {
		return nil
	}
	written := before.Segment.Value(block.Source())
	var scheme string
	for _, s := range []string{"https", "http"} {
		if bytes.HasSuffix(written, []byte(s)) {
			scheme = s
			break
		}
	}
	if last, _ := utf8.DecodeLastRune(written[:len(written)-len(scheme)]); scheme == "" || !isEastAsian(last) {
		return nil
	}
	n := addressLength(line)
	if n == len("://") {
		return nil
	}
	start := segment.Start - len(scheme)
	before.Segment = before.Segment.WithStop(start)
	block.Advance(n)
	link := ast.NewAutoLink(ast.AutoLinkURL, ast.NewTextSegment(text.NewSegment(start, segment.Start+n)))
	link.SetPos(start)
	return link
}

// addressLength returns how much of line, which begins with "://", belongs to
// an address: printable ASCII without what ends a sentence or encloses it.
func addressLength(line []byte) int {
	n := len("://")
	for n < len(line) && line[n] > ' ' && line[n] < 0x7F && !strings.ContainsRune("<>\"`{}|\\^[]", rune(line[n])) {
		n++
	}
	for n > len("://") {
		last := line[n-1]
		closes := last == ')' && bytes.Count(line[:n], []byte(")")) > bytes.Count(line[:n], []byte("("))
		if !closes && !strings.ContainsRune("?!.,:;*_~'", rune(last)) {
			break
		}
		n--
	}
	return n
}
