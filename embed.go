// Package kaiho carries the sample site in the binary: its layouts and theme
// are the built-in ones of every site, and `kaiho init` unpacks the rest.
package kaiho

import "embed"

// Sample is the sample site, as it lies in the repository.
//
//go:embed site.yaml content layouts static
var Sample embed.FS
