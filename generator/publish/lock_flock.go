//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package publish

import (
	"errors"
	"os"
	"syscall"
)

const lockHint = ""

var errReadOnlyDisk error = syscall.EROFS

// tryLock takes a lock that the kernel drops with the process. The file is
// removed on unlock, so that no trace stays in the folder; whoever had opened
// it meanwhile sees that it is no longer the file of that name, and retries.
func tryLock(root *os.Root) (unlock func(), held bool, err error) {
	f, err := openLock(root, 0)
	if err != nil {
		return nil, false, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) || errors.Is(err, syscall.EINTR) {
			return nil, true, nil
		}
		return nil, false, err
	}
	mine, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, false, err
	}
	if named, err := root.Lstat(lockName); err != nil || !os.SameFile(mine, named) {
		f.Close()
		return nil, true, nil
	}
	return func() {
		root.Remove(lockName)
		f.Close()
	}, false, nil
}
