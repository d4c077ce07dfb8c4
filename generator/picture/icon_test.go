package picture_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/png"
	"testing"

	"kaiho/generator/picture"
)

// pngWithText returns a PNG with a text chunk that holds marker.
func pngWithText(t *testing.T, marker string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 16, 16))); err != nil {
		t.Fatal(err)
	}
	chunk := append([]byte("tEXt"), "Comment\x00"+marker...)
	text := binary.BigEndian.AppendUint32(nil, uint32(len(chunk)-4))
	text = binary.BigEndian.AppendUint32(append(text, chunk...), crc32.ChecksumIEEE(chunk))
	end := b.Len() - 12 // IEND
	return bytes.Join([][]byte{b.Bytes()[:end], text, b.Bytes()[end:]}, nil)
}

// iconOf returns a Windows icon of pictures.
func iconOf(pictures ...[]byte) []byte {
	out := []byte{0, 0, 1, 0, byte(len(pictures)), 0}
	at := 6 + 16*len(pictures)
	for _, p := range pictures {
		entry := []byte{16, 16, 0, 0, 1, 0, 32, 0}
		entry = binary.LittleEndian.AppendUint32(entry, uint32(len(p)))
		out = append(out, binary.LittleEndian.AppendUint32(entry, uint32(at))...)
		at += len(p)
	}
	return append(out, bytes.Join(pictures, nil)...)
}

func TestIconsLoseTheMetadataOfTheirPictures(t *testing.T) {
	bitmap := []byte("(\x00\x00\x00 a bitmap")
	for name, data := range map[string][]byte{
		"an icon of two":         iconOf(pngWithText(t, "secret"), bitmap),
		"a PNG that is so named": pngWithText(t, "secret"),
	} {
		got, err := picture.Strip(data, "favicon.ico")
		if err != nil || bytes.Contains(got, []byte("secret")) || len(got) >= len(data) {
			t.Errorf("%s: got %d bytes of %d, %v", name, len(got), len(data), err)
		}
		again, err := picture.Strip(got, "favicon.ico")
		if err != nil || !bytes.Equal(again, got) {
			t.Errorf("%s: stripping twice gives other bytes, %v", name, err)
		}
		if w, h, err := picture.Size(got, "favicon.ico"); w != 16 || h != 16 || err != nil {
			t.Errorf("%s: size: got %d×%d, %v", name, w, h, err)
		}
	}
	whole := iconOf(pngWithText(t, "x"), bitmap)
	for cut := range len(whole) {
		if got, err := picture.Strip(whole[:cut], "favicon.ico"); err == nil {
			t.Errorf("cut at %d: got %d bytes without an error", cut, len(got))
		}
	}
}
