package search

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"io"
	"sync"
)

// Part returns the i-th part, packed.
func (x *Index) Part(i int) []byte {
	b := binary.LittleEndian.AppendUint32(nil, x.generation)
	var name []byte
	for _, g := range x.parts[i] {
		data := x.groups[i%groupCount][g].data
		name = g.append(name[:0])
		b = append(binary.AppendUvarint(b, uint64(len(name))), name...)
		b = append(binary.AppendUvarint(b, uint64(len(data))), data...)
	}
	return pack(b)
}

// packers are kept: one takes a megabyte of memory.
var packers = sync.Pool{New: func() any {
	z, err := flate.NewWriter(io.Discard, packLevel)
	if err != nil {
		panic(err) // the level is known
	}
	return z
}}

// packLevel is how hard packing tries: the levels above make files smaller by
// less than one percent.
const packLevel = 6

// pack compresses b. There is neither a header nor a checksum: 18 bytes in each of
// a dozen small files.
func pack(b []byte) []byte {
	z := packers.Get().(*flate.Writer)
	defer packers.Put(z)
	return packWith(z, b)
}

func packWith(z *flate.Writer, b []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(b)/2 + 64)
	z.Reset(&out)
	_, _ = z.Write(b) // a buffer takes everything
	_ = z.Close()
	return out.Bytes()
}
