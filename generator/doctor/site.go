package doctor

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kaiho/generator/diag"
)

// siteAnswer is what the site answers at an address of the gate.
type siteAnswer struct {
	status  int
	header  http.Header
	body    string
	took    [2]time.Time // before the question and after the answer
	expires *Finding     // of the certificate
	err     error
}

// maxPageBytes are read of an answer.
const maxPageBytes = 256 << 10

// noToken is what stands in the place of a token: the gate answers it like every
// other that is not its own.
const noToken = "doctor"

// fetch asks for an address below base_url, and follows nothing.
func (x *examination) fetch(ctx context.Context, method, address, body string) (a siteAnswer) {
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return siteAnswer{err: err}
	}
	request.Header.Set("User-Agent", "kaiho-doctor")
	if body == "" {
		request.Body, request.ContentLength = nil, 0
	} else {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	transport := x.Transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	client := http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	a.took[0] = x.Now()
	response, err := client.Do(request)
	a.took[1] = x.Now()
	if err != nil {
		return siteAnswer{err: err}
	}
	defer response.Body.Close()
	page, err := io.ReadAll(io.LimitReader(response.Body, maxPageBytes))
	if err != nil {
		return siteAnswer{err: err}
	}
	a.status, a.header, a.body = response.StatusCode, response.Header, string(page)
	if response.TLS != nil {
		if f, ends := ending(request.URL.Hostname(), *response.TLS, x.Now()); ends {
			a.expires = &f
		}
	}
	return a
}

// ask returns what the site answers to the link of no letter.
func (x *examination) ask(ctx context.Context) siteAnswer {
	x.front.Do(func() { x.answer = x.fetch(ctx, http.MethodGet, x.unsubscribeURL(), "") })
	return x.answer
}

func (x *examination) unsubscribeURL() string { return x.Site.BaseURL + "u/" + noToken }

// isGate reports whether the gate has answered: its pages have a stylesheet of its own,
// and they are never kept.
func (x *examination) isGate(a siteAnswer) bool {
	return strings.Contains(a.body, x.Site.Base()+"k/-/") && strings.Contains(a.header.Get("X-Robots-Tag"), "noindex")
}

// lookSite looks at where one-click unsubscribing ends (RFC 8058).
func lookSite(ctx context.Context, x *examination) (findings Findings) {
	if strings.HasPrefix(x.Site.BaseURL, "http:") {
		findings = Findings{found(diag.SitePlain, "url", x.Site.BaseURL)}
	}
	a := x.ask(ctx)
	if f, wrong := x.unanswered(a); wrong {
		return append(findings, f)
	}
	if a.expires != nil {
		findings = append(findings, *a.expires)
	}
	at := x.unsubscribeURL()
	if f, wrong := x.notTheGate(at, a); wrong {
		return append(findings, f)
	}
	findings = append(findings, found(diag.SiteFine, "url", x.Site.BaseURL))
	posted := x.fetch(ctx, http.MethodPost, at, "List-Unsubscribe=One-Click")
	f, wrong := x.unanswered(posted)
	switch {
	case wrong:
		return append(findings, f)
	case isRedirect(posted):
		return append(findings, found(diag.SiteRedirects, "url", at, "target", target(at, posted)))
	case !x.isGate(posted):
		return append(findings, found(diag.OneClickBlocked, "url", at, "status", strconv.Itoa(posted.status)))
	}
	return append(findings, found(diag.OneClickFine))
}

// notTheGate says what answered in the place of the gate.
func (x *examination) notTheGate(at string, a siteAnswer) (Finding, bool) {
	switch {
	case isRedirect(a):
		return found(diag.SiteRedirects, "url", at, "target", target(at, a)), true
	case a.status == http.StatusMisdirectedRequest:
		return found(diag.GateHost, "host", x.Site.Host()), true
	case a.status >= 500:
		return found(diag.GateFailed, "url", at, "status", strconv.Itoa(a.status)), true
	case !x.isGate(a):
		return found(diag.GateMissing, "url", at, "status", strconv.Itoa(a.status)), true
	}
	return Finding{}, false
}

func isRedirect(a siteAnswer) bool {
	return a.status >= 300 && a.status < 400 && a.header.Get("Location") != ""
}

// target is where a redirect leads.
func target(from string, a siteAnswer) string {
	to := a.header.Get("Location")
	if base, err := url.Parse(from); err == nil {
		if u, err := base.Parse(to); err == nil {
			return u.String()
		}
	}
	return to
}

// unanswered says why there is no answer.
func (x *examination) unanswered(a siteAnswer) (Finding, bool) {
	if a.err == nil {
		return Finding{}, false
	}
	err := a.err
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err
	}
	if why, is := ofCertificate(err); is {
		return found(diag.Certificate, "host", x.Site.Host(), "reason", why), true
	}
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		if e.IsNotFound {
			return found(diag.SiteUnknown, "host", x.Site.Host()), true
		}
		return silent(x.Site.Host(), e), true
	}
	return found(diag.SiteUnreachable, "url", x.Site.BaseURL, "reason", network(err)), true
}

// mostSeconds that clocks may differ: tokens allow five minutes, and signatures with an
// age less.
const mostSeconds = 60

// lookSiteClock compares the machine's clock with the Date of the site's answer.
func lookSiteClock(ctx context.Context, x *examination) Findings {
	a := x.ask(ctx)
	if a.err != nil || a.header.Get("Age") != "" { // out of a cache, which keeps the Date
		return nil
	}
	date, err := http.ParseTime(a.header.Get("Date"))
	if err != nil {
		return nil
	}
	return Findings{compare(x.Site.Host(), date, a.took[0].Add(-time.Second), a.took[1])} // Date has whole seconds
}

// compare compares the clock of somebody with ours, which was between two times when
// theirs was read.
func compare(name string, theirs, before, after time.Time) Finding {
	off := max(before.Sub(theirs), theirs.Sub(after))
	if off > mostSeconds*time.Second {
		return found(diag.ClockOff, "name", name, "seconds", strconv.Itoa(int(off/time.Second)))
	}
	return found(diag.ClockFine, "name", name)
}
