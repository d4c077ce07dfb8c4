package publish

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
)

const (
	ManifestName    = "manifest.json"
	manifestVersion = 1
)

// record is the manifest: the outputs, sorted by path.
type record struct {
	Version   int      `json:"version"`
	Generator string   `json:"generator"`
	Outputs   []output `json:"outputs"`

	exact bool // the file has exactly the bytes that encode returns
}

type output struct {
	Path     string `json:"path"`
	Audience string `json:"audience"`
	SHA256   string `json:"sha256"`
	Size     int64  `json:"size"`
}

// with returns the manifest after the trees of o were brought to files. The
// outputs of other trees stay.
func (m record) with(files []File, results []result, o Options) record {
	next := record{Version: manifestVersion, Generator: o.Version, Outputs: make([]output, 0, max(len(files), len(m.Outputs)))}
	for _, out := range m.Outputs {
		if treeOf(out.Path, o.Trees) < 0 {
			next.Outputs = append(next.Outputs, out)
		}
	}
	sums := make([]byte, 0, 2*sha256.Size*len(files))
	for i := range results {
		sums = hex.AppendEncode(sums, results[i].sum[:])
	}
	rest := string(sums) // one string for all
	for i, f := range files {
		next.Outputs = append(next.Outputs, output{Path: f.Path, Audience: f.Audience, SHA256: rest[:2*sha256.Size], Size: results[i].size})
		rest = rest[2*sha256.Size:]
	}
	slices.SortFunc(next.Outputs, func(a, b output) int { return strings.Compare(a.Path, b.Path) })
	return next
}

// readManifest returns the root's manifest, and whether there is one. It
// returns ErrForeign for a file of that name that this version did not write.
func readManifest(root *os.Root) (m record, found bool, err error) {
	info, err := root.Lstat(ManifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return m, false, nil
	}
	if err != nil {
		return m, false, fmt.Errorf("read the manifest: %w", err)
	}
	if !info.Mode().IsRegular() {
		return m, false, foreign(root, ManifestName)
	}
	data, err := root.ReadFile(ManifestName)
	if err != nil {
		return m, false, fmt.Errorf("read the manifest: %w", err)
	}
	m, ok := decodeManifest(data)
	if ok {
		return m, true, nil
	}
	// A web app's manifest.json is the likely stranger. One that begins like
	// ours, or is empty, is what a power loss or another version leaves.
	if len(data) == 0 || bytes.HasPrefix(data, []byte(`{"version":`)) && bytes.Contains(data[:min(len(data), 200)], []byte(`"generator":`)) {
		return m, false, fmt.Errorf("%s: %s is damaged or of another version; delete the folder and build again: %w", root.Name(), ManifestName, ErrForeign)
	}
	return m, false, foreign(root, ManifestName)
}

// refuseForeign returns ErrForeign if root holds anything that may be somebody
// else's: whatever is no empty tree. Names at the top that begin with a dot are
// let pass, as .git and what a killed Apply leaves.
//
// A folder can hold a whole disk, so that it looks no further than it must.
func refuseForeign(root *os.Root, trees []string) error {
	return fs.WalkDir(root.FS(), ".", func(p string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("list the output folder: %w", err)
		case p == ".":
			return nil
		case strings.HasPrefix(p, ".") && d.IsDir():
			return fs.SkipDir
		case strings.HasPrefix(p, "."):
			return nil
		case d.IsDir() && slices.ContainsFunc(trees, func(t string) bool { return within(t, p) }):
			return nil
		}
		return foreign(root, p)
	})
}

// foreign returns ErrForeign with the folder and what in it is not ours.
func foreign(root *os.Root, found string) error {
	return fmt.Errorf("%s: %w: it holds %q; choose another --destination or empty it", root.Name(), ErrForeign, found)
}
