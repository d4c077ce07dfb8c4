package mailer

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Limits of a reply. RFC 5321, section 4.5.3.1.5, allows 512 bytes a line and
// says nothing of the number of lines; real ones have up to about ten.
const (
	maxReplyLines = 100
	maxReplyText  = 1000 // bytes that are kept; what is more is read and dropped
)

// Errors of replies that are none. The connection is of no more use.
var (
	errReplyForm = errors.New("the reply is not of the form of RFC 5321")
	errReplyLong = errors.New("the reply does not end")
)

// reply is one reply of a server. Its text is used again by the next read.
type reply struct {
	code     int
	enhanced string // "5.1.1", or ""
	text     []byte // of all lines, without codes, joined by blanks
}

// read reads one reply: lines of "250-text", and a last one of "250 text" or "250".
// Errors are those of the connection, errReplyForm and errReplyLong; after any of
// them, what is left of the reply is not read. A line longer than r's buffer is an
// error.
func (a *reply) read(r *bufio.Reader) error {
	a.code, a.enhanced, a.text = 0, "", a.text[:0]
	for range maxReplyLines {
		line, err := r.ReadSlice('\n')
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			return errReplyLong
		case err != nil:
			return fmt.Errorf("read a reply: %w", err)
		}
		line = bytes.TrimSuffix(line[:len(line)-1], []byte{'\r'})
		code, more, text, ok := cutReply(line)
		if !ok || a.code != 0 && code != a.code {
			return errReplyForm
		}
		a.code = code
		a.add(text)
		if !more {
			return nil
		}
	}
	return errReplyLong
}

// cutReply takes one line of a reply apart. RFC 5321, section 4.2: the first digit
// is 2 to 5, the second 0 to 5; servers have used other second digits.
func cutReply(line []byte) (code int, more bool, text []byte, ok bool) {
	if len(line) < 3 || line[0] < '2' || line[0] > '5' || !isDigit(line[1]) || !isDigit(line[2]) {
		return 0, false, nil, false
	}
	code = int(line[0]-'0')*100 + int(line[1]-'0')*10 + int(line[2]-'0')
	if len(line) == 3 {
		return code, false, nil, true
	}
	switch line[3] {
	case '-':
		return code, true, line[4:], true
	case ' ':
		return code, false, line[4:], true
	}
	return 0, false, nil, false
}

// add takes the text of one line, without its enhanced code.
func (a *reply) add(text []byte) {
	if code, rest := cutEnhanced(text); code != nil {
		if a.enhanced == "" {
			a.enhanced = known(code)
		}
		text = rest
	}
	text = bytes.TrimSpace(text)
	if len(text) == 0 || len(a.text) >= maxReplyText {
		return
	}
	if len(a.text) > 0 {
		a.text = append(a.text, ' ')
	}
	a.text = append(a.text, text[:min(len(text), maxReplyText-len(a.text))]...)
}

// known returns an enhanced code as a string; the common ones cost nothing.
func known(code []byte) string {
	switch string(code) {
	case "2.0.0":
		return "2.0.0"
	case "2.1.0":
		return "2.1.0"
	case "2.1.5":
		return "2.1.5"
	}
	return string(code)
}

// cutEnhanced returns the enhanced code (RFC 2034) at the start of text, and the
// text behind it; nil if there is none. Some servers put # before it.
func cutEnhanced(text []byte) (code, rest []byte) {
	t := bytes.TrimPrefix(bytes.TrimLeft(text, " "), []byte{'#'})
	n := 0
	for part := range 3 {
		digits := 0
		for n < len(t) && isDigit(t[n]) && digits < 4 {
			n, digits = n+1, digits+1
		}
		if digits == 0 || digits > 3 || part == 0 && (digits > 1 || t[0] != '2' && t[0] != '4' && t[0] != '5') {
			return nil, text
		}
		if part < 2 {
			if n >= len(t) || t[n] != '.' {
				return nil, text
			}
			n++
		}
	}
	if n < len(t) && t[n] != ' ' && t[n] != '\t' && t[n] != ':' {
		return nil, text
	}
	return t[:n], bytes.TrimLeft(t[n:], ": \t")
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

// isPositive reports whether the reply is 2xx.
func (a *reply) isPositive() bool { return a.code/100 == 2 }

// isRefusal reports whether the reply is 4xx or 5xx.
func (a *reply) isRefusal() bool { return a.code/100 == 4 || a.code/100 == 5 }

// shown returns the text of a reply as it may be kept: on one line, valid UTF-8,
// without what cannot be seen, without the local parts of addresses and without
// words as long as our tokens, which a server may quote from the letter.
func shown(text []byte) string {
	s := strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, string(text))
	s = withoutTokens(strings.Join(strings.Fields(s), " "))
	if strings.Contains(s, "@") {
		s = localPart.ReplaceAllString(s, "…@")
	}
	for len(s) > maxReplyText {
		_, size := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-size]
	}
	return s
}

// localPart is what stands before an @, in quotes or without.
var localPart = regexp.MustCompile(`(?:"(?:[^"\\]|\\.)*"|[^\s<>()\[\]:;,'"=@]+)@`)

// maskFrom is from how many letters on a run of those of base64url is taken for a token.
const maskFrom = 40

// withoutTokens hides long runs of letters as of tokens.
func withoutTokens(s string) string {
	var b []byte // nil: nothing hidden so far
	from := 0    // what of s is not in b yet
	for i := 0; i < len(s); {
		end := i
		for end < len(s) && isToken(s[end]) {
			end++
		}
		if end-i >= maskFrom {
			b, from = append(append(b, s[from:i]...), "…"...), end
		}
		i = end + 1
	}
	if b == nil {
		return s
	}
	return string(append(b, s[from:]...))
}

func isToken(c byte) bool {
	return isDigit(c) || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '-' || c == '_'
}
