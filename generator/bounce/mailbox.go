package bounce

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"path"
)

// Maildir yields the messages of a maildir in fsys: those of dir/new, then those of
// dir/cur, each in the order of their names, which is about that of their arrival.
// The name is the path in fsys. It only reads: the caller moves or removes what it
// has taken, also while this goes on.
//
// An error comes with the name of the message that it is about, and the next
// messages follow: ErrTooLarge, or one of reading. A folder that cannot be read is
// an error with the folder's name. A file that is gone by the time it would be
// read, since another process took it, is left out, and so is what is no file.
func Maildir(fsys fs.FS, dir string) iter.Seq2[Stored, error] {
	return func(yield func(Stored, error) bool) {
		for _, folder := range []string{path.Join(dir, "new"), path.Join(dir, "cur")} {
			entries, err := fs.ReadDir(fsys, folder)
			if err != nil && !yield(Stored{Name: folder}, fmt.Errorf("read maildir: %w", err)) {
				return
			}
			for _, entry := range entries {
				if !entry.Type().IsRegular() || entry.Name()[0] == '.' {
					continue
				}
				stored, err := readStored(fsys, path.Join(folder, entry.Name()))
				if errors.Is(err, fs.ErrNotExist) {
					continue
				}
				if !yield(stored, err) {
					return
				}
			}
		}
	}
}

// Stored is a message where it was found.
type Stored struct {
	Name string // of the file, a path of the file system it was read from
	Raw  []byte
}

func readStored(fsys fs.FS, name string) (Stored, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return Stored{Name: name}, fmt.Errorf("open message: %w", err)
	}
	defer f.Close()
	raw, err := io.ReadAll(io.LimitReader(f, MaxBytes+1))
	switch {
	case err != nil:
		return Stored{Name: name}, fmt.Errorf("read message: %w", err)
	case len(raw) > MaxBytes:
		return Stored{Name: name}, fmt.Errorf("read message: %w", ErrTooLarge)
	}
	return Stored{Name: name, Raw: raw}, nil
}

// Mbox yields the messages of an mbox, without the From line that each begins with,
// and without the > that a line of a message gets that would look like one (the
// "mboxrd" form; RFC 4155 has no word on it). A message longer than MaxBytes is
// ErrTooLarge, and the next ones follow; an error of r is the last. What does not
// begin with a From line is one message.
func Mbox(r io.Reader) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		var raw []byte
		isFirst, afterEmpty, tooLarge := true, true, false
		flush := func() bool {
			defer func() { raw, tooLarge = nil, false }()
			if tooLarge {
				return yield(nil, ErrTooLarge)
			}
			return len(bytes.TrimSpace(raw)) == 0 || yield(raw, nil)
		}
		lines := bufio.NewReader(r)
		isStart := true // of a line; a long one comes in pieces
		for {
			line, err := lines.ReadSlice('\n')
			switch {
			case isStart && afterEmpty && bytes.HasPrefix(line, []byte("From ")):
				if !isFirst && !flush() {
					return
				}
				line = nil
			case isStart && bytes.HasPrefix(bytes.TrimLeft(line, ">"), []byte("From ")) && line[0] == '>':
				line = line[1:]
			}
			isFirst = false
			afterEmpty = isStart && len(bytes.TrimRight(line, "\r\n")) == 0
			isStart = !errors.Is(err, bufio.ErrBufferFull)
			if tooLarge = tooLarge || len(raw)+len(line) > MaxBytes; !tooLarge {
				raw = append(raw, line...)
			}
			switch {
			case errors.Is(err, io.EOF):
				flush()
				return
			case err != nil && isStart:
				yield(nil, fmt.Errorf("read mbox: %w", err))
				return
			}
		}
	}
}
