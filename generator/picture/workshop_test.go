package picture

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func folder(t testing.TB, dir string) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

// order is a picture of width by height, counting how often it is read.
func order(t testing.TB, width, height int) (Order, Set, *atomic.Int64) {
	t.Helper()
	data, reads := jpegOf(t, quarters(width, height)), new(atomic.Int64)
	info := measure(t, data, "a.jpg")
	set := usual.Plan(info, "a.jpg")
	return Order{Info: info, All: set.Choice, Read: func() ([]byte, error) {
		reads.Add(1)
		return data, nil
	}}, set, reads
}

func TestNothingIsMadeTwice(t *testing.T) {
	dir := t.TempDir()
	o, set, reads := order(t, 1300, 700)
	first := NewWorkshop(folder(t, dir), "pictures")
	var group sync.WaitGroup
	for i := range 4 * len(set.Choice) { // many ask at once
		group.Go(func() {
			if _, err := first.Get(o, set.Choice[i%len(set.Choice)]); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got, want := first.Made(), int64(len(set.Choice)); got != want || reads.Load() != 1 {
		t.Errorf("made %d of %d, read %d times, want once", got, want, reads.Load())
	}
	want, _ := first.Get(o, set.Choice[0])
	second := NewWorkshop(folder(t, dir), "pictures")
	got, err := second.Get(o, set.Choice[0])
	if err != nil || !bytes.Equal(got, want) || second.Made() != 0 || reads.Load() != 1 {
		t.Errorf("the next process made %d and read %d times more: %v", second.Made(), reads.Load()-1, err)
	}
}

func TestDamagedCacheIsNoCache(t *testing.T) {
	dir := t.TempDir()
	o, set, _ := order(t, 600, 400)
	want, err := NewWorkshop(folder(t, dir), "pictures").Get(o, set.Choice[0])
	if err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(dir + "/pictures/*")
	for i, file := range files {
		data, _ := os.ReadFile(file)
		data[len(data)/2]++
		if i%2 == 1 {
			data = data[:len(data)/2]
		}
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w := NewWorkshop(folder(t, dir), "pictures")
	if got, err := w.Get(o, set.Choice[0]); err != nil || !bytes.Equal(got, want) || w.Made() == 0 {
		t.Errorf("made %d: %v", w.Made(), err)
	}
}

func TestWithoutAFolder(t *testing.T) {
	w := NewWorkshop(nil, "pictures")
	o, set, reads := order(t, 900, 400)
	for _, r := range set.Choice {
		if _, err := w.Get(o, r); err != nil {
			t.Fatal(err)
		}
	}
	if reads.Load() != 1 {
		t.Errorf("read %d times, want once", reads.Load())
	}
}

func TestAPictureThatChangedMeanwhile(t *testing.T) {
	o, set, _ := order(t, 900, 400)
	o.Read = func() ([]byte, error) { return []byte("something else"), nil }
	if _, err := NewWorkshop(nil, "").Get(o, set.Choice[0]); err == nil {
		t.Error("got a picture, want an error")
	}
}

// TestMemoryIsBounded holds that heavy pictures are decoded one at a time.
func TestMemoryIsBounded(t *testing.T) {
	w := NewWorkshop(nil, "")
	var running, most atomic.Int64
	var group sync.WaitGroup
	for i := range 6 {
		info := Info{Weight: budget/2 + 1, Sum: [32]byte{byte(i)}}
		group.Go(func() {
			w.begin(info)
			defer w.end(info)
			if n := running.Add(1); n > most.Load() {
				most.Store(n)
			}
			runtime.Gosched()
			running.Add(-1)
		})
	}
	group.Wait()
	if most.Load() != 1 {
		t.Errorf("%d at a time, want 1", most.Load())
	}
}

func TestSweep(t *testing.T) {
	dir := t.TempDir()
	root := folder(t, dir)
	w := NewWorkshop(root, "pictures")
	o, set, _ := order(t, 900, 400)
	if _, err := w.Get(o, set.Choice[0]); err != nil {
		t.Fatal(err)
	}
	count := func() int {
		files, _ := filepath.Glob(dir + "/pictures/*")
		return len(files)
	}
	all, now := count(), time.Now()
	if w.Sweep(nil, now.Add(stale-time.Hour)); count() != all {
		t.Errorf("after less than a month there are %d, want %d", count(), all)
	}
	if w.Sweep(map[[32]byte]bool{set.Choice[0].Key: true}, now.Add(stale+time.Hour)); count() != 1 {
		t.Errorf("after a month there are %d, want the one that is wanted", count())
	}
}

// bomb is a PNG whose header says width by height, and whose pixels are not there.
func bomb(width, height uint32) []byte {
	chunk := func(kind string, body []byte) []byte {
		b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
		b = append(append(b, kind...), body...)
		return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	b := append([]byte(pngSignature), chunk("IHDR", append(head, 8, 2, 0, 0, 0))...)
	return append(append(b, chunk("IDAT", []byte{0x78, 0x9c, 1, 0, 0, 0xff, 0xff})...), chunk("IEND", nil)...)
}

func TestABombIsKnownByItsHeader(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	info := measure(t, bomb(60_000, 60_000), "a.png")
	runtime.ReadMemStats(&after)
	if got := info.Pixels(); got != 3_600_000_000 {
		t.Errorf("got %d pixels, want 3,600,000,000", got)
	}
	if used := after.TotalAlloc - before.TotalAlloc; used > 1<<20 {
		t.Errorf("measuring took %d bytes", used)
	}
}

// FuzzMake changes bytes of pictures: what comes is a picture of the right size, or
// an error; never a crash, and never more memory than the header's pixels ask for.
func FuzzMake(f *testing.F) {
	photo := quarters(64, 48)
	seeds := []struct {
		name string
		data []byte
	}{{"a.jpg", jpegOf(f, photo)}, {"a.png", pngOf(f, photo)}, {"a.webp", webpOf(f, photo)}}
	for kind := range seeds {
		for _, at := range []uint32{20, 100, 333} {
			f.Add(uint8(kind), at, uint8(7), uint16(60_000))
		}
	}
	small := Settings{Widths: []int{16, 24}, Quality: 50}
	f.Fuzz(func(t *testing.T, kind uint8, at uint32, flip uint8, length uint16) {
		seed := seeds[int(kind)%len(seeds)]
		data := bytes.Clone(seed.data)
		data[int(at)%len(data)] ^= flip
		data = data[:min(len(data), int(length))]
		info, err := Measure(data, seed.name)
		if err != nil || info.Pixels() > 1<<20 {
			return
		}
		var all []Rendition
		if set := small.Plan(info, seed.name); len(set.Choice) > 0 {
			all = append(set.Choice, set.Main)[:len(set.Choice)]
		}
		if len(all) == 0 {
			return
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		out, err := Make(data, info, all)
		runtime.ReadMemStats(&after)
		if used := int64(after.TotalAlloc - before.TotalAlloc); used > 64<<20+4*info.Weight {
			t.Errorf("took %d bytes for %d pixels", used, info.Pixels())
		}
		if err != nil {
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("got %v, want ErrDamaged", err)
			}
			return
		}
		for i, b := range out {
			open(t, b, all[i])
		}
	})
}

func webpOf(t testing.TB, m *image.NRGBA) []byte {
	t.Helper()
	data, err := encodeWebP(m, 80)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// TestWebPIsNotPale holds that the range of WebP's colours is understood: black is
// black and white is white, there and back.
func TestWebPIsNotPale(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 64, 64))
	for i := range m.Pix {
		m.Pix[i] = 255
		if i < len(m.Pix)/2 && i%4 != 3 {
			m.Pix[i] = 0
		}
	}
	got, err := decodeWebP(webpOf(t, m), 64, 64)
	if err != nil {
		t.Fatal(err)
	}
	for _, y := range []int{8, 56} {
		if !near(got.At(30, y), m.At(30, y), 3) {
			t.Errorf("row %d: got %v, want %v", y, got.At(30, y), m.At(30, y))
		}
	}
}

// BenchmarkMake resizes a photograph as a camera makes it, in all sizes.
func BenchmarkMake(b *testing.B) {
	for name, size := range map[string][2]int{"pixels=2M": {1600, 1200}, "pixels=24M": {6000, 4000}} {
		b.Run(name, func(b *testing.B) {
			data := jpegOf(b, quarters(size[0], size[1]))
			info := measure(b, data, "a.jpg")
			set := usual.Plan(info, "a.jpg")
			all := append([]Rendition{set.Main}, set.Choice...)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Make(data, info, all); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
