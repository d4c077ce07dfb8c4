package markdown

import "strings"

// Wrap breaks text into lines of at most so many full-width columns, each of
// which is two half-width ones, for plain text in a font of one width. Line
// breaks of the text stay.
//
// Lines break as Japanese ones do: no line begins with 、。」ー or a small kana,
// none ends with 「（, …… and ―― stay whole. A 、 or 。 for which there is no
// place hangs behind the end, in one column more. Words and numbers of other
// scripts stay whole unless they are longer than a line, and addresses always,
// so that a line may be too long that has one. Blanks at a break vanish. What a
// reader takes for one letter is never divided. U+2060 (word joiner) keeps
// together what it stands between, and is not written.
//
// There is always one line at least.
func Wrap(text string, columns int) []string { return WrapIndent(text, columns, "", "") }

// WrapIndent is Wrap for text that has first before its first line and rest
// before all others, as an item of a list has its sign and then blanks. The
// columns are those of the whole lines.
func WrapIndent(text string, columns int, first, rest string) []string {
	return wrapHalf(text, 2*columns, first, rest)
}

// Width returns how many half-width columns text takes.
func Width(text string) int { return halfColumns(text) }

// wrapHalf is WrapIndent with the columns in half-width ones.
func wrapHalf(text string, columns int, first, rest string) []string {
	var lines []string
	roomFirst, room := max(columns-halfColumns(first), 1), max(columns-halfColumns(rest), 1)
	for paragraph := range strings.SplitSeq(text, "\n") {
		w := wrapping{letters: lettersOf(paragraph)}
		w.address = addresses(w.letters)
		for from, more := w.indent(roomFirst), true; more; more = from < len(w.letters) {
			prefix, limit := rest, room
			if len(lines) == 0 {
				prefix, limit = first, roomFirst
			}
			var line string
			line, from = w.line(from, limit)
			lines = append(lines, strings.TrimRight(prefix+line, " \t\u3000"))
		}
	}
	return lines
}

// wrapping is a paragraph that is broken into lines.
type wrapping struct {
	letters []letter
	address []bool // of the letters
}

// overhang is how many half-width columns more a line may have that is too long
// in any case, so that the next one does not begin as none should.
const overhang = 8

// indent returns where the first line begins: at the blanks before the text,
// unless they take half of the line or more.
func (w *wrapping) indent(room int) int {
	half := 0
	for i, l := range w.letters {
		if half += l.half; l.kind != blankLetter {
			return 0
		}
		if 2*half >= room {
			return w.skip(i)
		}
	}
	return len(w.letters)
}

// skip returns the first letter from i on that is not blank.
func (w *wrapping) skip(i int) int {
	for i < len(w.letters) && w.letters[i].kind == blankLetter {
		i++
	}
	return i
}

// line returns the line that begins at from and fits into limit half-width
// columns if any does, and where the next one begins.
func (w *wrapping) line(from, limit int) (string, int) {
	var best [noBreak]int // the last place for a line to end, by cost; 0: none
	tooLong := 0          // the columns at the first place where a line ends that does not fit
	half := 0
	for i := from; i < len(w.letters); i++ {
		l := w.letters[i]
		half += l.half
		if l.kind == blankLetter {
			continue
		}
		cost := w.cost(i)
		if half <= limit || half <= limit+2 && strings.ContainsRune(hanging, l.first) && cost == freeBreak {
			if cost < noBreak {
				best[cost] = i + 1
			}
			continue
		}
		for _, end := range best {
			if end > 0 {
				return w.cut(from, end)
			}
		}
		if cost == noBreak {
			continue
		}
		if tooLong == 0 {
			tooLong = half
		}
		if cost == freeBreak || half >= tooLong+overhang {
			return w.cut(from, i+1)
		}
	}
	return w.cut(from, len(w.letters))
}

// cost returns the cost of a line's end behind letter i.
func (w *wrapping) cost(i int) breakCost {
	next := w.skip(i + 1)
	switch {
	case next == len(w.letters):
		return freeBreak
	case next == i+1 && w.address[i] && w.address[next]:
		return noBreak
	}
	return breakBetween(w.letters[i], w.letters[next], next > i+1)
}

// cut returns the letters of a line, and where the next line begins.
func (w *wrapping) cut(from, to int) (string, int) {
	var b strings.Builder
	for _, l := range w.letters[from:to] {
		if l.kind != glueLetter {
			b.WriteString(l.text)
		}
	}
	return b.String(), w.skip(to)
}
