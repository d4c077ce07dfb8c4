package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"kaiho/generator/signedlink"
)

func newKey(s *session) *cobra.Command {
	c := &cobra.Command{
		Use:   "key",
		Short: s.say("Signing keys: make, list, rotate, revoke", "署名の鍵をつくる・一覧・交代・失効"),
		Long: s.say(`Signing keys. The mail key signs the links in letters, the online key signs
the short-lived links that are asked for on the site, and the server secret
signs sessions. They lie in .kaiho/keys/, where only you can read them: keep a
copy in a safe place, and never put them into git.`,
			`署名に使う鍵です。mail はメールの中のリンク、online はサイトで請求された
短時間のリンク、server はログイン状態に署名します。.kaiho/keys/ に、本人だけが
読めるように置かれます。控えを安全な場所に保管し、git には入れないでください。`),
		Example: "  kaiho key new\n  kaiho key list\n  kaiho key rotate mail",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return s.unknown(c, args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newKeyNew(s), newKeyList(s), newKeyRotate(s), newKeyRevoke(s), newKeyExport(s))
	return c
}

func newKeyNew(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "new", Args: cobra.NoArgs,
		Short:   s.say("Make the keys that are missing", "足りない鍵をつくる"),
		Long:    s.say("Make whichever of mail key, online key and server secret is missing.", "mail、online、server の鍵のうち、ないものをつくります。"),
		Example: "  kaiho key new",
		RunE:    func(*cobra.Command, []string) error { return s.makeKeys() },
	}
}

func newKeyList(s *session) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Args: cobra.NoArgs,
		Short:   s.say("List the keys; their secrets are never shown", "鍵の一覧を表示する（秘密の部分は表示しない）"),
		Example: "  kaiho key list\n  kaiho key list --json",
		RunE: func(*cobra.Command, []string) error {
			keys, err := s.keys()
			_, none := errors.AsType[noKeys](err)
			switch {
			case err != nil && !none:
				return err
			case asJSON:
				return s.keysJSON(keys)
			case err != nil:
				_, err = fmt.Fprintln(s.stderr, err)
				return err
			}
			return s.keysTable(keys)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, s.say("print the list as JSON", "一覧を JSON で表示する"))
	return c
}

func newKeyRotate(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "rotate USE", Args: cobra.ExactArgs(1),
		Short: s.say("Let a new key sign from now on", "これからの署名を新しい鍵に替える"),
		Long: s.say(`Let a new key sign from now on. The one before goes on verifying what it has
signed, until the last of it has ended: no link and no session stops working.
USE is mail, online or server. Of server, two generations are kept: whoever has
not come back since the rotation before this one is signed out.`,
			`これからの署名を新しい鍵に替えます。前の鍵は、署名したものの期限がすべて切れる
まで確認に使われるので、いまのリンクやログインはそのまま使えます。
USE は mail、online、server のどれかです。server は二世代までを残すので、前の
交代より後に一度も来ていない人は、ログインが切れます。`),
		Example:   "  kaiho key rotate mail",
		ValidArgs: []string{"mail", "online", "server"},
		RunE:      func(_ *cobra.Command, args []string) error { return s.rotateKey(args[0]) },
	}
}

func newKeyRevoke(s *session) *cobra.Command {
	var yes, keep bool
	c := &cobra.Command{
		Use: "revoke USE-ID", Args: cobra.ExactArgs(1),
		Short: s.say("Make everything void that a key has signed", "ある鍵で署名したものをすべて無効にする"),
		Long: s.say(`Make everything void that a key has signed, at once and for good: for when
somebody may have read it. USE-ID is as in the list, for example mail-1.`,
			`ある鍵で署名したものを、すぐに、すべて無効にします。元には戻せません。
鍵をだれかに読まれたおそれがあるときに使います。USE-ID は、一覧にある名前です
（例：mail-1）。`),
		Example: "  kaiho key revoke mail-1\n  kaiho key revoke mail-1 --keep-unsubscribe --yes",
		RunE:    func(_ *cobra.Command, args []string) error { return s.revokeKey(args[0], keep, yes) },
	}
	c.Flags().BoolVar(&yes, "yes", false, s.say("do it: it cannot be undone", "実行する（元には戻せない）"))
	c.Flags().BoolVar(&keep, "keep-unsubscribe", false, s.say("let the unsubscribe links of letters that were sent go on working",
		"送信ずみのメールの配信停止リンクだけは使えるようにしておく"))
	return c
}

func newKeyExport(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "export", Args: cobra.NoArgs,
		Short: s.say("Print the public halves of the keys", "鍵の公開できる部分を表示する"),
		Long: s.say(`Print the public halves of the keys as JSON. With them another host can check
links, and make none: an edge worker, or kaiho serve, whose .kaiho/keys/ has
them as public.json.`,
			`鍵の公開できる部分を JSON で表示します。これがあれば、ほかのサーバーでもリンクを
確認できます（つくることはできません）。エッジで使うほか、kaiho serve だけを
動かすサーバーでは .kaiho/keys/public.json に置きます。`),
		Example: "  kaiho key export > keys.json",
		RunE: func(*cobra.Command, []string) error {
			keys, err := s.keys()
			if err != nil {
				return err
			}
			data, err := signedlink.PublicJSON(keys)
			if err != nil {
				return err
			}
			_, err = s.stdout.Write(data)
			return err
		},
	}
}
