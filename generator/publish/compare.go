package publish

import (
	"bytes"
	"crypto/sha256"
	"hash"
	"io"
	"os"
)

const chunkBytes = 64 << 10

// comparer reads a new file once, beside the one that stands in its place.
// As long as both agree nothing is written; at the first difference it makes
// the staged file, writes what had agreed from the old one, and then the rest.
// So neither file is held in memory, and an unchanged one costs no write.
type comparer struct {
	ours, theirs []byte // buffers, kept from file to file

	in     io.Reader
	old    io.ReadSeeker // nil: nothing stands there
	create func() (*os.File, error)
	hash   hash.Hash

	out               *os.File // nil until a difference was found; left open
	size              int64
	readErr, writeErr error
}

func newComparer() *comparer {
	return &comparer{ours: make([]byte, chunkBytes), theirs: make([]byte, chunkBytes), hash: sha256.New()}
}

func (c *comparer) reset(in io.Reader, old io.ReadSeeker, create func() (*os.File, error)) {
	c.hash.Reset()
	*c = comparer{ours: c.ours, theirs: c.theirs, hash: c.hash, in: in, old: old, create: create}
}

func (c *comparer) run() {
	for {
		n, err := io.ReadFull(c.in, c.ours)
		last := err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !last {
			c.readErr = err
			break
		}
		c.hash.Write(c.ours[:n])
		if c.writeErr = c.take(c.ours[:n], last); c.writeErr != nil {
			break
		}
		c.size += int64(n)
		if last {
			break
		}
	}
}

// take compares or writes the chunk at offset c.size.
func (c *comparer) take(chunk []byte, last bool) error {
	if c.out == nil {
		if c.agrees(chunk, last) {
			return nil
		}
		if err := c.diverge(); err != nil {
			return err
		}
	}
	_, err := c.out.Write(chunk)
	return err
}

func (c *comparer) agrees(chunk []byte, last bool) bool {
	if c.old == nil {
		return false
	}
	// One byte more than the last chunk shows that the old file is longer; a
	// last chunk is always shorter than the buffer.
	theirs := c.theirs[:len(chunk)]
	if last {
		theirs = c.theirs[:len(chunk)+1]
	}
	n, err := io.ReadFull(c.old, theirs)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return false
	}
	return n == len(chunk) && bytes.Equal(theirs[:n], chunk)
}

// diverge makes the staged file and fills it with what agreed so far.
func (c *comparer) diverge() error {
	out, err := c.create()
	if err != nil {
		return err
	}
	c.out = out
	if c.size == 0 {
		return nil
	}
	if _, err := c.old.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = io.CopyN(out, c.old, c.size)
	return err
}
