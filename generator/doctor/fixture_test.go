package doctor_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kaiho/generator/config"
	"kaiho/generator/diag"
	"kaiho/generator/doctor"
)

// now is the time of the machine.
func now() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }

// zone is the DNS of a test: records by "TXT name", "MX name", "A name" and "PTR
// address". The value "!" is a server that does not answer.
type zone struct {
	mu      sync.Mutex
	records map[string][]string
	asked   []string
}

func (z *zone) ask(kind, name string) ([]string, error) {
	z.mu.Lock()
	defer z.mu.Unlock()
	key := kind + " " + strings.TrimSuffix(name, ".")
	z.asked = append(z.asked, kind+" "+name)
	values := z.records[key]
	if len(values) == 0 {
		return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
	}
	if values[0] == "!" {
		return nil, &net.DNSError{Err: "server misbehaving", Name: name, Server: "192.0.2.53:53", IsTemporary: true}
	}
	return values, nil
}

func (z *zone) LookupTXT(_ context.Context, name string) ([]string, error) { return z.ask("TXT", name) }

func (z *zone) LookupAddr(_ context.Context, address string) ([]string, error) {
	return z.ask("PTR", address)
}

func (z *zone) LookupMX(_ context.Context, name string) (list []*net.MX, err error) {
	values, err := z.ask("MX", name)
	for _, v := range values {
		list = append(list, &net.MX{Host: v, Pref: 10})
	}
	return list, err
}

func (z *zone) LookupIPAddr(_ context.Context, host string) (list []net.IPAddr, err error) {
	values, err := z.ask("A", host)
	for _, v := range values {
		list = append(list, net.IPAddr{IP: net.ParseIP(v)})
	}
	return list, err
}

// good is the DNS of a network that has done everything right.
func good() map[string][]string {
	return map[string][]string{
		"TXT nagi.example":             {"v=spf1 -all", "some-verification=1"},
		"TXT bounce.nagi.example":      {"v=spf1 include:_spf.relay.example -all"},
		"TXT _spf.relay.example":       {"v=spf1 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all"},
		"TXT _dmarc.nagi.example":      {"v=DMARC1; p=reject; rua=mailto:d@nagi.example"},
		"MX nagi.example":              {"mx.nagi.example."},
		"MX bounce.nagi.example":       {"mx.nagi.example."},
		"A mx.nagi.example":            {"192.0.2.9"},
		"A smtp.relay.example":         {"192.0.2.25", "2001:db8::25"},
		"PTR 192.0.2.25":               {"smtp.relay.example."},
		"PTR 2001:db8::25":             {"smtp.relay.example."},
		"TXT k1._domainkey.nagi.other": nil,
	}
}

const settings = `title: 凪の会
base_url: https://nagi.example/
organization: {name: 光機, address: 波音市1-2-3, contact: office@nagi.example}
mail: {from: 凪だより <letter@nagi.example>, bounce: bounce.nagi.example}
`

func site(t testing.TB, yaml string) *config.Site {
	t.Helper()
	s, problems := config.Load([]byte(yaml))
	if problems.HasErrors() {
		t.Fatalf("site.yaml of the test: %v", problems)
	}
	return s
}

// nobody is a world that does not answer.
func nobody(context.Context, string, string) (net.Conn, error) {
	return nil, &net.OpError{Op: "dial", Err: errors.New("no network in this test")}
}

// options are those of a project in a folder of the test, whose state is closed.
func options(t testing.TB) doctor.Options {
	t.Helper()
	source := t.TempDir()
	state := filepath.Join(source, ".kaiho")
	if err := os.Mkdir(state, 0o700); err != nil {
		t.Fatal(err)
	}
	return doctor.Options{
		Site: site(t, settings), Source: source, State: state, SMTPURL: "smtp://smtp.relay.example",
		Resolver: &zone{records: good()}, Dial: nobody, Transport: refusing{}, Now: now,
	}
}

// of returns the findings of a topic.
func of(fs doctor.Findings, topic doctor.Topic) doctor.Findings {
	return slices.DeleteFunc(slices.Clone(fs), func(f doctor.Finding) bool { return f.Topic != topic })
}

// told writes findings as "severity id".
func told(fs doctor.Findings) []string {
	lines := []string{}
	for _, f := range fs {
		lines = append(lines, f.Severity.String()+" "+string(f.ID))
	}
	return lines
}

// wants compares the findings of a topic with lines of "severity id", and looks whether
// they say all that they should.
func wants(t *testing.T, fs doctor.Findings, topic doctor.Topic, want ...string) {
	t.Helper()
	fs = of(fs, topic)
	if got := told(fs); !slices.Equal(got, want) {
		t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
	for _, f := range fs {
		for _, lang := range []diag.Lang{diag.English, diag.Japanese} {
			text := f.Message(lang)
			if text == "" || strings.ContainsAny(text, "{}\n") || f.Severity != diag.Fine && f.Remedy(lang) == "" {
				t.Errorf("%s in %s: got message %q, remedy %q", f.ID, lang, text, f.Remedy(lang))
			}
		}
	}
}

// with returns good records but for some.
func with(changes map[string][]string) map[string][]string {
	all := good()
	for name, values := range changes {
		all[name] = values
	}
	return all
}
