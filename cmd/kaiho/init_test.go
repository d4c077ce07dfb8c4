package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestUndoLeavesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new")
	s := &session{}
	made, err := s.emptyFolder(dir)
	if err != nil || !made {
		t.Fatalf("got %t, %v", made, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	files := map[string][]byte{"a/b": nil, "c": nil, "c/d": nil} // c is a file, and no folder
	if err := unpack(root, files); err == nil {
		t.Fatal("got no error, want one")
	}
	if _, err := os.Stat(filepath.Join(dir, "a", "b")); err != nil {
		t.Fatal(err)
	}
	if err := undo(root, files, dir, made); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("got %v, want that %s is gone", err, dir)
	}
}

func TestUnpackFollowsNoLink(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	if err := os.Symlink(outside, filepath.Join(dir, "content")); err != nil {
		t.Skip(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if err := unpack(root, map[string][]byte{"content/it.md": nil}); err == nil {
		t.Error("got no error, want one")
	}
	if _, err := os.Stat(filepath.Join(outside, "it.md")); !os.IsNotExist(err) {
		t.Errorf("got %v, want nothing outside", err)
	}
}
