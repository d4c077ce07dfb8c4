package signedlink

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"
)

// record is a key in a file.
type record struct {
	ID          uint8      `json:"id"`
	Use         Use        `json:"use"`
	Algorithm   Algorithm  `json:"algorithm"`
	Purposes    []Purpose  `json:"purposes"`
	MaxQuarters int64      `json:"longest_lifetime_quarter_hours"`
	State       State      `json:"state"`
	Until       *time.Time `json:"until,omitempty"`
	Created     time.Time  `json:"created"`
	Public      string     `json:"public,omitempty"` // base64url, as the secret
	Secret      string     `json:"secret"`
}

const maxFileBytes = 16 << 10

// ReadKeys returns the keys that lie in a folder, by use and number, and the mail
// keys of which it has only the public halves, in public.json. It fails if
// a file is damaged, says what its name does not, or can be read by others, and
// if others can write to the folder; then the error says what to do.
func ReadKeys(dir *os.Root) ([]Key, error) {
	folder, err := dir.Stat(".")
	if err != nil {
		return nil, fmt.Errorf("look at the folder of keys: %w", err)
	}
	if folder.Mode().Perm()&0o022 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("others can change the keys in %s; run: chmod 700 %[1]s", dir.Name())
	}
	entries, err := fs.ReadDir(dir.FS(), ".")
	if err != nil {
		return nil, fmt.Errorf("list the folder of keys: %w", err)
	}
	named := regexp.MustCompile(`^(mail|online|server)-[0-9]+\.json$`)
	var keys []Key
	for _, e := range entries {
		if !named.MatchString(e.Name()) {
			continue
		}
		k, err := readKey(dir, e.Name())
		if err != nil {
			return nil, fmt.Errorf("read key %s: %w", filepath.Join(dir.Name(), e.Name()), err)
		}
		keys = append(keys, k)
	}
	if keys, err = addPublic(dir, keys); err != nil {
		return nil, fmt.Errorf("read public keys %s: %w", filepath.Join(dir.Name(), publicFile), err)
	}
	slices.SortFunc(keys, func(a, b Key) int { return int(a.KID()) - int(b.KID()) })
	return keys, nil
}

func readKey(dir *os.Root, name string) (Key, error) {
	if info, err := dir.Stat(name); err != nil {
		return Key{}, err
	} else if !info.Mode().IsRegular() { // before it is opened: a pipe would wait
		return Key{}, errors.New("it is no ordinary file")
	}
	file, err := dir.Open(name)
	if err != nil {
		return Key{}, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return Key{}, err
	}
	if info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return Key{}, fmt.Errorf("others can read it; run: chmod 600 %s, and if somebody may have, replace it: kaiho key revoke %s --yes, then kaiho key new",
			filepath.Join(dir.Name(), name), strings.TrimSuffix(name, ".json"))
	}
	data, err := io.ReadAll(io.LimitReader(file, maxFileBytes))
	if err != nil {
		return Key{}, err
	}
	k, err := decodeKey(data)
	if err != nil {
		return Key{}, err
	}
	if k.String()+".json" != name {
		return Key{}, fmt.Errorf("the file is that of key %s", k)
	}
	return k, nil
}

// decodeKey returns the key in a file. No error quotes from the file.
func decodeKey(data []byte) (Key, error) {
	var r record
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil || d.More() {
		return Key{}, errors.New("the file is damaged or not of this version; put back its copy from a backup")
	}
	k := Key{ID: r.ID, Use: r.Use, Algorithm: r.Algorithm, Purposes: r.Purposes,
		MaxLifetime: time.Duration(min(max(r.MaxQuarters, 0), 1<<16)) * Quarter, State: r.State, Created: r.Created}
	if r.Until != nil {
		k.Until = *r.Until
	}
	public, err1 := base64.RawURLEncoding.Strict().DecodeString(r.Public)
	secret, err2 := base64.RawURLEncoding.Strict().DecodeString(r.Secret)
	if err1 != nil || err2 != nil || len(secret) != len(k.secret) {
		return Key{}, errors.New("the file is damaged; put back its copy from a backup")
	}
	if len(public) > 0 {
		k.Public = public
	}
	k.secret = (*[32]byte)(secret)
	return k, k.check()
}

// WriteKey writes the record of a key into a folder, as one file, whole or not
// at all, which only its owner can read. The file of another key of that number
// is never written over: then it fails with fs.ErrExist.
func WriteKey(dir *os.Root, k Key) error {
	if err := writeKey(dir, k); err != nil {
		return fmt.Errorf("write key %s: %w", k, err)
	}
	return nil
}

func writeKey(dir *os.Root, k Key) error {
	if err := k.check(); err != nil {
		return err
	}
	if k.secret == nil {
		return errors.New("its secret is elsewhere: change it there, and export the public halves again")
	}
	name := k.String() + ".json"
	before, err := readKey(dir, name)
	known := err == nil
	if known && *before.secret != *k.secret {
		return fmt.Errorf("another key has this number: %w", fs.ErrExist)
	}
	if !known && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	temporary := "." + name + "." + rand.Text() // two that write at once do not meet
	if err := writeFile(dir, temporary, k.encode()); err != nil {
		return err
	}
	if known {
		err = dir.Rename(temporary, name)
	} else if err = dir.Link(temporary, name); err == nil { // unlike Rename it fails if the name is taken meanwhile
		err = dir.Remove(temporary)
	}
	if err != nil {
		return errors.Join(err, dir.Remove(temporary))
	}
	return syncFolder(dir)
}

// encode returns the file of a key.
func (k Key) encode() []byte {
	r := record{ID: k.ID, Use: k.Use, Algorithm: k.Algorithm, Purposes: k.Purposes, MaxQuarters: int64(k.MaxLifetime / Quarter),
		State: k.State, Created: k.Created, Public: base64.RawURLEncoding.EncodeToString(k.Public), Secret: base64.RawURLEncoding.EncodeToString(k.secret[:])}
	if !k.Until.IsZero() {
		r.Until = &k.Until
	}
	data, _ := json.MarshalIndent(r, "", "  ") // numbers, texts and times of this century
	return append(data, '\n')
}

func writeFile(dir *os.Root, name string, data []byte) error {
	file, err := dir.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return errors.Join(err, dir.Remove(name))
	}
	return nil
}

// syncFolder makes a rename last through a loss of power.
func syncFolder(dir *os.Root) error {
	if runtime.GOOS == "windows" {
		return nil // folders cannot be synced there
	}
	folder, err := dir.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
