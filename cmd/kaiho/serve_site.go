package main

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"log/slog"
	"net/mail"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"kaiho/generator/config"
	"kaiho/generator/frontmatter"
	"kaiho/generator/gate"
	"kaiho/generator/member"
	"kaiho/generator/newsletter"
	"kaiho/generator/picture"
	"kaiho/generator/signedlink"
)

// gatePages is what the gate's own pages are told of the site.
func gatePages(site *config.Site, dist *os.Root, book *member.Book, letters *outbox, issues func() []string) gate.Pages {
	texts := func(in frontmatter.Localized) map[string]string {
		byLang := map[string]string{}
		for _, lang := range site.Languages {
			byLang[lang] = in.In(lang)
		}
		return byLang
	}
	p := gate.Pages{People: book, Outbox: letters, Title: texts(site.Title), Organization: texts(site.Organization.Name),
		Contact: site.Organization.Contact, Audiences: map[string]map[string]string{}, Zone: site.Zone,
		Subscribe: site.Newsletter.Subscribe, Privacy: site.Newsletter.Privacy, Address: texts(site.Organization.Address), Issues: issues,
		Style: site.Theme.Style().Style(), Logo: logoOf(site, dist)}
	if code := site.Organization.PostalCode; code != "" {
		for lang, address := range p.Address {
			mark := ""
			if lang == "ja" {
				mark = "〒"
			}
			p.Address[lang] = strings.TrimSpace(mark + code + " " + address)
		}
	}
	for _, a := range site.Audiences {
		p.Audiences[a.Key] = texts(a.Value.Title)
	}
	return p
}

// logoOf returns the site's logo, as large as it was built.
func logoOf(site *config.Site, dist *os.Root) gate.Logo {
	logo := gate.Logo{Path: site.Theme.LogoPath()}
	if logo.Path == "" {
		return logo
	}
	if data, err := dist.ReadFile("public" + logo.Path); err == nil { // without its size it is shown all the same
		logo.Width, logo.Height, _ = picture.Size(data, logo.Path)
	}
	return logo
}

// lockedIssues returns the web pages of the issues of the newsletter that are locked,
// newest first. A machine that has the output alone, and no content, has none.
func (s *session) lockedIssues(zone *time.Location) []string {
	root, err := s.project()
	if err != nil {
		return nil
	}
	names, err := fs.Glob(root.FS(), newsletter.LockPath("*"))
	if err != nil {
		return nil
	}
	var locks []newsletter.Lock
	for _, name := range names {
		src, err := root.ReadFile(name)
		if err != nil {
			continue
		}
		if lock, problems := newsletter.ReadLock(name, src, zone); !problems.HasErrors() {
			locks = append(locks, lock)
		}
	}
	slices.SortFunc(locks, func(a, b newsletter.Lock) int {
		return cmp.Or(b.Date.Compare(a.Date), strings.Compare(b.Issue, a.Issue))
	})
	var pages []string
	for _, lock := range locks {
		pages = append(pages, "/"+newsletter.Section+"/"+lock.Issue+"/")
	}
	return pages
}

// letterFrom returns the sender that site.yaml names for mail; without one, the
// office or, if that has no address, the site's host.
func letterFrom(site *config.Site) correspondence {
	from := mail.Address{Name: site.Mail.From.Name.In(site.Language), Address: site.Mail.From.Address}
	switch {
	case from.Address != "":
	case site.Organization.Contact != "":
		from.Address = site.Organization.Contact
	default:
		from.Address = "noreply@" + site.Host()
	}
	return correspondence{sender: from.String(), replyTo: site.Mail.ReplyTo}
}

// liveRing is the keys as they are on disk now: a key that is rotated or revoked
// while serve runs counts within a second.
type liveRing struct {
	session *session
	origin  string
	log     *slog.Logger

	ring   atomic.Pointer[signedlink.Ring]
	looked atomic.Int64 // Unix milliseconds, of the machine
	mu     sync.Mutex
	seen   string
}

// lookForKeys is how old the keys may be.
const lookForKeys = 500 * time.Millisecond

func (s *session) newLiveRing(origin string, log *slog.Logger) (*liveRing, error) {
	l := &liveRing{session: s, origin: origin, log: log}
	if err := l.load(); err != nil {
		return nil, err
	}
	for _, use := range []signedlink.Use{signedlink.Online, signedlink.Server} {
		keys, err := s.keys()
		if err != nil {
			return nil, err
		}
		if _, found := signedlink.Current(keys, use); !found {
			return nil, fmt.Errorf("%s", s.say(fmt.Sprintf("there is no %s key; make it with: kaiho key new", use),
				fmt.Sprintf("%s の鍵がありません。次のコマンドでつくれます: kaiho key new", use)))
		}
	}
	return l, nil
}

// load reads the keys, if their folder has changed.
func (l *liveRing) load() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	seen := folderLooks(l.session.keyFolder())
	if seen == l.seen && l.ring.Load() != nil {
		return nil
	}
	keys, err := l.session.keys()
	if err != nil {
		return err
	}
	ring, err := signedlink.NewRing(l.origin, keys)
	if err != nil {
		return err
	}
	l.ring.Store(ring)
	l.seen = seen
	return nil
}

// now returns the keys of now. If they cannot be read then there are none: a key
// that was revoked must not go on because of a broken file.
func (l *liveRing) now() *signedlink.Ring {
	at := time.Now().UnixMilli()
	if last := l.looked.Load(); at-last >= lookForKeys.Milliseconds() && l.looked.CompareAndSwap(last, at) {
		if err := l.load(); err != nil && l.forget() {
			l.log.Error("the keys cannot be read; nobody gets in until they can", "error", err.Error())
		}
	}
	return l.ring.Load()
}

// forget lets go of all keys, and reports whether there were any.
func (l *liveRing) forget() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	none, err := signedlink.NewRing(l.origin, nil)
	if err != nil || l.seen == "" {
		return false
	}
	l.ring.Store(none)
	l.seen = ""
	return true
}

// Sign signs with the keys of now.
func (l *liveRing) Sign(c signedlink.Claims) (string, error) { return l.now().Sign(c) }

// Verify checks with the keys of now.
func (l *liveRing) Verify(token string, want signedlink.Purpose, now time.Time) (signedlink.Claims, error) {
	return l.now().Verify(token, want, now)
}

// Seal seals with the keys of now.
func (l *liveRing) Seal(use string, data []byte, issued time.Time) (string, error) {
	return l.now().Seal(use, data, issued)
}

// Open opens with the keys of now.
func (l *liveRing) Open(use, sealed string, lifetime time.Duration, now time.Time) ([]byte, time.Time, error) {
	return l.now().Open(use, sealed, lifetime, now)
}

// folderLooks tells two states of a folder's files apart.
func folderLooks(dir string) string {
	hash := sha256.New()
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		var info fs.FileInfo
		if info, err = e.Info(); err == nil {
			fmt.Fprintln(hash, e.Name(), info.Size(), info.ModTime().UnixNano(), info.Mode())
		}
	}
	fmt.Fprintln(hash, err)
	return string(hash.Sum(nil))
}
