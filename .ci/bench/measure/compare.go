package main

import (
	"fmt"
	"html"
	"os"
	"regexp"
	"strings"
)

var (
	mainPart = regexp.MustCompile(`(?s)<main>.*</main>`)
	tag      = regexp.MustCompile(`<[^>]*>`)
)

// compare returns an error unless the sites of equal work show an edit on as many
// pages, and after a cold build the same text on a page, a list, a tag, the list
// of tags and the home page. Heads may differ: kaiho's titles of lists have the
// number of the page.
func compare(all []*site, st state, of map[*site][]sample) error {
	var first *site
	for _, s := range all {
		switch {
		case !s.equal:
			continue
		case first == nil:
			first = s
			continue
		}
		if a, b := of[first][0].shown, of[s][0].shown; a != b {
			return fmt.Errorf("%d pages of %s show the edit, and %d of %s", a, first.name, b, s.name)
		}
		if st.name != stateCold {
			continue
		}
		for _, url := range []string{s.url, "/", "/news/", "/news/page/2/", "/tags/", "/tags/話題8/", "/tags/話題8/page/2/"} {
			a, err := first.text(url)
			if err != nil {
				return err
			}
			b, err := s.text(url)
			if err != nil {
				return err
			}
			if a != b {
				return fmt.Errorf("%s shows something else in %s than in %s:\n%s\n---\n%s", url, s.name, first.name, a, b)
			}
		}
	}
	return nil
}

// text returns what the main part of the page at url says, a line for each text
// between tags. A page that is in no output, because the site is too small to
// have it, says nothing.
func (s *site) text(url string) (string, error) {
	data, err := os.ReadFile(s.published(url))
	if os.IsNotExist(err) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("compare the sites: %w", err)
	}
	var lines []string
	for line := range strings.Lines(tag.ReplaceAllString(string(mainPart.Find(data)), "\n")) {
		if line = strings.TrimSpace(html.UnescapeString(line)); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n"), nil
}
