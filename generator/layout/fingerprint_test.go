package layout

import (
	"html/template"
	"sync"
	"testing"
	"time"
)

type leaf struct {
	Name  string
	Tags  []string
	Body  template.HTML
	When  time.Time
	Count int
	Ratio float64
	Fits  bool
}

// numbers has every kind of number, in places that are not aligned alike.
type numbers struct {
	A int8
	B int64
	C uint8
	D uint64
	E int16
	F uint32
	G int32
	H uint16
	I float32
	J uint
	K bool
	L []byte
	M []numbers
	N [2]float64
}

type tree struct {
	Leaf   leaf
	Leaves []leaf
	Trees  []tree
	Hash   [4]byte
}

func TestFingerprintTellsValuesApart(t *testing.T) {
	when := time.Date(2026, 12, 4, 18, 30, 0, 0, jst)
	values := map[string][]any{
		"nothing":                   {},
		"an empty string":           {""},
		"two empty strings":         {"", ""},
		"ab":                        {"ab"},
		"a, b":                      {"a", "b"},
		"HTML ab":                   {template.HTML("ab")},
		"a list ab":                 {[]string{"ab"}},
		"a list a, b":               {[]string{"a", "b"}},
		"two lists a, b":            {[]string{"a"}, []string{"b"}},
		"a list a, empty":           {[]string{"a", ""}},
		"1":                         {1},
		"1, 64 bits":                {int64(1)},
		"1.0":                       {1.0},
		"true":                      {true},
		"false":                     {false},
		"a time":                    {when},
		"the same time in UTC":      {when.UTC()},
		"a nanosecond later":        {when.Add(1)},
		"no time":                   {time.Time{}},
		"an empty leaf":             {leaf{}},
		"an empty tree":             {tree{}},
		"a leaf a":                  {leaf{Name: "a"}},
		"a leaf with body a":        {leaf{Body: "a"}},
		"a leaf with tag a":         {leaf{Tags: []string{"a"}}},
		"a tree with leaf a":        {tree{Leaf: leaf{Name: "a"}}},
		"a tree with leaves a":      {tree{Leaves: []leaf{{Name: "a"}}}},
		"a tree with trees":         {tree{Trees: []tree{{Leaf: leaf{Name: "a"}}}}},
		"a tree with trees, deeper": {tree{Trees: []tree{{Trees: []tree{{Leaf: leaf{Name: "a"}}}}}}},
		"no time in Japan":          {time.Time{}.In(jst)},
		"bytes":                     {numbers{L: []byte("ab")}},
		"other bytes":               {numbers{L: []byte("b")}},
		"an int8":                   {numbers{A: 1}},
		"a negative int8":           {numbers{A: -1}},
		"an int64":                  {numbers{B: 1 << 40}},
		"a negative int64":          {numbers{B: -1 << 40}},
		"a uint8":                   {numbers{C: 1}},
		"a uint64":                  {numbers{D: 1 << 63}},
		"an int16":                  {numbers{E: 1 << 10}},
		"a uint32":                  {numbers{F: 1 << 31}},
		"an int32":                  {numbers{G: 1 << 20}},
		"a uint16":                  {numbers{H: 1 << 15}},
		"a float32":                 {numbers{I: 1}},
		"a uint":                    {numbers{J: 1}},
		"a bool":                    {numbers{K: true}},
		"a list of numbers":         {numbers{M: []numbers{{A: 1}, {H: 2}}}},
		"another list of numbers":   {numbers{M: []numbers{{A: 1}, {H: 3}}}},
		"an array":                  {numbers{N: [2]float64{0, 1}}},
		"a tree with a hash":        {tree{Hash: [4]byte{0, 0, 0, 1}}},
	}
	seen := map[[32]byte]string{}
	for name, v := range values {
		print := Fingerprint(v...)
		if other, twice := seen[print]; twice {
			t.Errorf("%s has the fingerprint of %s", name, other)
		}
		seen[print] = name
		if again := Fingerprint(v...); again != print {
			t.Errorf("%s: the fingerprint is not the same twice", name)
		}
	}
	if Fingerprint(leaf{Tags: nil}) != Fingerprint(leaf{Tags: []string{}}) {
		t.Error("a nil list differs from an empty list, which no layout can see")
	}
}

// TestFingerprintReadsItsValueAlone holds that what the value before it was does
// not show, though buffers are used again, on many goroutines.
func TestFingerprintReadsItsValueAlone(t *testing.T) {
	small, big := tree{Leaf: leaf{Name: "a"}}, tree{Leaves: make([]leaf, 1000)}
	want := [2][32]byte{Fingerprint(small), Fingerprint(big)}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 100 {
				if got := [2][32]byte{Fingerprint(small), Fingerprint(big)}; got != want {
					t.Error("the fingerprint is not the same twice")
				}
			}
		})
	}
	wg.Wait()
}

func TestFingerprintRefusesOpenValues(t *testing.T) {
	type hidden struct{ name string }
	for _, v := range []any{nil, &leaf{}, map[string]string{}, func() {}, struct{ Any any }{}, []*leaf{}, make(chan int), hidden{"x"}} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%T: got a fingerprint, want a panic", v)
				}
			}()
			Fingerprint(v)
		}()
	}
}

func FuzzFingerprint(f *testing.F) {
	f.Add("a", "b", "ab", "", int64(0), int64(1))
	f.Fuzz(func(t *testing.T, a, b, c, d string, m, n int64) {
		left := leaf{Name: a, Tags: []string{b}, Count: int(m), When: time.Unix(m%1e9, 0).UTC()}
		right := leaf{Name: c, Tags: []string{d}, Count: int(n), When: time.Unix(n%1e9, 0).UTC()}
		same := a == c && b == d && m == n
		if got := Fingerprint(left) == Fingerprint(right); got != same {
			t.Errorf("%v and %v: same fingerprint %v, same value %v", left, right, got, same)
		}
		if (Fingerprint(a, b) == Fingerprint(c, d)) != (a == c && b == d) {
			t.Errorf("%q, %q and %q, %q collide", a, b, c, d)
		}
	})
}

func BenchmarkFingerprint(b *testing.B) {
	v := tree{Leaf: leaf{Name: "an article", Tags: []string{"a", "b", "c"}, When: time.Now()}}
	for range 10 {
		v.Leaves = append(v.Leaves, v.Leaf)
	}
	b.ReportAllocs()
	for b.Loop() {
		Fingerprint(v)
	}
}
