package cache

import (
	"bytes"
	"fmt"
	"os"
	"sync"
	"testing"
)

func openRoot(t *testing.T) *os.Root {
	t.Helper()
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { root.Close() })
	return root
}

func record(i int) []byte { return bytes.Repeat([]byte(fmt.Sprintf("記録%d ", i)), 300) }

func TestWhatIsAppendedIsRead(t *testing.T) {
	for name, root := range map[string]*os.Root{"folder": openRoot(t), "memory": nil} {
		t.Run(name, func(t *testing.T) {
			p := NewPacks(root, ".")
			defer p.Close()
			const n = 2000 // more than is written at once
			locs := make([]Loc, n)
			var all sync.WaitGroup
			for half := range 2 {
				all.Go(func() {
					for i := half; i < n; i += 2 {
						locs[i] = p.Append(record(i))
						if got, ok := p.Read(locs[i], nil); !ok || !bytes.Equal(got, record(i)) {
							t.Errorf("record %d is not there at once", i)
						}
					}
				})
			}
			all.Wait()
			for i, loc := range locs {
				if got, ok := p.Read(loc, make([]byte, 10)); !ok || !bytes.Equal(got, record(i)) {
					t.Fatalf("record %d: got %d bytes, %v", i, len(got), ok)
				}
			}
		})
	}
}

func TestAnotherProcessReadsWhatWasFlushed(t *testing.T) {
	root := openRoot(t)
	p := NewPacks(root, ".")
	loc := p.Append(record(1))
	if err := p.Flush(); err != nil {
		t.Fatal(err)
	}
	name := p.Name(loc.Pack)
	p.Close()

	q := NewPacks(root, ".")
	defer q.Close()
	other := q.Append(record(2)) // makes a file of its own
	loc.Pack = q.Open(name)
	for want, at := range map[int]Loc{1: loc, 2: other} {
		if got, ok := q.Read(at, nil); !ok || !bytes.Equal(got, record(want)) {
			t.Errorf("record %d is not read", want)
		}
	}
}

func TestDamagedRecordsAreNotRead(t *testing.T) {
	root := openRoot(t)
	p := NewPacks(root, ".")
	defer p.Close()
	loc := p.Append(record(1))
	if err := p.Flush(); err != nil {
		t.Fatal(err)
	}
	name := p.Name(loc.Pack)
	data, err := root.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	data[100] ^= 1
	for what, damaged := range map[string][]byte{"flipped": data, "torn": data[:len(data)-1], "empty": nil} {
		if err := root.WriteFile(name, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, ok := p.Read(loc, nil); ok {
			t.Errorf("a record of a file that is %s is believed", what)
		}
	}
	for _, wrong := range []Loc{{Pack: -1}, {Pack: 7}, {At: -1}, {At: 1 << 40, Length: 3}, {Pack: p.Open("../secret"), Length: 1}} {
		if _, ok := p.Read(wrong, nil); ok {
			t.Errorf("%+v is read", wrong)
		}
	}
}

func TestSweepLeavesWhatIsNamedAndWhatIsNew(t *testing.T) {
	root := openRoot(t)
	p := NewPacks(root, ".")
	defer p.Close()
	keep, drop := NewPacks(root, "."), NewPacks(root, ".")
	kept, dropped := keep.Append(record(1)), drop.Append(record(2))
	foreign := NewPacks(root, ".") // of another process, that has just begun
	foreign.Append(record(3))
	for _, q := range []*Packs{keep, drop, foreign} {
		if err := q.Flush(); err != nil {
			t.Fatal(err)
		}
		defer q.Close()
	}
	p.Open(drop.Name(dropped.Pack))
	p.Sweep([]string{keep.Name(kept.Pack)})
	for name, want := range map[string]bool{keep.Name(0): true, drop.Name(0): false, foreign.Name(0): true} {
		if _, err := root.Stat(name); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", name, err == nil, want)
		}
	}
}
