package markdown

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"kaiho/generator/diag"
)

// inlineFence returns the offset, from a place in line on, of three or more
// colons with the name of a directive after them, or one near it, and where
// they end; -1 if there is none. In the middle of a line that is only text, and
// everybody reads what was meant for members. After a backslash it is meant so.
func inlineFence(line []byte, from int) (at, end int) {
	escaped := false
	for i := from; i < len(line); {
		c, size := utf8.DecodeRune(line[i:])
		if !isColonLike(c) {
			escaped = c == '\\' && !escaped
			i += size
			continue
		}
		begin, colons := i, 0
		for i < len(line) && (isColonLike(c) || unicode.Is(unicode.Cf, c)) {
			if isColonLike(c) {
				colons++
			}
			i += size
			c, size = utf8.DecodeRune(line[i:])
		}
		if colons >= 3 && !escaped && namesDirective(line[i:]) {
			return begin, i
		}
		escaped = false
	}
	return -1, 0
}

// namesDirective reports whether rest, which follows colons, begins with what
// may be the name of a directive: one that is known or, if both are long
// enough to tell, near one that is. After a space it must be nearer.
func namesDirective(rest []byte) bool {
	var name []byte
	spaces := 0
	for _, c := range string(rest[:min(len(rest), 200)]) {
		if 0xFF01 <= c && c <= 0xFF5E {
			c -= 0xFF01 - '!' // full-width letters
		}
		if len(name) == 0 && isBlank(c) {
			spaces++
			continue
		}
		if c = unicode.ToLower(c); c < 'a' || c > 'z' {
			break
		}
		name = append(name, byte(c))
	}
	if slices.Contains(directiveNames, string(name)) {
		return true
	}
	near := diag.Nearest(string(name), directiveNames)
	return near == "members" || spaces == 0 && len(name) >= 4 && len(near) >= 4
}
