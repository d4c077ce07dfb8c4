// Package phrase finds where a line of Japanese may break so that no phrase is torn
// apart: 灯台の / 光から、 / 養殖いけすの / 見守りへ.
//
// Browsers have this for few lines and not all of them do (word-break: auto-phrase).
// The model is that of BudouX, a table of weights of the characters around a place
// (ja.json, from version 0.9.2 of its npm package, Copyright Google LLC, Apache
// License 2.0, as it stands there but for the order of its keys). There is no port
// to Go that is kept up, and the way of reading the table is short. Over what the
// model says stand the rules of Japanese type setting: nothing begins with a closing
// mark or ends with an opening one, and a number keeps its unit.
package phrase

import (
	_ "embed"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"unicode"
)

//go:embed ja.json
var modelFile []byte

// features of a place: where the characters begin, counted from it, and how many.
var features = []struct {
	name        string
	from, count int
}{
	{"UW1", -3, 1}, {"UW2", -2, 1}, {"UW3", -1, 1}, {"UW4", 0, 1}, {"UW5", 1, 1}, {"UW6", 2, 1},
	{"BW1", -2, 2}, {"BW2", -1, 2}, {"BW3", 0, 2},
	{"TW1", -3, 3}, {"TW2", -2, 3}, {"TW3", -1, 3}, {"TW4", 0, 3},
}

// model holds the weights by feature and characters, and what a place begins with.
type model struct {
	weights []map[uint64]int // by index of features
	base    int              // twice of it, so that it is whole
}

var japanese = sync.OnceValue(func() *model {
	var file map[string]map[string]int
	if err := json.Unmarshal(modelFile, &file); err != nil {
		panic("phrase: the model is no JSON: " + err.Error())
	}
	m := &model{}
	for _, f := range features {
		weights := map[uint64]int{}
		for text, weight := range file[f.name] {
			weights[packed([]rune(text))] = weight
			m.base -= weight
		}
		m.weights = append(m.weights, weights)
	}
	return m
})

// Split returns the phrases of text, which together are text. Text without kana is
// one phrase, for it is hardly Japanese. A word of whole, such as the name of the
// site, is never torn apart.
func Split(text string, whole ...string) []string {
	if !strings.ContainsFunc(text, func(r rune) bool { return unicode.In(r, unicode.Hiragana, unicode.Katakana) }) {
		return []string{text}
	}
	runes := []rune(text)
	kept := insides(runes, whole)
	m := japanese()
	var phrases []string
	from := 0
	for i := 1; i < len(runes); i++ {
		if !kept[i] && !counts(runes[:i], runes[i]) && mayBreak(runes[i-1], runes[i]) && m.breaks(runes, i) {
			phrases = append(phrases, string(runes[from:i]))
			from = i
		}
	}
	return append(phrases, string(runes[from:]))
}

// breaks reports whether the model has a phrase end before runes[i].
func (m *model) breaks(runes []rune, i int) bool {
	score := m.base
	for n, f := range features {
		from := i + f.from
		if from < 0 || from+f.count > len(runes) {
			continue
		}
		score += 2 * m.weights[n][packed(runes[from:from+f.count])]
	}
	return score > 0
}

// packed is up to three characters as a number.
func packed(runes []rune) (key uint64) {
	for _, r := range runes {
		key = key<<21 | uint64(r)
	}
	return key
}

// insides returns the places inside of words that stay whole.
func insides(runes []rune, whole []string) map[int]bool {
	kept := map[int]bool{}
	for _, word := range whole {
		w := []rune(word)
		for i := 0; len(w) > 1 && i+len(w) <= len(runes); i++ {
			if slices.Equal(runes[i:i+len(w)], w) {
				for k := i + 1; k < i+len(w); k++ {
					kept[k] = true
				}
			}
		}
	}
	return kept
}

const (
	notFirst = "、。，．・：；？！?!,.:;）」』】〕〉》］｝)]}’”ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々ゝゞ〜～―…‥％%℃"
	notLast  = "（「『【〔〈《［｛([{‘“〜～―…‥￥¥$第約"
	// counters stand behind a number.
	counters = "年月日時分秒回号期人名円万億件個社点度割階歳才周代目章部版本枚冊台箇カヶ〜"
)

// mayBreak reports whether the rules of type setting let a line end between two
// characters. At a space it may anyway.
func mayBreak(before, after rune) bool {
	switch {
	case unicode.IsSpace(before), unicode.IsSpace(after), unicode.Is(unicode.M, after), after == '\u200d', before == '\u200d':
		return false
	case strings.ContainsRune(notFirst, after), strings.ContainsRune(notLast, before):
		return false
	case isNumber(before) && (isNumber(after) || strings.ContainsRune(counters, after)):
		return false
	}
	return !isLatin(before) || !isLatin(after)
}

// counts reports whether after goes on with the unit of a number: 一年生, 三年目.
func counts(before []rune, after rune) bool {
	last := len(before) - 1
	return last > 0 && isNumber(before[last-1]) && strings.ContainsRune(counters, before[last]) && unicode.Is(unicode.Han, after)
}

func isNumber(r rune) bool {
	return unicode.IsDigit(r) || strings.ContainsRune("〇一二三四五六七八九十百千", r)
}

func isLatin(r rune) bool { return unicode.Is(unicode.Latin, r) || unicode.IsDigit(r) }
