package picture

import (
	"bytes"
	"encoding/binary"
)

const (
	tagOrientation = 0x0112 // EXIF 2.32, 4.6.4
	typeShort      = 3
)

var exifHeader = []byte("Exif\x00\x00") // before the TIFF block in JPEG

// orientation returns the orientation in a TIFF block, 1 to 8, or 1 if it has
// none or cannot be read: then no program turns the image.
func orientation(tiff []byte) int {
	tiff = bytes.TrimPrefix(tiff, exifHeader) // some programs write it in WebP and PNG, too
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	count := int(order.Uint16(tiff[at:]))
	entries := tiff[at+2:]
	for i := 0; i < count && len(entries) >= 12; i++ {
		e := entries[:12]
		entries = entries[12:]
		if order.Uint16(e) != tagOrientation || order.Uint16(e[2:]) != typeShort {
			continue
		}
		if v := int(order.Uint16(e[8:])); v >= 1 && v <= 8 {
			return v
		}
		return 1
	}
	return 1
}

// orientationOnly returns a TIFF block that holds the orientation o alone.
func orientationOnly(o int) []byte {
	return []byte{
		'M', 'M', 0, '*', 0, 0, 0, 8, // the directory is at 8
		0, 1, // has one entry
		tagOrientation >> 8, tagOrientation & 0xff, 0, typeShort, 0, 0, 0, 1, 0, byte(o), 0, 0,
		0, 0, 0, 0, // and no other directory follows
	}
}

// turned returns the size as displayed: from 5 on, an orientation lays the
// image on its side.
func turned(width, height, orientation int) (int, int) {
	if orientation >= 5 {
		return height, width
	}
	return width, height
}
