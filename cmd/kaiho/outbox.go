package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kaiho/generator/gate"
	"kaiho/generator/member"
	"kaiho/generator/message"
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

// Send composes l and puts it into the folder.
func (o *outbox) Send(ctx context.Context, l gate.Letter) error {
	id := chance()
	complete, err := o.compose(l, id)
	if err != nil {
		return fmt.Errorf("compose a letter: %w", err)
	}
	return o.put(ctx, l.Composed, id, complete)
}

// put writes a complete message to a new file of mode 0600. Its name tells when it
// was composed and the id, and so nothing of whom it is for. The file appears whole,
// in the place of one that has this name already: the same letter, written again.
func (o *outbox) put(ctx context.Context, composed time.Time, id string, complete []byte) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if filepath.Base(id) != id {
		return fmt.Errorf("write a letter: the id %q is no name of a file", id)
	}
	if err := o.dir.Mkdir(outboxFolder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make the folder of letters: %w", err)
	}
	name := outboxFolder + "/" + composed.UTC().Format("20060102T150405Z") + "-" + id
	part := name + "-" + chance() + ".part" // no other process writes this one
	err := o.create(part, complete)
	if err == nil {
		err = o.dir.Rename(part, name+".eml")
	}
	if err != nil {
		o.dir.Remove(part) // what is left is no .eml
		return fmt.Errorf("write a letter: %w", err)
	}
	return nil
}

// create writes a new file.
func (o *outbox) create(name string, data []byte) error {
	file, err := o.dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Sync(), file.Close())
}

// chance returns 16 characters that nobody can foretell.
func chance() string {
	b := make([]byte, 8)
	rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// compose writes l as a message of this id.
func (o *outbox) compose(l gate.Letter, id string) ([]byte, error) {
	from, err := mailbox(o.from)
	if err != nil {
		return nil, fmt.Errorf("sender %q: %w", o.from, err)
	}
	s := message.Spec{From: from, Subject: l.Subject, Language: l.Lang, Plain: message.Fixed(l.Text), HTML: message.Fixed(l.HTML),
		Fields: []message.Field{{Name: "Auto-Submitted", Value: "auto-generated"}}} // RFC 3834: no vacation notices, please
	if o.replyTo != "" {
		if s.ReplyTo, err = mailbox(o.replyTo); err != nil {
			return nil, fmt.Errorf("address for replies %q: %w", o.replyTo, err)
		}
	}
	template, err := message.Compile(s)
	if err != nil {
		return nil, err
	}
	return template.Append(nil, message.Letter{To: message.Mailbox{Name: l.ToName, Address: l.To}, Date: l.Composed,
		MessageID: id + from.Address[strings.LastIndexByte(from.Address, '@'):]})
}

// mailbox reads an address of site.yaml, with or without a name. A domain that is
// not ASCII becomes so.
func mailbox(written string) (message.Mailbox, error) {
	m, err := mail.ParseAddress(written)
	if err != nil {
		return message.Mailbox{}, err
	}
	if a, err := member.ParseAddress(m.Address); err == nil { // else the host is not of the internet, as localhost
		m.Address = a.SMTP
	}
	return message.Mailbox{Name: m.Name, Address: m.Address}, nil
}
