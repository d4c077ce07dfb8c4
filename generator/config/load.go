package config

import (
	"cmp"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
)

// Load decodes and checks src, the bytes of site.yaml. The Site is usable even
// when there are problems: what is missing or wrong has its default.
func Load(src []byte) (*Site, diag.Problems) {
	s := &Site{}
	node, problems := frontmatter.ParseYAML(Path, src)
	if node != nil {
		problems = append(problems, frontmatter.Decode(node, s, frontmatter.Options{Zone: time.UTC})...)
	}
	c := checker{site: s, src: src, node: node, problems: problems}
	c.languages()
	c.address()
	c.zone()
	c.organization()
	c.theme()
	c.audiences()
	c.sections()
	c.menu()
	c.search()
	c.gate()
	c.segments()
	c.mail()
	c.newsletter()
	c.admin()
	c.images()
	s.Pagination = cmp.Or(s.Pagination, 20)
	s.Feeds.Items = cmp.Or(s.Feeds.Items, 20)
	return s, c.problems
}

// checker looks at what the types of the keys cannot say.
type checker struct {
	site     *Site
	src      []byte
	node     *frontmatter.Node
	problems diag.Problems
}

// report adds a problem at a key path; without a path, or without a file that
// can be read, at the file's beginning.
func (c *checker) report(rule diag.Rule, keys []string, args ...string) {
	c.problems = append(c.problems, diag.New(c.at(keys...), rule, args...))
}

func (c *checker) at(keys ...string) diag.Pos {
	if c.node == nil {
		return diag.Pos{Path: Path, Line: 1, Col: 1}
	}
	return c.node.Pos(keys...)
}

var languageTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

// languages fills in the editions. Titles may name no other language, unless
// the list of languages itself has a mistake.
func (c *checker) languages() {
	s := c.site
	before := len(c.problems)
	if s.Language == "" && len(s.Languages) > 0 {
		s.Language = s.Languages[0]
	}
	for i, lang := range s.Languages {
		if lang != "" && !languageTag.MatchString(lang) {
			c.report(diag.ConfigLanguage, []string{"languages", itoa(i)}, "lang", lang)
		}
	}
	if c.node.Has("language") && s.Language != "" && !languageTag.MatchString(s.Language) {
		c.report(diag.ConfigLanguage, []string{"language"}, "lang", s.Language)
	}
	if !languageTag.MatchString(s.Language) {
		s.Language = "ja"
	}
	all := []string{s.Language}
	for _, lang := range s.Languages {
		if !slices.Contains(all, lang) && languageTag.MatchString(lang) {
			all = append(all, lang)
		}
	}
	s.Languages = all
	if len(c.problems) == before && !c.faulty("language") && !c.faulty("languages") {
		c.texts()
	}
}

// faulty reports whether there is a problem with a key at the top.
func (c *checker) faulty(key string) bool {
	return c.isReported(c.node.At(key))
}

// texts checks the languages of every text that is given language by language.
func (c *checker) texts() {
	c.localized("title")
	c.localized("description")
	c.localized("organization", "name")
	c.localized("organization", "address")
	for _, a := range c.site.Audiences {
		c.localized("audiences", a.Key, "title")
	}
	for _, s := range c.site.Sections {
		c.localized("sections", s.Key, "title")
		c.localized("sections", s.Key, "description")
	}
	for i := range c.site.Menu {
		c.localized("menu", itoa(i), "title")
	}
	c.localized("mail", "from")
	for _, s := range c.site.Newsletter.Sections {
		c.localized("newsletter", "sections", s.Key, "title")
	}
}

func (c *checker) localized(keys ...string) {
	for _, f := range c.node.At(keys...).Fields() {
		base, _, _ := strings.Cut(f.Key, "-")
		if slices.Contains(c.site.Languages, f.Key) || slices.Contains(c.site.Languages, base) {
			continue
		}
		c.problems = append(c.problems, diag.New(f.KeyPos, diag.UnknownLanguage, "lang", f.Key,
			"nearest", diag.Nearest(f.Key, c.site.Languages), "choices", diag.Choices(c.site.Languages, false)))
	}
}

// nowhere stands for an address that is missing or wrong.
const nowhere = "https://example.invalid/"

func (c *checker) address() {
	s := c.site
	given := strings.TrimSpace(s.BaseURL)
	s.BaseURL = nowhere
	switch {
	case given == "": // reported as missing or empty
	case CheckBaseURL(given) != nil:
		nearest := ""
		if !strings.Contains(given, "://") && CheckBaseURL("https://"+given) == nil && strings.Contains(given, ".") {
			nearest = "https://" + strings.TrimSuffix(given, "/") + "/"
		}
		c.report(diag.ConfigBaseURL, []string{"base_url"}, "url", given, "nearest", nearest)
	default:
		s.SetBaseURL(given)
	}
}

var errNotSite = errors.New("not the address of a site")

// CheckBaseURL returns an error unless raw can be the address of a site: http
// or https, a host, no query, fragment or user.
func CheckBaseURL(raw string) error {
	u, err := url.Parse(raw)
	if err != nil {
		return err
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || strings.ContainsAny(raw, "?#") || u.User != nil ||
		strings.Contains(u.Path, "//") || strings.Contains(u.Path, "..") {
		return &url.Error{Op: "read", URL: raw, Err: errNotSite}
	}
	return nil
}

func (c *checker) zone() {
	s := c.site
	s.Timezone = cmp.Or(s.Timezone, "Asia/Tokyo")
	zone, err := time.LoadLocation(s.Timezone)
	if err != nil || s.Timezone == "Local" {
		c.report(diag.ConfigTimezone, []string{"timezone"}, "zone", s.Timezone, "nearest", nearestZone(s.Timezone))
		s.Timezone, zone = "Asia/Tokyo", tokyo()
	}
	s.Zone = zone
}

// nearestZone returns the zone that a wrong name most likely meant.
func nearestZone(name string) string {
	switch strings.ToUpper(name) {
	case "JST", "東京", "日本", "TOKYO", "+09:00", "+0900", "GMT+9", "UTC+9":
		return "Asia/Tokyo"
	}
	return diag.Nearest(name, commonZones)
}

// commonZones are zones of which a misspelt one may be the nearest.
var commonZones = []string{"Asia/Tokyo", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Ho_Chi_Minh",
	"Asia/Bangkok", "Asia/Kolkata", "Europe/London", "Europe/Paris", "Europe/Berlin", "America/New_York",
	"America/Chicago", "America/Denver", "America/Los_Angeles", "Australia/Sydney", "Pacific/Auckland", "UTC"}

func tokyo() *time.Location {
	if zone, err := time.LoadLocation("Asia/Tokyo"); err == nil {
		return zone
	}
	return time.FixedZone("JST", 9*60*60)
}

func itoa(i int) string { return strconv.Itoa(i) }
