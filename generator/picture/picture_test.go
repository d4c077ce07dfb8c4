package picture_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/gif"
	_ "image/jpeg"
	_ "image/png"
	"reflect"
	"strings"
	"testing"

	"kaiho/generator/diag"
	"kaiho/generator/picture"
)

func strip(t testing.TB, data, name string) string {
	t.Helper()
	in := []byte(data)
	out, err := picture.Strip(in, name)
	if err != nil {
		t.Fatal(err)
	}
	if string(in) != data {
		t.Error("the input was changed")
	}
	again, err := picture.Strip(out, name)
	if err != nil || !bytes.Equal(again, out) {
		t.Errorf("second Strip: got %.300q, %v, want %.300q", again, err, out)
	}
	return string(out)
}

func TestMetadataDoesNotSurvive(t *testing.T) {
	photo := base64.StdEncoding.EncodeToString([]byte(fullJPEG(t, 6)))
	tests := []struct {
		name, file, data string
		keeps            []string
	}{
		{"JPEG", "a.jpg", fullJPEG(t, 1), []string{icc, jfif + "\x00\x00", "Adobe\x00\x64\x00\x00\x00\x00\x01"}},
		{"JPEG lying on its side", "a.JPEG", fullJPEG(t, 6), []string{icc, "Exif\x00\x00MM\x00*"}},
		{"PNG", "a.png", fullPNG(t, 1), []string{"gAMA", "PLTE", "iCCPICC\x00\x00profile"}},
		{"PNG lying on its side", "a.png", fullPNG(t, 6), []string{"eXIfMM\x00*"}},
		{"GIF", "a.gif", fullGIF(t), []string{"NETSCAPE2.0\x03\x01\x03\x00\x00"}},
		{"WebP", "a.webp", fullWebP(1), []string{"ICCP", "ANIM", "ALPH", vp8l}},
		{"WebP lying on its side", "a.webp", fullWebP(8), []string{"ICCP", "EXIF\x1a\x00\x00\x00MM\x00*"}},
		{"AVIF", "a.avif", fullAVIF(), []string{"picture", "II*\x00\x08\x00\x00\x00\x00\x00"}},
		{"SVG", "a.svg", fullSVG, []string{"<title>図 &lt;1&gt;</title>", "<desc>D</desc>", `d="M0 0 h9"`, "a&gt;b{fill:red}", `<a href="/news/">t</a>`}},
		{"photograph inside a style sheet", "a.svg", strings.Replace(plainSVG, "<path", `<style>a{mask:url(data:image/jpeg;base64,`+photo+`)}</style><path`, 1), []string{`data:image/jpeg;base64,/9j/`}},
		{"photograph inside an SVG", "a.svg", strings.Replace(plainSVG, "<path", `<image href="data:image/jpeg;base64,`+photo+`"/><path`, 1), []string{`data:image/jpeg;base64,/9j/`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := strip(t, test.data, test.file)
			if strings.Contains(got, "GPS") || strings.Contains(got, base64.StdEncoding.EncodeToString([]byte(marker))[:12]) {
				t.Errorf("the marker is left: %.2000q", got)
			}
			for _, want := range test.keeps {
				if !strings.Contains(got, want) {
					t.Errorf("%q is gone: %.2000q", want, got)
				}
			}
		})
	}
}

func TestSmallPrintOfSVG(t *testing.T) {
	got := strip(t, fullSVG, "a.svg")
	for _, gone := range []string{"DOCTYPE", "<?", "<!--", "script", "xmlns:i", "onload", "data-name", "xhtml", "metadata"} {
		if strings.Contains(got, gone) {
			t.Errorf("%q is left: %s", gone, got)
		}
	}
}

func TestPlainImagesStayAsTheyAre(t *testing.T) {
	for file, data := range map[string]string{
		"a.jpg": plainJPEG(t), "a.png": plainPNG(t), "a.gif": plainGIF(t), "a.webp": plainWebP(), "a.svg": plainSVG,
	} {
		if got := strip(t, data, file); got != data {
			t.Errorf("%s: got %q, want %q", file, got, data)
		}
	}
}

func TestStrippedImagesShowTheSame(t *testing.T) {
	for file, data := range map[string]string{"a.jpg": fullJPEG(t, 6), "a.png": fullPNG(t, 3)} {
		before, _, err := image.Decode(strings.NewReader(data))
		if err != nil {
			t.Fatal(file, err)
		}
		after, _, err := image.Decode(strings.NewReader(strip(t, data, file)))
		if err != nil || !reflect.DeepEqual(before, after) {
			t.Errorf("%s: the pixels differ, %v", file, err)
		}
	}
	before, err := gif.DecodeAll(strings.NewReader(plainGIF(t)))
	if err != nil {
		t.Fatal(err)
	}
	after, err := gif.DecodeAll(strings.NewReader(strip(t, fullGIF(t), "a.gif")))
	if err != nil || !reflect.DeepEqual(before, after) {
		t.Errorf("the animation differs: %v", err)
	}
}

func TestSizeIsAsDisplayed(t *testing.T) {
	svg := func(attributes string) string { return `<svg xmlns="http://www.w3.org/2000/svg" ` + attributes + `/>` }
	tests := []struct {
		name, file, data string
		width, height    int
	}{
		{"JPEG", "a.jpg", plainJPEG(t), 20, 10},
		{"JPEG turned by EXIF", "a.jpg", fullJPEG(t, 6), 10, 20},
		{"JPEG upside down", "a.jpg", fullJPEG(t, 3), 20, 10},
		{"PNG", "a.png", plainPNG(t), 20, 10},
		{"PNG turned by EXIF", "a.png", fullPNG(t, 5), 10, 20},
		{"GIF", "a.gif", plainGIF(t), 20, 10},
		{"WebP, lossless", "a.webp", plainWebP(), 20, 10},
		{"WebP, lossy", "a.webp", riff(riffChunk("VP8 ", "\x00\x00\x00\x9d\x01\x2a\x14\x40\x0a\x80")), 20, 10},
		{"WebP, animated and turned", "a.webp", fullWebP(8), 10, 20},
		{"AVIF, turned", "a.avif", fullAVIF(), 10, 20},
		{"SVG with a viewBox", "a.svg", svg(`viewBox="0,0 20.4 10"`), 20, 10},
		{"SVG with width and height", "a.svg", svg(`viewBox="0 0 1 1" width="20px" height="10"`), 20, 10},
		{"SVG with a width and a viewBox", "a.svg", svg(`viewBox="0 0 40 20" width="20" height="100%"`), 20, 10},
		{"SVG in inches", "a.svg", svg(`width="1in" height="72pt"`), 96, 96},
		{"SVG after a DOCTYPE", "a.svg", fullSVG, 20, 10},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			width, height, err := picture.Size([]byte(test.data), test.file)
			if err != nil || width != test.width || height != test.height {
				t.Errorf("got %d, %d, %v, want %d, %d", width, height, err, test.width, test.height)
			}
			stripped := strip(t, test.data, test.file)
			if w, h, err := picture.Size([]byte(stripped), test.file); err != nil || w != width || h != height {
				t.Errorf("stripped: got %d, %d, %v", w, h, err)
			}
		})
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	heic := isobox("ftyp", "heic\x00\x00\x00\x00mif1heic") + isobox("mdat", "x")
	tests := []struct{ name, file, data, want string }{
		{"a PNG called JPEG", "a.jpg", plainPNG(t), "the name of the picture a.jpg says JPEG, but it is PNG. Let its name end in .png."},
		{"text called PNG", "a.png", "hello", "the name of a.png says PNG, but there is no picture in it."},
		{"a page called SVG", "a.svg", "<html><svg/></html>", "the name of a.svg says SVG, but there is no picture in it."},
		{"half a JPEG", "a.jpg", plainJPEG(t)[:100], "the picture a.jpg is cut off: its end is missing."},
		{"HEIC", "a.heic", heic, "the picture a.heic is HEIC, which browsers do not show or which cannot be cleaned of metadata. Save it as JPEG"},
		{"HEIC called JPEG, as telephones do", "a.jpg", heic, "the picture a.jpg is HEIC, which browsers do not show"},
		{"TIFF", "a.tif", tiff(1), "the picture a.tif is TIFF, "},
		{"compressed SVG", "a.svgz", "\x1f\x8b", "the picture a.svgz is SVGZ, "},
		{"no image's name", "a.pdf", "%PDF", "not the extension of an image"},
		{"an SVG without a namespace", "a.svg", `<svg viewBox="0 0 1 1"/>`, "the picture a.svg is damaged: the SVG's root is not in the SVG namespace."},
		{"an SVG without a size", "a.svg", `<svg xmlns="http://www.w3.org/2000/svg"/>`, "the drawing a.svg has no size. Give its root element, svg, a viewBox"},
		{"an SVG with a wrong photograph", "a.svg", strings.Replace(plainSVG, "<path", `<image href="data:image/jpeg;base64,AAAA"/><path`, 1), "the picture a.svg is damaged: an image inside the SVG: the name says JPEG"},
		{"entities that multiply", "a.svg", `<!DOCTYPE svg [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">&b;</svg>`, "the picture a.svg is damaged: the SVG is not well-formed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := picture.Measure([]byte(test.data), test.file)
			if err == nil {
				t.Fatal("got no error")
			}
			if got := picture.Fault(err, "static/"+test.file).Text(diag.English); !strings.Contains(got, test.want) {
				t.Errorf("got %s, want %q", got, test.want)
			}
		})
	}
}

func TestImagesCutAnywhereAreErrors(t *testing.T) {
	for file, data := range map[string]string{
		"a.jpg": plainJPEG(t), "a.png": plainPNG(t), "a.gif": plainGIF(t), "a.webp": plainWebP(), "a.svg": strings.TrimSpace(plainSVG), "a.avif": fullAVIF(),
	} {
		whole := 0
		for n := range len(data) {
			_, err := picture.Strip([]byte(data[:n]), file)
			if err == nil {
				whole++
			} else if !errors.Is(err, picture.ErrDamaged) {
				t.Errorf("%s cut at %d: got %v, want ErrDamaged", file, n, err)
			}
		}
		// An AVIF may be cut between boxes, where metadata no longer refers to
		// what is gone.
		if whole > 0 && file != "a.avif" || whole > 1 {
			t.Errorf("%s: %d cuts were taken", file, whole)
		}
	}
}

func TestIsImageGoesByTheExtension(t *testing.T) {
	for name, want := range map[string]bool{
		"a.JPG": true, "x/b.webp": true, "c.svg": true, "d.heic": true, "e.pdf": false, "f": false, "g.ico": true, "png": false,
	} {
		if got := picture.IsImage(name); got != want {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
}

func FuzzStrip(f *testing.F) {
	names := []string{"a.jpg", "a.png", "a.gif", "a.webp", "a.avif", "a.svg"}
	for i, data := range []string{fullJPEG(f, 6), fullPNG(f, 6), fullGIF(f), fullWebP(6), fullAVIF(), fullSVG} {
		f.Add([]byte(data), i)
	}
	f.Add([]byte(`<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:a/>]]&gt;&#13;</s:svg>`), 5)
	f.Fuzz(func(t *testing.T, data []byte, kind int) {
		name := names[uint(kind)%uint(len(names))]
		width, height, err := picture.Size(data, name)
		if err == nil && (width <= 0 || height <= 0) {
			t.Errorf("size: got %d, %d without an error", width, height)
		}
		out, err := picture.Strip(data, name)
		if err != nil {
			return
		}
		again, err := picture.Strip(out, name)
		if err != nil || !bytes.Equal(out, again) {
			t.Errorf("%s: second Strip: got %q, %v, want %q", name, again, err, out)
		}
	})
}

func ExampleSize() {
	svg := `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 90"/>`
	fmt.Println(picture.Size([]byte(svg), "logo.svg"))
	// Output: 160 90 <nil>
}

func ExampleStrip() {
	svg := `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><!-- by Hanako --><title>Logo</title></svg>`
	clean, err := picture.Strip([]byte(svg), "logo.svg")
	fmt.Printf("%s%v", clean, err)
	// Output:
	// <svg xmlns="http://www.w3.org/2000/svg"><title>Logo</title></svg>
	// <nil>
}
