package generator

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"time"

	"kaiho/generator/cache"
	"kaiho/generator/config"
	"kaiho/generator/content"
	"kaiho/generator/diag"
	"kaiho/generator/publish"
	"kaiho/generator/schema"
)

// Result is what a build came to.
type Result struct {
	Report   Report
	Problems diag.Problems
	Held     []Withheld // sorted by path
	Uncached error      // why the cache could not be written; the next time takes longer
}

// Withheld is a page that is not shown now.
type Withheld struct {
	Path string
	content.Held
}

// stamp is what a build leaves for one that finds nothing changed: neither the
// project, nor the output folder, nor the options, nor, by the clock, anything
// that depends on it.
type stamp struct {
	Options  string
	Font     string // path of the font of cards; empty: there is none
	Inputs   [32]byte
	Ledger   uint64 // checksum of the ledger that says what was in the output folder
	Manifest cache.Stat
	From     time.Time // the last moment before the build at which anything changed; zero: none
	Until    time.Time // the first after it; zero: none
	Report   Report
	Problems diag.Problems
	Held     []Withheld
}

func (c *Cache) stampKey() [32]byte { return cache.Key("stamp 2", c.program) }

// stamped is what the options of a build are for its stamp.
func (o Options) stamped() string { return fmt.Sprintf("%t %t %q", o.Drafts, o.Future, o.BaseURL) }

// surroundings looks at what a project is made of besides the pages and files of content:
// site.yaml, layouts, assets, and the files for editors' tools. settled reports whether
// nothing of it can have changed since without looking different.
func surroundings(source fs.FS) (sum [32]byte, settled bool) {
	at := time.Now()
	hash := sha256.New()
	settled = true
	for _, top := range []string{config.Path, "layouts", assetFolder, schema.Folder, schema.FieldsPath} {
		err := fs.WalkDir(source, top, func(name string, d fs.DirEntry, err error) error {
			if err != nil {
				_, _ = fmt.Fprintf(hash, "%q is not there\n", name) // a hash takes everything
				return nil
			}
			if d.IsDir() {
				return nil
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			s := cache.StatOf(info)
			settled = settled && s.Settled(at)
			_, _ = fmt.Fprintf(hash, "%q %s %v\n", name, d.Type(), s)
			return nil
		})
		settled = settled && err == nil
	}
	return [32]byte(hash.Sum(nil)), settled
}

// inputs is what all that a project is made of looks like.
func inputs(theme [32]byte, files content.Look) [32]byte {
	return cache.Key(string(theme[:]), string(files.Sum[:]))
}

// Unchanged returns the result of the build before, if one now would come to the
// same and write nothing. It looks at every file of the project and of dist, and
// opens none but those of dist that were written in the last moment.
func Unchanged(source fs.FS, dist *os.Root, o Options) (Result, bool) {
	if _, err := fs.Lstat(source, config.Path); err != nil || o.Cache == nil {
		return Result{}, false // no project: nothing is to be made, not even a cache
	}
	o.Cache.open()
	known := o.Cache.ledger(dist)
	if known.name == "" {
		return Result{}, false
	}
	var s stamp
	if rest, err := cache.Decode(cache.Read(o.Cache.root, known.name+stampSuffix, o.Cache.stampKey()), &s, time.UTC); err != nil || rest != "" {
		return Result{}, false
	}
	if known.load(); known.sum == 0 || known.sum != s.Ledger {
		return Result{}, false
	}
	if s.Options != o.stamped() || !s.From.IsZero() && o.Now.Before(s.From) || !s.Until.IsZero() && !o.Now.Before(s.Until) {
		return Result{}, false
	}
	sum, isSettled := surroundings(source)
	if s.Font != "" {
		look, isSame := fontLook(source, s.Font)
		sum, isSettled = withFont(sum, look), isSettled && isSame
	}
	files, err := o.Cache.content.Look(source)
	if err != nil || !isSettled || !files.Settled || inputs(sum, files) != s.Inputs || !known.isInPlace(s.Manifest) {
		return Result{}, false
	}
	s.Report.Unchanged, s.Report.Written, s.Report.Removed = s.Report.Outputs, 0, 0
	return Result{Report: s.Report, Problems: s.Problems, Held: s.Held}, true
}

const stampSuffix = ".stamp"

// isInPlace reports whether the output folder holds what the ledger says.
func (l *ledger) isInPlace(manifest cache.Stat) bool {
	paths := make([]string, 0, len(l.known))
	for name := range l.known {
		paths = append(paths, name)
	}
	infos, found, ok := publish.Look(l.dist, trees, paths)
	if !ok || cache.StatOf(found) != manifest {
		return false
	}
	l.next = make([]*placed, len(paths))
	for i, name := range paths {
		if _, ok := l.current(i, name, l.known[name].Print, infos[i]); !ok {
			return false
		}
	}
	return true
}

// keep leaves what stands in the output folder, and the result of the build, for
// the next one. The output folder is locked, so that nobody else's is mixed in.
func (p *Project) keep(known *ledger, r Result, manifest fs.FileInfo) error {
	sum, err := known.save()
	if err != nil || sum == 0 || !p.isSettled || !p.Library.Look.Settled {
		return err // without a stamp: the project could have changed unseen while it was read
	}
	s := stamp{Options: p.o.stamped(), Font: p.Config.Theme.CardFont, Inputs: inputs(p.theme, p.Library.Look), Ledger: sum, Manifest: cache.StatOf(manifest),
		Report: r.Report, Problems: r.Problems, Held: r.Held}
	p.Library.Instants(func(t time.Time) {
		switch {
		case t.After(p.o.Now) && (s.Until.IsZero() || t.Before(s.Until)):
			s.Until = t
		case !t.After(p.o.Now) && t.After(s.From):
			s.From = t
		}
	})
	_, err = cache.Write(p.cache.root, known.name+stampSuffix, p.cache.stampKey(), func(add func([]byte)) { add(cache.Append(nil, s)) })
	return err
}
