package signedlink

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestWhereTheSecretIsNotThePublicHalvesVerify(t *testing.T) {
	dir, path := keyFolder(t)
	data, err := PublicJSON([]Key{seeded(Mail, 1).Retired(at), seeded(Mail, 2), seeded(Online, 1)})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(path, publicFile), data, 0o644); err != nil {
		t.Fatal(err)
	}
	write(t, dir, seeded(Server, 1))
	keys, err := ReadKeys(dir)
	if err != nil || len(keys) != 3 {
		t.Fatalf("got %v, %v, want mail-1, mail-2 and server-1: an online key belongs to its machine", keys, err)
	}
	ring := ringOf(t, origin, keys...)
	for id := range uint8(2) {
		if _, err := ring.Verify(genuine(seeded(Mail, id+1), View, letter, nil).token(), View, at); err != nil {
			t.Errorf("a link of mail-%d: %v", id+1, err)
		}
	}
	if _, err := ring.Verify(genuine(seeded(Mail, 1), View, letter, nil).token(), View, at.AddDate(2, 0, 0)); err != ErrInvalid {
		t.Errorf("after the end of mail-1: got %v", err)
	}
	if _, err := ring.Sign(some(View)); err == nil {
		t.Error("a link was signed")
	}
	if k, found := Current(keys, Mail); found {
		t.Errorf("%s is said to sign", k)
	}
	if err := WriteKey(dir, keys[0].Withdrawn()); err == nil {
		t.Error("it was written without its secret")
	}
	write(t, dir, seeded(Mail, 2)) // its secret comes, too
	if keys, err = ReadKeys(dir); err != nil || len(keys) != 3 || keys[1].secret == nil {
		t.Errorf("got %v, %v, want the same keys, and the secret of mail-2", keys, err)
	}
}

func TestPublicHalvesThatAreWrongAreRefused(t *testing.T) {
	data, err := PublicJSON([]Key{seeded(Mail, 1)})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, from, to string
		mode           os.FileMode
		want           string
	}{
		{"half of it", "}\n", "", 0o600, "damaged"},
		{"another version", `"version": 1`, `"version": 2`, 0o600, "not of this version"},
		{"a wider purpose", `"view"`, `"sign-in"`, 0o600, "may not sign sign-in"},
		{"the algorithm of sessions", `"Ed25519"`, `"HMAC-SHA256/128"`, 0o600, "is not Ed25519"},
		{"a longer lifetime", "38400", "38401", 0o600, "above"},
		{"a public half that is cut", `"public": "`, `"public": "A`, 0o600, "public half"},
		{"a file that others can change", "", "", 0o666, "others can change it"},
		{"another key of a number that is here", "", "", 0o600, "not the one that lies beside it"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir, path := keyFolder(t)
			if strings.HasPrefix(test.name, "another key") {
				write(t, dir, NewKey(Mail, 1, at))
			}
			text := strings.Replace(string(data), test.from, test.to, 1)
			if test.name == "half of it" {
				text = text[:len(text)/2]
			}
			name := filepath.Join(path, publicFile)
			if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Chmod(name, test.mode); err != nil {
				t.Fatal(err)
			}
			if keys, err := ReadKeys(dir); err == nil || keys != nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, %v, want %s", keys, err, test.want)
			}
		})
	}
}
