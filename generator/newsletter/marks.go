package newsletter

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"kaiho/generator/site"
)

// mark is a place in a letter for what is a person's own.
type mark byte

// The marks. Those of a fact and of a note have a beginning and an end, and all
// between is left out for whom there is none.
const (
	markName mark = iota
	markFact
	markNote
	markView        // token that opens members' pages
	markUnsubscribe // token of the page with the button
	markPreferences
	markBegin // of the fact or the note whose mark follows
	markEnd
	markCount
)

// marks writes marks as words of letters and digits, which no template escapes and
// no line is broken in.
type marks struct{ prefix string }

// newMarks returns the marks that belong to seed.
func newMarks(seed string) marks {
	sum := sha256.Sum256([]byte("letter marks\x00" + seed))
	return marks{"kh" + hex.EncodeToString(sum[:10])}
}

func (m marks) of(which mark) string { return m.prefix + string(rune('a'+which)) }

func (m marks) slot(which mark) site.LetterSlot {
	return site.LetterSlot{Begin: m.of(markBegin), Text: m.of(which), End: m.of(markEnd)}
}

// blank returns s with the same marks whatever the seed was, for hashing.
func (m marks) blank(s string) string { return strings.ReplaceAll(s, m.prefix, "\x00") }

// piece is a part of a letter: fixed text, or what stands for a mark.
type piece struct {
	fixed         string
	isMark        bool
	mark          mark
	before, after string // of a fact or note: what stands around it, if it is there
}

// split returns the pieces of a text with marks. All from the beginning of a block
// to its end, line breaks too, is left out for whom there is none. A beginning without an end, or with
// nothing in it, is dropped with its mark alone: a layout may leave things out.
func (m marks) split(text string) []piece {
	var pieces []piece
	fixed := func(s string) {
		if s != "" {
			pieces = append(pieces, piece{fixed: s})
		}
	}
	for {
		at := strings.Index(text, m.prefix)
		if at < 0 || at+len(m.prefix) == len(text) {
			fixed(text)
			return pieces
		}
		before, which := text[:at], mark(text[at+len(m.prefix)]-'a')
		text = text[at+len(m.prefix)+1:]
		switch {
		case which < markBegin:
			fixed(before)
			pieces = append(pieces, piece{isMark: true, mark: which})
		case which == markBegin:
			block, rest, ok := m.block(text)
			if !ok {
				fixed(before)
				continue
			}
			fixed(before)
			pieces, text = append(pieces, block), rest
		default:
			fixed(before)
		}
	}
}

// block reads what follows a beginning: up to its end, with one mark in it.
func (m marks) block(text string) (p piece, rest string, ok bool) {
	body, rest, found := strings.Cut(text, m.of(markEnd))
	if !found {
		return p, text, false
	}
	for _, which := range []mark{markFact, markNote} {
		if before, after, found := strings.Cut(body, m.of(which)); found {
			return piece{isMark: true, mark: which, before: before, after: after}, rest, true
		}
	}
	return p, text, false
}
