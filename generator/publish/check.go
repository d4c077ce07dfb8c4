package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxNameBytes is the longest name of one file or folder that common file
// systems take. It is checked here because the move that would fail comes
// when half of the output has changed.
const maxNameBytes = 255

// check refuses paths that are unsafe, lie outside of the trees, or cannot
// stand side by side, also where upper and lower case are one. It gathers all
// errors.
func check(files []File, trees []string) error {
	var errs []error
	for i, t := range trees {
		if err := checkTree(t, trees[:i]); err != nil {
			errs = append(errs, err)
		}
	}
	byFold := make(map[string]string, len(files))
	keys := make([]string, 0, len(files))
	for _, f := range files {
		if err := checkPath(f.Path); err != nil {
			errs = append(errs, err)
			continue
		}
		if treeOf(f.Path, trees) < 0 {
			errs = append(errs, fmt.Errorf("output %q is in none of the trees %q", f.Path, trees))
		}
		if f.Render == nil && f.Copy == nil {
			errs = append(errs, fmt.Errorf("output %q has neither Render nor Copy", f.Path))
		}
		key := fold(f.Path)
		if other, taken := byFold[key]; taken {
			errs = append(errs, collision(other, f.Path))
			continue
		}
		byFold[key] = f.Path
		keys = append(keys, key)
	}
	free := make(map[string]bool, len(keys)) // folders at and above which is no file
	for _, key := range keys {
		clear := true
		for d := path.Dir(key); d != "." && !free[d]; d = path.Dir(d) {
			if other, taken := byFold[d]; taken {
				errs = append(errs, fmt.Errorf("output %q is a file, but %q needs a folder there", other, byFold[key]))
				clear = false
			}
		}
		for d := path.Dir(key); clear && d != "." && !free[d]; d = path.Dir(d) {
			free[d] = true
		}
	}
	return errors.Join(errs...)
}

func collision(a, b string) error {
	if a == b {
		return fmt.Errorf("output %q is wanted twice", a)
	}
	return fmt.Errorf("outputs %q and %q differ only in upper and lower case, and are one file on some systems", a, b)
}

func checkTree(t string, before []string) error {
	if err := checkPath(t); err != nil {
		return err
	}
	if strings.HasPrefix(t, ".") || strings.EqualFold(t, ManifestName) {
		return fmt.Errorf("tree %q: the name is kept for this package", t)
	}
	for _, other := range before {
		if a, b := fold(t), fold(other); within(a, b) || within(b, a) {
			return fmt.Errorf("trees %q and %q overlap", other, t)
		}
	}
	return nil
}

// checkPath takes a slash-separated relative path without "." and "..", that
// means the same on every system.
func checkPath(p string) error {
	if !fs.ValidPath(p) || p == "." || strings.ContainsAny(p, "\\\x00") {
		return fmt.Errorf("output path %q is unsafe", p)
	}
	if _, err := filepath.Localize(p); err != nil {
		return fmt.Errorf("output path %q cannot be a file name on this system", p)
	}
	for name := range strings.SplitSeq(p, "/") {
		if len(name) > maxNameBytes {
			return fmt.Errorf("output path %q: %q is longer than %d bytes; give it a shorter slug", p, name, maxNameBytes)
		}
	}
	return nil
}

// treeOf returns the index of the tree that p is in, or -1.
func treeOf(p string, trees []string) int {
	for i, t := range trees {
		if p != t && within(p, t) {
			return i
		}
	}
	return -1
}

// within says whether p is dir or below it.
func within(p, dir string) bool {
	return p == dir || strings.HasPrefix(p, dir+"/")
}

// fold maps strings that are equal under Unicode case folding to one string,
// as strings.EqualFold compares them, so that they can be a map's key.
func fold(s string) string {
	ascii := true
	for i := range len(s) {
		ascii = ascii && s[i] < utf8.RuneSelf
	}
	if ascii {
		return strings.ToUpper(s) // the capital letters are the lesser ones
	}
	return strings.Map(func(r rune) rune {
		least := r
		for n := unicode.SimpleFold(r); n != r; n = unicode.SimpleFold(n) {
			least = min(least, n)
		}
		return least
	}, s)
}
