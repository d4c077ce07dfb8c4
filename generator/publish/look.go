package publish

import (
	"io/fs"
	"os"
	"slices"
	"strings"
)

// Look looks at what an Apply has left, and opens no file. infos are of an Lstat
// of the files at paths, manifest is that of the manifest. ok reports whether the
// trees hold these regular files and nothing else, and no killed Apply has left
// its staging folder; without it infos are nil.
func Look(root *os.Root, trees, paths []string) (infos []fs.FileInfo, manifest fs.FileInfo, ok bool) {
	files := make([]File, len(paths))
	for i, name := range paths {
		files[i].Path = name
	}
	manifest, err := root.Lstat(ManifestName)
	if err != nil || !manifest.Mode().IsRegular() {
		return nil, nil, false
	}
	beside, err := fs.ReadDir(root.FS(), ".")
	if err != nil || slices.ContainsFunc(beside, func(e fs.DirEntry) bool { return strings.HasPrefix(e.Name(), stagePrefix) }) {
		return nil, nil, false
	}
	p := newPlan(files, trees)
	if p.walk(root) != nil || len(p.stale) > 0 || len(p.staleDirs) > 0 {
		return nil, nil, false
	}
	for _, info := range p.old {
		if info == nil {
			return nil, nil, false
		}
	}
	return p.old, manifest, true
}
