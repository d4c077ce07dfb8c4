package newsletter

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"kaiho/generator/audience"
	"kaiho/generator/content"
	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
)

// lockFormat is the format of lock files.
const lockFormat = 1

// maxLockBytes is the most that a lock file may hold. That of an issue with 200
// items and 100 variants has 2 MB.
const maxLockBytes = 8 << 20

// Lock is an issue as it was frozen. It has no personal data: of members it has
// numbers alone.
type Lock struct {
	Format   int           `yaml:"format,required" min:"1" max:"1"`
	Issue    string        `yaml:"issue,required" nonempty:"true"`
	Date     time.Time     `yaml:"date"` // of the issue's page
	Locked   time.Time     `yaml:"locked,required"`
	BaseURL  string        `yaml:"base_url"` // what the links begin with
	Segments []LockSegment `yaml:"segments"` // of those that make a difference
	Items    []LockItem    `yaml:"items"`    // of all variants
	Variants []LockVariant `yaml:"variants"`
	Sum      string        `yaml:"sum,required"` // of all lines before it
}

// LockSegment is a segment as it was.
type LockSegment struct {
	Name       string `yaml:"name,required" nonempty:"true"`
	Expression string `yaml:"expression"`
}

// LockItem is a page in a lock.
type LockItem struct {
	Path  string `yaml:"path,required" nonempty:"true"`
	URL   string `yaml:"url,required" nonempty:"true"` // without the base path
	Title string `yaml:"title"`
	Hash  string `yaml:"hash"` // of its card
}

// LockVariant is a variant in a lock.
type LockVariant struct {
	Name     string   `yaml:"name,required" nonempty:"true"`
	Audience string   `yaml:"audience,required" nonempty:"true"` // or public
	Language string   `yaml:"language,required" nonempty:"true"`
	Segments []string `yaml:"segments"`        // sets of segments, as engineers+veterans, whose readers get it; none is nobody's
	Members  int      `yaml:"members" min:"0"` // that were to get it when it was locked
	Subject  string   `yaml:"subject"`
	HTML     int      `yaml:"html_bytes"`
	Text     int      `yaml:"text_bytes"`
	Greeting string   `yaml:"greeting"` // hash of subject, preheader and greeting
	Hash     string   `yaml:"hash"`     // of the whole letter, but for what is a person's own
	Lead     string   `yaml:"lead"`     // path; empty: none
	Items    []string `yaml:"items"`    // paths, in order
}

func (l *Lock) order() order { return order{l.Date, l.Issue} }

// LockPath returns the path of the lock of the issue id, from the project folder
// on.
func LockPath(id string) string { return path.Join("content", Section, id+content.LockExt) }

// ReadLock reads the lock file name. What a lock must not say, such as that it is
// of another issue than its name, is a problem with its place. Times are in zone.
func ReadLock(name string, src []byte, zone *time.Location) (Lock, diag.Problems) {
	var lock Lock
	at := diag.Pos{Path: name, Line: 1, Col: 1}
	if len(src) > maxLockBytes {
		return lock, diag.Problems{diag.New(at, diag.LockBroken, "reason", fmt.Sprintf("%d bytes", len(src)))}
	}
	src = bytes.TrimPrefix(bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n")), []byte("\ufeff")) // git on Windows
	node, problems := frontmatter.ParseYAML(name, src)
	if node == nil || len(problems) > 0 {
		return lock, append(problems, diag.New(at, diag.LockBroken, "reason", ""))
	}
	problems = frontmatter.Decode(node, &lock, frontmatter.Options{Zone: time.UTC})
	if len(problems) > 0 {
		return lock, append(problems, diag.New(at, diag.LockBroken, "reason", ""))
	}
	if before, _, _ := bytes.Cut(src, []byte("\nsum: ")); sumOf(before) != lock.Sum {
		return lock, diag.Problems{diag.New(node.Pos("sum"), diag.LockEdited)}
	}
	lock.Date, lock.Locked = lock.Date.In(zone), lock.Locked.In(zone)
	if LockPath(lock.Issue) != name {
		problems = append(problems, diag.New(node.Pos("issue"), diag.LockName, "issue", lock.Issue, "name", path.Base(name)))
	}
	return lock, problems
}

// noSegment stands in a lock for the readers who are in no segment that makes a
// difference. No segment can have this name.
const noSegment = "+"

// setName writes a set of segments as a lock has it.
func setName(set []string) string { return or(strings.Join(set, "+"), noSegment) }

// setOf reads what setName has written.
func setOf(name string) []string {
	return strings.FieldsFunc(name, func(r rune) bool { return r == '+' })
}

// pages returns the paths of the lead and the items.
func (v *LockVariant) pages() []string {
	if v.Lead == "" {
		return v.Items
	}
	return append([]string{v.Lead}, v.Items...)
}

// sumOf returns the sum of the lines of a lock.
func sumOf(lines []byte) string { return short(sha256.Sum256(bytes.TrimRight(lines, "\n"))) }

// Bytes returns the lock as a file: YAML, an item or variant a paragraph, so that
// a review shows what has changed and git can merge what has not.
func (l *Lock) Bytes() []byte {
	var b strings.Builder
	line := func(indent int, key string, value any) {
		fmt.Fprintf(&b, "%s%s: %s\n", strings.Repeat(" ", indent), key, scalar(value))
	}
	fmt.Fprintf(&b, "# kaiho newsletter lock %s\n", l.Issue)
	b.WriteString("# この号の中身の控えです。手で直さずに、見直してから git に入れてください。公開はされません。\n")
	b.WriteString("# What this issue holds. Review it, do not edit it, and keep it in git. It is never published.\n")
	line(0, "format", l.Format)
	line(0, "issue", l.Issue)
	line(0, "date", l.Date)
	line(0, "locked", l.Locked)
	line(0, "base_url", l.BaseURL)
	if len(l.Segments) > 0 {
		b.WriteString("\nsegments:\n")
	}
	for _, s := range l.Segments {
		line(2, "- name", s.Name)
		line(4, "expression", s.Expression)
	}
	b.WriteString("\nitems:\n")
	for _, item := range l.Items {
		line(2, "- path", item.Path)
		line(4, "url", item.URL)
		line(4, "title", item.Title)
		line(4, "hash", item.Hash)
	}
	b.WriteString("\nvariants:\n")
	for n, v := range l.Variants {
		if n > 0 {
			b.WriteString("\n")
		}
		line(2, "- name", v.Name)
		line(4, "audience", v.Audience)
		line(4, "language", v.Language)
		line(4, "segments", v.Segments)
		line(4, "members", v.Members)
		line(4, "subject", v.Subject)
		line(4, "html_bytes", v.HTML)
		line(4, "text_bytes", v.Text)
		line(4, "greeting", v.Greeting)
		line(4, "hash", v.Hash)
		line(4, "lead", v.Lead)
		fmt.Fprint(&b, "    items:", map[bool]string{true: " []", false: ""}[len(v.Items) == 0], "\n")
		for _, item := range v.Items {
			fmt.Fprintf(&b, "      - %s\n", scalar(item))
		}
	}
	sum := sumOf([]byte(b.String()))
	b.WriteString("\n")
	line(0, "sum", sum)
	return []byte(b.String())
}

// scalar writes a value in YAML. Strings are quoted as JSON has them, which is
// YAML as well (YAML 1.2, section 1.3), unless they are plain beyond doubt.
func scalar(value any) string {
	switch v := value.(type) {
	case int:
		return strconv.Itoa(v)
	case time.Time:
		return v.Format(time.RFC3339)
	case []string:
		quoted := make([]string, len(v))
		for n, s := range v {
			quoted[n] = scalar(s)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	case string:
		if isPlain(v) {
			return v
		}
		return quote(v)
	}
	panic(fmt.Sprintf("newsletter: no scalar for %T", value))
}

// isPlain reports whether a string needs no quotes wherever it stands: a path or a
// name that begins with a letter and has nothing that means anything to YAML.
func isPlain(s string) bool {
	if s == "" || s[0] < 'a' || s[0] > 'z' || slices.Contains([]string{"true", "false", "null", "yes", "no", "on", "off", "y", "n"}, s) {
		return false
	}
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("/._-", r))
	})
}

// quote returns s in double quotes, with the escapes that JSON and YAML share, but
// for what is beyond ASCII, which stays readable.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || 0x7F <= r && r <= 0x9F || r == '\u2028' || r == '\u2029' || r == '\uFEFF' || r == '\u0085':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// fromLock makes the issue's variants what its lock says. A page that is not there
// any more, or not for these readers, is left out: a Difference.
func (i *Issue) fromLock() {
	for _, lv := range i.Lock.Variants {
		v := Variant{Name: lv.Name, Audience: audienceOf(lv.Audience), Lang: lv.Language, Page: i.edition(lv.Language)}
		if v.Page == nil {
			continue
		}
		for _, name := range lv.Segments {
			v.Sets = append(v.Sets, setOf(name))
		}
		if len(v.Sets) > 0 {
			v.Segments = v.Sets[0]
		}
		v.Lead = i.desk.page(v.Audience, i.Lock, lv.Lead)
		for _, name := range lv.Items {
			if p := i.desk.page(v.Audience, i.Lock, name); p != nil {
				v.Items = append(v.Items, p)
			}
		}
		i.Variants = append(i.Variants, v)
	}
}

// page returns the page that a lock has under a path if the reader may read it now;
// else nil. A page that has moved is known by its address, if that leads to it still.
func (d *Desk) page(r audience.Reader, lock *Lock, path string) *content.Page {
	p := d.Library.ByPath(path)
	if at := slices.IndexFunc(lock.Items, func(item LockItem) bool { return item.Path == path }); p == nil && at >= 0 {
		p = d.Library.Moved(lock.Items[at].URL)
	}
	if p == nil || p.Draft || p.Publish.After(d.Now) || d.Library.Sees(r, p) != content.All {
		return nil
	}
	return p
}

// Archive returns what the web archive shows a reader of each locked issue, by its
// pages: the letter of those who are in no segment. A reader without such a letter
// is not in it, nor is an issue that is not locked.
func (d *Desk) Archive(r audience.Reader) map[*content.Page][]*content.Page {
	locks := map[string]*Lock{}
	for n := range d.Locks {
		locks[d.Locks[n].Issue] = &d.Locks[n]
	}
	archive := map[*content.Page][]*content.Page{}
	for _, page := range d.Library.Pages {
		lock := locks[ID(page)]
		if lock == nil {
			continue
		}
		for _, lv := range lock.Variants {
			if audienceOf(lv.Audience) != r || lv.Language != page.Lang || !slices.Contains(lv.Segments, noSegment) {
				continue
			}
			for _, name := range lv.pages() {
				if p := d.page(r, lock, name); p != nil {
					archive[page] = append(archive[page], p)
				}
			}
		}
	}
	return archive
}
