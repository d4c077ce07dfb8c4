package publish

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
)

const (
	manifestName    = "manifest.json"
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

// encode writes one output a line, so that two manifests can be compared with
// line tools, and the same outputs always give the same bytes.
func (m record) encode() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"version":%d,"generator":`, manifestVersion)
	encodeJSON(&b, m.Generator)
	b.WriteString(`,"outputs":[`)
	for i, out := range m.Outputs {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		encodeJSON(&b, out)
	}
	if len(m.Outputs) > 0 {
		b.WriteByte('\n')
	}
	b.WriteString("]}\n")
	return b.Bytes()
}

func encodeJSON(b *bytes.Buffer, v any) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // strings and numbers always encode
	}
	b.Truncate(b.Len() - 1) // Encode ends with a line break
}

// with returns the manifest after the trees of o were brought to files. The
// outputs of other trees stay.
func (m record) with(files []File, results []result, o Options) record {
	next := record{Version: manifestVersion, Generator: o.Version}
	for _, out := range m.Outputs {
		if treeOf(out.Path, o.Trees) < 0 {
			next.Outputs = append(next.Outputs, out)
		}
	}
	for i, f := range files {
		next.Outputs = append(next.Outputs, output{
			Path: f.Path, Audience: f.Audience,
			SHA256: fmt.Sprintf("%x", results[i].sum), Size: results[i].size,
		})
	}
	slices.SortFunc(next.Outputs, func(a, b output) int { return strings.Compare(a.Path, b.Path) })
	return next
}

// readManifest returns the root's manifest, and whether there is one. It
// returns ErrForeign for a file of that name that this version did not write.
func readManifest(root *os.Root) (m record, found bool, err error) {
	info, err := root.Lstat(manifestName)
	if errors.Is(err, fs.ErrNotExist) {
		return m, false, nil
	}
	if err != nil {
		return m, false, fmt.Errorf("read the manifest: %w", err)
	}
	if !info.Mode().IsRegular() {
		return m, false, foreign(root, manifestName)
	}
	data, err := root.ReadFile(manifestName)
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
		return m, false, fmt.Errorf("%s: %s is damaged or of another version; delete the folder and build again: %w", root.Name(), manifestName, ErrForeign)
	}
	return m, false, foreign(root, manifestName)
}

func decodeManifest(data []byte) (record, bool) {
	var m record
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return m, false
	}
	if _, err := d.Token(); err != io.EOF {
		return m, false
	}
	// Outputs is nil when the key is missing, and empty when it is [].
	if m.Version != manifestVersion || m.Outputs == nil {
		return m, false
	}
	m.exact = bytes.Equal(data, m.encode())
	return m, true
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
