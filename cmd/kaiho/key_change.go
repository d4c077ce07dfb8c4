package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kaiho/generator/signedlink"
)

// noKeys says that no key has been made yet.
type noKeys struct{ error }

// keys returns the keys of the site; it is an error if there are none.
func (s *session) keys() ([]signedlink.Key, error) {
	dir, err := os.OpenRoot(s.keyFolder())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, s.noKeys()
	}
	if err != nil {
		return nil, fmt.Errorf("open the folder of keys: %w", err)
	}
	defer dir.Close()
	keys, err := signedlink.ReadKeys(dir)
	if err == nil && len(keys) == 0 {
		err = s.noKeys()
	}
	return keys, err
}

func (s *session) noKeys() error {
	return noKeys{errors.New(s.say("there are no keys yet; make them with: kaiho key new", "鍵がまだありません。次のコマンドでつくれます: kaiho key new"))}
}

func (s *session) keyFolder() string { return filepath.Join(s.state(), "keys") }

// makeKeyFolder makes the folder of keys and lets git pass it by, and returns
// it with the keys that are there.
func (s *session) makeKeyFolder() (*os.Root, []signedlink.Key, error) {
	if _, err := s.project(); err != nil { // or --source is misspelt
		return nil, nil, err
	}
	if err := os.MkdirAll(s.keyFolder(), 0o700); err != nil {
		return nil, nil, fmt.Errorf("make the folder of keys: %w", err)
	}
	ignore, err := os.OpenFile(filepath.Join(s.state(), ".gitignore"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err == nil {
		_, err = ignore.WriteString("*\n")
		err = errors.Join(err, ignore.Close())
	}
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, nil, fmt.Errorf("keep the keys out of git: %w", err)
	}
	dir, err := os.OpenRoot(s.keyFolder())
	if err != nil {
		return nil, nil, fmt.Errorf("open the folder of keys: %w", err)
	}
	keys, err := signedlink.ReadKeys(dir)
	if err != nil {
		dir.Close()
		return nil, nil, err
	}
	return dir, keys, nil
}

func (s *session) makeKeys() error {
	dir, keys, err := s.makeKeyFolder()
	if err != nil {
		return err
	}
	defer dir.Close()
	made := 0
	for _, use := range signedlink.Uses() {
		if slices.ContainsFunc(keys, func(k signedlink.Key) bool { return k.Use == use && k.State == signedlink.Active }) {
			continue // it may be one whose secret is elsewhere
		}
		k, err := s.addKey(dir, keys, use)
		if err != nil {
			return err
		}
		made++
		fmt.Fprintln(s.stdout, s.say(fmt.Sprintf("made %s: %s", k, purposes(k)), fmt.Sprintf("%s をつくりました: %s", k, purposes(k))))
	}
	if made == 0 {
		fmt.Fprintln(s.stdout, s.say("no key is missing", "鍵はそろっています"))
		return nil
	}
	fmt.Fprintln(s.stderr, s.say(
		fmt.Sprintf("Keep a copy of %s in a safe place: without it, links that were sent stop working.", s.keyFolder()),
		fmt.Sprintf("%s の控えを安全な場所に保管してください。失うと、送信ずみのリンクが使えなくなります。", s.keyFolder())))
	return nil
}

// addKey makes the next key of a use.
func (s *session) addKey(dir *os.Root, keys []signedlink.Key, use signedlink.Use) (signedlink.Key, error) {
	id, err := signedlink.NextID(keys, use)
	if err != nil {
		return signedlink.Key{}, err
	}
	k := signedlink.NewKey(use, id, s.now())
	return k, signedlink.WriteKey(dir, k)
}

// rotateKey writes the new key first: if that is as far as it comes, two keys
// are active, and the newer one signs.
func (s *session) rotateKey(name string) error {
	use := signedlink.Use(name)
	if !slices.Contains(signedlink.Uses(), use) {
		return usageError{errors.New(s.say(fmt.Sprintf("there are no keys for %q; write mail, online or server", name),
			fmt.Sprintf("「%s」という鍵はありません。mail、online、server のどれかを書いてください", name)))}
	}
	keys, err := s.keys()
	if err != nil {
		return err
	}
	if _, there := signedlink.Current(keys, use); !there {
		return errors.New(s.say(fmt.Sprintf("no %s key signs now; make one with: kaiho key new", use),
			fmt.Sprintf("いま署名に使える %s の鍵がありません。次のコマンドでつくれます: kaiho key new", use)))
	}
	dir, keys, err := s.makeKeyFolder()
	if err != nil {
		return err
	}
	defer dir.Close()
	added, err := s.addKey(dir, keys, use)
	if err != nil {
		return err
	}
	fmt.Fprintln(s.stdout, s.say(fmt.Sprintf("%s signs from now on", added), fmt.Sprintf("これからは %s で署名します", added)))
	for _, k := range keys {
		if k.Use != use {
			continue
		}
		if err := s.retireKey(dir, k); err != nil {
			return err
		}
	}
	return nil
}

// retireKey lets k sign no more, and if it is a generation of the server's
// secret before the last one, verify no more.
func (s *session) retireKey(dir *os.Root, k signedlink.Key) error {
	switch {
	case k.State == signedlink.Active:
		k = k.Retired(s.now())
	case k.State == signedlink.VerifyOnly && k.Use == signedlink.Server:
		k = k.Withdrawn()
	default:
		return nil
	}
	if err := signedlink.WriteKey(dir, k); err != nil {
		return err
	}
	_, err := fmt.Fprintf(s.stdout, "%s: %s\n", k, s.keyState(k))
	return err
}

func (s *session) revokeKey(name string, keep, yes bool) error {
	keys, err := s.keys()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(keys, func(k signedlink.Key) bool { return k.String() == name })
	if i < 0 {
		var known []string
		for _, k := range keys {
			known = append(known, k.String())
		}
		return usageError{errors.New(s.say(fmt.Sprintf("there is no key %q; there are: %s", name, strings.Join(known, ", ")),
			fmt.Sprintf("「%s」という鍵はありません。あるのは: %s", name, strings.Join(known, "、"))))}
	}
	k := keys[i]
	if keep && k.Use != signedlink.Mail {
		return usageError{errors.New(s.say(fmt.Sprintf("%s signs no unsubscribe links: leave out --keep-unsubscribe", k),
			fmt.Sprintf("%s は配信停止リンクに署名しません。--keep-unsubscribe は不要です", k)))}
	}
	if k.State == signedlink.Revoked {
		_, err := fmt.Fprintln(s.stdout, s.say(fmt.Sprintf("%s is revoked already", k), fmt.Sprintf("%s はすでに失効しています", k)))
		return err
	}
	withdrawn := k.Withdrawn()
	if keep {
		withdrawn = k.WithdrawnBut(s.now(), signedlink.UnsubscribeHeader, signedlink.Unsubscribe)
	}
	fmt.Fprintln(s.stderr, s.stops(k, keep))
	if !yes {
		return errors.New(s.say("this cannot be undone; if you mean it, add --yes", "元には戻せません。実行するには --yes を付けてください"))
	}
	return s.withdraw(withdrawn)
}

// withdraw writes the record of a key that is good for less from now on.
func (s *session) withdraw(k signedlink.Key) error {
	dir, keys, err := s.makeKeyFolder()
	if err != nil {
		return err
	}
	defer dir.Close()
	if err := signedlink.WriteKey(dir, k); err != nil {
		return err
	}
	fmt.Fprintf(s.stdout, "%s: %s\n", k, s.keyState(k))
	keys = slices.DeleteFunc(keys, func(other signedlink.Key) bool { return other.String() == k.String() })
	if _, there := signedlink.Current(keys, k.Use); !there {
		fmt.Fprintln(s.stderr, s.say(fmt.Sprintf("No %s key signs now; make one with: kaiho key new", k.Use),
			fmt.Sprintf("署名に使える %s の鍵がなくなりました。次のコマンドでつくれます: kaiho key new", k.Use)))
	}
	if len(k.Public) > 0 {
		fmt.Fprintln(s.stderr, s.say("Other hosts go by what they have until they get the new public halves: kaiho key export",
			"ほかのサーバーには、あらためて公開部分を渡してください: kaiho key export"))
	}
	return nil
}

// stops says what stops working with a key.
func (s *session) stops(k signedlink.Key, keep bool) string {
	switch {
	case k.Use == signedlink.Server:
		return s.say(fmt.Sprintf("Without %s, everyone is signed out whose session it has signed; the links in letters let them in again.", k),
			fmt.Sprintf("%s を失効させると、この鍵によるログインはすべて切れます。メールのリンクからまた入れます。", k))
	case k.Use == signedlink.Online:
		return s.say(fmt.Sprintf("Without %s, sign-in links of the last half hour stop working; people can ask for new ones.", k),
			fmt.Sprintf("%s を失効させると、この30分に送ったログイン用リンクが使えなくなります。請求しなおせます。", k))
	case keep:
		return s.say(fmt.Sprintf("Without %s, the links in letters that it has signed open no page, take no answer and no preferences. Unsubscribing goes on working.", k),
			fmt.Sprintf("%s を失効させると、この鍵で署名したメールのリンクでは、ページの閲覧も回答も設定もできなくなります。配信停止だけは使えます。", k))
	}
	return s.say(fmt.Sprintf("Without %s, no link works any more in letters that it has signed: no page, no answer, no preferences, and no unsubscribing either, which the law may ask of you (--keep-unsubscribe leaves that).", k),
		fmt.Sprintf("%s を失効させると、この鍵で署名したメールのリンクがすべて使えなくなります。閲覧・回答・設定のほか、法律で求められる配信停止もできなくなります（--keep-unsubscribe で残せます）。", k))
}
