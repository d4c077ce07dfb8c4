package doctor

import (
	"net/netip"
	"strings"
	"testing"

	"kaiho/generator/diag"
)

// What tagList has read, written anew, is read alike.
func FuzzTagList(f *testing.F) {
	for _, seed := range []string{"v=DMARC1; p=none", "v=DKIM1;k=rsa;p=AAAA BBBB", "p=", ";;", "a=b;a=c", "=x", "p = none ;", "1a=b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, record string) {
		tags, order, bad := tagList(record)
		if len(order) != len(tags) {
			t.Fatalf("got %d tags in order, want %d", len(order), len(tags))
		}
		if bad != "" {
			return
		}
		var parts []string
		for _, name := range order {
			parts = append(parts, name+"="+tags[name])
		}
		again, _, bad := tagList(strings.Join(parts, ";"))
		if bad != "" || len(again) != len(tags) {
			t.Fatalf("got %v and %q, want %v", again, bad, tags)
		}
		for name, value := range tags {
			if again[name] != value {
				t.Errorf("%s: got %q, want %q", name, again[name], value)
			}
		}
	})
}

// parseTerm takes every network that package netip writes, of its own family alone,
// and never panics.
func FuzzSPFTerm(f *testing.F) {
	for _, seed := range []string{"-all", "ip4:192.0.2.0/24", "ip6:2001:db8::/32", "a:x/24//64", "mx//64", "redirect=_spf.example", "include:", "?exists:%{i}.x", "x-y=z", "+"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if len(strings.Fields(s)) != 1 || strings.TrimSpace(s) != s {
			return // terms have no blanks
		}
		got, ok := parseTerm(s)
		if ok && (got.name == "" || strings.IndexByte("+-~?", got.sign) < 0) {
			t.Errorf("got %+v of %q", got, s)
		}
		if network, err := netip.ParsePrefix(s); err == nil && network.Addr().Zone() == "" && !network.Addr().Is4In6() {
			for _, name := range []string{"ip4", "ip6"} {
				_, ok := parseTerm("-" + name + ":" + s)
				if want := network.Addr().Is4() == (name == "ip4"); ok != want {
					t.Errorf("%s:%s: got %t, want %t", name, s, ok, want)
				}
			}
		}
	})
}

func TestDiskSpace(t *testing.T) {
	for _, test := range []struct {
		name string
		free uint64
		want diag.Rule
		says string
	}{
		{"much is free", 56 << 30, diag.DiskFine, "56 GB"},
		{"enough is free", lowBytes, diag.DiskFine, "500 MB"},
		{"little is free", lowBytes - 1, diag.DiskLow, "499 MB"},
		{"nothing to speak of is free", fullBytes - 1, diag.DiskFull, "19 MB"},
		{"nothing is free", 0, diag.DiskFull, "0 MB"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := ofDisk("/srv", test.free)
			if got.ID != test.want || !strings.Contains(got.Message(diag.English), test.says) {
				t.Errorf("got %s: %s, want %s with %s", got.ID, got.Message(diag.English), test.want, test.says)
			}
		})
	}
}
