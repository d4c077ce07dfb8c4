package picture_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

// marker stands in every place where metadata can be.
const marker = "GPS-35.6812N-139.7671E"

func be16(v int) string { return string(binary.BigEndian.AppendUint16(nil, uint16(v))) }
func be32(v int) string { return string(binary.BigEndian.AppendUint32(nil, uint32(v))) }
func le32(v int) string { return string(binary.LittleEndian.AppendUint32(nil, uint32(v))) }

// tiff is a little-endian TIFF block with an orientation and the marker.
func tiff(orientation int) string {
	return "II*\x00\x08\x00\x00\x00\x02\x00" +
		"\x0e\x01\x02\x00" + le32(len(marker)) + le32(38) +
		"\x12\x01\x03\x00\x01\x00\x00\x00" + string(rune(orientation)) + "\x00\x00\x00" +
		"\x00\x00\x00\x00" + marker
}

func drawn(width, height int) *image.Paletted {
	m := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.Black, color.White})
	for i := range m.Pix {
		m.Pix[i] = uint8(i * i / 7 & 1)
	}
	return m
}

func segment(m byte, payload string) string {
	return "\xff" + string([]byte{m}) + be16(len(payload)+2) + payload
}

// plainJPEG is 20 by 10 pixels and has no metadata.
func plainJPEG(t testing.TB) string {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, drawn(20, 10), nil); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const (
	jfif = "JFIF\x00\x01\x02\x00\x00\x01\x00\x01"
	icc  = "ICC_PROFILE\x00\x01\x01profile"
)

func fullJPEG(t testing.TB, orientation int) string {
	return "\xff\xd8" +
		segment(0xe0, jfif+"\x02\x04"+marker+"xy") +
		segment(0xe0, "JFXX\x00\x10"+marker) +
		segment(0xe1, "Exif\x00\x00"+tiff(orientation)) +
		segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00"+marker) +
		segment(0xe2, icc) + segment(0xe2, "MPF\x00"+marker) +
		segment(0xed, "Photoshop 3.0\x008BIM"+marker) +
		segment(0xee, "Adobe\x00\x64\x00\x00\x00\x00\x01"+marker) +
		segment(0xef, marker) + segment(0xfe, marker) + marker + "\xff\xff" + // left between, and a fill byte
		strings.TrimPrefix(plainJPEG(t), "\xff\xd8")[1:] +
		"\xff\xd8second image" + marker
}

func pngChunk(kind, body string) string {
	return be32(len(body)) + kind + body + be32(int(crc32.ChecksumIEEE([]byte(kind+body))))
}

func plainPNG(t testing.TB) string {
	var b bytes.Buffer
	if err := png.Encode(&b, drawn(20, 10)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func fullPNG(t testing.TB, orientation int) string {
	plain := plainPNG(t)
	const head = 8 + 25
	end := len(plain) - 12
	return plain[:head] + pngChunk("tEXt", "Comment\x00"+marker) + pngChunk("iTXt", marker) + pngChunk("zTXt", marker) +
		pngChunk("eXIf", tiff(orientation)) + pngChunk("tIME", marker) + pngChunk("caBX", marker) +
		pngChunk("iCCP", marker+"\x00\x00profile") + pngChunk("gAMA", "\x00\x00\xb1\x8f") + plain[head:end] + pngChunk("prVt", marker) +
		plain[end:] + marker
}

func plainGIF(t testing.TB) string {
	var b bytes.Buffer
	all := &gif.GIF{Image: []*image.Paletted{drawn(20, 10), drawn(20, 10)}, Delay: []int{5, 7}, LoopCount: 3}
	if err := gif.EncodeAll(&b, all); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func fullGIF(t testing.TB) string {
	plain := plainGIF(t)
	block := string(rune(len(marker))) + marker + "\x00"
	head := 13
	if plain[10]&0x80 != 0 {
		head += 3 << (plain[10]&7 + 1)
	}
	return plain[:head] + "\x21\xfe" + block + "\x21\xff\x0bXMP DataXMP" + block + "\x21\x42" + block +
		"\x21\xf9\x04\x00\x10\x00\x00\x00" + "\x21\x01\x0c123456789012" + block +
		plain[head:len(plain)-1] + "\x21\xfe" + block + ";" + marker
}

func riff(chunks ...string) string {
	body := "WEBP" + strings.Join(chunks, "")
	return "RIFF" + le32(len(body)) + body
}

func riffChunk(kind, body string) string {
	s := kind + le32(len(body)) + body
	if len(body)%2 == 1 {
		s += "\x00"
	}
	return s
}

// vp8l is the head of a lossless image of 20 by 10 pixels.
const vp8l = "\x2f\x13\x40\x02\x00rest"

func fullWebP(orientation int) string {
	frame := "\x00\x00\x00\x00\x00\x00\x13\x00\x00\x09\x00\x00\x64\x00\x00\x00"
	return riff(
		riffChunk("VP8X", "\x3e\x00\x00\x00\x13\x00\x00\x09\x00\x00"),
		riffChunk("ICCP", "profile"), riffChunk("ANIM", "\xff\xff\xff\xff\x00\x00"),
		riffChunk("ANMF", frame+riffChunk("ALPH", "a")+riffChunk("VP8L", vp8l)+riffChunk("ABCD", marker)),
		riffChunk("ANMF", frame+riffChunk("VP8L", vp8l)),
		riffChunk("EXIF", "Exif\x00\x00"+tiff(orientation)), riffChunk("XMP ", marker), riffChunk("ABCD", marker),
	) + marker
}

func plainWebP() string { return riff(riffChunk("VP8L", vp8l)) }

func isobox(kind, body string) string { return be32(len(body)+8) + kind + body }

// fullAVIF is 20 by 10 pixels lying, and displayed a quarter turned.
func fullAVIF() string {
	item := func(id int, kind, rest string) string {
		return isobox("infe", "\x02\x00\x00\x00"+be16(id)+"\x00\x00"+kind+rest)
	}
	build := func(offset int) (head, data string) {
		parts := []string{"picture", "\x00\x00\x00\x00" + tiff(6), "<x:xmpmeta>" + marker}
		loc := "\x00\x00\x00\x00\x44\x00" + be16(len(parts))
		for i, p := range parts {
			loc += be16(i+1) + "\x00\x00" + be16(1) + be32(offset) + be32(len(p))
			offset += len(p)
		}
		meta := "\x00\x00\x00\x00" + isobox("hdlr", "\x00\x00\x00\x00\x00\x00\x00\x00pict") +
			isobox("pitm", "\x00\x00\x00\x00\x00\x01") + isobox("iloc", loc) +
			isobox("iinf", "\x00\x00\x00\x00"+be16(3)+item(1, "av01", marker+"\x00")+item(2, "Exif", "\x00")+item(3, "mime", "\x00application/rdf+xml\x00")) +
			isobox("iprp", isobox("ipco", isobox("ispe", be32(0)+be32(20)+be32(10))+isobox("irot", "\x01"))+
				isobox("ipma", be32(0)+be32(1)+be16(1)+"\x02\x81\x82"))
		return isobox("ftyp", "avif\x00\x00\x00\x00mif1avif") + isobox("free", marker) + isobox("meta", meta),
			isobox("mdat", strings.Join(parts, ""))
	}
	head, _ := build(0)
	head, data := build(len(head) + 8)
	return head + data + isobox("uuid", marker)
}

const plainSVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10"><title>図</title><path d="M0 0h9"/></svg>` + "\n"

// fullSVG says marker in all the ways that drawing programs do.
const fullSVG = "\ufeff" + `<?xml version="1.0" encoding="UTF-8"?>
<?xpacket ` + marker + `?>
<!-- ` + marker + ` -->
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x" [ <!ENTITY ns_svg "http://www.w3.org/2000/svg"> <!ENTITY m "` + marker + `"> ]>
<svg xmlns="&ns_svg;" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:i="http://www.inkscape.org/" xmlns:html="http://www.w3.org/1999/xhtml"
  viewBox="0 0 20 10" i:export="` + marker + `" data-name="` + marker + `" onload="alert('` + marker + `')">
<metadata><rdf:RDF xmlns:rdf="r"><title>` + marker + `</title></rdf:RDF></metadata><i:view id="` + marker + `"><path/></i:view>
<title>図 &lt;1&gt;</title><desc>D</desc><script>` + marker + `</script><foreignObject><html:p>` + marker + `</html:p></foreignObject>
<script xmlns="http://www.w3.org/1999/xhtml">` + marker + `</script>
<style><![CDATA[/* ` + marker + ` */ a>b{fill:red}]]></style>
<style>/<!-- -->* ` + marker + ` */ b{/**/* x{}</style>
<a xlink:href=" java&#10;script:` + marker + `"><path d="M0 0&#10;h9"/></a><a href="/news/">t</a>
<set attributeName="href" to="javascript:` + marker + `"/><image href="data:text/html,` + marker + `"/>
</svg><!-- ` + marker + ` -->
`
