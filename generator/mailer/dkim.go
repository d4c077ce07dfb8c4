package mailer

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"net/mail"
	"strconv"
	"strings"

	"kaiho/generator/diag"
)

// Signer signs letters (DKIM, RFC 6376; Ed25519: RFC 8463), with each of its keys.
// Its methods may be called at the same time.
//
// The same letter gets the same bytes, every time: what is sent again after a lost
// connection must be what may have come already. RSA (PKCS #1 v1.5) and Ed25519 have no
// chance in them, and the time of the signature, t=, is the letter's own Date; without a
// good Date it is left out. This is why the signature is made here and go-msgauth,
// which writes the clock's time into each, verifies it in the tests. There is no x=: a
// letter that waits two days in a queue is still ours.
type Signer struct {
	keys []Key
}

// Key is a key that signs, as KAIHO_DKIM names it.
type Key struct {
	Domain, Selector string // in lower case
	File             string
	key              crypto.Signer // RSA or Ed25519
}

// Name is that of the TXT record of the key (RFC 6376, section 3.6.2.1).
func (k Key) Name() string { return k.Selector + "._domainkey." + k.Domain }

// Public is a *rsa.PublicKey or an ed25519.PublicKey.
func (k Key) Public() crypto.PublicKey { return k.key.Public() }

// Record returns what DNS must say of the key (RFC 6376, section 3.6.1; RFC 8463, section
// 4): its kind and bytes, and the text of the whole record.
func (k Key) Record() (kind string, data []byte, record string) {
	kind = k.kind()
	switch public := k.Public().(type) {
	case ed25519.PublicKey:
		data = public
	case *rsa.PublicKey:
		data, _ = x509.MarshalPKIXPublicKey(public) // an RSA key always can be
	}
	return kind, data, "v=DKIM1; k=" + kind + "; p=" + base64.StdEncoding.EncodeToString(data)
}

// signed are the header fields that a signature covers, where the letter has them:
// those that RFC 6376, section 5.4.1, names, and those of lists, which RFC 8058,
// section 4, demands.
var signed = []string{"From", "To", "Cc", "Reply-To", "Sender", "Subject", "Date", "Message-ID", "In-Reply-To", "References",
	"MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Content-Language", "List-Id", "List-Help", "List-Owner",
	"List-Archive", "List-Unsubscribe", "List-Unsubscribe-Post", "Feedback-ID", "Precedence", "Auto-Submitted"}

// ParseSigner makes a signer of a list of keys, as ParseKeys reads it. "" gives a nil
// signer, and so does an error.
func ParseSigner(list string, read func(file string) ([]byte, error)) (*Signer, diag.Problems) {
	keys, problems := ParseKeys(list, read)
	if problems.HasErrors() || len(keys) == 0 {
		return nil, problems
	}
	return &Signer{keys: keys}, problems
}

// ParseKeys reads a list of keys, domain:selector:file, separated by commas; read
// returns the bytes of a file. It returns those that are of use. Problems are of the
// rules DKIM...; that of DKIMWeak is a warning, with which the key is of use.
func ParseKeys(list string, read func(file string) ([]byte, error)) (keys []Key, problems diag.Problems) {
	if strings.TrimSpace(list) == "" {
		return nil, nil
	}
	for one := range strings.SplitSeq(list, ",") {
		parts := strings.SplitN(strings.TrimSpace(one), ":", 3) // a file may have colons: C:\keys
		if len(parts) != 3 || !isName(parts[0]) || !isName(parts[1]) || parts[2] == "" {
			problems = append(problems, diag.New(diag.Pos{}, diag.DKIMForm, "value", strings.TrimSpace(one)))
			continue
		}
		data, err := read(parts[2])
		if err != nil {
			problems = append(problems, diag.New(diag.Pos{}, diag.DKIMFile, "file", parts[2], "reason", err.Error()))
			continue
		}
		k := Key{Domain: strings.ToLower(parts[0]), Selector: strings.ToLower(parts[1]), File: parts[2]}
		found := k.set(data)
		if problems = append(problems, found...); !found.HasErrors() {
			keys = append(keys, k)
		}
	}
	return keys, problems
}

// kind is the key's, as k= has it.
func (k Key) kind() string {
	if _, isRSA := k.key.(*rsa.PrivateKey); isRSA {
		return "rsa"
	}
	return "ed25519"
}

// isName reports whether s can be a name in DNS.
func isName(s string) bool {
	return s != "" && len(s) <= 253 && !strings.ContainsFunc(s, func(r rune) bool {
		return r >= 0x80 || !isToken(byte(r)) && r != '.'
	})
}

// set reads the key itself.
func (k *Key) set(data []byte) diag.Problems {
	key, err := privateKey(data)
	if err != nil {
		return diag.Problems{diag.New(diag.Pos{}, diag.DKIMKey, "file", k.File, "reason", err.Error())}
	}
	k.key = key
	pair, isRSA := key.(*rsa.PrivateKey)
	if !isRSA {
		return nil
	}
	rule := diag.DKIMWeak
	switch bits := pair.N.BitLen(); {
	case bits >= 2048:
		return nil
	case bits < 1024:
		rule = diag.DKIMShort
	}
	return diag.Problems{diag.New(diag.Pos{}, rule, "file", k.File, "bits", strconv.Itoa(pair.N.BitLen()))}
}

// privateKey reads a key in PEM. Errors tell nothing of what is in the file.
func privateKey(data []byte) (crypto.Signer, error) {
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, errors.New("it is not PEM")
	}
	switch block.Type {
	case "RSA PRIVATE KEY":
		key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
		if err != nil {
			return nil, errors.New("the key is damaged")
		}
		return key, nil
	case "PRIVATE KEY":
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			return nil, errors.New("the key is damaged")
		}
		switch key := key.(type) {
		case *rsa.PrivateKey:
			return key, nil
		case ed25519.PrivateKey:
			return key, nil
		}
		return nil, errors.New("it is neither RSA nor Ed25519")
	}
	return nil, fmt.Errorf("it holds %q", block.Type)
}

// Append adds message to dst, with a DKIM-Signature for each key before it, and returns
// the longer slice. The message must have CRLF line ends and a From field. The error is
// that of a message without, or of a key.
func (s *Signer) Append(dst, message []byte) ([]byte, error) {
	head, body := cutHead(message)
	fields := splitFields(head)
	names, canonical, t := selectFields(fields)
	if !strings.HasPrefix(names, "From:") {
		return dst, errors.New("sign a letter: it has no From")
	}
	bodyHash := sha256.New()
	hashBody(bodyHash, body)
	bh := base64.StdEncoding.EncodeToString(bodyHash.Sum(nil))
	for _, k := range s.keys {
		field := k.field(names, bh, t)
		h := sha256.New()
		h.Write(canonical)
		h.Write(bytes.TrimSuffix(appendRelaxed(nil, field), []byte("\r\n")))
		var how crypto.SignerOpts = crypto.SHA256
		if k.kind() == "ed25519" {
			how = crypto.Hash(0) // RFC 8463, section 3: it signs the hash as if that were the message
		}
		signature, err := k.key.Sign(nil, h.Sum(nil), how)
		if err != nil {
			return dst, fmt.Errorf("sign a letter: %w", err)
		}
		dst = appendFolded(append(dst, bytes.TrimSuffix(field, []byte("\r\n"))...), base64.StdEncoding.EncodeToString(signature))
	}
	return append(dst, message...), nil
}

// field writes DKIM-Signature with an empty b=. It is folded between tags, and in h=
// behind colons, where RFC 6376 allows white space: a fold within a name, once
// unfolded, would be another name to the verifier.
func (k *Key) field(names, bh, t string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "DKIM-Signature: v=1; a=%s-sha256; c=relaxed/relaxed;\r\n d=%s; s=%s;", k.kind(), k.Domain, k.Selector)
	if t != "" {
		fmt.Fprintf(&b, " t=%s;", t)
	}
	b.WriteString("\r\n h=")
	width := len(" h=")
	for i, name := range strings.Split(names, ":") {
		if i > 0 {
			b.WriteByte(':')
			width++
		}
		if width+len(name) > 74 {
			b.WriteString("\r\n ")
			width = 1
		}
		b.WriteString(name)
		width += len(name)
	}
	fmt.Fprintf(&b, ";\r\n bh=%s;\r\n b=\r\n", bh)
	return b.Bytes()
}

// appendFolded adds a value of b= in lines of 72.
func appendFolded(dst []byte, value string) []byte {
	for len(value) > 72 {
		dst = append(append(dst, value[:72]...), "\r\n "...)
		value = value[72:]
	}
	return append(append(dst, value...), "\r\n"...)
}

// selectFields returns the names for h=, the fields in that order in canonical form,
// and the time for t=. Of a field that is there more than once the last comes first
// (RFC 6376, section 5.4.2). From is named once more than it is there: a second one that
// somebody adds breaks the signature (section 8.15).
func selectFields(fields [][]byte) (names string, canonical []byte, t string) {
	list := make([]string, 0, len(signed)+1)
	for _, name := range signed {
		for i := len(fields) - 1; i >= 0; i-- {
			if !isField(fields[i], name) {
				continue
			}
			list = append(list, name)
			canonical = appendRelaxed(canonical, fields[i])
			if name == "Date" {
				if at, err := mail.ParseDate(strings.TrimSpace(string(fields[i][len("Date:"):]))); err == nil && at.Unix() > 0 {
					t = strconv.FormatInt(at.Unix(), 10)
				}
			}
		}
		if name == "From" && len(list) > 0 {
			list = append(list, name)
		}
	}
	return strings.Join(list, ":"), canonical, t
}
