package preview

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// tick is how coarse the clock of a file system is: two writes within one may
// have the same time. Linux's are 1 to 10 ms.
const tick = 20 * time.Millisecond

// poller looks at all files again and again.
type poller struct {
	dirs, files []string
	seen        map[string]sight
}

// sight is what one look at a file tells.
type sight struct {
	fs.FileInfo
	fresh bool // written so lately that another write could look the same
}

// same says whether the file is as it was. A folder is when it is one: what is
// in it is looked at too.
func (s sight) same(old sight) bool {
	if s.IsDir() && old.IsDir() {
		return true
	}
	return !old.fresh && s.Mode() == old.Mode() && s.Size() == old.Size() && s.ModTime().Equal(old.ModTime()) &&
		os.SameFile(s.FileInfo, old.FileInfo) // an atomic replacement is another file
}

func newPoller(dirs, files []string) *poller {
	p := &poller{dirs: dirs, files: files}
	p.look()
	return p
}

// run calls changed when a look differs from the one before. It rests after a
// look as long as that took, if that is more than every.
func (p *poller) run(ctx context.Context, every time.Duration, changed func(paths []string)) {
	rest := time.NewTimer(every)
	defer rest.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-rest.C:
		}
		started := time.Now()
		paths := p.look()
		rest.Reset(max(every, time.Since(started)))
		if len(paths) > 0 && ctx.Err() == nil {
			changed(paths)
		}
	}
}

// look returns what differs from the last look, sorted.
func (p *poller) look() []string {
	now := make(map[string]sight, len(p.seen))
	see := func(name string, info fs.FileInfo) {
		now[name] = sight{info, time.Since(info.ModTime()).Abs() < tick}
	}
	for _, dir := range p.dirs {
		// The separator follows dir, if it is a link. What cannot be read is as
		// if it were not there, so there is no error.
		top := dir + string(filepath.Separator)
		_ = filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return nil
			case name == top:
				name = dir
			case ignored(d.Name()) && d.IsDir():
				return fs.SkipDir
			case ignored(d.Name()):
				return nil
			}
			if info, err := os.Stat(name); err == nil { // a link is what it leads to
				see(name, info)
			}
			return nil
		})
	}
	for _, file := range p.files {
		if info, err := os.Stat(file); err == nil {
			see(file, info)
		}
	}
	var changed []string
	for name, s := range now {
		if old, ok := p.seen[name]; !ok || !s.same(old) {
			changed = append(changed, name)
		}
	}
	for name := range p.seen {
		if _, ok := now[name]; !ok {
			changed = append(changed, name)
		}
	}
	p.seen = now
	slices.Sort(changed)
	return changed
}
