//go:build linux || darwin

package doctor

import "syscall"

// freeBytes returns how much an ordinary user can still write where path lies.
func freeBytes(path string) (uint64, bool) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(path, &s); err != nil {
		return 0, false
	}
	return s.Bavail * uint64(s.Bsize), true
}
