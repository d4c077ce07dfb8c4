package picture

import (
	"bytes"
	"encoding/binary"
)

func stripAVIF(data []byte) ([]byte, error) {
	out := bytes.Clone(data)
	top, err := boxes(out)
	if err != nil {
		return nil, err
	}
	found := false
	for _, b := range top {
		switch b.kind {
		case "ftyp", "mdat":
		case "meta":
			found = true
			if err := cleanMeta(out, b.body); err != nil {
				return nil, err
			}
		case "moov":
			if err := cleanTracks(b.body, 0); err != nil {
				return nil, err
			}
		default:
			free(b)
		}
	}
	if !found {
		return nil, damaged("the AVIF has no meta box")
	}
	return out, nil
}

// free makes a box one that every program skips.
func free(b box) {
	copy(b.head[4:], "free")
	clear(b.body)
}

// cleanTracks frees what an animation's tracks carry beside the pictures.
func cleanTracks(body []byte, depth int) error {
	all, err := boxes(body)
	if err != nil {
		return err
	}
	for _, b := range all {
		switch b.kind {
		case "udta", "meta", "uuid", "free", "skip":
			free(b)
		case "trak", "mdia", "minf":
			if depth > 3 {
				return damaged("the AVIF is nested too deeply")
			}
			if err := cleanTracks(b.body, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// cleanMeta overwrites the items of a meta box that are not pictures: EXIF,
// XMP, and whatever else has a media type or an address.
func cleanMeta(file, meta []byte) error {
	infos, err := child(meta, "iinf", 4)
	if err != nil {
		return err
	}
	all, err := boxes(meta[4:])
	if err != nil {
		return err
	}
	for _, b := range all {
		if b.kind == "udta" || b.kind == "uuid" || b.kind == "free" || b.kind == "skip" {
			free(b)
		}
	}
	skip := 6
	if len(infos) > 0 && infos[0] > 0 {
		skip = 8 // the count is longer in later versions
	}
	if len(infos) < skip {
		return cutOff("AVIF")
	}
	items, err := boxes(infos[skip:])
	if err != nil {
		return err
	}
	metadata := map[uint64]string{}
	for _, b := range items {
		id, kind, rest, err := itemInfo(b)
		if err != nil {
			return err
		}
		if kind == "Exif" || kind == "mime" || kind == "uri " {
			metadata[id] = kind
		}
		name, _, _ := bytes.Cut(rest, []byte{0})
		for i := range name {
			name[i] = ' ' // a name for people; the length must stay
		}
	}
	extents, err := itemExtents(meta, metadata)
	if err != nil {
		return err
	}
	idat, _ := child(meta, "idat", 4)
	for _, e := range extents {
		if err := overwrite(file, idat, e, metadata[e.item]); err != nil {
			return err
		}
	}
	return nil
}

func itemInfo(b box) (id uint64, kind string, rest []byte, err error) {
	f := readFields(b.body)
	version := f.uint(1)
	f.uint(3)
	width := 2
	if version >= 3 {
		width = 4
	}
	id = f.uint(width)
	f.uint(2) // protection
	k, ok := f.take(4)
	if b.kind != "infe" || version < 2 || f.short || !ok {
		return 0, "", nil, damaged("the AVIF's item list is wrong")
	}
	return id, string(k), f.data[f.pos:], nil
}

// maxExtents is far above what metadata of one image is split into.
const maxExtents = 1000

// extent is a part of an item's data (ISO/IEC 14496-12, 8.11.3).
type extent struct {
	item, method, start, length uint64
}

// itemExtents returns where the data of the items lies.
func itemExtents(meta []byte, items map[uint64]string) (all []extent, err error) {
	if len(items) == 0 {
		return nil, nil
	}
	loc, err := child(meta, "iloc", 4)
	if err != nil {
		return nil, err
	}
	f := readFields(loc)
	version := f.uint(1)
	f.uint(3)
	sizes := f.uint(2)
	offsetBytes, lengthBytes, baseBytes, indexBytes := int(sizes>>12&15), int(sizes>>8&15), int(sizes>>4&15), int(sizes&15)
	wide := 2
	if version == 2 {
		wide = 4
	}
	if version == 0 {
		indexBytes = 0
	}
	count := f.uint(wide)
	for i := uint64(0); i < count && !f.short; i++ {
		e := extent{item: f.uint(wide)}
		if version > 0 {
			e.method = f.uint(2) & 15
		}
		f.uint(2)
		base := f.uint(baseBytes)
		parts := f.uint(2)
		if parts > 1 && offsetBytes+lengthBytes == 0 || len(all) > maxExtents {
			return nil, damaged("the AVIF's item locations are wrong")
		}
		for j := uint64(0); j < parts && !f.short; j++ {
			f.uint(indexBytes)
			e.start, e.length = base+f.uint(offsetBytes), f.uint(lengthBytes)
			if _, is := items[e.item]; is {
				all = append(all, e)
			}
		}
	}
	if f.short {
		return nil, damaged("the AVIF's item locations are wrong")
	}
	return all, nil
}

// overwrite fills an extent with an empty EXIF block, or with spaces. The
// extent must lie in the boxes that are for data.
func overwrite(file, idat []byte, e extent, kind string) error {
	body := file
	if e.method == 1 {
		body = idat
	}
	if e.method > 1 || e.start > uint64(len(body)) || e.length > uint64(len(body))-e.start {
		return damaged("the AVIF's item locations are wrong")
	}
	if e.length == 0 {
		return damaged("the AVIF's metadata has no stated length")
	}
	body = body[e.start : e.start+e.length]
	if e.method == 0 && !inData(file, e) {
		return damaged("the AVIF's item locations are wrong")
	}
	if kind == "Exif" {
		clear(body)
		copy(body, "\x00\x00\x00\x00II*\x00\x08\x00\x00\x00") // and a directory of no entries
		return nil
	}
	for i := range body {
		body[i] = ' '
	}
	return nil
}

// inData says whether an extent of the file lies within one mdat box.
func inData(file []byte, e extent) bool {
	all, err := boxes(file)
	if err != nil {
		return false
	}
	end := uint64(0)
	for _, b := range all {
		// A box's body ends where the next one's head begins.
		start := end + uint64(len(b.head))
		if binary.BigEndian.Uint32(b.head) == 1 {
			start += 8
		}
		end = start + uint64(len(b.body))
		if b.kind == "mdat" && e.start >= start && e.start+e.length <= end {
			return true
		}
	}
	return false
}
