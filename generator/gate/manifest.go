package gate

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"kaiho/generator/cache"
	"kaiho/generator/member"
)

const (
	manifestName     = "manifest.json"
	maxManifestBytes = 1 << 30
	publicTree       = "public"
	membersFolder    = "members"
)

// site is one state of dist, as its manifest has it. It does not change; its
// trees are closed when the last request has let go of it (a finalizer of
// os.Root does that).
type site struct {
	stat     cache.Stat // of the manifest that was read
	public   map[string]*entry
	overlays []overlay // in the order of site.yaml
	outputs  int
}

// overlay is the tree of an audience.
type overlay struct {
	audience string
	entries  map[string]*entry
}

// entry is a file: what a URL is for whom.
type entry struct {
	tree     *os.Root
	folder   string // of the tree, below dist: "public" or "members/alumni"
	file     string // below the tree
	sum      [32]byte
	size     int64
	members  bool // of an overlay
	varies   bool // the URL is another file for other readers
	forever  bool // its name has the hash of its content
	html     bool
	admin    bool // the page of the CMS
	compress bool
	ctype    []string // values of headers, shared and not to be changed
	etag     []string
	etagGzip []string
}

// lookup returns what reader gets at a path, or nil. A nil reader is the public.
func (s *site) lookup(path string, reader *member.Reader) *entry {
	if reader != nil {
		for i := range s.overlays {
			if o := &s.overlays[i]; slices.Contains(reader.Audiences, o.audience) {
				if e := o.entries[path]; e != nil {
					return e
				}
			}
		}
	}
	return s.public[path]
}

// current returns the state of dist that manifest.json tells of now.
func (g *Gate) current() (*site, error) {
	info, err := os.Stat(g.manifestPath)
	if err != nil {
		return nil, fmt.Errorf("find the manifest: %w", err)
	}
	if s := g.site.Load(); s != nil && s.stat == cache.StatOf(info) {
		return s, nil
	}
	return g.read()
}

// read reads the manifest and opens the trees, unless another request has done
// so meanwhile. The folder is opened by its name, which may lead elsewhere than
// before.
func (g *Gate) read() (*site, error) {
	g.reload.Lock()
	defer g.reload.Unlock()
	dist, err := os.OpenRoot(g.dist)
	if err != nil {
		return nil, fmt.Errorf("open the output folder: %w", err)
	}
	defer dist.Close()
	f, err := dist.Open(manifestName)
	if err != nil {
		return nil, fmt.Errorf("open the manifest: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("look at the manifest: %w", err)
	}
	stat := cache.StatOf(info)
	if s := g.site.Load(); s != nil && s.stat == stat {
		return s, nil
	}
	if g.broken.stat == stat && g.broken.err != nil {
		return nil, g.broken.err
	}
	s, err := readSite(f, dist, g.o.Audiences)
	if err != nil {
		g.counts.reloadsFailed.Add(1)
		if errors.Is(err, errManifest) {
			g.broken = badManifest{stat, err}
		}
		return nil, err
	}
	s.stat = stat
	g.stale.since.Store(0)
	if g.site.Swap(s) != nil {
		g.counts.reloads.Add(1)
		g.log.Info("the site has changed", "files", s.outputs)
	}
	return s, nil
}

// errManifest is that the manifest itself is wrong.
var errManifest = errors.New("the manifest makes no sense")

// badManifest is a manifest that need not be read again.
type badManifest struct {
	stat cache.Stat
	err  error
}

// manifest is the file. Its format is that of package publish.
type manifest struct {
	Version int `json:"version"`
	Outputs []struct {
		Path     string `json:"path"`
		Audience string `json:"audience"`
		SHA256   string `json:"sha256"`
		Size     int64  `json:"size"`
	} `json:"outputs"`
}

func readSite(r io.Reader, dist *os.Root, audiences []string) (*site, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxManifestBytes))
	if err != nil {
		return nil, fmt.Errorf("read the manifest: %w", err)
	}
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("%w: %w", errManifest, err)
	}
	if m.Version != 1 {
		return nil, fmt.Errorf("%w: it has version %d, and this program knows 1", errManifest, m.Version)
	}
	if len(m.Outputs) == 0 {
		return nil, fmt.Errorf("%w: it has no files; the site has not been built, or is being built for the first time", errManifest)
	}
	s := &site{public: make(map[string]*entry, len(m.Outputs)), outputs: len(m.Outputs)}
	trees := map[string]*os.Root{}
	overlays := map[string]map[string]*entry{}
	for _, out := range m.Outputs {
		e, audience, err := newEntry(out.Path, out.Audience, out.SHA256, out.Size)
		if err != nil {
			return nil, err
		}
		if e == nil || e.members && !slices.Contains(audiences, audience) {
			continue // letters, and audiences that site.yaml has no more: nobody's
		}
		if e.tree, err = openTree(dist, trees, e.folder); err != nil {
			return nil, err
		}
		into := s.public
		if e.members {
			if into = overlays[audience]; into == nil {
				into = map[string]*entry{}
				overlays[audience] = into
			}
		}
		into[address(e.file)] = e
	}
	if page := s.public["/admin/"]; page != nil {
		page.admin = s.public["/admin/config.yml"] != nil
	}
	for _, audience := range audiences {
		if entries := overlays[audience]; entries != nil {
			s.overlays = append(s.overlays, overlay{audience, entries})
		}
	}
	s.compare()
	return s, nil
}

func openTree(dist *os.Root, trees map[string]*os.Root, folder string) (*os.Root, error) {
	if tree, found := trees[folder]; found {
		return tree, nil
	}
	tree, err := dist.OpenRoot(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open the tree %s: %w", folder, err)
	}
	trees[folder] = tree // nil: it is gone by now, and with it its files
	return tree, nil
}

// newEntry returns the entry of a line of the manifest, and the audience of its
// tree; nil for what is no file of the site. Tree and audience must agree.
func newEntry(name, audience, sum string, size int64) (*entry, string, error) {
	if !fs.ValidPath(name) || size < 0 {
		return nil, "", fmt.Errorf("%w: it has a file %q", errManifest, name)
	}
	tree, file, _ := strings.Cut(name, "/")
	e := &entry{folder: publicTree, file: file, size: size}
	want := "public"
	switch tree {
	case publicTree:
	case membersFolder:
		want, e.file, _ = strings.Cut(file, "/")
		e.folder, e.members = membersFolder+"/"+want, true
	default:
		return nil, "", nil
	}
	if e.file == "" || audience != want {
		return nil, "", fmt.Errorf("%w: it has %q for the audience %q", errManifest, name, audience)
	}
	if n, err := hex.Decode(e.sum[:], []byte(sum)); err != nil || n != len(e.sum) || len(sum) != 2*len(e.sum) {
		return nil, "", fmt.Errorf("%w: it has no hash of %q", errManifest, name)
	}
	kind := path.Base(e.file)
	e.ctype = []string{contentType(kind)}
	e.html = strings.HasPrefix(e.ctype[0], "text/html")
	e.compress = isText(e.ctype[0])
	tag := hex.EncodeToString(e.sum[:16])
	e.etag, e.etagGzip = []string{`"` + tag + `"`}, []string{`"` + tag + `-gz"`}
	return e, want, nil
}

// address returns the URL, below the base, of a file below its tree.
func address(file string) string {
	if dir, found := strings.CutSuffix(file, "index.html"); found && (dir == "" || strings.HasSuffix(dir, "/")) {
		return "/" + dir
	}
	return "/" + file
}

// compare finds what is another file for other readers, and what will never be
// another one.
func (s *site) compare() {
	for _, o := range s.overlays {
		for url, e := range o.entries {
			e.varies = true
			if p := s.public[url]; p != nil {
				p.varies = true
			}
		}
	}
	for url, e := range s.public {
		e.forever = !e.varies && strings.HasPrefix(url, "/assets/") && hasHash(path.Base(url))
	}
}

// hasHash reports whether a file's name is NAME.HASH.EXT.
func hasHash(name string) bool {
	parts := strings.Split(name, ".")
	if len(parts) < 3 {
		return false
	}
	hash := parts[len(parts)-2]
	return len(hash) >= 8 && strings.Trim(hash, "0123456789abcdef") == ""
}

// manifestIn returns the manifest's path in a folder.
func manifestIn(dist string) string { return filepath.Join(dist, manifestName) }
