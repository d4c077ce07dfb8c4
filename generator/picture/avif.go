package picture

import (
	"encoding/binary"
	"math"
	"slices"
)

// isAVIF and isHEIC go by the brands of the file type box (ISO/IEC 14496-12,
// 4.3); both containers are the same and differ in the codec.
func isAVIF(data []byte) bool { return hasBrand(data, "avif", "avis") }

func isHEIC(data []byte) bool {
	return hasBrand(data, "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1")
}

func hasBrand(data []byte, brands ...string) bool {
	if len(data) < 16 || string(data[4:8]) != "ftyp" {
		return false
	}
	box := data[:min(int64(len(data)), int64(binary.BigEndian.Uint32(data)))]
	for i := 8; i+4 <= len(box); i += 4 {
		if i != 12 && slices.Contains(brands, string(box[i:i+4])) { // at 12 is the version
			return true
		}
	}
	return false
}

// box is a part of the file; body shares the file's memory.
type box struct {
	kind string
	head []byte // size and kind, as they stand
	body []byte
}

func boxes(data []byte) ([]box, error) {
	var all []box
	c := &cursor{data: data}
	for c.pos < len(data) {
		start := c.pos
		head, ok := c.take(8)
		if !ok {
			return nil, cutOff("AVIF")
		}
		size := uint64(binary.BigEndian.Uint32(head))
		switch size {
		case 0:
			size = uint64(len(data) - start)
		case 1:
			long, ok := c.take(8)
			if !ok {
				return nil, cutOff("AVIF")
			}
			size = binary.BigEndian.Uint64(long)
		}
		headBytes := uint64(c.pos - start)
		if size < headBytes || size-headBytes > math.MaxInt32 {
			return nil, damaged("the AVIF has a box of a wrong size")
		}
		body, ok := c.take(int(size - headBytes))
		if !ok {
			return nil, cutOff("AVIF")
		}
		all = append(all, box{string(head[4:]), data[start : start+8], body})
	}
	return all, nil
}

// child returns the body of the first box of that kind; skip is how many bytes
// come before the boxes.
func child(body []byte, kind string, skip int) ([]byte, error) {
	if len(body) < skip {
		return nil, cutOff("AVIF")
	}
	all, err := boxes(body[skip:])
	if err != nil {
		return nil, err
	}
	for _, b := range all {
		if b.kind == kind {
			return b.body, nil
		}
	}
	return nil, damaged("the AVIF has no %s box", kind)
}

// fields reads numbers of the widths that the boxes state.
type fields struct {
	cursor
	short bool // a read went beyond the end
}

func (f *fields) uint(bytes int) uint64 {
	b, ok := f.take(bytes)
	if !ok {
		f.short = true
	}
	var v uint64
	for _, x := range b {
		v = v<<8 | uint64(x)
	}
	return v
}

func readFields(body []byte) *fields { return &fields{cursor: cursor{data: body}} }

// sizeAVIF reads the properties of the primary item: its extents, and the
// rotation, which here stands beside and not in the metadata.
func sizeAVIF(data []byte) (width, height int, err error) {
	meta, err := child(data, "meta", 0)
	if err != nil {
		return 0, 0, err
	}
	primary, err := primaryItem(meta)
	if err != nil {
		return 0, 0, err
	}
	properties, err := child(meta, "iprp", 4)
	if err != nil {
		return 0, 0, err
	}
	container, err := child(properties, "ipco", 0)
	if err != nil {
		return 0, 0, err
	}
	all, err := boxes(container)
	if err != nil {
		return 0, 0, err
	}
	links, err := child(properties, "ipma", 0)
	if err != nil {
		return 0, 0, err
	}
	sideways := false
	for _, i := range associated(links, primary) {
		if i < 1 || i > len(all) {
			continue
		}
		switch b := all[i-1]; {
		case b.kind == "ispe" && len(b.body) >= 12:
			width = int(min(binary.BigEndian.Uint32(b.body[4:]), math.MaxInt32))
			height = int(min(binary.BigEndian.Uint32(b.body[8:]), math.MaxInt32))
		case b.kind == "irot" && len(b.body) >= 1:
			sideways = b.body[0]&1 == 1 // quarter turns
		}
	}
	if sideways {
		width, height = height, width
	}
	return width, height, nil
}

func primaryItem(meta []byte) (uint64, error) {
	body, err := child(meta, "pitm", 4)
	if err != nil {
		return 0, err
	}
	f := readFields(body)
	width := 2
	if f.uint(4)>>24 > 0 {
		width = 4
	}
	id := f.uint(width)
	if f.short {
		return 0, damaged("the AVIF does not say which image is shown")
	}
	return id, nil
}

// associated returns the numbers of an item's properties, from 1
// (ISO/IEC 23008-12, 9.3.1).
func associated(links []byte, item uint64) (properties []int) {
	f := readFields(links)
	head := f.uint(4)
	idBytes, linkBytes, mask := 2, 1, uint64(0x7f) // the top bit marks an essential one
	if head>>24 > 0 {
		idBytes = 4
	}
	if head&1 == 1 {
		linkBytes, mask = 2, 0x7fff
	}
	count := f.uint(4)
	for i := uint64(0); i < count && !f.short; i++ {
		id, links := f.uint(idBytes), f.uint(1)
		for range links {
			if p := f.uint(linkBytes) & mask; id == item {
				properties = append(properties, int(p))
			}
		}
	}
	return properties
}
