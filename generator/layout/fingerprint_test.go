package layout

import (
	"html/template"
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
