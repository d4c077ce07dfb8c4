package publish_test

import (
	"runtime"
	"syscall"
)

// actAsNobody takes root's powers over files from the calling goroutine's
// thread, until the function that it returns is called.
func actAsNobody() (undo func()) {
	const nobody = 65534
	runtime.LockOSThread()
	syscall.RawSyscall(syscall.SYS_SETFSUID, nobody, 0, 0)
	return func() {
		syscall.RawSyscall(syscall.SYS_SETFSUID, 0, 0, 0)
		runtime.UnlockOSThread()
	}
}
