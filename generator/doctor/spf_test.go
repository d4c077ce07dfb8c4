package doctor_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kaiho/generator/diag"
	"kaiho/generator/doctor"
)

// spfOf returns the findings on SPF.
func spfOf(fs doctor.Findings) []string {
	return slices.DeleteFunc(told(of(fs, doctor.DNS)), func(s string) bool {
		return !strings.Contains(s, "spf") && !strings.Contains(s, "silent")
	})
}

func TestSPF(t *testing.T) {
	many := func(n int) map[string][]string {
		record, zone := "v=spf1", map[string][]string{}
		for i := range n {
			record += fmt.Sprintf(" include:i%d.example", i)
			zone[fmt.Sprintf("TXT i%d.example", i)] = []string{"v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all"}
		}
		zone["TXT bounce.nagi.example"] = []string{record + " -all"}
		return zone
	}
	bounce := func(record string) map[string][]string {
		return map[string][]string{"TXT bounce.nagi.example": {record}}
	}
	for _, test := range []struct {
		name  string
		zone  map[string][]string
		wants []string
	}{
		{"both records are right", nil, []string{"ok spf-fine", "ok spf-fine"}},
		{"the domain of return paths has none", map[string][]string{"TXT bounce.nagi.example": nil}, []string{"ok spf-fine", "error spf-missing"}},
		{"the sender's domain has none", map[string][]string{"TXT nagi.example": nil}, []string{"warning spf-missing-from", "ok spf-fine"}},
		{"another version is no record", bounce("v=spf10 -all"), []string{"ok spf-fine", "error spf-missing"}},
		{"two records are none", map[string][]string{"TXT bounce.nagi.example": {"v=spf1 -all", "V=SPF1 ~all"}}, []string{"ok spf-fine", "error spf-many"}},
		{"ten lookups are allowed", many(10), []string{"ok spf-fine", "ok spf-fine"}},
		{"eleven lookups are too many", many(11), []string{"ok spf-fine", "error spf-lookups"}},
		{"lookups behind all are not made", bounce("v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ~all a a a a a a a a a a a"), []string{"ok spf-fine", "ok spf-fine"}},
		{"an include in a circle is too many", bounce("v=spf1 include:bounce.nagi.example -all"), []string{"ok spf-fine", "error spf-lookups"}},
		{"a redirect has the all", map[string][]string{"TXT bounce.nagi.example": {"v=spf1 redirect=_spf.relay.example"}}, []string{"ok spf-fine", "ok spf-fine"}},
		{"without an all it says nothing of others", bounce("v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32"), []string{"ok spf-fine", "warning spf-neutral"}},
		{"?all says nothing", bounce("v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 ?all"), []string{"ok spf-fine", "warning spf-neutral"}},
		{"+all lets everybody", bounce("v=spf1 all"), []string{"ok spf-fine", "error spf-open"}},
		{"a term that nobody knows", bounce("v=spf1 ipv4:192.0.2.1 -all"), []string{"ok spf-fine", "error spf-syntax"}},
		{"an address that is none", bounce("v=spf1 ip4:192.0.2.256 -all"), []string{"ok spf-fine", "error spf-syntax"}},
		{"an IPv6 address as ip4", bounce("v=spf1 ip4:2001:db8::1 -all"), []string{"ok spf-fine", "error spf-syntax"}},
		{"an include without a record", bounce("v=spf1 include:gone.example -all"), []string{"ok spf-fine", "error spf-include"}},
		{"an include by a macro is not followed", map[string][]string{
			"TXT bounce.nagi.example": {"v=spf1 include:%{d}.x.example -all"}, "TXT bounce.nagi.example.x.example": {"v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all"},
		}, []string{"ok spf-fine", "ok spf-fine"}},
		{"an unknown modifier is allowed", bounce("v=spf1 exp=why.example x-y=z ip4:192.0.2.0/24 ip6:2001:db8::/32 -all"), []string{"ok spf-fine", "ok spf-fine"}},
		{"the relay's address is not allowed", bounce("v=spf1 ip4:198.51.100.0/24 -all"), []string{"ok spf-fine", "ok spf-fine", "warning spf-relay"}},
		{"one of two addresses is not allowed", bounce("v=spf1 ip4:192.0.2.0/24 -all"), []string{"ok spf-fine", "ok spf-fine", "warning spf-relay"}},
		{"the DNS does not answer", map[string][]string{"TXT bounce.nagi.example": {"!"}}, []string{"ok spf-fine", "warning dns-silent"}},
		{"the DNS does not answer for an include", map[string][]string{"TXT _spf.relay.example": {"!"}}, []string{"ok spf-fine", "warning dns-silent"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := options(t)
			o.Resolver = &zone{records: with(test.zone)}
			if got := spfOf(doctor.Run(t.Context(), o)); !slices.Equal(got, test.wants) {
				t.Errorf("got %q, want %q", got, test.wants)
			}
		})
	}
}

// A name is asked for once, as it is, and no other is than those that are needed.
func TestOnlyTheWantedNamesAreLookedUp(t *testing.T) {
	o := options(t)
	z := &zone{records: good()}
	o.Resolver = z
	doctor.Run(t.Context(), o)
	slices.Sort(z.asked)
	want := []string{
		"A mx.nagi.example.", "A smtp.relay.example.", "MX bounce.nagi.example.", "MX nagi.example.",
		"TXT _dmarc.bounce.nagi.example.", "TXT _dmarc.example.", "TXT _dmarc.nagi.example.",
		"TXT _spf.relay.example.", "TXT bounce.nagi.example.", "TXT nagi.example.",
	}
	if !slices.Equal(z.asked, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(z.asked, "\n"), strings.Join(want, "\n"))
	}
}

func TestOfflineAsksNobody(t *testing.T) {
	o := options(t)
	z := &zone{records: good()}
	o.Resolver, o.Offline = z, true
	fs := doctor.Run(t.Context(), o)
	if len(z.asked) > 0 {
		t.Errorf("got questions %q, want none", z.asked)
	}
	wants(t, fs, doctor.Site, "warning network-skipped")
	wants(t, fs, doctor.DNS)
}

func TestEasedWarnsOfWhatOthersSee(t *testing.T) {
	o := options(t)
	o.Resolver = &zone{records: map[string][]string{}}
	fs := doctor.Run(t.Context(), o)
	if n := len(of(fs.Blocking(false), doctor.DNS)); n == 0 {
		t.Error("got no finding of the DNS that stops a send, want some")
	}
	blocking := fs.Blocking(true)
	if got := append(of(blocking, doctor.DNS), of(blocking, doctor.Site)...); len(got) > 0 {
		t.Errorf("got %q, want nothing of DNS and site", told(got))
	}
	if got := told(of(blocking, doctor.Keys)); !slices.Equal(got, []string{"error mail-key-missing"}) {
		t.Errorf("got %q, want the missing key", got)
	}
	if fs.Count(diag.Error) <= fs.Eased().Count(diag.Error) {
		t.Error("the findings themselves were changed, or nothing was eased")
	}
}
