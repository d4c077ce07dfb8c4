package generator_test

import (
	"os"
	"testing"

	"kaiho/generator"
)

// pictures is a folder of made pictures for all tests: to make those of the sample takes
// longer than most of them.
var pictures string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "kaiho-pictures-")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		pictures = dir
		return m.Run()
	}())
}

// withPictures returns a cache that knows the pictures which other tests have made, and
// nothing else.
func withPictures(c *generator.Cache) *generator.Cache {
	if c == nil {
		c = generator.NewCache("", "")
	}
	c.Pictures = pictures
	return c
}
