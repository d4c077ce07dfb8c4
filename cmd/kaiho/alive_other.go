//go:build !unix

package main

// isAlive takes every process for alive where that cannot be asked: its leases end by
// themselves.
func isAlive(int) bool { return true }
