//go:build race

package generator_test

// underRace: the race detector makes a build ten times as slow.
const underRace = true
