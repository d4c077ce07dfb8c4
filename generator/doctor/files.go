package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"kaiho/generator/diag"
)

// lookFiles looks at who can read what lies in the state folder, and the keys.
func lookFiles(_ context.Context, x *examination) (findings Findings) {
	findings = x.published()
	look := func(name string, folder bool) {
		if f, wrong := looksOpen(name, folder); wrong {
			findings = append(findings, f)
		}
	}
	look(x.State, true)
	findings = append(findings, openKeys(filepath.Join(x.State, "keys"))...)
	if x.DB != nil && !x.DB.IsServer() && !closedFolder(filepath.Dir(x.DB.Name())) {
		look(x.DB.Name(), false)
	}
	var signers []string
	for _, s := range x.signing.keys {
		if _, err := os.Stat(s.File); err == nil {
			look(s.File, false)
			signers = append(signers, s.File)
		}
	}
	if _, err := os.Stat(x.State); err == nil && len(findings) == 0 && runtime.GOOS != "windows" {
		findings = append(findings, found(diag.FilesFine, "list", strings.Join(signers, ", ")))
	}
	return findings
}

// openKeys says which keys others can read.
func openKeys(folder string) (findings Findings) {
	if f, wrong := looksOpen(folder, true); wrong {
		findings = append(findings, f)
	}
	entries, _ := os.ReadDir(folder) // lookKeys says if that cannot be
	for _, e := range entries {
		if !e.Type().IsRegular() || e.Name() == "public.json" {
			continue
		}
		if f, wrong := looksOpen(filepath.Join(folder, e.Name()), false); wrong {
			findings = append(findings, f)
		}
	}
	return findings
}

// looksOpen says whether others on the machine can read a file, or look into a folder.
// What is not there is not open.
func looksOpen(name string, folder bool) (Finding, bool) {
	if runtime.GOOS == "windows" {
		return Finding{}, false // permissions are others there
	}
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return Finding{}, false
	}
	if err != nil {
		return found(diag.FileUnseen, "path", name, "reason", plain(err)), true
	}
	mode := info.Mode().Perm()
	if mode&0o077 == 0 {
		return Finding{}, false
	}
	rule := diag.FileOpen
	if folder {
		rule = diag.FolderOpen
	}
	return found(rule, "path", name, "mode", fmt.Sprintf("%04o", mode)), true
}

// closedFolder reports whether nobody else can reach what is in a folder.
func closedFolder(dir string) bool {
	info, err := os.Stat(dir)
	return err == nil && info.Mode().Perm()&0o077 == 0
}

// published says whether the state folder lies where a build reads or writes, links
// followed.
func (x *examination) published() Findings {
	state := settled(x.State)
	for _, folder := range []string{"content", "layouts", "static", "dist"} {
		dir := settled(filepath.Join(x.Source, folder))
		if state == dir || strings.HasPrefix(state, dir+string(filepath.Separator)) {
			return Findings{found(diag.StateInside, "path", x.State, "folder", folder)}
		}
	}
	return nil
}

// settled returns where a path leads once links are followed, as far as it is there.
func settled(name string) string {
	full, err := filepath.Abs(name)
	if err != nil {
		return name
	}
	rest := []string{}
	for at := full; ; at = filepath.Dir(at) {
		if real, err := filepath.EvalSymlinks(at); err == nil {
			slices.Reverse(rest)
			return filepath.Join(append([]string{real}, rest...)...)
		}
		if at == filepath.Dir(at) {
			return full
		}
		rest = append(rest, filepath.Base(at))
	}
}

// Free space below which there is a warning, and an error. A letter to a thousand
// people leaves about a megabyte in the database, and the outbox has whole letters.
const (
	lowBytes  = 500 << 20
	fullBytes = 20 << 20
)

// lookDisk looks at the free space where the state lies, or will.
func lookDisk(_ context.Context, x *examination) Findings {
	at := x.State
	if _, err := os.Stat(at); err != nil {
		at = x.Source
	}
	free, ok := freeBytes(at)
	if !ok {
		return nil
	}
	return Findings{ofDisk(at, free)}
}

func ofDisk(path string, free uint64) Finding {
	switch {
	case free < fullBytes:
		return found(diag.DiskFull, "path", path, "free", size(free))
	case free < lowBytes:
		return found(diag.DiskLow, "path", path, "free", size(free))
	}
	return found(diag.DiskFine, "free", size(free))
}

func size(bytes uint64) string {
	if bytes < 10<<30 {
		return fmt.Sprintf("%d MB", bytes>>20)
	}
	return fmt.Sprintf("%d GB", bytes>>30)
}
