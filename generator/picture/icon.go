package picture

import (
	"bytes"
	"encoding/binary"
)

const (
	iconHeader = 6  // bytes before the table of entries
	iconEntry  = 16 // bytes of an entry
)

// iconPictures returns the pictures of a Windows icon: PNG files, or bitmaps,
// which have no place for metadata.
func iconPictures(data []byte) ([][]byte, error) {
	count := int(binary.LittleEndian.Uint16(data[4:]))
	if count == 0 || len(data) < iconHeader+count*iconEntry {
		return nil, ErrDamaged
	}
	pictures := make([][]byte, count)
	for i := range pictures {
		entry := data[iconHeader+i*iconEntry:]
		size, at := uint64(binary.LittleEndian.Uint32(entry[8:])), uint64(binary.LittleEndian.Uint32(entry[12:]))
		if size == 0 || at < uint64(iconHeader+count*iconEntry) || at+size > uint64(len(data)) {
			return nil, ErrDamaged
		}
		pictures[i] = data[at : at+size]
	}
	return pictures, nil
}

// stripIcon rewrites an icon with its pictures stripped, one behind the other.
func stripIcon(data []byte) ([]byte, error) {
	pictures, err := iconPictures(data)
	if err != nil {
		return nil, err
	}
	out := bytes.Clone(data[:iconHeader+len(pictures)*iconEntry])
	for i, picture := range pictures {
		if isPNG(picture) {
			if picture, err = stripPNG(picture); err != nil {
				return nil, err
			}
		}
		entry := out[iconHeader+i*iconEntry:]
		binary.LittleEndian.PutUint32(entry[8:], uint32(len(picture)))
		binary.LittleEndian.PutUint32(entry[12:], uint32(len(out)))
		out = append(out, picture...)
	}
	return out, nil
}

// sizeIcon returns the size of the largest picture; in the table, 0 is 256.
func sizeIcon(data []byte) (width, height int, err error) {
	pictures, err := iconPictures(data)
	for i := range pictures {
		entry := data[iconHeader+i*iconEntry:]
		if w := (int(entry[0]) + 255) % 256; w >= width {
			width, height = w+1, (int(entry[1])+255)%256+1
		}
	}
	return width, height, err
}
