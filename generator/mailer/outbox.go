package mailer

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"time"

	"kaiho/generator/diag"
)

// OutboxFolder is where letters without a relay go, in the state folder.
const OutboxFolder = "outbox"

// Outbox writes letters as files, for whoever has no relay: complete messages (RFC
// 5322), which mail programs open. It is used as a Session is, by any number of
// goroutines at once.
type Outbox struct {
	Dir *os.Root // of the state folder
}

// Send writes one letter; beforeDot, which may be nil, is called before the file
// appears. The letter's file is named after its Date and a hash of its Message-ID: the
// same letter, sent again, takes the place of the first, and the name tells nothing of
// whom it is for. The outcome is Sent, and its QueueID the name; or Deferred, if
// beforeDot says no, or Transport, if the file cannot be written: then no part of it is
// left.
func (o *Outbox) Send(ctx context.Context, e Envelope, beforeDot func() error) Outcome {
	if ctx.Err() != nil {
		return Outcome{State: Transport, Reason: diag.LetterStopped}
	}
	if out, ok := (Offer{EightBit: true, UTF8: true}).admits(&hand{env: e}); !ok {
		return out
	}
	at, id := nameOf(e.Data)
	if beforeDot != nil {
		if err := beforeDot(); err != nil {
			return Outcome{State: Deferred, Reason: diag.LetterStopped, Detail: shown([]byte(err.Error()))}
		}
	}
	name, err := o.Put(ctx, at, id, e.Data)
	if err != nil {
		return Outcome{State: Transport, Reason: diag.OutboxWrite, Detail: err.Error()}
	}
	return Outcome{State: Sent, Code: 250, QueueID: name}
}

// Run is that of Session: it writes the letters of a channel. It returns an error, a
// *Trouble, when the disk takes no more, or that of ctx.
func (o *Outbox) Run(ctx context.Context, letters <-chan Envelope, beforeDot func(*Envelope) error, settled func(*Envelope, Outcome)) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case e, more := <-letters:
			if !more {
				return nil
			}
			out := o.Send(ctx, e, func() error { return beforeDot(&e) })
			settled(&e, out)
			if out.State == Transport {
				return &Trouble{Problem: out.Problem(), err: ctx.Err()}
			}
		}
	}
}

// Close is that of Session; there is nothing to close.
func (o *Outbox) Close() {}

// nameOf returns what a letter's file is named after.
func nameOf(message []byte) (at time.Time, id string) {
	head, _ := cutHead(message)
	for _, field := range splitFields(head) {
		_, value, _ := strings.Cut(string(field), ":")
		value = strings.TrimSpace(value)
		switch {
		case isField(field, "Date"):
			at, _ = mail.ParseDate(value) // else it is the year 1
		case isField(field, "Message-ID"):
			sum := sha256.Sum256([]byte(value))
			id = hex.EncodeToString(sum[:8])
		}
	}
	if id == "" {
		sum := sha256.Sum256(message)
		id = hex.EncodeToString(sum[:8])
	}
	return at, id
}

// Put writes a complete message to a new file of mode 0600, and returns its name. It
// tells when the message was composed and the id, and so nothing of whom it is for.
// The file appears whole, in the place of one that has this name already: the same
// letter, written again. Errors are those of the disk, that of ctx, and of an id that is
// no name of a file.
func (o *Outbox) Put(ctx context.Context, composed time.Time, id string, message []byte) (name string, err error) {
	if err := ctx.Err(); err != nil {
		return "", err
	}
	if filepath.Base(id) != id {
		return "", fmt.Errorf("write a letter: the id %q is no name of a file", id)
	}
	if err := o.Dir.Mkdir(OutboxFolder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("make the folder of letters: %w", err)
	}
	name = composed.UTC().Format("20060102T150405Z") + "-" + id
	part := OutboxFolder + "/" + name + "-" + rand.Text() + ".part" // no other process writes this one
	name += ".eml"
	err = o.create(part, message)
	if err == nil {
		err = o.Dir.Rename(part, OutboxFolder+"/"+name)
	}
	if err != nil {
		o.Dir.Remove(part) // what is left is no .eml
		return "", fmt.Errorf("write a letter: %w", err)
	}
	return name, nil
}

// create writes a new file.
func (o *Outbox) create(name string, data []byte) error {
	file, err := o.Dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	return errors.Join(err, file.Sync(), file.Close())
}
