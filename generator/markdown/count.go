package markdown

// countText returns utf8.RuneCount(text) and len(bytes.Fields(text)), for text
// that is UTF-8. It looks at every byte no more than once, because this is done
// for all text of a site.
func countText(text []byte) (runes, words int) {
	inWord := false
	for i := 0; i < len(text); {
		c, size, space := text[i], 1, false
		switch {
		case c < 0x80:
			space = c == ' ' || '\t' <= c && c <= '\r'
		case c < 0xE0:
			size = 2
			space = c == 0xC2 && i+1 < len(text) && (text[i+1] == 0x85 || text[i+1] == 0xA0)
		case c < 0xF0:
			size = 3
			space = c <= 0xE3 && i+2 < len(text) && isWideSpace(c, text[i+1], text[i+2])
		default:
			size = 4
		}
		if !space && !inWord {
			words++
		}
		inWord = !space
		runes++
		i += size
	}
	return runes, words
}

// isWideSpace reports whether three bytes of UTF-8 are a space: U+1680, U+2000
// to U+200A, U+2028, U+2029, U+202F, U+205F, or U+3000.
func isWideSpace(a, b, c byte) bool {
	switch {
	case a == 0xE3:
		return b == 0x80 && c == 0x80
	case a == 0xE2 && b == 0x80:
		return c <= 0x8A || c == 0xA8 || c == 0xA9 || c == 0xAF
	case a == 0xE2:
		return b == 0x81 && c == 0x9F
	case a == 0xE1:
		return b == 0x9A && c == 0x80
	}
	return false
}
