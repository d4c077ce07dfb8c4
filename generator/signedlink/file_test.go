package signedlink

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
)

// keyFolder returns an empty folder for keys, and its path.
func keyFolder(t *testing.T) (*os.Root, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keys")
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	dir, err := os.OpenRoot(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { dir.Close() })
	return dir, path
}

func write(t *testing.T, dir *os.Root, k Key) {
	t.Helper()
	if err := WriteKey(dir, k); err != nil {
		t.Fatal(err)
	}
}

func TestKeysAreReadAsTheyWereWritten(t *testing.T) {
	dir, path := keyFolder(t)
	want := vectorKeys()
	for i := range want {
		write(t, dir, want[len(want)-1-i])
	}
	got, err := ReadKeys(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v, or not what they say", got, want)
	}
	files, err := os.ReadDir(path)
	if err != nil || len(files) != len(want) {
		t.Errorf("got %d files, %v, want %d", len(files), err, len(want))
	}
	for _, file := range files {
		if info, err := file.Info(); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
			t.Errorf("%s: got mode %v, %v", file.Name(), info.Mode(), err)
		}
	}
}

func TestAKeyIsNeverWrittenOverAnother(t *testing.T) {
	dir, _ := keyFolder(t)
	first := NewKey(Mail, 1, at)
	write(t, dir, first)
	if err := WriteKey(dir, NewKey(Mail, 1, at)); !errors.Is(err, fs.ErrExist) {
		t.Errorf("got %v, want %v", err, fs.ErrExist)
	}
	write(t, dir, first.Retired(at))
	keys, err := ReadKeys(dir)
	if err != nil || len(keys) != 1 || *keys[0].secret != *first.secret || keys[0].State != VerifyOnly {
		t.Errorf("got %+v, %v, want the first key, which only verifies", keys, err)
	}
}

func TestOfManyWhoWriteAKeyOfOneNumberOneSucceeds(t *testing.T) {
	dir, path := keyFolder(t)
	var all sync.WaitGroup
	done := make([]error, 16)
	for i := range done {
		all.Go(func() { done[i] = WriteKey(dir, NewKey(Mail, 1, at)) })
	}
	all.Wait()
	succeeded := 0
	for _, err := range done {
		if err == nil {
			succeeded++
		} else if !errors.Is(err, fs.ErrExist) {
			t.Error(err)
		}
	}
	if files, err := os.ReadDir(path); succeeded != 1 || err != nil || len(files) != 1 {
		t.Errorf("%d succeeded, %d files, %v, want one of each", succeeded, len(files), err)
	}
}

func TestAKeyThatIsWrongIsNotWritten(t *testing.T) {
	dir, path := keyFolder(t)
	wide := NewKey(Online, 1, at)
	wide.Purposes = []Purpose{View}
	for _, k := range []Key{{}, wide, publicHalf(seeded(Mail, 1)), {ID: 1, Use: "../x"}} {
		if err := WriteKey(dir, k); err == nil {
			t.Errorf("%s was written", k)
		}
	}
	if files, err := os.ReadDir(path); err != nil || len(files) != 0 {
		t.Errorf("got %d files, %v", len(files), err)
	}
}

func TestReadKeysRefuses(t *testing.T) {
	good := string(seeded(Mail, 1).encode())
	put := func(name, text string, mode os.FileMode) func(string) error {
		return func(path string) error {
			if err := os.WriteFile(filepath.Join(path, name), []byte(text), 0o600); err != nil {
				return err
			}
			return os.Chmod(filepath.Join(path, name), mode)
		}
	}
	edit := func(from, to string) func(string) error {
		if !strings.Contains(good, from) {
			panic(fmt.Sprintf("no %s in a key", from))
		}
		return put("mail-1.json", strings.Replace(good, from, to, 1), 0o600)
	}
	tests := []struct {
		name string
		make func(path string) error
		want string
		unix bool
	}{
		{"a file that the group can read", put("mail-1.json", good, 0o640), "others can read it; run: chmod 600", true},
		{"a file that everyone can read", put("mail-1.json", good, 0o604), "others can read it; run: chmod 600", true},
		{"a file that others can write", put("mail-1.json", good, 0o620), "run: chmod 600", true},
		{"a folder that others can write to", func(path string) error { return os.Chmod(path, 0o770) }, "run: chmod 700", true},
		{"a key under another name", put("mail-2.json", good, 0o600), "that of key mail-1", false},
		{"a key under a longer name of its number", put("mail-01.json", good, 0o600), "that of key mail-1", false},
		{"an empty file", put("mail-1.json", "", 0o600), "damaged", false},
		{"half a file", put("mail-1.json", good[:len(good)/2], 0o600), "damaged", false},
		{"a file and something behind it", put("mail-1.json", good+"{}", 0o600), "damaged", false},
		{"an unknown field", edit(`"id"`, `"ident": 1, "id"`), "damaged", false},
		{"a purpose that there is not", edit(`"view"`, `"read"`), "damaged", false},
		{"a wider purpose", edit(`"view"`, `"sign-in"`), "may not sign sign-in", false},
		{"a longer lifetime", edit(`38400`, `38401`), "above", false},
		{"a lifetime that overflows", edit(`38400`, `9223372036854775807`), "above", false},
		{"a lifetime below zero", edit(`38400`, `-38400`), "not in quarters", false},
		{"a short secret", edit(`"secret": "`, `"secret": "AAAA","x": "`), "damaged", false},
		{"another secret", put("mail-1.json", mixed(), 0o600), "that of another secret", false},
		{"a folder", func(path string) error { return os.Mkdir(filepath.Join(path, "mail-1.json"), 0o700) }, "no ordinary file", false},
		{"a link out of the folder", func(path string) error {
			outside := filepath.Join(filepath.Dir(path), "outside.json")
			return errors.Join(os.WriteFile(outside, []byte(good), 0o600), os.Symlink("../outside.json", filepath.Join(path, "mail-1.json")))
		}, "mail-1.json", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.unix && runtime.GOOS == "windows" {
				t.Skip("Windows has other permissions")
			}
			dir, path := keyFolder(t)
			if err := test.make(path); err != nil {
				t.Fatal(err)
			}
			got, err := ReadKeys(dir)
			if err == nil || got != nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, %v, want %s", got, err, test.want)
			}
			if secret := secretOf(good); strings.Contains(err.Error(), secret) {
				t.Errorf("the secret is in the message: %v", err)
			}
		})
	}
}

// secretOf returns the secret in the text of a key's file.
func secretOf(text string) string {
	_, rest, _ := strings.Cut(text, `"secret": "`)
	secret, _, _ := strings.Cut(rest, `"`)
	return secret
}

// mixed is the file of mail-1 with the secret of mail-2.
func mixed() string {
	one, two := string(seeded(Mail, 1).encode()), string(seeded(Mail, 2).encode())
	return strings.Replace(one, secretOf(one), secretOf(two), 1)
}

func TestReadKeysPassesByWhatIsNoKey(t *testing.T) {
	dir, path := keyFolder(t)
	write(t, dir, seeded(Mail, 1))
	for _, name := range []string{"README", "mail-1.json~", ".mail-2.json.ABC", "mail-.json", "post-1.json", "dkim.pem"} {
		if err := os.WriteFile(filepath.Join(path, name), []byte("x"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if keys, err := ReadKeys(dir); err != nil || len(keys) != 1 {
		t.Errorf("got %v, %v, want mail-1", keys, err)
	}
}
