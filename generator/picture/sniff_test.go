package picture_test

import (
	"fmt"
	"strings"
	"testing"

	"kaiho/generator/picture"
)

func TestSniffGoesByTheContent(t *testing.T) {
	heic := isobox("ftyp", "heic\x00\x00\x00\x00mif1heic")
	icon := func(offset string) string {
		return "\x00\x00\x01\x00\x01\x00" + "\x20\x20\x00\x00\x01\x00\x20\x00" + le32(500) + offset + plainPNG(t)
	}
	bitmap := "BM" + le32(1000) + le32(0) + le32(54) + le32(40) + le32(20) + le32(10)
	for _, test := range []struct{ name, head, want string }{
		{"JPEG", fullJPEG(t, 6), ".jpg"},
		{"PNG", plainPNG(t), ".png"},
		{"GIF", plainGIF(t), ".gif"},
		{"WebP", plainWebP(), ".webp"},
		{"AVIF", fullAVIF(), ".avif"},
		{"HEIC", heic, ".heic"},
		{"TIFF", tiff(1), ".tif"},
		{"JPEG XL", "\xff\x0a\x00", ".jxl"},
		{"JPEG 2000", "\x00\x00\x00\x0cjP  \r\n\x87\n", ".jp2"},
		{"a Windows bitmap", bitmap, ".bmp"},
		{"an icon that holds a PNG", icon(le32(22)), ".ico"},
		{"a Photoshop file", "8BPS\x00\x01", ".psd"},
		{"a camera's raw file", isobox("ftyp", "crx \x00\x00\x00\x01crx isom"), ".cr3"},
		{"SVG", fullSVG, ".svg"},
		{"a page with an SVG in it", "<!DOCTYPE html>\n<html><body><svg/></body></html>", ""},
		{"text that begins like a bitmap", "BMW and others met in May, as every year.", ""},
		{"an icon's header whose picture lies in its table", icon(le32(7)), ""},
		{"a gzip file", "\x1f\x8b\x08\x00", ""},
		{"a film", isobox("ftyp", "isom\x00\x00\x02\x00isomiso2avc1mp41"), ""},
		{"PDF", "%PDF-1.7\n", ""},
		{"text", "二〇二六年の会計報告", ""},
		{"nothing", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, head := range []string{test.head, test.head[:min(len(test.head), 512)]} {
				if strings.HasPrefix(test.name, "SVG") {
					head = test.head
				}
				ext, ok := picture.Sniff([]byte(head))
				if ext != test.want || ok != (test.want != "") {
					t.Errorf("%d bytes: got %q, %v, want %q", len(head), ext, ok, test.want)
				}
			}
			for n := range min(len(test.head), 64) {
				picture.Sniff([]byte(test.head[:n])) // must not panic
			}
		})
	}
}

func ExampleSniff() {
	fmt.Println(picture.Sniff([]byte("\x89PNG\r\n\x1a\n and so on"))) // of minutes.dat, say
	// Output: .png true
}
