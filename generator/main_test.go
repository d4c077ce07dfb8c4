package generator_test

import (
	"os"
	"testing"

	"kaiho/generator"
)

// pictures is a folder of made pictures for all tests: to make those of the sample takes
// longer than most of them. It is that of the environment, if that names one.
var pictures string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		if pictures = os.Getenv("KAIHO_PICTURES"); pictures != "" {
			return m.Run()
		}
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
