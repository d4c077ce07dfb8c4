package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"kaiho/generator/diag"
	"kaiho/generator/member"
	"kaiho/generator/store"
)

func newMember(s *session) *cobra.Command {
	c := &cobra.Command{
		Use:   "member",
		Short: s.say("Members: import, list, show, export, erase, links", "会員の取り込み・一覧・書き出し・消去・リンク"),
		Long: s.say(`The members. They are kept in a database, .kaiho/kaiho.db or the one that
KAIHO_DATABASE_URL names, and never in files of the site.`,
			`会員を管理します。会員の情報はデータベース（.kaiho/kaiho.db、または
KAIHO_DATABASE_URL の示すもの）に置かれ、サイトのファイルには入りません。`),
		Example: "  kaiho member import members.csv\n  kaiho member list\n  kaiho member link taro@example.jp /events/",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return s.unknown(c, args[0])
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(newMemberImport(s), newMemberList(s), newMemberShow(s), newMemberExport(s), newMemberErase(s), newMemberRevoke(s), newMemberLink(s))
	return c
}

func newMemberErase(s *session) *cobra.Command {
	yes := false
	c := &cobra.Command{
		Use: "erase ID", Args: cobra.ExactArgs(1),
		Short: s.say("Erase a member for ever", "会員を完全に消去する"),
		Long: s.say(`Erase a member for ever. What is left has neither name nor address: a hash by
which the person is not imported again, and when which consent was given. ID is
a number of "kaiho member list", or an address. Backups are not touched.`,
			`会員の情報を完全に消去します。残るのは、名前もアドレスも含まない記録（再び
取り込まないためのハッシュと、いつ何に同意したか）だけです。ID は一覧の番号、
またはアドレスです。バックアップの中身はそのままです。`),
		Example: "  kaiho member erase 2901773455 --yes",
		RunE: func(c *cobra.Command, args []string) error {
			if !yes {
				return usageError{errors.New(s.say("erasing cannot be undone; if it is to be, add --yes", "消去は取り消せません。よろしければ --yes を付けてください"))}
			}
			return s.withBook(c.Context(), func(b *member.Book) error {
				m, err := s.findMember(c.Context(), b, args[0])
				if err != nil {
					return err
				}
				if err := b.Erase(c.Context(), m.ID, s.now()); err != nil {
					return err
				}
				_, err = fmt.Fprintln(s.stdout, s.say(fmt.Sprintf("%d is erased", m.ID), fmt.Sprintf("%d を消去しました", m.ID)))
				return err
			})
		},
	}
	c.Flags().BoolVar(&yes, "yes", false, s.say("yes, for ever", "完全に消去する"))
	return c
}

func newMemberRevoke(s *session) *cobra.Command {
	all := false
	c := &cobra.Command{
		Use: "revoke ID",
		Args: func(_ *cobra.Command, args []string) error {
			if all == (len(args) == 1) || len(args) > 1 {
				return usageError{errors.New(s.say("name one member, or --all", "会員を一人指定するか、--all を付けてください"))}
			}
			return nil
		},
		Short: s.say("End all links and sessions of a member", "会員のリンクとログインをすべて無効にする"),
		Long: s.say(`End all links and sessions of a member, or of all. Whoever is still a member
gets in again with a new link. ID is a number, or an address.`,
			`会員一人、または全員の、これまでのリンクとログインをすべて無効にします。新しい
リンクがあれば、また入れます。ID は一覧の番号、またはアドレスです。`),
		Example: "  kaiho member revoke 2901773455\n  kaiho member revoke --all",
		RunE: func(c *cobra.Command, args []string) error {
			return s.withBook(c.Context(), func(b *member.Book) error { return s.revokeMember(c.Context(), b, args) })
		},
	}
	c.Flags().BoolVar(&all, "all", false, s.say("of all members", "全員のものを無効にする"))
	return c
}

// revokeMember revokes the links of the member that args name, or of all.
func (s *session) revokeMember(ctx context.Context, b *member.Book, args []string) error {
	if len(args) == 0 {
		if err := b.RevokeAll(ctx, s.now()); err != nil {
			return err
		}
		_, err := fmt.Fprintln(s.stdout, s.say("all links and sessions until now are void", "これまでのリンクとログインをすべて無効にしました"))
		return err
	}
	m, err := s.findMember(ctx, b, args[0])
	if err != nil {
		return err
	}
	if err := b.Revoke(ctx, m.ID, s.now()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.stdout, s.say(fmt.Sprintf("all links and sessions of %d until now are void", m.ID), fmt.Sprintf("%d のこれまでのリンクとログインを無効にしました", m.ID)))
	return err
}

// withBook opens the members for f.
func (s *session) withBook(ctx context.Context, f func(*member.Book) error) error {
	db, err := s.database(ctx)
	if err != nil {
		return err
	}
	return s.ofDatabase(errors.Join(f(member.Open(db)), db.Close()))
}

// ofDatabase puts into Japanese what a database says that somebody can do something
// about, before the error as it is.
func (s *session) ofDatabase(err error) error {
	if s.lang != diag.Japanese {
		return err
	}
	for _, known := range []struct {
		err  error
		text string
	}{
		{member.ErrRemains, "会員は消去しましたが、データベースのファイルに痕跡が残っているかもしれません。ほかの処理が終わったあとで kaiho backup と kaiho restore を行うと消えます"},
		{store.ErrURL, "データベースのアドレスとして読めません。sqlite:ファイル か postgres://ユーザー@ホスト/名前 の形で書いてください"},
		{store.ErrInUse, "データベースは使用中です。先に kaiho serve などを止めてください"},
		{store.ErrLocked, "ほかの処理がデータベースを使っています。終わってからもう一度お試しください"},
		{store.ErrFull, "ディスクがいっぱいです。何も変更していません"},
		{store.ErrReadOnly, "データベースに書き込めません。ファイルとフォルダーの権限を確かめてください"},
		{store.ErrNewer, "このデータベースは、より新しい版の kaiho のものです。その版をお使いください"},
		{store.ErrNotDatabase, "ファイルが壊れているか、データベースではありません"},
		{store.ErrPostgres, "Postgres のデータベースです。pg_dump と pg_restore をお使いください"},
	} {
		if errors.Is(err, known.err) {
			return fmt.Errorf("%s（%w）", known.text, err)
		}
	}
	return err
}

// database opens the database; if it is the file in the state folder, the folder is
// made.
func (s *session) database(ctx context.Context) (*store.DB, error) {
	if _, err := s.project(); err != nil { // or --source is misspelt
		return nil, err
	}
	if err := s.makeState(); err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, s.databaseURL())
	return db, s.ofDatabase(err)
}

// makeState makes the state folder, for its owner alone, and lets git pass it by. If
// the database lies elsewhere, nothing is made.
func (s *session) makeState() error {
	if s.getenv("KAIHO_DATABASE_URL") != "" {
		return nil
	}
	if err := s.checkState(); err != nil {
		return err
	}
	if err := os.MkdirAll(s.state(), 0o700); err != nil {
		return fmt.Errorf("make the state folder: %w", err)
	}
	ignore, err := os.OpenFile(filepath.Join(s.state(), ".gitignore"), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err == nil {
		_, err = ignore.WriteString("*\n")
		err = errors.Join(err, ignore.Close())
	}
	if err != nil {
		return fmt.Errorf("make the state folder: %w", err)
	}
	return nil
}

// findMember returns the member with a number or an address.
func (s *session) findMember(ctx context.Context, b *member.Book, who string) (member.Member, error) {
	id, err := strconv.ParseUint(who, 10, 32)
	var m member.Member
	if err == nil {
		m, err = b.Member(ctx, uint32(id))
	} else if strings.Contains(who, "@") {
		m, err = b.ByAddress(ctx, who)
	} else {
		err = member.ErrNotFound
	}
	if errors.Is(err, member.ErrNotFound) || errors.Is(err, member.ErrAddress) {
		return m, errors.New(s.say(fmt.Sprintf("there is no member %s", who), fmt.Sprintf("%s という会員はいません", who)))
	}
	return m, err
}
