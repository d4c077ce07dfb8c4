package search

import "unicode/utf8"

// gram is one to three letters that stand side by side, each in 21 bits; the
// first of three is the highest.
type gram uint64

const runeBits = 21

func gramOf(runes ...rune) gram {
	var g gram
	for _, r := range runes {
		g = g<<runeBits | gram(r)
	}
	return g
}

// append appends the gram's letters in UTF-8.
func (g gram) append(b []byte) []byte {
	const mask = 1<<runeBits - 1
	for _, r := range [...]rune{rune(g >> (2 * runeBits)), rune(g >> runeBits & mask), rune(g & mask)} {
		if r != 0 {
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}

// part returns in which of a number of parts, a power of two, the gram is. It is
// FNV-1a (of letters, not bytes), mixed once more for its low bits' sake.
func (g gram) part(parts int) int {
	const mask = 1<<runeBits - 1
	h := uint32(2166136261)
	for _, r := range [...]uint32{uint32(g >> (2 * runeBits)), uint32(g >> runeBits & mask), uint32(g & mask)} {
		if r != 0 {
			h = (h ^ r) * 16777619
		}
	}
	h ^= h >> 13
	h *= 0x5bd1e995
	h ^= h >> 15
	return int(h & uint32(parts-1))
}

// isAlnum reports whether r is a folded Latin letter or digit.
func isAlnum(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }

// isKana reports whether r is folded kana.
func isKana(r rune) bool { return r >= 0x3040 && r <= 0x30ff }

// isHan reports whether r is a letter of Japanese other than kana.
func isHan(r rune) bool { return isWide(r) && !isKana(r) }

// joins reports whether b is kana between two others, as in 場の工: pairs of such
// are on nearly every page, so that three letters are taken together.
func joins(a, b, c rune) bool { return isKana(b) && isHan(a) && isHan(c) }

// grams calls add for every gram of a folded text: for each pair of letters, for
// three Latin letters or digits, with whether a word begins with them, and for
// three letters of which the middle one joins the others.
func grams(folded string, add func(g gram, begins bool)) {
	var a, b rune // the two before
	isBegin := false
	for _, c := range folded {
		if c == ' ' {
			a, b = 0, 0
			continue
		}
		if b != 0 {
			add(gram(b)<<runeBits|gram(c), false)
			switch {
			case a != 0 && joins(a, b, c):
				add(gram(a)<<(2*runeBits)|gram(b)<<runeBits|gram(c), false)
			case !isAlnum(c) || !isAlnum(b):
			case a != 0 && isAlnum(a):
				add(gram(a)<<(2*runeBits)|gram(b)<<runeBits|gram(c), isBegin)
				isBegin = false
			default:
				isBegin = true
			}
		}
		a, b = b, c
	}
}

// singles calls add for every letter of Japanese of a folded text: they are
// searched alone in titles and tags only.
func singles(folded string, add func(g gram)) {
	for _, r := range folded {
		if isWide(r) {
			add(gram(r))
		}
	}
}
