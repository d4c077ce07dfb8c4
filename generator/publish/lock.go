package publish

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

const (
	lockName  = ".lock"
	lockWait  = time.Minute // longer than a build takes: whoever starts two means both
	lockRetry = 25 * time.Millisecond
)

// lock takes the folder's lock, and waits up to lockWait for one who holds it.
// It returns the function that gives it back, ErrBusy, or ctx's error.
func lock(ctx context.Context, root *os.Root) (unlock func(), err error) {
	deadline := time.Now().Add(lockWait)
	for {
		unlock, held, err := tryLock(root)
		if err != nil {
			return nil, fmt.Errorf("lock the output folder: %w", err)
		}
		if !held {
			return unlock, nil
		}
		if !time.Now().Before(deadline) {
			return nil, fmt.Errorf("%s: %w; wait until it is done, or stop it, and try again%s", root.Name(), ErrBusy, lockHint)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(lockRetry):
		}
	}
}

// openLock opens the lock file. It does not follow a link.
func openLock(root *os.Root, flag int) (*os.File, error) {
	if info, err := root.Lstat(lockName); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file; remove it", lockName)
	}
	return root.OpenFile(lockName, flag|os.O_CREATE|os.O_RDWR, 0o644)
}

// isReadOnly reports whether err, of lock, says that the folder cannot be
// written at all.
func isReadOnly(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, errReadOnlyDisk)
}
