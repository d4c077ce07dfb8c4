package config_test

import (
	"fmt"
	"strings"
	"testing"

	"kaiho/generator/config"
)

func TestImages(t *testing.T) {
	for _, c := range []struct {
		name, yaml, want string // widths, quality, format, megapixels
		problem          string
	}{
		{"nothing said", "", "[480 800 1200 1600] 80 webp 100", ""},
		{"everything said, in any order", "images: {widths: [900, 300], quality: 60, format: jpeg, max_megapixels: 24, sizes: 100vw}", "[300 900] 60 jpeg 24", ""},
		{"a width twice", "images: {widths: [900, 900]}", "[900] 80 webp 100", "site.yaml:3:24: warning: 900 stands here twice."},
		{"a width of nothing", "images: {widths: [0]}", "[480 800 1200 1600] 80 webp 100", "site.yaml:3:19: error:"},
		{"a format that browsers do not know", "images: {format: webq}", "[480 800 1200 1600] 80 webp 100", "site.yaml:3:18: error: "},
		{"a key that is not one", "images: {width: 3}", "[480 800 1200 1600] 80 webp 100", `site.yaml:3:10: error:`},
		{"a quality beyond 100", "images: {quality: 101}", "[480 800 1200 1600] 80 webp 100", "site.yaml:3:19: error:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, problems := config.Load([]byte("title: 会\nbase_url: https://nagi.example/\n" + c.yaml))
			i := s.Images
			if got := fmt.Sprint(i.Widths, i.Quality, " "+i.Format+" ", i.MaxMegapixels); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			var b strings.Builder
			_ = problems.Print(&b, "en")
			if got := b.String(); c.problem == "" && got != "" || !strings.Contains(got, c.problem) {
				t.Errorf("got %q, want %q", got, c.problem)
			}
		})
	}
}
