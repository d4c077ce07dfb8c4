//go:build !race

package generator_test

const underRace = false
