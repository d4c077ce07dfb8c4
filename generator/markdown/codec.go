package markdown

import (
	"encoding/binary"
	"errors"
)

// Append appends b to dst in the form that DecodeBody reads: how many slots
// there are, each slot as its distance from the one before, its kind and its
// reference, and the HTML. Numbers are unsigned varints.
func (b Body) Append(dst []byte) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(b.slots)))
	from := uint32(0)
	for _, s := range b.slots {
		dst = binary.AppendUvarint(dst, uint64(s.at-from))
		dst = append(dst, byte(s.kind))
		dst = binary.AppendUvarint(dst, uint64(s.ref))
		from = s.at
	}
	return append(dst, b.html...)
}

var errBody = errors.New("these bytes are no body")

// DecodeBody reads what Append has written. It takes a copy, so that data may
// be used again. Bytes that Append cannot have written are an error, mostly,
// and never more than that: what a damaged body says may be nonsense, but it
// can be written out.
func DecodeBody(data []byte) (Body, error) {
	number := func() uint64 {
		n, size := binary.Uvarint(data)
		if size <= 0 {
			data = nil
			return 1 << 63 // more than anything may be
		}
		data = data[size:]
		return n
	}
	count := number()
	if count > uint64(len(data))/3 { // a slot has three bytes or more
		return Body{}, errBody
	}
	var b Body
	if count > 0 {
		b.slots = make([]slot, count)
	}
	at, open := uint64(0), false
	for i := range b.slots {
		distance := number()
		if len(data) == 0 || distance > uint64(len(data)) {
			return Body{}, errBody
		}
		kind := slotKind(data[0])
		data = data[1:]
		ref := number()
		at += distance
		if at > 1<<32-1 || ref > 1<<32-1 || kind > rawHTML || !alternates(kind, &open) {
			return Body{}, errBody
		}
		b.slots[i] = slot{at: uint32(at), ref: uint32(ref), kind: kind}
	}
	if at > uint64(len(data)) || open {
		return Body{}, errBody
	}
	b.html = string(data)
	return b, nil
}

// alternates reports whether a slot of kind may stand where a link is open or
// not, and sets open for the next.
func alternates(kind slotKind, open *bool) bool {
	switch kind {
	case beginLink, beginButton:
		*open = !*open
		return *open
	case endLink:
		*open = !*open
		return !*open
	}
	return true
}
