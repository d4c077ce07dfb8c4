package segment

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"kaiho/generator/diag"
)

// token is a word of an expression.
type token struct {
	kind tokenKind
	at   int    // offset
	end  int    // offset of what follows
	word string // of a text without its quotes
}

type tokenKind int

const (
	endToken    tokenKind = iota
	badToken              // reported
	nameToken             // of a key or a segment
	textToken             // in quotes
	numberToken           // digits
	symbolToken           // an operator, its word, or a parenthesis
)

// is reports whether t is one of symbols.
func (t token) is(symbols ...string) bool {
	if t.kind != symbolToken {
		return false
	}
	for _, s := range symbols {
		if t.word == s {
			return true
		}
	}
	return false
}

// lexer cuts an expression into tokens.
type lexer struct {
	text string
	at   int
	// bad is told of what is no token: its offset, the rule, and arguments.
	bad func(at int, rule diag.Rule, args ...string)
}

func (l *lexer) next() token {
	for l.at < len(l.text) {
		r, size := utf8.DecodeRuneInString(l.text[l.at:])
		if !unicode.IsSpace(r) {
			break
		}
		l.at += size
	}
	t := token{at: l.at, end: l.at}
	if l.at == len(l.text) {
		return t
	}
	rest := l.text[l.at:]
	size := 0
	switch c := rest[0]; {
	case c == '"' || c == '\'':
		return l.quoted()
	case '0' <= c && c <= '9':
		size = len(rest) - len(strings.TrimLeft(rest, "0123456789"))
		t.kind = numberToken
	case strings.HasPrefix(rest, "&&"), strings.HasPrefix(rest, "||"), strings.HasPrefix(rest, "=="), strings.HasPrefix(rest, "!="),
		strings.HasPrefix(rest, "<="), strings.HasPrefix(rest, ">="):
		size, t.kind = 2, symbolToken
	case strings.IndexByte("!<>~()", c) >= 0:
		size, t.kind = 1, symbolToken
	default:
		size = nameLength(rest)
		t.kind = nameToken
		if word := rest[:size]; operators[word] != 0 && size > 0 {
			t.kind = symbolToken
		}
	}
	if size == 0 {
		return l.unknown()
	}
	t.word, l.at = rest[:size], l.at+size
	t.end = l.at
	return t
}

// nameLength returns the length of the name at the beginning of rest. Names of
// other than a-z are read for the sake of a good message.
func nameLength(rest string) int {
	for i, r := range rest {
		if !unicode.IsLetter(r) && r != '_' && (i == 0 || !unicode.IsDigit(r) && !unicode.IsMark(r) && r != '-' && r != 'ー') || r == utf8.RuneError {
			return i
		}
	}
	return len(rest)
}

// quoted reads a text in quotes.
func (l *lexer) quoted() token {
	rest := l.text[l.at:]
	t := token{kind: textToken, at: l.at}
	end := strings.IndexByte(rest[1:], rest[0])
	if line := strings.IndexAny(rest, "\n\r"); end < 0 || line >= 0 && line < end+1 {
		l.bad(l.at, diag.SegmentQuote, "mark", rest[:1])
		t.kind, t.end, l.at = badToken, len(l.text), len(l.text)
		return t
	}
	t.word, l.at = rest[1:end+1], l.at+end+2
	t.end = l.at
	if !utf8.ValidString(t.word) {
		l.bad(t.at, diag.SegmentQuote, "mark", rest[:1])
		t.kind = badToken
	}
	return t
}

// lookalikes are characters that people type for others.
var lookalikes = strings.NewReplacer("“", `"`, "”", `"`, "「", `"`, "」", `"`, "『", `"`, "』", `"`, "‘", "'", "’", "'", "≦", "<=", "≤", "<=", "≧", ">=", "≥", ">=",
	"≠", "!=", "〜", "~", "～", "~", "､", "&&", "、", "&&", "∧", "&&", "∨", "||", "¬", "!")

// unknown reports a character that begins no token, with those like it that
// follow: the same again, or all that is full-width.
func (l *lexer) unknown() token {
	t := token{kind: badToken, at: l.at}
	r, size := utf8.DecodeRuneInString(l.text[l.at:])
	for l.at += size; l.at < len(l.text); l.at += size {
		var next rune
		next, size = utf8.DecodeRuneInString(l.text[l.at:])
		if next != r && !(isWide(next) && isWide(r)) || next == utf8.RuneError {
			break
		}
	}
	t.end = l.at
	char := l.text[t.at:l.at]
	plain := norm.NFKC.String(lookalikes.Replace(char))
	nearest := ""
	switch plain {
	case "=":
		nearest = "=="
	case "&":
		nearest = "&&"
	case "|":
		nearest = "||"
	default:
		if plain != char && r != utf8.RuneError {
			nearest = plain
		}
	}
	l.bad(t.at, diag.SegmentCharacter, "char", char, "nearest", nearest)
	return t
}

// isWide reports whether r is a full-width form of an ASCII character.
func isWide(r rune) bool { return '！' <= r && r <= '～' }
