package mailer_test

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"kaiho/generator/diag"
	"kaiho/generator/mailer"
)

// keyFile returns a key in PEM.
func keyFile(t testing.TB, key crypto.Signer, kind string) []byte {
	t.Helper()
	if kind == "RSA PRIVATE KEY" {
		return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: x509.MarshalPKCS1PrivateKey(key.(*rsa.PrivateKey))})
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func rsaKey(t testing.TB, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// signer returns one of an RSA and an Ed25519 key, and what DNS says of them.
func signer(t testing.TB) (*mailer.Signer, func(string) ([]string, error)) {
	t.Helper()
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"/k/rsa.pem": keyFile(t, rsaKey(t, 2048), "RSA PRIVATE KEY"), "/k/ed.pem": keyFile(t, ed, "")}
	const list = "nagi.example:r2026:/k/rsa.pem, nagi.example:e2026:/k/ed.pem"
	read := func(name string) ([]byte, error) { return files[name], nil }
	s, problems := mailer.ParseSigner(list, read)
	if len(problems) > 0 {
		t.Fatal(problems[0].Message(diag.English))
	}
	keys, _ := mailer.ParseKeys(list, read)
	return s, func(name string) ([]string, error) {
		for _, k := range keys {
			if _, _, record := k.Record(); k.Name() == name {
				return []string{record}, nil
			}
		}
		return nil, errors.New("no such name: " + name)
	}
}

// verify returns how many good signatures message has, of how many.
func verify(t testing.TB, message []byte, lookup func(string) ([]string, error)) (good, all int) {
	t.Helper()
	verifications, err := dkim.VerifyWithOptions(bytes.NewReader(message), &dkim.VerifyOptions{LookupTXT: lookup})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range verifications {
		if v.Err == nil {
			good++
		}
	}
	return good, len(verifications)
}

const bulk = "From: =?UTF-8?B?5Yeq44Gg44KI44KK?= <letter@nagi.example>\r\nTo: \"foo..bar\"@docomo.ne.jp\r\nSubject: =?UTF-8?B?5Yeq44Gg44KI44KK?=\r\n =?UTF-8?B?5Yeq44Gg44KI44KK?=\r\n" +
	"Date: Fri, 20 Nov 2026 09:00:00 +0900\r\nMessage-ID: <a@nagi.example>\r\nList-Id: <letter.nagi.example>\r\nList-Unsubscribe: <https://nagi.example/u/AAAA>,\r\n <mailto:u+AAAA@nagi.example>\r\n" +
	"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nX-Other: 1\r\n\r\nHello,   alumni \t\r\n\r\n  of  Nagi.\t\r\n \r\n\r\n"

func TestSignaturesAreGood(t *testing.T) {
	s, dns := signer(t)
	got, err := s.Append(nil, []byte(bulk))
	if err != nil {
		t.Fatal(err)
	}
	if good, all := verify(t, got, dns); good != 2 || all != 2 {
		t.Errorf("got %d good signatures of %d, want two of two:\n%s", good, all, got)
	}
	head, _, _ := bytes.Cut(got, []byte("\r\n\r\n"))
	for _, line := range strings.Split(string(head), "\r\n") {
		if len(line) > 78 && strings.HasPrefix(line, " ") {
			t.Errorf("got a line of %d bytes, want at most 78: %s", len(line), line)
		}
	}
	unfolded := strings.ReplaceAll(string(head), "\r\n ", "")
	for _, want := range []string{"h=From:From:To:Subject:Date:Message-ID:MIME-Version:Content-Type:List-Id:List-Unsubscribe:List-Unsubscribe-Post;", "t=1795132800;"} {
		if !strings.Contains(unfolded, want) {
			t.Errorf("got %s, want %s in it", unfolded, want)
		}
	}
	for range 3 {
		again, err := s.Append(nil, []byte(bulk))
		if err != nil || !bytes.Equal(got, again) {
			t.Errorf("got other bytes for the same letter (%v)", err)
		}
	}
}

// TestChangesOnTheWay: white space may change, nothing that a reader sees may.
func TestChangesOnTheWay(t *testing.T) {
	s, dns := signer(t)
	signed, err := s.Append(nil, []byte(bulk))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, old, new string
		good           int
	}{
		{"another subject", "Subject: =?UTF-8?B?5", "Subject: =?UTF-8?B?6", 0},
		{"another word", "alumni", "alumnus", 0},
		{"another address for those who leave", "/u/AAAA", "/u/AAAB", 0},
		{"one click taken away", "List-Unsubscribe=One-Click", "no", 0},
		{"a second From", "X-Other: 1", "From: somebody@else.example", 0},
		{"a field that nobody signed", "X-Other: 1", "X-Other: 2", 2},
		{"blanks at the end of a line", "Nagi.\t", "Nagi. \t  ", 2},
		{"another fold", "<https://nagi.example/u/AAAA>,\r\n <mailto", "<https://nagi.example/u/AAAA>,\r\n\t  <mailto", 2},
		{"empty lines at the end", "\r\n \r\n\r\n", "\r\n\r\n", 2},
		{"a blank more between words", "Hello, ", "Hello,     ", 2},
		{"a blank between letters", "alumni", "alum ni", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			changed := strings.Replace(string(signed), test.old, test.new, 1)
			if changed == string(signed) {
				t.Fatal("nothing was changed")
			}
			if good, _ := verify(t, []byte(changed), dns); good != test.good {
				t.Errorf("got %d good signatures, want %d", good, test.good)
			}
		})
	}
}

func TestKeysThatAreNone(t *testing.T) {
	files := map[string][]byte{
		"good": keyFile(t, rsaKey(t, 2048), ""), "weak": keyFile(t, rsaKey(t, 1024), "RSA PRIVATE KEY"), "text": []byte("hello"),
		"cert": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE"}), "damaged": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")}),
		"rsa1": pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: []byte("x")}),
	}
	for _, test := range []struct {
		name, list string
		want       diag.Rule
		usable     bool
	}{
		{"nothing", " ", "", false},
		{"a good one", "nagi.example:2026:good", "", true},
		{"a weak one is of use", "nagi.example:2026:weak", diag.DKIMWeak, true},
		{"two parts", "nagi.example:good", diag.DKIMForm, false},
		{"a domain that is none", "nagi example:2026:good", diag.DKIMForm, false},
		{"a comma at the end", "nagi.example:2026:good,", diag.DKIMForm, false},
		{"no file", "nagi.example:2026:none", diag.DKIMFile, false},
		{"not PEM", "nagi.example:2026:text", diag.DKIMKey, false},
		{"a certificate", "nagi.example:2026:cert", diag.DKIMKey, false},
		{"damaged", "nagi.example:2026:damaged", diag.DKIMKey, false},
		{"damaged in the older form", "nagi.example:2026:rsa1", diag.DKIMKey, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, problems := mailer.ParseSigner(test.list, func(name string) ([]byte, error) {
				if data, has := files[name]; has {
					return data, nil
				}
				return nil, os.ErrNotExist
			})
			var got diag.Rule
			if len(problems) > 0 {
				got = problems[0].Rule
			}
			if got != test.want || (s != nil) != test.usable {
				t.Errorf("got %q, signer %v, want %q, %v", got, s != nil, test.want, test.usable)
			}
		})
	}
}

// FuzzSign: any message with a From is signed so that another's verifier agrees, and
// the message itself is as it was.
func FuzzSign(f *testing.F) {
	s, dns := signer(f)
	for _, body := range []string{"", "\r\n", " \t\r\n", "a  b\tc \r\n\r\n d\r\n \r\n", "a", "\ta", " ", "a \t"} {
		f.Add("1", body)
	}
	f.Fuzz(func(t *testing.T, subject, body string) {
		clean := strings.NewReplacer("\r", "", "\n", "\r\n")
		body = clean.Replace(body)
		subject = strings.NewReplacer("\r", "", "\n", "\r\n ").Replace(subject)
		message := []byte("From: a@nagi.example\r\nSubject: " + subject + "\r\n\r\n" + body)
		signed, err := s.Append([]byte("before"), message)
		if err != nil || !bytes.HasPrefix(signed, []byte("beforeDKIM-Signature: ")) || !bytes.HasSuffix(signed, message) {
			t.Fatalf("got %q (%v)", signed, err)
		}
		if good, all := verify(t, signed[len("before"):], dns); good != 2 || all != 2 {
			t.Fatalf("got %d good of %d: %q", good, all, signed)
		}
	})
}

func TestALetterWithoutFromIsNotSigned(t *testing.T) {
	s, _ := signer(t)
	if _, err := s.Append(nil, []byte("To: a@mail.example\r\n\r\nhello\r\n")); err == nil {
		t.Error("got a signature, want an error")
	}
}
