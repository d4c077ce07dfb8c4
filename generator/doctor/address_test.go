package doctor_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"kaiho/generator/doctor"
)

// addressesOf returns the findings on MX and PTR.
func addressesOf(fs doctor.Findings, kind string) []string {
	return slices.DeleteFunc(told(of(fs, doctor.DNS)), func(s string) bool { return !strings.Contains(s, kind) && !strings.Contains(s, "silent") })
}

func TestMX(t *testing.T) {
	const at = "MX bounce.nagi.example"
	for _, test := range []struct {
		name  string
		zone  map[string][]string
		wants []string
	}{
		{"both domains take mail", nil, []string{"ok mx-fine", "ok mx-fine"}},
		{"there is nowhere to go", map[string][]string{at: nil}, []string{"error mx-missing", "ok mx-fine"}},
		{"the host of the name takes it", map[string][]string{at: nil, "A bounce.nagi.example": {"192.0.2.9"}}, []string{"warning mx-implied", "ok mx-fine"}},
		{"a null MX refuses mail", map[string][]string{at: {"."}}, []string{"error mx-refuses", "ok mx-fine"}},
		{"the host has no address", map[string][]string{at: {"gone.example."}}, []string{"error mx-host", "ok mx-fine"}},
		{"the DNS does not answer", map[string][]string{at: {"!"}}, []string{"warning dns-silent", "ok mx-fine"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := options(t)
			o.Resolver = &zone{records: with(test.zone)}
			if got := addressesOf(doctor.Run(t.Context(), o), "mx-"); !slices.Equal(got, test.wants) {
				t.Errorf("got %q, want %q", got, test.wants)
			}
		})
	}
}

func TestPTR(t *testing.T) {
	own := []netip.Addr{netip.MustParseAddr("192.0.2.25")}
	for _, test := range []struct {
		name, url string
		zone      map[string][]string
		own       []netip.Addr
		reverse   bool
		wants     []string
	}{
		{"a relay of somebody else is theirs to look after", "", nil, nil, false, []string{}},
		{"our own is looked at", "", nil, own, false, []string{"ok ptr-fine"}},
		{"all are if it is asked for", "", nil, nil, true, []string{"ok ptr-fine", "ok ptr-fine"}},
		{"an address without a name", "", map[string][]string{"PTR 192.0.2.25": nil}, own, false, []string{"error ptr-missing"}},
		{"a name with another address", "", map[string][]string{"PTR 192.0.2.25": {"mx.nagi.example."}}, own, false, []string{"error ptr-unconfirmed"}},
		{"a second name that has it", "", map[string][]string{"PTR 192.0.2.25": {"mx.nagi.example.", "smtp.relay.example."}}, own, false, []string{"ok ptr-fine"}},
		{"a name that does not exist", "", map[string][]string{"PTR 192.0.2.25": {"gone.example."}}, own, false, []string{"error ptr-unconfirmed"}},
		{"the DNS does not answer", "", map[string][]string{"PTR 192.0.2.25": {"!"}}, own, false, []string{"warning dns-silent"}},
		{"a relay on this machine sends from its addresses", "smtp://127.0.0.1", nil, own, true, []string{"ok ptr-fine"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := options(t)
			o.Resolver, o.Own, o.Reverse = &zone{records: with(test.zone)}, test.own, test.reverse
			o.SMTPURL = or(test.url, o.SMTPURL)
			if got := addressesOf(doctor.Run(t.Context(), o), "ptr-"); !slices.Equal(got, test.wants) {
				t.Errorf("got %q, want %q", got, test.wants)
			}
		})
	}
}
