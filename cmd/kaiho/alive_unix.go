//go:build unix

package main

import (
	"errors"
	"syscall"
)

// isAlive reports whether there is a process pid on this machine.
func isAlive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}
