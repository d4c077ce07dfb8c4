package picture

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"runtime"
	"strings"
	"testing"
)

var usual = Settings{Widths: []int{480, 800, 1200, 1600}, Quality: 80, WebP: true}

// corners are the colours of a picture's quarters: top left, top right, bottom
// left, bottom right.
var corners = [4]color.NRGBA{{220, 30, 30, 255}, {30, 180, 40, 255}, {40, 60, 210, 255}, {230, 220, 60, 255}}

func quarters(width, height int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			m.SetNRGBA(x, y, corners[2*(2*y/height)+2*x/width])
		}
	}
	return m
}

func jpegOf(t testing.TB, m image.Image, segments ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	data := b.String()
	return []byte(data[:2] + strings.Join(segments, "") + data[2:])
}

// piece is a segment of a JPEG.
func piece(marker byte, payload string) string {
	n := len(payload) + 2
	return string([]byte{0xff, marker, byte(n >> 8), byte(n)}) + payload
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func measure(t testing.TB, data []byte, name string) Info {
	t.Helper()
	info, err := Measure(data, name)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// open decodes a rendition and returns its pixels as they are.
func open(t testing.TB, data []byte, r Rendition) image.Image {
	t.Helper()
	info := measure(t, data, r.Name)
	m, err := decode(data, info, info.Width, info.Height)
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Bounds().Size(); got != (image.Point{r.Width, r.Height}) {
		t.Errorf("%s: got %v, want %d × %d", r.Name, got, r.Width, r.Height)
	}
	return m
}

func near(a, b color.Color, most int) bool {
	r1, g1, b1, _ := a.RGBA()
	r2, g2, b2, _ := b.RGBA()
	for _, d := range []int{int(r1) - int(r2), int(g1) - int(g2), int(b1) - int(b2)} {
		if d < 0 {
			d = -d
		}
		if d>>8 > most {
			return false
		}
	}
	return true
}

// TestOrientation stores a picture in the eight ways of EXIF 2.32, 4.6.4, and
// expects it upright.
func TestOrientation(t *testing.T) {
	const w, h = 600, 400
	upright := quarters(w, h)
	sides := []struct{ row, column string }{{"top", "left"}, {"top", "right"}, {"bottom", "right"}, {"bottom", "left"},
		{"left", "top"}, {"right", "top"}, {"right", "bottom"}, {"left", "bottom"}}
	for i, side := range sides {
		o := i + 1
		sw, sh := turned(w, h, o)
		stored := image.NewNRGBA(image.Rect(0, 0, sw, sh))
		for r := range sh {
			for c := range sw {
				x, y := c, r
				at := func(side string, n int) {
					switch side {
					case "top":
						y = n
					case "bottom":
						y = h - 1 - n
					case "left":
						x = n
					case "right":
						x = w - 1 - n
					}
				}
				at(side.row, r)
				at(side.column, c)
				stored.Set(c, r, upright.At(x, y))
			}
		}
		data := jpegOf(t, stored, piece(mAPP1, string(exifHeader)+string(orientationOnly(o))))
		info := measure(t, data, "a.jpg")
		set := usual.Plan(info, "a.jpg")
		out, err := Make(data, info, set.Choice)
		if err != nil {
			t.Fatal(err)
		}
		m := open(t, out[0], set.Choice[0])
		for q, want := range corners {
			x, y := 120+240*(q%2), 80+160*(q/2)
			if got := m.At(x, y); !near(got, want, 12) {
				t.Errorf("orientation %d, quarter %d: got %v, want %v", o, q, got, want)
			}
		}
	}
}

func TestPlan(t *testing.T) {
	photo := Info{Kind: "JPEG", Resizable: true, Raster: true, Orientation: 1}
	with := func(change func(*Info)) Info {
		i := photo
		i.Width, i.Height = 2400, 1600
		change(&i)
		return i
	}
	for _, c := range []struct {
		name     string
		info     Info
		settings Settings
		main     string // width and format; "" is the image itself
		choice   string
	}{
		{"a photograph", with(func(*Info) {}), usual, "1200.jpg", "480.webp 800.webp 1200.webp 1600.webp"},
		{"nothing is made larger", with(func(i *Info) { i.Width, i.Height = 1000, 600 }), usual, "", "480.webp 800.webp 1000.webp"},
		{"its own width instead of one that is nearly as wide", with(func(i *Info) { i.Width, i.Height = 1280, 600 }), usual, "1200.jpg", "480.webp 800.webp 1280.webp"},
		{"a small picture is left alone", with(func(i *Info) { i.Width, i.Height = 480, 300 }), usual, "", ""},
		{"a picture that lies on its side is stood up", with(func(i *Info) { i.Width, i.Height, i.Orientation = 700, 900, 6 }), usual, "700.jpg", "480.webp 700.webp"},
		{"a picture of other colours is converted", with(func(i *Info) { i.Width, i.Height, i.Tuned = 700, 900, true }), usual, "700.jpg", "480.webp 700.webp"},
		{"a transparent one stays transparent", with(func(i *Info) { i.Kind, i.Alpha = "PNG", true }), usual, "1200.png", "480.webp 800.webp 1200.webp 1600.webp"},
		{"WebP has a JPEG for those who do not know it", with(func(i *Info) { i.Kind, i.Width, i.Height = "WebP", 900, 600 }), usual, "900.jpg", "480.webp 900.webp"},
		{"without WebP", with(func(*Info) {}), Settings{Widths: []int{600, 1200}, Quality: 70}, "1200.jpg", "600.jpg 1200.jpg"},
		{"an animation is left alone", with(func(i *Info) { i.Resizable = false }), usual, "", ""},
		{"a drawing is left alone", Info{Kind: "SVG", Width: 2000, Height: 2000}, usual, "", ""},
		{"what is too high for WebP is JPEG", with(func(i *Info) { i.Height = 20000 }), usual, "1200.jpg", "480.jpg 800.jpg 1200.jpg 1600.jpg"},
	} {
		t.Run(c.name, func(t *testing.T) {
			set := c.settings.Plan(c.info, "static/a b.jpeg")
			short := func(r Rendition) string {
				if r.Name == "" {
					return ""
				}
				parts := strings.Split(strings.TrimPrefix(r.Name, "a b-"), ".")
				return parts[0] + "." + parts[2]
			}
			var choice []string
			for _, r := range set.Choice {
				choice = append(choice, short(r))
				if r.Width > c.info.Width || r.Height > c.info.Height {
					t.Errorf("%s is larger than the picture", r.Name)
				}
			}
			if got := strings.Join(choice, " "); got != c.choice || short(set.Main) != c.main {
				t.Errorf("got %q of %q, want %q of %q", short(set.Main), got, c.main, c.choice)
			}
		})
	}
}

func TestLetterShowsWhatMailProgramsKnow(t *testing.T) {
	for _, c := range []struct {
		name string
		info Info
		want string // "" is the image itself, "-" nothing
	}{
		{"a photograph", Info{Kind: "JPEG", Resizable: true, Width: 2400, Height: 1600, Orientation: 1}, "1200.jpg"},
		{"a small photograph", Info{Kind: "JPEG", Resizable: true, Width: 1200, Height: 800, Orientation: 1}, ""},
		{"a small photograph on its side, which Outlook would show so", Info{Kind: "JPEG", Resizable: true, Width: 800, Height: 1200, Orientation: 8}, "800.jpg"},
		{"WebP", Info{Kind: "WebP", Resizable: true, Width: 900, Height: 600, Orientation: 1}, "900.jpg"},
		{"WebP that moves", Info{Kind: "WebP", Width: 900, Height: 600, Orientation: 1}, "-"},
		{"AVIF", Info{Kind: "AVIF", Width: 900, Height: 600, Orientation: 1}, "-"},
		{"SVG", Info{Kind: "SVG", Width: 900, Height: 600, Orientation: 1}, "-"},
		{"GIF", Info{Kind: "GIF", Width: 2000, Height: 600, Orientation: 1}, ""},
		{"JPEG of inks", Info{Kind: "JPEG", Width: 2000, Height: 600, Orientation: 1}, ""},
	} {
		r, ok := c.info.Letter("cover.x")
		got := ""
		if r.Name != "" {
			parts := strings.Split(r.Name, ".")
			got = strings.TrimPrefix(parts[0], "cover-") + "." + parts[2]
		}
		if !ok {
			got = "-"
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// TestNothingOfTheCameraIsLeft looks for words of the metadata in every byte of
// every rendition.
func TestNothingOfTheCameraIsLeft(t *testing.T) {
	place := "GPSLatitude 35.0116"
	data := jpegOf(t, quarters(1300, 900), piece(mAPP1, string(exifHeader)+string(orientationOnly(6))+place), piece(mAPP1, "http://ns.adobe.com/xap/1.0/\x00"+place),
		piece(0xed, "Photoshop 3.0\x00"+place), piece(0xfe, place))
	info := measure(t, data, "a.jpg")
	set := usual.Plan(info, "a.jpg")
	all := append([]Rendition{set.Main}, set.Choice...)
	out, err := Make(data, info, all)
	if err != nil {
		t.Fatal(err)
	}
	for i, b := range out {
		for _, word := range []string{"GPS", "35.0116", "Exif", "EXIF", "adobe", "XMP ", "Photoshop"} {
			if bytes.Contains(b, []byte(word)) {
				t.Errorf("%s holds %q", all[i].Name, word)
			}
		}
		if again, err := Strip(b, all[i].Name); err != nil || len(again) > len(b) {
			t.Errorf("%s: %v", all[i].Name, err)
		}
	}
}

// TestSamePictureSameBytes holds that neither the time nor how many processors
// there are shows.
func TestSamePictureSameBytes(t *testing.T) {
	data, err := os.ReadFile("../../static/images/covers/ikesu.jpg")
	if err != nil {
		t.Fatal(err)
	}
	info := measure(t, data, "ikesu.jpg")
	choice := usual.Plan(info, "ikesu.jpg").Choice[:2]
	var want [][]byte
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, n := range []int{1, 2, 4} {
		runtime.GOMAXPROCS(n)
		got, err := Make(data, info, choice)
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = got
		}
		for i := range got {
			if !bytes.Equal(got[i], want[i]) {
				t.Errorf("%s has other bytes with %d processors", choice[i].Name, n)
			}
		}
	}
}
