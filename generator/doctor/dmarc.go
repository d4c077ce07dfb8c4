package doctor

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"kaiho/generator/diag"
)

// manyReaders is from where on the large providers ask for DMARC: letters a day.
const manyReaders = 5000

// lookDMARC looks at the policy for letters of the sender, and whether return paths
// and signatures belong to the sender's domain, as DMARC asks of one of them.
func lookDMARC(ctx context.Context, x *examination) Findings {
	from := x.fromDomain()
	if from == "" {
		return nil
	}
	tree, err := x.walk(ctx, from)
	if err != nil {
		return Findings{silent("_dmarc."+from, err)}
	}
	org := tree.organization(from)
	policy, ok := tree.at(from)
	if !ok {
		policy, ok = tree.at(org)
	}
	switch {
	case ok && policy.count > 1:
		return Findings{found(diag.DMARCMany, "name", policy.name(), "count", strconv.Itoa(policy.count))}
	case !ok:
		return Findings{x.missingDMARC(ctx, from, org)}
	}
	findings, valid := policy.findings(from)
	if !valid {
		return findings
	}
	return append(findings, x.alignment(ctx, from, policy)...)
}

func (x *examination) missingDMARC(ctx context.Context, from, org string) Finding {
	if n := x.readers(ctx); n >= manyReaders {
		return found(diag.DMARCMissingBulk, "domain", from, "org", org, "count", strconv.Itoa(n))
	}
	return found(diag.DMARCMissing, "domain", from, "org", org)
}

// policy is a DMARC record.
type policy struct {
	domain string
	count  int // of the records there; more than one is none (RFC 9989, section 4.10)
	record string
	tags   map[string]string
	order  []string
	bad    string // the part that cannot be read
}

func (p policy) name() string { return "_dmarc." + p.domain }

// removed are the tags that RFC 9989 has no more, and what there is instead.
var removed = map[string]string{"pct": "t=y", "rf": "", "ri": ""}

// findings says what is wrong with a record that governs letters of from; valid is
// false if receivers would not take it for one.
func (p policy) findings(from string) (list Findings, valid bool) {
	wrong := func(tag string) (Findings, bool) {
		return append(list, found(diag.DMARCRecord, "name", p.name(), "tag", tag)), false
	}
	if p.bad != "" {
		return wrong(p.bad)
	}
	for _, tag := range p.order {
		if instead, gone := removed[tag]; gone {
			list = append(list, found(diag.DMARCRemoved, "name", p.name(), "tag", tag+"="+p.tags[tag], "instead", instead))
		}
	}
	for _, tag := range []string{"p", "sp", "np"} {
		if value, has := p.tags[tag]; has && !slices.Contains([]string{"none", "quarantine", "reject"}, strings.ToLower(value)) {
			return wrong(tag + "=" + value)
		}
	}
	for _, tag := range []string{"adkim", "aspf"} {
		if value, has := p.tags[tag]; has && !slices.Contains([]string{"r", "s"}, strings.ToLower(value)) {
			return wrong(tag + "=" + value)
		}
	}
	if p.tags["p"] == "" {
		list = append(list, found(diag.DMARCPolicy, "name", p.name()))
	} else {
		list = append(list, found(diag.DMARCFine, "name", p.name(), "domain", from, "policy", p.wants(from)))
	}
	if strings.EqualFold(p.tags["t"], "y") {
		list = append(list, found(diag.DMARCTest, "name", p.name()))
	}
	if p.tags["np"] == "" && !strings.EqualFold(p.tags["sp"], "reject") && (p.tags["sp"] != "" || !strings.EqualFold(p.tags["p"], "reject")) {
		list = append(list, found(diag.DMARCOffer, "name", p.name()))
	}
	return list, true
}

// wants returns what is to be done with letters of from that fail.
func (p policy) wants(from string) string {
	if sp := p.tags["sp"]; from != p.domain && sp != "" {
		return sp
	}
	return p.tags["p"]
}

// tree is the records that a walk from a domain towards the root has found.
type tree []policy

// mostLabels of a name that a walk asks for, the domain itself aside (RFC 9989, section
// 4.10).
const mostLabels = 7

// walk asks for the DMARC records of a domain and of those above it.
func (x *examination) walk(ctx context.Context, domain string) (tree, error) {
	var found tree
	labels := strings.Split(bare(domain), ".")
	for first := true; len(labels) > 0; first = false {
		at := strings.Join(labels, ".")
		p, err := x.recordDMARC(ctx, at)
		if err != nil {
			return nil, err
		}
		if p.count > 0 {
			found = append(found, p)
		}
		if p.count == 1 && (p.tags["psd"] == "n" || p.tags["psd"] == "y" && !first) {
			return found, nil
		}
		labels = labels[max(1, len(labels)-mostLabels):]
	}
	return found, nil
}

func (x *examination) recordDMARC(ctx context.Context, domain string) (policy, error) {
	p := policy{domain: domain}
	texts, err := x.zone.LookupTXT(ctx, p.name())
	if err != nil && !isNone(err) {
		return p, err
	}
	for _, text := range texts {
		version, _, _ := strings.Cut(text, ";")
		name, value, _ := strings.Cut(version, "=")
		if strings.TrimSpace(name) == "v" && strings.TrimSpace(value) == "DMARC1" { // in this case alone (RFC 9989, section 4.7)
			p.record, p.count = text, p.count+1
		}
	}
	p.tags, p.order, p.bad = tagList(p.record)
	return p, nil
}

func (t tree) at(domain string) (policy, bool) {
	for _, p := range t {
		if p.domain == domain {
			return p, true
		}
	}
	return policy{}, false
}

// organization returns the organizational domain of the domain from which the walk
// began (RFC 9989, section 4.10.2): the one that says psd=n, where the walk has ended;
// or the one below another that says psd=y; or the highest that has a record; or the
// domain itself.
func (t tree) organization(domain string) string {
	org := domain
	for _, p := range t {
		switch {
		case p.count > 1:
			continue
		case p.tags["psd"] == "y" && p.domain != domain:
			rest := strings.TrimSuffix(domain, "."+p.domain)
			return rest[strings.LastIndexByte(rest, '.')+1:] + "." + p.domain
		}
		org = p.domain
	}
	return org
}

// aligned reports whether a domain speaks for from: it is the same, or, unless that is
// asked for, of the same organization.
func (x *examination) aligned(ctx context.Context, from, domain string, strict bool) (bool, error) {
	if from == domain || strict {
		return from == domain, nil
	}
	a, err := x.walk(ctx, from)
	if err != nil {
		return false, err
	}
	b, err := x.walk(ctx, domain)
	return err == nil && a.organization(from) == b.organization(domain), err
}

// alignment looks at return path and signatures.
func (x *examination) alignment(ctx context.Context, from string, p policy) Findings {
	back := x.bounceDomain()
	strictSPF, strictDKIM := strings.EqualFold(p.tags["aspf"], "s"), strings.EqualFold(p.tags["adkim"], "s")
	bySPF, err := x.aligned(ctx, from, back, strictSPF)
	if err != nil {
		return Findings{silent("_dmarc."+back, err)}
	}
	var findings Findings
	var signers []string
	byDKIM := false
	for _, s := range x.signing.keys {
		ok, err := x.aligned(ctx, from, s.Domain, strictDKIM)
		if err != nil {
			return append(findings, silent("_dmarc."+s.Domain, err))
		}
		byDKIM = byDKIM || ok
		if !slices.Contains(signers, s.Domain) {
			signers = append(signers, s.Domain)
		}
		if !ok {
			findings = append(findings, found(diag.DKIMUnaligned, "domain", s.Domain, "from", from))
		}
	}
	switch {
	case bySPF && (byDKIM || !x.signing.isAsked()):
	case bySPF:
		findings = append(findings, found(diag.DMARCOneLeg, "way", "SPF"))
	case byDKIM:
		findings = append(findings, found(diag.DMARCOneLeg, "way", "DKIM"))
	default:
		tags := ""
		if strictSPF || strictDKIM {
			tags = strings.Join(slices.DeleteFunc([]string{named("aspf=s", strictSPF), named("adkim=s", strictDKIM)}, func(s string) bool { return s == "" }), ", ")
		}
		mode := "relaxed"
		if tags != "" {
			mode = "strict"
		}
		findings = append(findings, found(diag.DMARCUnaligned, "from", from, "domain", back, "list", strings.Join(signers, ", "), "mode", mode, "tags", tags))
	}
	return findings
}

func named(s string, is bool) string {
	if is {
		return s
	}
	return ""
}
