package bounce

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"slices"
	"strings"
)

// IsMaildir reports whether dir of fsys has the folders new and cur, as every maildir
// (https://cr.yp.to/proto/maildir.html).
func IsMaildir(fsys fs.FS, dir string) bool {
	for _, folder := range []string{"new", "cur"} {
		if info, err := fs.Stat(fsys, path.Join(dir, folder)); err != nil || !info.IsDir() {
			return false
		}
	}
	return true
}

// Maildir yields the messages of a maildir in fsys that nobody has seen: those of
// dir/new, then those of dir/cur without the flag S, each in the order of their names,
// which is about that of their arrival. The name is the path in fsys. It only reads: the
// caller calls Seen for what it has taken, also while this goes on.
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
				if !entry.Type().IsRegular() || entry.Name()[0] == '.' || path.Base(folder) == "cur" && isSeen(entry.Name()) {
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
	raw, err := Read(f)
	return Stored{Name: name, Raw: raw}, err
}

// Read reads a message to its end; of one that is longer than MaxBytes no more than that,
// and the error is ErrTooLarge.
func Read(r io.Reader) ([]byte, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read message: %w", err)
	case len(raw) > MaxBytes:
		return nil, fmt.Errorf("read message: %w", ErrTooLarge)
	}
	return raw, nil
}

// Seen moves a message of a maildir, named as Maildir names it, to the folder cur with
// the flag S: programs for mail show it as read, and Maildir yields it no more. It is one
// rename, so the message is at one of both places at any moment. A message that is gone,
// since another process took it, is no error.
func Seen(root *os.Root, name string) error {
	folder, file := path.Split(name)
	to := path.Join(path.Dir(path.Clean(folder)), "cur", withSeen(file))
	err := root.Rename(name, to)
	if _, gone := root.Lstat(name); err != nil && errors.Is(gone, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("move message to cur: %w", err)
	}
	return nil
}

// flagsOf splits the name of a file of a maildir into what is its own and the flags
// behind ":2,"; other kinds of information behind the colon have no meaning yet.
func flagsOf(file string) (own, flags string) {
	own, info, _ := strings.Cut(file, ":")
	flags, _ = strings.CutPrefix(info, "2,")
	if flags == info {
		flags = ""
	}
	return own, flags
}

func isSeen(file string) bool {
	_, flags := flagsOf(file)
	return strings.Contains(flags, "S")
}

// withSeen is the name with the flag S; flags are in the order of ASCII.
func withSeen(file string) string {
	own, flags := flagsOf(file)
	all := append([]byte(flags), 'S')
	slices.Sort(all)
	return own + ":2," + string(slices.Compact(all))
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
