//go:build darwin || freebsd || netbsd

package cache

import (
	"io/fs"
	"syscall"
)

// changed returns when the inode of a file was changed, and its number.
func changed(info fs.FileInfo) (nanoseconds int64, inode uint64) {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return s.Ctimespec.Nano(), s.Ino
	}
	return 0, 0
}
