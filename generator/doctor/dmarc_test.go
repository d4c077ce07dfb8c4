package doctor_test

import (
	"slices"
	"strings"
	"testing"

	"kaiho/generator/doctor"
)

// dmarcOf returns the findings on DMARC and its alignment.
func dmarcOf(fs doctor.Findings) []string {
	return slices.DeleteFunc(told(of(fs, doctor.DNS)), func(s string) bool {
		return !strings.Contains(s, "dmarc") && !strings.Contains(s, "unaligned") && !strings.Contains(s, "silent")
	})
}

func TestDMARC(t *testing.T) {
	record := func(text string) map[string][]string {
		return map[string][]string{"TXT _dmarc.nagi.example": {text}}
	}
	const deep = "a.b.c.d.e.f.g.h.i.example"
	for _, test := range []struct {
		name   string
		zone   map[string][]string
		from   string // domain of the sender, with bounce as domain of return paths
		bounce string
		wants  []string
	}{
		{"all is right", nil, "", "", []string{"ok dmarc-fine"}},
		{"there is none", record(""), "", "", []string{"warning dmarc-missing"}},
		{"the version is in another case", record("v=dmarc1; p=none"), "", "", []string{"warning dmarc-missing"}},
		{"another text is none", record("v=spf1 -all"), "", "", []string{"warning dmarc-missing"}},
		{"two are none", map[string][]string{"TXT _dmarc.nagi.example": {"v=DMARC1; p=none", "v=DMARC1; p=reject"}}, "", "", []string{"error dmarc-many"}},
		{"a policy that nobody knows", record("v=DMARC1; p=block"), "", "", []string{"error dmarc-record"}},
		{"a tag twice", record("v=DMARC1; p=none; p=reject"), "", "", []string{"error dmarc-record"}},
		{"a part that is no tag", record("v=DMARC1; p=none; reject"), "", "", []string{"error dmarc-record"}},
		{"no policy means none", record("v=DMARC1; np=reject"), "", "", []string{"warning dmarc-policy"}},
		{"np is offered where it would help", record("v=DMARC1; p=none"), "", "", []string{"ok dmarc-fine", "ok dmarc-np"}},
		{"np is not offered where it is", record("v=DMARC1; p=none; np=reject"), "", "", []string{"ok dmarc-fine"}},
		{"removed tags are named", record("v=DMARC1; p=reject; pct=50; rf=afrf; ri=3600"), "", "",
			[]string{"warning dmarc-removed-tag", "warning dmarc-removed-tag", "warning dmarc-removed-tag", "ok dmarc-fine"}},
		{"a policy on trial", record("v=DMARC1; p=reject; t=y"), "", "", []string{"ok dmarc-fine", "warning dmarc-test"}},
		{"tags in any order", record("v=DMARC1; rua=mailto:x@y.example; p=reject"), "", "", []string{"ok dmarc-fine"}},
		{"the record of the organization is found above", nil, "news.nagi.example", "", []string{"ok dmarc-fine"}},
		{"the walk goes on above", map[string][]string{"TXT _dmarc.i.example": {"v=DMARC1; p=reject"}}, deep, deep, []string{"ok dmarc-fine"}},
		{"strict alignment refuses a subdomain", record("v=DMARC1; p=reject; aspf=s"), "", "", []string{"ok dmarc-fine", "error dmarc-unaligned"}},
		{"another organization does not align", nil, "", "bounce.other.example", []string{"ok dmarc-fine", "error dmarc-unaligned"}},
		{"psd=y above makes two organizations of it", map[string][]string{"TXT _dmarc.example": {"v=DMARC1; p=none; psd=y"}, "TXT _dmarc.other.example": {"v=DMARC1; p=none"}}, "", "bounce.other.example", []string{"ok dmarc-fine", "error dmarc-unaligned"}},
		{"without psd=y the highest record is the organization's", map[string][]string{"TXT _dmarc.example": {"v=DMARC1; p=none"}, "TXT _dmarc.other.example": {"v=DMARC1; p=none"}}, "", "bounce.other.example", []string{"ok dmarc-fine"}},
		{"psd=n ends the walk", map[string][]string{"TXT _dmarc.bounce.nagi.example": {"v=DMARC1; p=none; psd=n"}}, "", "", []string{"ok dmarc-fine", "error dmarc-unaligned"}},
		{"the DNS does not answer", record("!"), "", "", []string{"warning dns-silent"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := options(t)
			records := with(test.zone)
			if test.from != "" || test.bounce != "" {
				yaml := strings.Replace(settings, "letter@nagi.example", "letter@"+or(test.from, "nagi.example"), 1)
				o.Site = site(t, strings.Replace(yaml, "bounce.nagi.example", or(test.bounce, "bounce.nagi.example"), 1))
			}
			o.Resolver = &zone{records: records}
			if got := dmarcOf(doctor.Run(t.Context(), o)); !slices.Equal(got, test.wants) {
				t.Errorf("got %q, want %q", got, test.wants)
			}
		})
	}
}

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// The walk asks for the domain and then for its last seven labels, and one less each
// time (RFC 9989, section 4.10).
func TestTheWalkAsksEightTimesAtMost(t *testing.T) {
	o := options(t)
	const deep = "a.b.c.d.e.f.g.h.i.example"
	o.Site = site(t, strings.NewReplacer("letter@nagi.example", "letter@"+deep, "bounce.nagi.example", deep).Replace(settings))
	z := &zone{records: good()}
	o.Resolver = z
	doctor.Run(t.Context(), o)
	var got []string
	for _, q := range z.asked {
		if name, is := strings.CutPrefix(q, "TXT _dmarc."); is {
			got = append(got, name)
		}
	}
	want := []string{deep + ".", "d.e.f.g.h.i.example.", "e.f.g.h.i.example.", "f.g.h.i.example.", "g.h.i.example.", "h.i.example.", "i.example.", "example."}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
