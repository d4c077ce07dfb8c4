package doctor_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kaiho/generator/doctor"
)

// keyFile writes a private key and returns the file and the value of p= in the DNS.
func keyFile(t *testing.T, key crypto.Signer) (file, p string) {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "dkim.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	if short, is := key.Public().(ed25519.PublicKey); is {
		public = short
	}
	return file, base64.StdEncoding.EncodeToString(public)
}

func rsaKey(t *testing.T, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// dkimOf returns the findings on DKIM.
func dkimOf(fs doctor.Findings) []string {
	return slices.DeleteFunc(told(of(fs, doctor.DNS)), func(s string) bool { return !strings.Contains(s, "dkim") && !strings.Contains(s, "silent") })
}

func TestDKIM(t *testing.T) {
	key := rsaKey(t, 2048)
	file, p := keyFile(t, key)
	_, other := keyFile(t, rsaKey(t, 2048))
	bare := base64.StdEncoding.EncodeToString(x509.MarshalPKCS1PublicKey(&key.PublicKey))
	short, shortP := keyFile(t, rsaKey(t, 1024))
	_, young, _ := ed25519.GenerateKey(rand.Reader)
	youngFile, youngP := keyFile(t, young)
	curve, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	curveFile, _ := keyFile(t, curve)
	wrongFile := filepath.Join(t.TempDir(), "not.pem")
	if err := os.WriteFile(wrongFile, []byte("no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	const at = "TXT k1._domainkey.nagi.example"
	for _, test := range []struct {
		name, dkim string
		records    []string
		wants      []string
	}{
		{"the record is that of the file", "", []string{"v=DKIM1; k=rsa; p=" + p}, []string{"ok dkim-fine"}},
		{"the record is as short as it may be", "", []string{"p=" + p}, []string{"ok dkim-fine"}},
		{"the key is folded", "", []string{"v=DKIM1; p=" + p[:100] + " \t " + p[100:] + ";"}, []string{"ok dkim-fine"}},
		{"the bare key is one, too", "", []string{"v=DKIM1; p=" + bare}, []string{"ok dkim-fine"}},
		{"there is no record", "", nil, []string{"error dkim-missing"}},
		{"there are two", "", []string{"p=" + p, "p=" + other}, []string{"error dkim-many"}},
		{"it is another key", "", []string{"v=DKIM1; k=rsa; p=" + other}, []string{"error dkim-differs"}},
		{"it is revoked", "", []string{"v=DKIM1; p="}, []string{"error dkim-revoked"}},
		{"it has no key", "", []string{"v=DKIM1; k=rsa"}, []string{"error dkim-record"}},
		{"the version stands behind", "", []string{"k=rsa; v=DKIM1; p=" + p}, []string{"error dkim-record"}},
		{"it is of another version", "", []string{"v=DKIM2; p=" + p}, []string{"error dkim-record"}},
		{"it says that it is of another kind", "", []string{"k=ed25519; p=" + p}, []string{"error dkim-record"}},
		{"it is no base64", "", []string{"p=" + p[:20] + "*"}, []string{"error dkim-record"}},
		{"a tag is there twice", "", []string{"p=" + p + "; p=" + p}, []string{"error dkim-record"}},
		{"SHA-256 is not allowed", "", []string{"h=sha1; p=" + p}, []string{"error dkim-record"}},
		{"SHA-256 is allowed among others", "", []string{"h=sha1:sha256; p=" + p}, []string{"ok dkim-fine"}},
		{"it is not for mail", "", []string{"s=tlsrpt; p=" + p}, []string{"error dkim-record"}},
		{"it is on trial", "", []string{"t=y; p=" + p}, []string{"ok dkim-fine", "warning dkim-testing"}},
		{"t=s is no trial", "", []string{"t=s; p=" + p}, []string{"ok dkim-fine"}},
		{"the DNS does not answer", "", []string{"!"}, []string{"warning dns-silent"}},
		{"1024 bits are few", "nagi.example:k1:" + short, []string{"p=" + shortP}, []string{"warning dkim-weak", "ok dkim-fine"}},
		{"Ed25519 alone is not read everywhere", "nagi.example:k1:" + youngFile, []string{"k=ed25519; p=" + youngP}, []string{"ok dkim-fine", "warning dkim-only-ed25519"}},
		{"Ed25519 needs k=", "nagi.example:k1:" + youngFile, []string{"p=" + youngP}, []string{"error dkim-record", "warning dkim-only-ed25519"}},
		{"another curve is no key of mail", "nagi.example:k1:" + curveFile, []string{"p=" + p}, []string{"error dkim-key"}},
		{"the file is no key", "nagi.example:k1:" + wrongFile, []string{"p=" + p}, []string{"error dkim-key"}},
		{"the file is not there", "nagi.example:k1:/nowhere/at/all.pem", []string{"p=" + p}, []string{"error dkim-file"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := options(t)
			o.DKIM = or(test.dkim, "nagi.example:k1:"+file)
			o.Resolver = &zone{records: with(map[string][]string{at: test.records})}
			if got := dkimOf(doctor.Run(t.Context(), o)); !slices.Equal(got, test.wants) {
				t.Errorf("got %q, want %q", got, test.wants)
			}
		})
	}
}

func TestDKIMIsAsked(t *testing.T) {
	o := options(t)
	if got, want := dkimOf(doctor.Run(t.Context(), o)), []string{"warning dkim-none"}; !slices.Equal(got, want) {
		t.Errorf("without KAIHO_DKIM: got %q, want %q", got, want)
	}
	o.SMTPURL = ""
	if got := dkimOf(doctor.Run(t.Context(), o)); len(got) > 0 {
		t.Errorf("for the outbox: got %q, want nothing", got)
	}
}

func TestSignaturesSpeakForTheSender(t *testing.T) {
	file, p := keyFile(t, rsaKey(t, 2048))
	for _, test := range []struct {
		name, domain, bounce, record string
		wants                        []string
	}{
		{"both speak for it", "nagi.example", "bounce.nagi.example", "v=DMARC1; p=reject", nil},
		{"return paths of another organization leave DKIM", "nagi.example", "bounce.other.example", "v=DMARC1; p=reject", []string{"ok dmarc-one-leg"}},
		{"a key of another organization leaves SPF", "other.example", "bounce.nagi.example", "v=DMARC1; p=reject", []string{"warning dkim-unaligned", "ok dmarc-one-leg"}},
		{"neither speaks for it", "other.example", "bounce.other.example", "v=DMARC1; p=reject", []string{"warning dkim-unaligned", "error dmarc-unaligned"}},
		{"strict signatures are of the very domain", "mail.nagi.example", "bounce.nagi.example", "v=DMARC1; p=reject; adkim=s", []string{"warning dkim-unaligned", "ok dmarc-one-leg"}},
		{"relaxed ones may be of one below", "mail.nagi.example", "bounce.nagi.example", "v=DMARC1; p=reject; adkim=r", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := options(t)
			o.Site = site(t, strings.Replace(settings, "bounce.nagi.example", test.bounce, 1))
			o.DKIM = test.domain + ":k1:" + file
			o.Resolver = &zone{records: with(map[string][]string{
				"TXT k1._domainkey." + test.domain: {"p=" + p}, "TXT _dmarc.nagi.example": {test.record}})}
			got := slices.DeleteFunc(dmarcOf(doctor.Run(t.Context(), o)), func(s string) bool { return s == "ok dmarc-fine" })
			if !slices.Equal(got, test.wants) {
				t.Errorf("got %q, want %q", got, test.wants)
			}
		})
	}
}
