//go:build unix

package publish

import "syscall"

// openPlain is a flag for opening regular files and folders. It makes no
// difference to them, but package os otherwise tries to switch them to
// non-blocking mode and back, which is four system calls a file.
const openPlain = syscall.O_NONBLOCK
