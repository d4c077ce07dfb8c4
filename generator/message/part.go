package message

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// lineBytes is how many bytes make a line of 76 characters (RFC 2045, section 6.8).
const lineBytes = 57

// minSlab is from how many bytes on a text is encoded beforehand; fewer make a line
// or two, and the lines that are cut short around them would cost as much.
const minSlab = 2 * lineBytes

// part is the text of a part, compiled.
type part struct {
	steps []step
	slots int // values that a letter must have
}

// step is a slot, a short text or a slab.
type step struct {
	slot int
	text string    // with CRLF
	code [3][]byte // of a slab: whole groups of text[k:], in lines
}

// lineEnds makes canonical text (RFC 2045, section 2.10).
var lineEnds = strings.NewReplacer("\r\n", "\r\n", "\r", "\r\n", "\n", "\r\n")

func compilePart(text Text) (part, error) {
	var p part
	for _, piece := range text {
		switch last := len(p.steps) - 1; {
		case piece.Slot < 0 || piece.Slot > 0 && piece.Text != "":
			return part{}, fmt.Errorf("a piece is a text or a slot from 1 on, not slot %d with %d bytes", piece.Slot, len(piece.Text))
		case piece.Slot > 0:
			p.steps = append(p.steps, step{slot: piece.Slot})
			p.slots = max(p.slots, piece.Slot)
		case piece.Text == "":
		case last >= 0 && p.steps[last].slot == 0:
			p.steps[last].text += lineEnds.Replace(piece.Text)
		default:
			p.steps = append(p.steps, step{text: lineEnds.Replace(piece.Text)})
		}
	}
	if len(p.steps) == 0 { // many clients would show this part, and so nothing
		return part{}, errors.New("it is empty")
	}
	for i := range p.steps {
		if s := &p.steps[i]; len(s.text) >= minSlab {
			for k := range s.code {
				var e encoder
				e.write(s.text[k:s.wholeTo(k)])
				e.flush()
				s.code[k] = e.dst
			}
		}
	}
	return p, nil
}

// wholeTo returns where the last whole group of text[k:] ends.
func (s *step) wholeTo(k int) int { return len(s.text) - (len(s.text)-k)%3 }

// append appends the part's lines, of which the last ends with CRLF too.
func (p part) append(dst []byte, values []string) []byte {
	e := encoder{dst: dst}
	for i := range p.steps {
		switch s := &p.steps[i]; {
		case s.slot > 0:
			e.writeLines(values[s.slot-1])
		case s.code[0] == nil:
			e.write(s.text)
		default:
			k := (3 - e.n%3) % 3
			e.write(s.text[:k])
			e.flush()
			e.dst = append(e.dst, s.code[k]...)
			e.write(s.text[s.wholeTo(k):])
		}
	}
	e.flush()
	return e.dst
}

// encoder writes base64 line by line.
type encoder struct {
	dst  []byte
	line [lineBytes]byte // what is not written yet
	n    int             // bytes in line
}

func (e *encoder) write(s string) {
	for s != "" {
		n := copy(e.line[e.n:], s)
		s, e.n = s[n:], e.n+n
		if e.n == len(e.line) {
			e.flush()
		}
	}
}

// writeLines writes s with its line ends as CRLF.
func (e *encoder) writeLines(s string) {
	for strings.IndexByte(s, '\n') >= 0 || strings.IndexByte(s, '\r') >= 0 {
		i := strings.IndexAny(s, "\r\n")
		e.write(s[:i])
		e.write("\r\n")
		if strings.HasPrefix(s[i:], "\r\n") {
			i++
		}
		s = s[i+1:]
	}
	e.write(s)
}

// flush ends the line. Within a part it is called when whole groups are in it.
func (e *encoder) flush() {
	if e.n > 0 {
		e.dst = append(base64.StdEncoding.AppendEncode(e.dst, e.line[:e.n]), "\r\n"...)
		e.n = 0
	}
}
