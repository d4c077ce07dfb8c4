package signedlink

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"time"
)

// publicFile, in the folder of keys, is what PublicJSON returned elsewhere: where
// the secret of the mail key is not, its links can be checked all the same.
const publicFile = "public.json"

// halves is what is published of keys.
type halves struct {
	Version int    `json:"version"`
	Keys    []half `json:"keys"`
}

type half struct {
	KID         uint8     `json:"kid"`
	ID          uint8     `json:"id"`
	Use         Use       `json:"use"`
	Algorithm   Algorithm `json:"algorithm"`
	Purposes    []Purpose `json:"purposes"`
	MaxQuarters int64     `json:"longest_lifetime_quarter_hours"`
	Created     time.Time `json:"created"`
	Until       int64     `json:"until,omitempty"` // Unix seconds
	Public      string    `json:"public"`
}

// PublicJSON returns the public halves of keys that are good for checking links:
// with them another host can check links, and make none. Revoked keys and server
// keys are left out.
func PublicJSON(keys []Key) ([]byte, error) {
	published := halves{version, []half{}}
	for _, k := range keys {
		if err := k.check(); err != nil {
			return nil, fmt.Errorf("publish key %s: %w", k, err)
		}
		if k.Algorithm != Ed25519 || k.State == Revoked {
			continue
		}
		h := half{k.KID(), k.ID, k.Use, k.Algorithm, k.Purposes, int64(k.MaxLifetime / Quarter), k.Created, 0, base64.RawURLEncoding.EncodeToString(k.Public)}
		if k.State == VerifyOnly {
			h.Until = k.Until.Unix()
		}
		published.Keys = append(published.Keys, h)
	}
	data, err := json.MarshalIndent(published, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("publish keys: %w", err)
	}
	return append(data, '\n'), nil
}

// decodePublic returns the keys of what PublicJSON has returned.
func decodePublic(data []byte) ([]Key, error) {
	var published halves
	if err := json.Unmarshal(data, &published); err != nil || published.Version != version {
		return nil, errors.New("it is damaged or not of this version; make it anew with: kaiho key export")
	}
	var keys []Key
	for _, h := range published.Keys {
		k := Key{ID: h.ID, Use: h.Use, Algorithm: h.Algorithm, Purposes: h.Purposes, State: Active, Created: h.Created,
			MaxLifetime: time.Duration(min(max(h.MaxQuarters, 0), 1<<16)) * Quarter}
		if h.Until != 0 {
			k.State, k.Until = VerifyOnly, time.Unix(h.Until, 0).UTC()
		}
		public, err := base64.RawURLEncoding.Strict().DecodeString(h.Public)
		if err != nil {
			return nil, fmt.Errorf("key %s: the public half is damaged", k)
		}
		k.Public = public
		if err := k.check(); err != nil {
			return nil, fmt.Errorf("key %s: %w", k, err)
		}
		keys = append(keys, k)
	}
	return keys, nil
}

// addPublic adds to keys the mail keys of public.json that are not among them.
// Other keys belong to the machine that has their secrets.
func addPublic(dir *os.Root, keys []Key) ([]Key, error) {
	file, err := dir.Open(publicFile)
	if errors.Is(err, fs.ErrNotExist) {
		return keys, nil
	}
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o022 != 0 && runtime.GOOS != "windows" {
		return nil, errors.New("others can change it; run chmod 600 on it")
	}
	data, err := io.ReadAll(io.LimitReader(file, 4*MaxID*maxFileBytes))
	if err != nil {
		return nil, err
	}
	public, err := decodePublic(data)
	if err != nil {
		return nil, err
	}
	for _, k := range public {
		i := slices.IndexFunc(keys, func(own Key) bool { return own.KID() == k.KID() })
		switch {
		case k.Use != Mail:
		case i < 0:
			keys = append(keys, k)
		case !slices.Equal(keys[i].Public, k.Public):
			return nil, fmt.Errorf("its key %s is not the one that lies beside it", k)
		}
	}
	return keys, nil
}
