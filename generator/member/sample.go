package member

import (
	"bytes"
	_ "embed"
)

//go:embed sample/members.csv
var sample []byte

// Sample returns a CSV file of 40 invented members, who fit the sample site.
func Sample() []byte { return bytes.Clone(sample) }
