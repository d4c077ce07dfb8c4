package preview

import (
	"strings"
	"unicode"
)

// inboxColumns is how much of a line a phone's list of mail shows: 28
// full-width characters.
const inboxColumns = 56

// senderName returns what lists of mail show of a From: its name, or else the
// address.
func senderName(from string) string {
	at := strings.LastIndexByte(from, '<')
	if at < 0 {
		return strings.TrimSpace(from)
	}
	if name := strings.Trim(strings.TrimSpace(from[:at]), `"`); name != "" {
		return name
	}
	return strings.TrimSuffix(strings.TrimSpace(from[at+1:]), ">")
}

// cut returns as much of a line as fits into columns, of which a full-width
// character takes two, and whether something is left. A letter keeps its marks,
// and an emoji its parts.
func cut(line string, columns int) (shown string, isCut bool) {
	taken, joined := 0, false
	for i, r := range line {
		w := columnsOf(r)
		if joined {
			w = 0
		}
		joined = r == '\u200d'
		if taken+w > columns {
			return strings.TrimRightFunc(line[:i], unicode.IsSpace), true
		}
		taken += w
	}
	return line, false
}

// columnsOf is 2 for what Unicode's annex 11 calls wide and full-width, and for
// the dashes and dots that Japanese fonts draw so; 0 for marks.
func columnsOf(r rune) int {
	switch {
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) || 0x1F3FB <= r && r <= 0x1F3FF:
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}

var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x1100, Hi: 0x115F, Stride: 1}, {Lo: 0x2014, Hi: 0x2015, Stride: 1}, {Lo: 0x2025, Hi: 0x2026, Stride: 1},
		{Lo: 0x2E80, Hi: 0x303E, Stride: 1}, {Lo: 0x3041, Hi: 0xA4CF, Stride: 1}, {Lo: 0xA960, Hi: 0xA97F, Stride: 1},
		{Lo: 0xAC00, Hi: 0xD7A3, Stride: 1}, {Lo: 0xF900, Hi: 0xFAFF, Stride: 1}, {Lo: 0xFE30, Hi: 0xFE6F, Stride: 1},
		{Lo: 0xFF01, Hi: 0xFF60, Stride: 1}, {Lo: 0xFFE0, Hi: 0xFFE6, Stride: 1},
	},
	R32: []unicode.Range32{{Lo: 0x1F300, Hi: 0x1F64F, Stride: 1}, {Lo: 0x1F680, Hi: 0x1FAFF, Stride: 1}, {Lo: 0x20000, Hi: 0x3FFFD, Stride: 1}},
}
