package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestNoKeyCommandTellsASecret runs all of them and looks for every secret in
// all that they print.
func TestNoKeyCommandTellsASecret(t *testing.T) {
	dir := t.TempDir()
	var out bytes.Buffer
	w := world{stdout: &out, stderr: &out, clock: time.Now, getenv: environment(nil)}
	for _, call := range []string{"new", "new", "list", "list --json", "export", "rotate mail", "rotate online", "rotate server",
		"revoke mail-1 --keep-unsubscribe --yes", "revoke mail-1 --yes", "list", "list --json", "export"} {
		if code := run(append([]string{"-C", dir, "key"}, strings.Fields(call)...), w); code != exitDone {
			t.Fatalf("kaiho key %s: exit code %d\n%s", call, code, &out)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, ".kaiho", "keys", "*"))
	if err != nil || len(files) != 6 {
		t.Fatalf("got %d files, %v, want 6", len(files), err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var key struct{ Public, Secret string }
		if err := json.Unmarshal(data, &key); err != nil || len(key.Secret) != 43 {
			t.Fatalf("%s: secret of %d characters, %v", name, len(key.Secret), err)
		}
		if strings.Contains(out.String(), key.Secret) {
			t.Errorf("the secret of %s was printed", filepath.Base(name))
		}
		if key.Public != "" && !strings.Contains(out.String(), key.Public) {
			t.Errorf("the public half of %s was not exported", filepath.Base(name))
		}
	}
}
