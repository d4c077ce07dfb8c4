package markdown

import (
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"kaiho/generator/diag"
)

// CommonMark decides by the characters beside it whether a run of "*" can
// begin or end emphasis, and takes punctuation for a sign of spaces around
// words. Japanese has no such spaces, so that **「引用」**と is not bold there.
// Here the rules are those of the "CJK-friendly emphasis" amendment
// (github.com/tats-u/markdown-cjk-friendly): East Asian punctuation counts as a
// letter, and an East Asian character beside a run counts as a space would.
// Where no East Asian character is near, the rules are CommonMark's own
// (section 6.2).

// emphasisParser reads runs of "*" and "_".
type emphasisParser struct{}

// Trigger returns the characters of emphasis.
func (emphasisParser) Trigger() []byte { return []byte{'*', '_'} }

// Parse reads one run.
func (emphasisParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	return pushRun(parent, block, pc, emphasis{}, 1<<30)
}

type emphasis struct{}

// IsDelimiter reports whether b is of emphasis.
func (emphasis) IsDelimiter(b byte) bool { return b == '*' || b == '_' }

// CanOpenCloser reports whether both runs are of one character.
func (emphasis) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char
}

// OnMatch returns the node of emphasis.
func (emphasis) OnMatch(consumes int) ast.Node { return ast.NewEmphasis(consumes) }

// strikethroughParser reads runs of one or two "~".
type strikethroughParser struct{}

// Trigger returns the character of strikethrough.
func (strikethroughParser) Trigger() []byte { return []byte{'~'} }

// Parse reads one run.
func (strikethroughParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if block.PrecendingCharacter() == '~' {
		return nil
	}
	return pushRun(parent, block, pc, strikethrough{}, 2)
}

type strikethrough struct{}

// IsDelimiter reports whether b is of strikethrough.
func (strikethrough) IsDelimiter(b byte) bool { return b == '~' }

// CanOpenCloser reports whether both runs are equally long: GFM matches "~"
// with "~" and "~~" with "~~".
func (strikethrough) CanOpenCloser(opener, closer *parser.Delimiter) bool {
	return opener.Char == closer.Char && opener.OriginalLength == closer.OriginalLength
}

// OnMatch returns the node of strikethrough.
func (strikethrough) OnMatch(int) ast.Node { return extast.NewStrikethrough() }

// pushRun reads the run at the reader's position, unless it is longer than
// longest.
func pushRun(parent ast.Node, block text.Reader, pc parser.Context, p parser.DelimiterProcessor, longest int) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	char, n := line[0], 1
	for n < len(line) && line[n] == char {
		n++
	}
	if n > longest {
		return nil
	}
	r := pc.(*reading)
	m := r.marks.in(parent)
	if m.runs++; m.runs > maxMarks {
		r.passLimit(segment.Start, diag.NestedTooDeep)
		return nil
	}
	after := ' '
	if n < len(line) {
		after, _ = utf8.DecodeRune(line[n:])
	}
	canOpen, canClose := flanks(before, after, char == '_')
	d := r.delimiters.next()
	d.Segment, d.Char, d.Processor = segment.WithStop(segment.Start+n), char, p
	d.CanOpen, d.CanClose, d.Length, d.OriginalLength = canOpen, canClose, n, n
	block.Advance(n)
	pc.PushDelimiter(d)
	return d
}

// flanks says whether a run between two characters can begin and end emphasis.
func flanks(before, after rune, underscore bool) (canOpen, canClose bool) {
	spaceBefore, spaceAfter := util.IsSpaceRune(before), util.IsSpaceRune(after)
	wideBefore, wideAfter := !spaceBefore && isEastAsian(before), !spaceAfter && isEastAsian(after)
	punctBefore, punctAfter := util.IsPunctRune(before), util.IsPunctRune(after)

	left := !spaceAfter && (!punctAfter || wideAfter || spaceBefore || punctBefore || wideBefore)
	right := !spaceBefore && (!punctBefore || wideBefore || spaceAfter || punctAfter || wideAfter)
	if underscore {
		return left && (!right || punctBefore), right && (!left || punctAfter)
	}
	return left, right
}

// isEastAsian reports whether r is written in Chinese, Japanese or Korean
// text without spaces around it: letters, their punctuation, full-width forms,
// and the selectors of ideographic variants. Emoji are not.
func isEastAsian(r rune) bool {
	switch {
	case r < 0x1100:
		return false
	case r <= 0x11FF, // Hangul Jamo
		0x2E80 <= r && r <= 0xA4CF,   // radicals, CJK punctuation, kana, ideographs, Yi
		0xA960 <= r && r <= 0xA97F,   // Hangul Jamo
		0xAC00 <= r && r <= 0xD7FF,   // Hangul
		0xF900 <= r && r <= 0xFAFF,   // compatibility ideographs
		0xFE10 <= r && r <= 0xFE1F,   // vertical forms
		0xFE30 <= r && r <= 0xFE6F,   // compatibility and small forms
		0xFF01 <= r && r <= 0xFFEE,   // half- and full-width forms
		0x1AFF0 <= r && r <= 0x1B16F, // kana
		0x20000 <= r && r <= 0x3FFFF, // ideographs
		0xE0100 <= r && r <= 0xE01EF: // variation selectors
		return true
	}
	return false
}
