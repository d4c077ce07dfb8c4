package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"mime/multipart"
	"net/mail"
	"net/textproto"
	"os"
	"strings"
	"time"
	"unicode"

	"kaiho/generator/gate"
)

// outbox writes letters as complete messages (RFC 5322) into a folder, where
// whoever runs the site finds them: the way of letters without KAIHO_SMTP_URL.
type outbox struct {
	dir     *os.Root // of the state folder
	from    string   // "凪だより <letter@nagi.example>", of site.yaml
	replyTo string   // "": none
}

// outboxFolder is in the state folder.
const outboxFolder = "outbox"

// Send writes l to a new file of mode 0600. Its name tells the time and nothing of
// whom it is for. The file appears whole.
func (o *outbox) Send(ctx context.Context, l gate.Letter) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	id := make([]byte, 8)
	rand.Read(id) // never fails
	message, err := o.compose(l, hex.EncodeToString(id))
	if err != nil {
		return fmt.Errorf("compose a letter: %w", err)
	}
	if err := o.dir.Mkdir(outboxFolder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make the folder of letters: %w", err)
	}
	name := outboxFolder + "/" + l.Composed.UTC().Format("20060102T150405Z") + "-" + hex.EncodeToString(id)
	if err := o.put(name+".part", message); err != nil {
		o.dir.Remove(name + ".part") // what is left is no .eml
		return fmt.Errorf("write a letter: %w", err)
	}
	if err := o.dir.Rename(name+".part", name+".eml"); err != nil {
		return fmt.Errorf("write a letter: %w", err)
	}
	return nil
}

func (o *outbox) put(name string, data []byte) error {
	file, err := o.dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Sync(), file.Close())
}

// compose writes l as a message with a plain and an HTML part. Lines end with CRLF,
// and text stays readable: 8bit (RFC 2045, section 6.2).
func (o *outbox) compose(l gate.Letter, id string) ([]byte, error) {
	from, err := mail.ParseAddress(o.from)
	if err != nil {
		return nil, fmt.Errorf("sender %q: %w", o.from, err)
	}
	if strings.ContainsFunc(l.To, unicode.IsControl) || strings.Count(l.To, "@") == 0 {
		return nil, errors.New("the address of the member is none")
	}
	var b, parts bytes.Buffer
	body := multipart.NewWriter(&parts)
	line := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, folded(name, value)) }
	line("Date", l.Composed.Format(time.RFC1123Z))
	line("From", from.String())
	line("To", (&mail.Address{Name: l.ToName, Address: l.To}).String())
	if o.replyTo != "" {
		replyTo, err := mail.ParseAddress(o.replyTo)
		if err != nil {
			return nil, fmt.Errorf("address for replies %q: %w", o.replyTo, err)
		}
		line("Reply-To", replyTo.String())
	}
	line("Subject", mime.BEncoding.Encode("utf-8", l.Subject))
	line("Message-ID", "<"+id+from.Address[strings.LastIndexByte(from.Address, '@'):]+">")
	line("Auto-Submitted", "auto-generated") // RFC 3834: no vacation notices, please
	line("Content-Language", l.Lang)
	line("MIME-Version", "1.0")
	line("Content-Type", `multipart/alternative; boundary="`+body.Boundary()+`"`)
	b.WriteString("\r\n")
	for _, part := range []struct{ kind, text string }{{"text/plain", l.Text}, {"text/html", l.HTML}} {
		if err := writePart(body, part.kind, part.text); err != nil {
			return nil, err
		}
	}
	if err := body.Close(); err != nil {
		return nil, err
	}
	b.Write(parts.Bytes())
	return b.Bytes(), nil
}

// maxLineBytes is that of RFC 5322, section 2.1.1, without CRLF.
const maxLineBytes = 998

func writePart(body *multipart.Writer, kind, text string) error {
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
	encoding := "8bit"
	for line := range strings.SplitSeq(text, "\r\n") {
		if len(line) > maxLineBytes {
			encoding = "base64"
		}
	}
	part, err := body.CreatePart(textproto.MIMEHeader{
		"Content-Type":              {kind + "; charset=utf-8"},
		"Content-Transfer-Encoding": {encoding},
	})
	if err != nil {
		return err
	}
	if encoding == "8bit" {
		_, err = io.WriteString(part, text)
		return err
	}
	for code := base64.StdEncoding.EncodeToString([]byte(text)); code != ""; {
		n := min(76, len(code))
		if _, err := io.WriteString(part, code[:n]+"\r\n"); err != nil {
			return err
		}
		code = code[n:]
	}
	return nil
}

// folded breaks a header's value at spaces, into lines of at most 76 characters
// where that can be.
func folded(name, value string) string {
	var b strings.Builder
	width := len(name) + 2
	for i, word := range strings.Split(value, " ") {
		switch {
		case i == 0:
		case width+1+len(word) > 76:
			b.WriteString("\r\n ")
			width = 1
		default:
			b.WriteByte(' ')
			width++
		}
		b.WriteString(word)
		width += len(word)
	}
	return b.String()
}
