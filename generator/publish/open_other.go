//go:build !unix

package publish

const openPlain = 0
