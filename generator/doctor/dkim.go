package doctor

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"kaiho/generator/diag"
	"kaiho/generator/mailer"
)

// signing is KAIHO_DKIM, read as a sender reads it.
type signing struct {
	keys     []mailer.Key
	problems diag.Problems
}

func parseSigning(raw string) (s signing) {
	s.keys, s.problems = mailer.ParseKeys(raw, readKey)
	return s
}

// isAsked reports whether letters are to be signed.
func (s signing) isAsked() bool { return len(s.keys)+len(s.problems) > 0 }

// lookDKIM compares the keys that sign with what the DNS says of them.
func lookDKIM(ctx context.Context, x *examination) (findings Findings) {
	from := x.fromDomain()
	if !x.signing.isAsked() && from != "" && x.relay.Host != "" {
		return Findings{found(diag.DKIMNone, "domain", from)}
	}
	for _, p := range x.signing.problems {
		if p.Rule != diag.DKIMForm { // lookEnvironment has that
			findings = append(findings, found(p.Rule, p.Args...))
		}
	}
	hasRSA := false
	for _, k := range x.signing.keys {
		_, isRSA := k.Public().(*rsa.PublicKey)
		hasRSA = hasRSA || isRSA
		findings = append(findings, x.checkRecord(ctx, k)...)
	}
	if len(x.signing.keys) > 0 && !hasRSA {
		findings = append(findings, found(diag.DKIMOnlyNew))
	}
	return findings
}

// maxKeyBytes of a file with a key; RSA of 16384 bits has 13 KB.
const maxKeyBytes = 64 << 10

// readKey reads a file with a key, whatever it is a link to.
func readKey(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, errors.New(plain(err))
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxKeyBytes))
	if err != nil {
		return nil, errors.New(plain(err))
	}
	return data, nil
}

// plain returns an error without what package os puts before it.
func plain(err error) string {
	if e, ok := errors.AsType[*os.PathError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}

// checkRecord compares the record of a key with the key.
func (x *examination) checkRecord(ctx context.Context, s mailer.Key) Findings {
	kind, data, want := s.Record()
	key := s.Public()
	texts, err := x.zone.LookupTXT(ctx, s.Name())
	switch {
	case err != nil && !isNone(err):
		return Findings{silent(s.Name(), err)}
	case len(texts) == 0:
		return Findings{found(diag.DKIMMissing, "name", s.Name(), "file", s.File, "record", want)}
	case len(texts) > 1:
		return Findings{found(diag.DKIMMany, "name", s.Name(), "file", s.File, "count", strconv.Itoa(len(texts)))}
	}
	tags, order, bad := tagList(texts[0])
	wrong := func(tag string) Findings {
		return Findings{found(diag.DKIMRecord, "name", s.Name(), "tag", tag, "record", want)}
	}
	value, hasKey := tags["p"]
	value = strings.Join(strings.Fields(value), "") // folded as it may be
	given, decodes := base64.StdEncoding.DecodeString(value)
	switch {
	case bad != "":
		return wrong(bad)
	case slices.Contains(order, "v") && (order[0] != "v" || tags["v"] != "DKIM1"):
		return wrong("v=" + tags["v"])
	case !hasKey:
		return wrong("p=")
	case value == "":
		return Findings{found(diag.DKIMRevoked, "name", s.Name())}
	case tags["k"] != kind && (tags["k"] != "" || kind != "rsa"): // rsa is the default
		return wrong("k=" + tags["k"])
	case decodes != nil:
		return wrong("p=" + value[:min(len(value), 12)] + "…")
	case !has(tags, "h", "sha256"):
		return wrong("h=" + tags["h"])
	case !has(tags, "s", "email") && !has(tags, "s", "*"):
		return wrong("s=" + tags["s"])
	case !isSame(given, data, key):
		return Findings{found(diag.DKIMDiffers, "name", s.Name(), "file", s.File, "record", want)}
	}
	findings := Findings{found(diag.DKIMFine, "name", s.Name(), "file", s.File, "kind", describe(key))}
	if _, says := tags["t"]; says && has(tags, "t", "y") {
		findings = append(findings, found(diag.DKIMTesting, "name", s.Name()))
	}
	return findings
}

// has reports whether a tag, a list with colons between, has a value; a tag that is
// not there has all.
func has(tags map[string]string, tag, value string) bool {
	list, is := tags[tag]
	if !is {
		return true
	}
	for item := range strings.SplitSeq(list, ":") {
		if strings.TrimSpace(item) == value {
			return true
		}
	}
	return false
}

// isSame reports whether the DNS has this key. Of RSA it may have the bare key, too,
// which is what RFC 6376 says and hardly anybody does (erratum 3017).
func isSame(given, data []byte, key crypto.PublicKey) bool {
	if public, ok := key.(*rsa.PublicKey); ok && slices.Equal(given, x509.MarshalPKCS1PublicKey(public)) {
		return true
	}
	return slices.Equal(given, data)
}

func describe(key crypto.PublicKey) string {
	if public, ok := key.(*rsa.PublicKey); ok {
		return fmt.Sprintf("RSA %d", public.N.BitLen())
	}
	return "Ed25519"
}
