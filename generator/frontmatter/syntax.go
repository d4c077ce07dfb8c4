package frontmatter

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"kaiho/generator/diag"
)

// maxTriedLines bounds the search for the line that breaks the YAML, which
// takes time in the square of the lines. Longer texts get the library's word.
const maxTriedLines = 300

// diagnose returns the problem behind err, the library's error for text. The
// library's own line is often that of the value around the mistake, or the one
// after it, and it has no column; so the lines are looked at one by one.
func diagnose(path string, text []byte, offset int, err error) diag.Problem {
	lines := strings.Split(string(text), "\n")
	bad := breakingLine(text, lines, err)
	for bad < len(lines)-1 && isBlank(lines[bad]) {
		bad++
	}
	found, ok := inspect(lines[bad])
	if !ok && strings.Contains(err.Error(), "mapping values are not allowed") {
		// A key without a proper colon is text, and breaks only the next line.
		for i := bad - 1; i >= 0; i-- {
			above, wrong := inspect(lines[i])
			if !wrong || !above.isColon() {
				break
			}
			bad, found, ok = i, above, true
		}
	}
	if !ok {
		found = mistake{rule: diag.BadYAML, column: indent(lines[bad]) + 1}
		switch {
		case strings.Contains(err.Error(), "escape"):
			found.rule, found.column = diag.BadEscape, columnOf(lines[bad], '"')
		case bad > 0 && strings.TrimRight(lines[bad-1], " ") == "...":
			bad, found = bad-1, mistake{diag.YAMLFeature, 1, []string{"feature", "..."}}
		case bad > 0 && looksLikeEntry(lines[bad]) && indent(lines[bad]) != indent(lineAbove(lines, bad)):
			found.rule = diag.BadIndent
		}
	}
	return diag.New(diag.Pos{Path: path, Line: offset + bad + 1, Col: found.column}, found.rule, found.args...)
}

// breakingLine returns the index of the first line that text cannot be read
// with: the one after the longest beginning that can.
func breakingLine(text []byte, lines []string, err error) int {
	if len(lines) > maxTriedLines {
		return libraryLine(err, len(lines))
	}
	end := len(text)
	for k := len(lines) - 1; k > 0; k-- {
		end = bytes.LastIndexByte(text[:end], '\n')
		if _, err := document(text[:end+1]); err == nil {
			return k
		}
	}
	return 0
}

// libraryLine returns the index of the line that err names ("yaml: line 3:
// ..."), of count lines; 0 when it names none.
func libraryLine(err error, count int) int {
	_, after, _ := strings.Cut(err.Error(), "line ")
	number, _, _ := strings.Cut(after, ":")
	line, _ := strconv.Atoi(number)
	return min(max(line, 1), count) - 1
}

func isBlank(line string) bool {
	trimmed := strings.TrimSpace(line)
	return trimmed == "" || trimmed == "---" || trimmed[0] == '#'
}

// columnOf returns the column of the first c in line, or 1.
func columnOf(line string, c byte) int {
	return utf8.RuneCountInString(line[:max(strings.IndexByte(line, c), 0)]) + 1
}

func lineAbove(lines []string, i int) string {
	for i--; i > 0 && isBlank(lines[i]); i-- {
	}
	return lines[i]
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

func looksLikeEntry(line string) bool {
	rest := strings.TrimLeft(line, " ")
	_, colon, _, ok := splitKey(rest)
	return strings.HasPrefix(rest, "- ") || ok && colon == ':'
}

// mistake is what is wrong with one line.
type mistake struct {
	rule   diag.Rule
	column int
	args   []string
}

func (m mistake) isColon() bool {
	return m.rule == diag.FullWidthColon || m.rule == diag.ColonSpace || m.rule == diag.FullWidthSpace
}

// inspect looks at a line on its own for the mistakes that people make.
func inspect(line string) (mistake, bool) {
	column := func(rest string) int { return utf8.RuneCountInString(line[:len(line)-len(rest)]) + 1 }
	rest := line
	entry := false
	for {
		rest = strings.TrimLeft(rest, " ")
		r, size := utf8.DecodeRuneInString(rest)
		switch {
		case r == '\t' && !entry:
			return mistake{rule: diag.TabIndent, column: column(rest)}, true
		case r == '\u3000':
			return mistake{rule: diag.FullWidthSpace, column: column(rest)}, true
		case r == '\u00A0', unicode.Is(unicode.Cf, r):
			return mistake{diag.InvisibleCharacter, column(rest), []string{"code", codePoint(r)}}, true
		case strings.HasPrefix(rest, "- "), strings.HasPrefix(rest, "-\u3000"):
			entry, rest = true, rest[size:]
			continue
		}
		break
	}
	key, colon, after, ok := splitKey(rest)
	if !ok {
		if entry {
			return inspectValue(rest, column)
		}
		return mistake{}, false
	}
	if colon != ':' {
		return mistake{diag.FullWidthColon, column(after) - 1, []string{"key", key}}, true
	}
	switch next, _ := utf8.DecodeRuneInString(after); {
	case after == "", next == ' ', next == '\t':
		return inspectValue(strings.TrimLeft(after, " \t"), column)
	case next == '\u3000':
		return mistake{rule: diag.FullWidthSpace, column: column(after)}, true
	case next == '\u00A0':
		return mistake{diag.InvisibleCharacter, column(after), []string{"code", codePoint(next)}}, true
	case strings.HasPrefix(after, "//"): // a URL
		return mistake{}, false
	}
	return mistake{diag.ColonSpace, column(after), []string{"key", key, "value", strings.TrimSpace(after)}}, true
}

// splitKey cuts a line after the colon of its key, be it half or full width.
func splitKey(s string) (key string, colon rune, after string, ok bool) {
	for i, r := range s {
		switch {
		case r == ':' || r == '：':
			key = strings.TrimRight(s[:i], " ")
			return key, r, s[i+utf8.RuneLen(r):], key != ""
		case r == ' ':
			if next := strings.TrimLeft(s[i:], " "); next == "" || next[0] != ':' && !strings.HasPrefix(next, "：") {
				return "", 0, "", false
			}
		case r != '_' && r != '-' && r != '.' && !unicode.IsLetter(r) && !unicode.IsDigit(r):
			return "", 0, "", false
		}
	}
	return "", 0, "", false
}

// inspectValue looks at the value of a line. column gives the place of the
// rest of the line.
func inspectValue(value string, column func(rest string) int) (mistake, bool) {
	if value == "" {
		return mistake{}, false
	}
	start := column(value)
	mark := value[:1]
	switch value[0] {
	case '"', '\'':
		if quotesMatch(value) {
			return mistake{}, false
		}
		inner := `\"`
		if mark == "'" {
			inner = "''"
		}
		return mistake{diag.UnmatchedQuotes, start, []string{"mark", mark, "inner", inner}}, true
	case '[', '{':
		end := map[byte]string{'[': "]", '{': "}"}[value[0]]
		switch i := strings.LastIndex(value, end); {
		case i < 0:
			return mistake{diag.UnclosedBracket, start, []string{"mark", mark, "end", end}}, true
		case !isTail(value[i+1:]):
			return mistake{diag.QuotesNeeded, start, []string{"mark", mark}}, true
		}
		return mistake{}, false
	case '@', '`', '%', '&', '*', '!', '|', '>', ']', '}', ',', '?':
		return mistake{diag.QuotesNeeded, start, []string{"mark", mark}}, true
	}
	if i := strings.Index(value, ": "); i > 0 {
		return mistake{diag.QuotesNeeded, column(value[i:]), []string{"mark", ":"}}, true
	}
	if strings.HasSuffix(value, ":") {
		return mistake{diag.QuotesNeeded, column(":"), []string{"mark", ":"}}, true
	}
	return mistake{}, false
}

// quotesMatch reports whether value, which begins with a quote, ends with its
// partner.
func quotesMatch(value string) bool {
	quote := value[0]
	for i := 1; i < len(value); i++ {
		switch {
		case value[i] == '\\' && quote == '"':
			i++
		case value[i] != quote:
		case quote == '\'' && i+1 < len(value) && value[i+1] == quote:
			i++
		default:
			return isTail(value[i+1:])
		}
	}
	return false
}

// isTail reports whether a value is over where rest begins: there is nothing
// more, or a comment.
func isTail(rest string) bool {
	trimmed := strings.TrimLeft(rest, " \t")
	return trimmed == "" || trimmed[0] == '#' && trimmed != rest
}
