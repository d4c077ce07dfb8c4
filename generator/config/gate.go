package config

import (
	"fmt"
	"net/url"
	"slices"
	"time"

	"kaiho/generator/diag"
)

// Gate is how members' pages are opened.
type Gate struct {
	LinkTTL     time.Duration `yaml:"link_ttl"`     // how long the links of a letter work; default 45d
	SessionIdle time.Duration `yaml:"session_idle"` // after which a browser that was not used is signed out; default 90d
	SessionMax  time.Duration `yaml:"session_max"`  // after which every browser is; default 400d, the most that browsers keep a cookie
	Hosts       []string      `yaml:"hosts"`        // further names of the host, besides that of base_url
	Eligibility Eligibility   `yaml:"eligibility"`
}

// Eligibility is who may become a member.
type Eligibility struct {
	MinYears int `yaml:"min_years" min:"0" max:"60"` // least years between joining and leaving
}

const (
	day = 24 * time.Hour
	// Browsers keep no cookie longer (RFC 6265bis, 5.5), and what they cannot
	// keep must not be promised.
	longestSession = 400 * day
)

// gate fills in what is not given, and checks the lengths of time.
func (c *checker) gate() {
	g := &c.site.Gate
	for _, t := range []struct {
		key        string
		value      *time.Duration
		usual      time.Duration
		least, max time.Duration
	}{
		{"link_ttl", &g.LinkTTL, 45 * day, time.Hour, 400 * day},
		{"session_max", &g.SessionMax, longestSession, time.Hour, longestSession},
		{"session_idle", &g.SessionIdle, 90 * day, time.Hour, longestSession},
	} {
		if *t.value == 0 && !c.node.Has("gate", t.key) {
			*t.value = t.usual
		} else if n := c.node.At("gate", t.key); *t.value < t.least || *t.value > t.max {
			if n != nil && !slices.ContainsFunc(c.problems, func(p diag.Problem) bool { return p.Pos == n.Pos() }) {
				c.report(diag.DurationRange, []string{"gate", t.key}, "key", "gate."+t.key, "least", inWords(t.least), "most", inWords(t.max))
			}
			*t.value = t.usual
		}
	}
	g.SessionIdle = min(g.SessionIdle, g.SessionMax)
	for i, host := range g.Hosts {
		if u, err := url.Parse("https://" + host + "/"); err != nil || u.Host != host || u.Hostname() == "" || u.User != nil {
			c.report(diag.ConfigHost, []string{"gate", "hosts", itoa(i)}, "host", host)
		}
	}
}

// inWords writes a length of time as site.yaml has it.
func inWords(d time.Duration) string {
	switch {
	case d%day == 0:
		return fmt.Sprintf("%dd", d/day)
	case d%time.Hour == 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	}
	return fmt.Sprintf("%dm", d/time.Minute)
}
