// Package doctor looks at everything outside of the content that would stop a send
// or show a page to somebody who may not read it, and says what to do.
//
// Run makes a list of findings: what is in order, what should be looked at, what
// must be put right. It changes nothing and sends nothing. It looks at
//
//	settings   whom letters come from, what the law asks, the environment
//	files      who else on this machine can read keys and members, the disk
//	keys       which keys sign
//	database   open, current, writable; who gets letters
//	clock      the machine's own, against the site's and the database server's
//	dns        SPF (RFC 7208), DKIM (RFC 6376, 8463), DMARC (RFC 9989, by its walk
//	           through the DNS and without a list of public suffixes), MX, PTR
//	relay      the mail server, by what package mailer, the sender, says of it: address,
//	           TLS, certificate, password; and size; then QUIT
//	site       the gate as the world sees it: one-click unsubscribing (RFC 8058),
//	           redirects, certificate, and that files for members are not given out
//
// The world is reached through what Options brings: a Resolver, a dialler, a
// http.RoundTripper. Only names are asked for that a finding is about.
//
// What others see of us, the topics dns and site, need not be right before letters go
// to the outbox or to a server on this machine: Eased makes warnings of its errors.
//
// In words, findings are rules of package diag, in its two languages.
package doctor

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"

	"crypto/x509"

	"kaiho/generator/config"
	"kaiho/generator/diag"
	"kaiho/generator/store"
)

// Options are what Run looks at. Site, State, Source, Resolver and Now are needed.
type Options struct {
	Site   *config.Site
	Pages  []Page // those that everybody can read; nil: not known, and not looked at
	Source string // the project folder
	State  string // the folder for state

	DB      *store.DB // nil: it could not be opened
	DBError error     // why; fs.ErrNotExist if there is none yet

	SMTPURL string // KAIHO_SMTP_URL, "" for the outbox
	SMTPTLS string // KAIHO_SMTP_TLS
	DKIM    string // KAIHO_DKIM

	Offline bool         // leave the network out
	Reverse bool         // look at the reverse name of the relay's addresses, whoever has them
	Own     []netip.Addr // public addresses of this machine: if the relay has one, it is ours

	Resolver  Resolver
	Dial      func(ctx context.Context, network, address string) (net.Conn, error) // nil: that of package net
	Transport http.RoundTripper                                                    // nil: http.DefaultTransport
	Roots     *x509.CertPool                                                       // that the relay's certificate is checked by; nil: the system's

	Now func() time.Time // the machine's own time
}

// Page is a page that everybody can read.
type Page struct{ URL, Title string }

// Topic is what a finding is about.
type Topic string

// The topics, in the order of findings.
const (
	Settings Topic = "settings"
	Files    Topic = "files"
	Keys     Topic = "keys"
	Database Topic = "database"
	Clock    Topic = "clock"
	DNS      Topic = "dns"
	Relay    Topic = "relay"
	Site     Topic = "site"
)

// Finding is what one look has found.
type Finding struct {
	Topic    Topic
	ID       diag.Rule
	Severity diag.Severity // Fine, Warning or Error
	Args     []string      // names and values by turns, filled into the rule's texts
}

// Message returns what was found, in lang, on one line.
func (f Finding) Message(lang diag.Lang) string { return f.problem().Message(lang) }

// Remedy returns what to do about it, in lang, on one line; "" if there is nothing
// to do.
func (f Finding) Remedy(lang diag.Lang) string { return f.problem().Remedy(lang) }

func (f Finding) problem() diag.Problem { return diag.New(diag.Pos{}, f.ID, f.Args...) }

// Findings is a list of findings, by topic.
type Findings []Finding

// Eased returns the findings such that what others see of us only warns: for letters
// that go to the outbox, or to a relay on this machine (see IsLocal).
func (fs Findings) Eased() Findings {
	eased := slices.Clone(fs)
	for i, f := range eased {
		if f.Severity == diag.Error && (f.Topic == DNS || f.Topic == Site) {
			eased[i].Severity = diag.Warning
		}
	}
	return eased
}

// Blocking returns what must be put right before letters are sent. loopback says that
// they go to the outbox or to a relay on this machine, as IsLocal reports.
func (fs Findings) Blocking(loopback bool) Findings {
	if loopback {
		fs = fs.Eased()
	}
	return slices.DeleteFunc(slices.Clone(fs), func(f Finding) bool { return f.Severity != diag.Error })
}

// Count returns how many findings have the severity s.
func (fs Findings) Count(s diag.Severity) int {
	n := 0
	for _, f := range fs {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// within is how long one look at the world may take; together they take no longer,
// for they are taken at the same time.
const within = 20 * time.Second

// Run looks at everything and returns what it found, topic by topic; the order does
// not depend on who answers first. What cannot be looked at is a finding, too. It ends
// early with ctx.
func Run(ctx context.Context, o Options) Findings {
	x := &examination{Options: o, zone: &zone{from: o.Resolver}}
	x.relay, x.signing = parseRelay(o.SMTPURL, o.SMTPTLS), parseSigning(o.DKIM)
	looks := []struct {
		topic   Topic
		network bool
		look    func(context.Context, *examination) Findings
	}{
		{Settings, false, lookSender}, {Settings, false, lookFooter}, {Settings, false, lookPrivacy}, {Settings, false, lookEnvironment},
		{Files, false, lookFiles}, {Files, false, lookDisk},
		{Keys, false, lookKeys},
		{Database, false, lookDatabase}, {Database, false, lookMembers},
		{Clock, false, lookServerClock}, {Clock, true, lookSiteClock},
		{DNS, true, lookSPF}, {DNS, true, lookDKIM}, {DNS, true, lookDMARC}, {DNS, true, lookMX}, {DNS, true, lookPTR},
		{Relay, true, lookRelay},
		{Site, true, lookSite}, {Site, true, lookLeaks},
	}
	results := make([]Findings, len(looks))
	var waiting sync.WaitGroup
	for i, l := range looks {
		if l.network && o.Offline {
			continue
		}
		waiting.Go(func() {
			limited, stop := context.WithTimeout(ctx, within)
			defer stop()
			results[i] = l.look(limited, x)
		})
	}
	waiting.Wait()
	var all Findings
	for i, l := range looks {
		for _, f := range results[i] {
			f.Topic = l.topic
			if !slices.ContainsFunc(all, f.equals) {
				all = append(all, f)
			}
		}
	}
	if o.Offline {
		all = append(all, Finding{Topic: Site, ID: diag.NetworkSkipped, Severity: diag.Warning})
	}
	return all
}

func (f Finding) equals(other Finding) bool {
	return f.ID == other.ID && f.Topic == other.Topic && slices.Equal(f.Args, other.Args)
}

// examination is one run.
type examination struct {
	Options
	zone    *zone
	relay   relay
	signing signing
	front   sync.Once // asks the site, once for all who look at the answer
	answer  siteAnswer
}

// found returns a finding of rule, with the severity that the catalogue gives it.
func found(rule diag.Rule, args ...string) Finding {
	return Finding{ID: rule, Severity: diag.New(diag.Pos{}, rule).Severity(), Args: args}
}
