package publish_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kaiho/generator/publish"
)

// TestSecondApplyTakesItsTurn starts a second build while the first renders.
func TestSecondApplyTakesItsTurn(t *testing.T) {
	for _, test := range []struct {
		name        string
		first       time.Duration // how long it takes
		patience    time.Duration // until the second's context ends; 0: never
		want        error
		least, most time.Duration
	}{
		{"it waits for a build that takes half a minute", 30 * time.Second, 0, nil, 30 * time.Second, 31 * time.Second},
		{"it gives up after a minute and says what to do", 5 * time.Minute, 0, publish.ErrBusy, time.Minute, 61 * time.Second},
		{"its context ends the wait", 5 * time.Minute, 7 * time.Second, context.DeadlineExceeded, 7 * time.Second, 7 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				root := openRoot(t, dir)
				slow := page("public/a", "")
				slow.Render = func() ([]byte, error) { time.Sleep(test.first); return []byte("first"), nil }
				done := make(chan error)
				go func() {
					_, err := publish.Apply(t.Context(), root, []publish.File{slow}, options)
					done <- err
				}()
				synctest.Wait()
				ctx := t.Context()
				if test.patience > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.patience)
					defer cancel()
				}
				start := time.Now()
				_, err := publish.Apply(ctx, root, []publish.File{page("public/a", "second")}, options)
				if !errors.Is(err, test.want) {
					t.Errorf("error: got %v, want %v", err, test.want)
				}
				if test.want == publish.ErrBusy && strings.Count(err.Error(), dir) != 1 {
					t.Errorf("error: got %v, want the folder in it once", err)
				}
				if waited := time.Since(start); waited < test.least || waited > test.most {
					t.Errorf("waited %v, want %v to %v", waited, test.least, test.most)
				}
				if err := <-done; err != nil {
					t.Errorf("first: %v", err)
				}
				apply(t, root, page("public/a", "second"))
			})
			if got, want := files(snapshot(t, dir)), "public/a=second"; got != want {
				t.Errorf("files: got %q, want %q, without a lock", got, want)
			}
		})
	}
}

func TestReadOnlyFolderIsFineWhileNothingIsToChange(t *testing.T) {
	dir := t.TempDir()
	root := openRoot(t, dir)
	apply(t, root, page("public/a", "1"), page("public/b", "1"))
	if err := os.Chmod(dir+"/public", 0o777); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		wanted []publish.File
		want   string // of the error; "" is none
	}{
		{"nothing to change", []publish.File{page("public/a", "1"), page("public/b", "1")}, ""},
		{"a file that changed", []publish.File{page("public/a", "2"), page("public/b", "1")}, "lock the output folder"},
		{"a new file", []publish.File{page("public/a", "1"), page("public/b", "1"), page("public/c", "1")}, "lock the output folder"},
		{"a stale file, though its folder can be written", []publish.File{page("public/a", "1")}, "lock the output folder"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := applyReadOnly(t, dir, root, test.wanted...)
			if test.want == "" {
				if want := (publish.Report{Outputs: 2, Unchanged: 2}); err != nil || r != want {
					t.Errorf("got %+v, %v, want %+v", r, err, want)
				}
				return
			}
			if !errors.Is(err, os.ErrPermission) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
			if got, want := files(snapshot(t, dir)), "public/a=1 public/b=1"; got != want {
				t.Errorf("files: got %q, want %q", got, want)
			}
		})
	}
}

func TestReadOnlyFolderOfSomebodyElseIsForeign(t *testing.T) {
	dir := t.TempDir()
	write(t, dir+"/notes.txt", "")
	if _, err := applyReadOnly(t, dir, openRoot(t, dir), page("public/a", "1")); !errors.Is(err, publish.ErrForeign) {
		t.Errorf("got %v, want ErrForeign", err)
	}
}

// applyReadOnly applies while dir, but not the folders in it, is read-only.
func applyReadOnly(t *testing.T, dir string, root *os.Root, wanted ...publish.File) (publish.Report, error) {
	t.Helper()
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(dir, 0o755)
	if os.Getuid() == 0 {
		defer actAsNobody()()
	}
	if f, err := root.Create("probe"); err == nil {
		f.Close()
		root.Remove("probe")
		t.Skip("permissions do not hold here")
	}
	return publish.Apply(t.Context(), root, wanted, options)
}
