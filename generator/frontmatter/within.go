package frontmatter

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"kaiho/generator/diag"
)

// PosIn returns the place of the byte at offset of n's Text, for texts that are
// a language of their own and have mistakes inside. src is the content of the
// file that n was read from. Whatever the text is in, quotes, a block or
// several lines, the place is that of the character itself; that of a blank is
// where what precedes it ends. For what is no text it is Pos.
func (n *Node) PosIn(src []byte, offset int) diag.Pos {
	if !n.IsScalar() {
		return n.Pos()
	}
	src, _ = readable(n.pos.Path, src)
	// YAML takes away and adds nothing but white space, so the other characters
	// can be counted in the text and again in the file.
	wanted := 0
	for _, r := range n.text[:min(max(offset, 0), len(n.text))] {
		if !unicode.IsSpace(r) {
			wanted++
		}
	}
	after := offset >= len(n.text) || unicode.IsSpace(runeAt(n.text, offset))
	if after {
		wanted--
	}
	w := newWritten(src, n)
	for at, ok := w.next(); ok; at, ok = w.next() {
		if wanted == 0 && after {
			return w.pos
		}
		if wanted == 0 {
			return at
		}
		wanted--
	}
	return n.pos
}

func runeAt(text string, offset int) rune {
	r, _ := utf8.DecodeRuneInString(text[max(offset, 0):])
	return r
}

// written goes over a scalar as it stands in its file.
type written struct {
	rest  string
	pos   diag.Pos // of rest
	quote byte     // ' or "; 0: none
}

func newWritten(src []byte, n *Node) *written {
	w := &written{rest: string(src), pos: diag.Pos{Path: n.pos.Path, Line: 1, Col: 1}}
	for ; w.pos.Line < n.pos.Line; w.pos.Line++ {
		_, w.rest, _ = strings.Cut(w.rest, "\n")
	}
	for w.pos.Col < n.pos.Col && w.rest != "" {
		w.rune()
	}
	switch {
	case !n.quoted || w.rest == "":
	case w.rest[0] == '|', w.rest[0] == '>': // the block begins with the next line
		_, w.rest, _ = strings.Cut(w.rest, "\n")
		w.pos.Line, w.pos.Col = w.pos.Line+1, 1
	default:
		w.quote = w.rest[0]
		w.skip(1)
	}
	return w
}

// skip goes size bytes further.
func (w *written) skip(size int) {
	for end := len(w.rest) - size; len(w.rest) > max(end, 0); {
		w.rune()
	}
}

func (w *written) rune() rune {
	r, size := utf8.DecodeRuneInString(w.rest)
	w.rest = w.rest[size:]
	if w.pos.Col++; r == '\n' {
		w.pos.Line, w.pos.Col = w.pos.Line+1, 1
	}
	return r
}

// next goes over a character that is no white space, and returns its place.
func (w *written) next() (diag.Pos, bool) {
	for w.rest != "" {
		at := w.pos
		r := w.rune()
		switch {
		case w.quote == '\'' && r == '\'', w.quote == '"' && r == '\\':
			if r = w.escaped(r); unicode.IsSpace(r) {
				continue
			}
			return at, true
		case !unicode.IsSpace(r):
			return at, true
		}
	}
	return w.pos, false
}

// escaped goes over the rest of an escape, of which the first character was
// read, and returns what it stands for: exactly, if that is white space.
func (w *written) escaped(first rune) rune {
	r := w.rune()
	if first == '\'' {
		return r
	}
	switch r {
	case 'x', 'u', 'U':
		digits := min(map[rune]int{'x': 2, 'u': 4, 'U': 8}[r], len(w.rest))
		code, err := strconv.ParseUint(w.rest[:digits], 16, 32)
		w.skip(digits)
		if err != nil {
			return utf8.RuneError
		}
		return rune(code)
	case 't', 'n', 'v', 'f', 'r', 'N', '_', 'L', 'P':
		return ' '
	}
	return r // stands for itself, or is no white space; a line's end joins two lines
}
