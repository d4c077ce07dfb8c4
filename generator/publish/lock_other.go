//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

const lockHint = "; if none is running, delete " + lockName + " in that folder, which names the process that made it"

var errReadOnlyDisk = fs.ErrPermission

// tryLock makes a file that must not exist yet. A kill leaves it behind, and
// so lockHint says what to do.
func tryLock(root *os.Root) (unlock func(), held bool, err error) {
	f, err := openLock(root, os.O_EXCL)
	if errors.Is(err, fs.ErrExist) {
		return nil, true, nil
	}
	if err != nil {
		return nil, false, err
	}
	_, err = fmt.Fprintln(f, os.Getpid())
	if err := errors.Join(err, f.Close()); err != nil {
		root.Remove(lockName)
		return nil, false, err
	}
	return func() { root.Remove(lockName) }, false, nil
}
