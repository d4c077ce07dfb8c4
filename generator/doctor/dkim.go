package doctor

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"kaiho/generator/diag"
)

// signing is KAIHO_DKIM.
type signing struct {
	entries []signer
	bad     []string // entries that cannot be read
}

// signer is one entry: domain:selector:file.
type signer struct{ domain, selector, file string }

// name is where the DNS has the public half (RFC 6376, section 3.6.2.1).
func (s signer) name() string { return s.selector + "._domainkey." + s.domain }

// parseSigning reads KAIHO_DKIM. A file may have colons in its name, as C:\ has.
func parseSigning(raw string) (s signing) {
	if strings.TrimSpace(raw) == "" {
		return s
	}
	for entry := range strings.SplitSeq(raw, ",") {
		parts := strings.SplitN(strings.TrimSpace(entry), ":", 3)
		if len(parts) != 3 || !isDomain(parts[0]) || !isDomain(parts[1]+".x") || parts[2] == "" {
			s.bad = append(s.bad, strings.TrimSpace(entry))
			continue
		}
		s.entries = append(s.entries, signer{bare(parts[0]), bare(parts[1]), parts[2]})
	}
	return s
}

// isDomain reports whether s is a name of two labels or more, in ASCII.
func isDomain(s string) bool {
	labels := strings.Split(strings.ToLower(s), ".")
	for _, l := range labels {
		ok := l != "" && len(l) <= 63 && l[0] != '-' && l[len(l)-1] != '-'
		if !ok || strings.ContainsFunc(l, func(r rune) bool { return r != '-' && r != '_' && (r < 'a' || r > 'z') && (r < '0' || r > '9') }) {
			return false
		}
	}
	return len(labels) > 1 && len(s) <= 253
}

// lookDKIM compares the keys that sign with what the DNS says of them.
func lookDKIM(ctx context.Context, x *examination) (findings Findings) {
	from := x.fromDomain()
	if len(x.signing.entries) == 0 && len(x.signing.bad) == 0 && from != "" && x.relay.host != "" {
		return Findings{found(diag.DKIMNone, "domain", from)}
	}
	hasRSA, usable := false, 0
	for _, s := range x.signing.entries {
		key, err := readPrivate(s.file)
		if err != nil {
			findings = append(findings, found(diag.DoctorDKIMFile, "file", s.file, "reason", plain(err)))
			continue
		}
		if public, ok := key.(*rsa.PublicKey); ok {
			hasRSA = true
			switch bits := public.N.BitLen(); {
			case bits < 1024:
				findings = append(findings, found(diag.DKIMTooShort, "file", s.file, "bits", strconv.Itoa(bits)))
			case bits < 2048:
				findings = append(findings, found(diag.DoctorDKIMShort, "file", s.file, "bits", strconv.Itoa(bits)))
			}
		}
		usable++
		findings = append(findings, x.checkRecord(ctx, s, key)...)
	}
	if usable > 0 && !hasRSA {
		findings = append(findings, found(diag.DKIMOnlyNew))
	}
	return findings
}

// maxKeyBytes of a file with a key; RSA of 16384 bits has 13 KB.
const maxKeyBytes = 64 << 10

// readPrivate returns the public half of the private key in a PEM file: PKCS #8, or
// PKCS #1 for RSA.
func readPrivate(name string) (crypto.PublicKey, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxKeyBytes))
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, errors.New("no PEM")
	}
	if key, err := x509.ParsePKCS1PrivateKey(block.Bytes); err == nil {
		return &key.PublicKey, nil
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s, and neither PKCS #8 nor PKCS #1", block.Type)
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		return &key.PublicKey, nil
	case ed25519.PrivateKey:
		return key.Public(), nil
	}
	return nil, fmt.Errorf("%T", key)
}

// plain returns an error without what package os puts before it.
func plain(err error) string {
	if e, ok := errors.AsType[*os.PathError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}

// keyRecord is the TXT record of a key (RFC 6376, section 3.6.1; RFC 8463, section 4).
func keyRecord(key crypto.PublicKey) (kind string, data []byte, record string) {
	switch key := key.(type) {
	case ed25519.PublicKey:
		kind, data = "ed25519", key
	case *rsa.PublicKey:
		kind = "rsa"
		data, _ = x509.MarshalPKIXPublicKey(key) // an RSA key always can be
	}
	return kind, data, "v=DKIM1; k=" + kind + "; p=" + base64.StdEncoding.EncodeToString(data)
}

// checkRecord compares the record of a signer with its key.
func (x *examination) checkRecord(ctx context.Context, s signer, key crypto.PublicKey) Findings {
	kind, data, want := keyRecord(key)
	texts, err := x.zone.LookupTXT(ctx, s.name())
	switch {
	case err != nil && !isNone(err):
		return Findings{silent(s.name(), err)}
	case len(texts) == 0:
		return Findings{found(diag.DKIMMissing, "name", s.name(), "file", s.file, "record", want)}
	case len(texts) > 1:
		return Findings{found(diag.DKIMMany, "name", s.name(), "file", s.file, "count", strconv.Itoa(len(texts)))}
	}
	tags, order, bad := tagList(texts[0])
	wrong := func(tag string) Findings {
		return Findings{found(diag.DKIMRecord, "name", s.name(), "tag", tag, "record", want)}
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
		return Findings{found(diag.DKIMRevoked, "name", s.name())}
	case tags["k"] != kind && (tags["k"] != "" || kind != "rsa"): // rsa is the default
		return wrong("k=" + tags["k"])
	case decodes != nil:
		return wrong("p=" + value[:min(len(value), 12)] + "…")
	case !has(tags, "h", "sha256"):
		return wrong("h=" + tags["h"])
	case !has(tags, "s", "email") && !has(tags, "s", "*"):
		return wrong("s=" + tags["s"])
	case !isSame(given, data, key):
		return Findings{found(diag.DKIMDiffers, "name", s.name(), "file", s.file, "record", want)}
	}
	findings := Findings{found(diag.DKIMFine, "name", s.name(), "file", s.file, "kind", describe(key))}
	if _, says := tags["t"]; says && has(tags, "t", "y") {
		findings = append(findings, found(diag.DKIMTesting, "name", s.name()))
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
