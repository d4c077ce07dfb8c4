package segment

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// folder brings texts into the form in which they are compared, one after the
// other into one buffer.
type folder struct {
	buf  []byte
	iter norm.Iter // of the long way: kept, as it is large
}

// span is a text of a folder's buffer.
type span struct{ from, to int }

func (f *folder) at(s span) []byte { return f.buf[s.from:s.to] }

// fold adds text in NFKC, in one case, without blanks around it.
func (f *folder) fold(text string) span {
	from := len(f.buf)
	if !f.foldPlain(text) {
		f.buf = f.buf[:from]
		f.foldAny(text)
	}
	to := from + len(bytes.TrimRightFunc(f.buf[from:], unicode.IsSpace))
	return span{to - len(bytes.TrimLeftFunc(f.buf[from:to], unicode.IsSpace)), to}
}

// foldAny is fold for any text, without the blanks.
func (f *folder) foldAny(text string) {
	for f.iter.InitString(norm.NFKC, text); !f.iter.Done(); {
		part := f.iter.Next()
		for len(part) > 0 {
			r, size := utf8.DecodeRune(part)
			part = part[size:]
			f.buf = utf8.AppendRune(f.buf, unicode.ToLower(unicode.ToUpper(r)))
		}
	}
}

// foldPlain does the same for texts of ASCII, kana and common kanji, which NFKC
// leaves as they are, in a tenth of the time. It returns false for others.
func (f *folder) foldPlain(text string) bool {
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			f.buf = append(f.buf, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case 'ぁ' <= r && r <= 'ゖ', 'ァ' <= r && r <= 'ー', 0x4E00 <= r && r <= 0x9FFF:
		default:
			return false
		}
		f.buf = append(f.buf, text[i:i+size]...)
		i += size
	}
	return true
}
