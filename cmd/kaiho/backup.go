package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spf13/cobra"

	"kaiho/generator/ledger"
	"kaiho/generator/member"
	"kaiho/generator/store"
)

func newBackup(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "backup FILE", Args: cobra.ExactArgs(1),
		Short: s.say("Copy the database to a file", "データベースの控えをファイルに取る"),
		Long: s.say(`Copy the database, as it is at this moment, to a new file. Other commands and
"kaiho serve" may go on meanwhile. The file has all that is stored about
members: keep it where only you can read it. Keys are not in it.`,
			`データベースの今の内容を、新しいファイルに控えます。サイトを公開したまま実行
できます。控えには会員の情報がすべて入っています。本人以外が読めない場所に
置いてください。署名の鍵は入っていません。`),
		Example: "  kaiho backup backups/2026-11-20.db",
		RunE: func(c *cobra.Command, args []string) error {
			db, err := s.database(c.Context())
			if err != nil {
				return err
			}
			err = errors.Join(db.Backup(c.Context(), args[0]), db.Close())
			if errors.Is(err, fs.ErrExist) {
				err = errors.New(s.say(args[0]+" is there already; choose another name", args[0]+" はすでにあります。別の名前にしてください"))
			}
			if err != nil {
				return s.ofDatabase(err)
			}
			_, err = fmt.Fprintln(s.stdout, s.say("backed up to "+args[0], args[0]+" に控えを取りました"))
			return err
		},
	}
}

func newRestore(s *session) *cobra.Command {
	yes := false
	c := &cobra.Command{
		Use: "restore FILE", Args: cobra.ExactArgs(1),
		Short: s.say("Put a backup in the place of the database", "控えからデータベースを元に戻す"),
		Long: s.say(`Put a backup in the place of the database, which is kept beside it under
another name. The backup is checked first. Stop "kaiho serve" before. What was
done since the backup and must last is done again: who was erased is erased,
links stay revoked, and withdrawn consents withdrawn.`,
			`控えの内容でデータベースを置き換えます。控えは先に検査し、いまのデータベースは
別の名前で隣に残します。kaiho serve は先に止めてください。控えを取ったあとの
消去・リンクの失効・配信停止や同意の取り消しは、戻したあとにもう一度行います。`),
		Example: "  kaiho restore backups/2026-11-20.db --yes",
		RunE: func(c *cobra.Command, args []string) error {
			if !yes {
				return usageError{errors.New(s.say("this replaces the database; if it is to be, add --yes", "データベースを置き換えます。よろしければ --yes を付けてください"))}
			}
			return s.restore(c.Context(), args[0])
		},
	}
	c.Flags().BoolVar(&yes, "yes", false, s.say("yes, replace it", "置き換える"))
	return c
}

func (s *session) restore(ctx context.Context, file string) error {
	if _, err := s.project(); err != nil { // or --source is misspelt
		return err
	}
	if err := s.makeState(); err != nil {
		return err
	}
	kept, err := store.Restore(ctx, s.databaseURL(), file, s.now())
	if err != nil {
		return s.ofDatabase(err)
	}
	if kept != "" {
		fmt.Fprintln(s.stderr, s.say("the database before is kept as "+kept, "これまでのデータベースは "+kept+" に残しました"))
		s.catchUp(ctx, kept)
	}
	_, err = fmt.Fprintln(s.stdout, s.say("restored from "+file, file+" から元に戻しました"))
	return err
}

// catchUp does again what was done in the database before, which may be too damaged
// for that.
func (s *session) catchUp(ctx context.Context, kept string) {
	err := s.withLedger(ctx, func(l *ledger.Ledger, b *member.Book) error { // erasures come last
		db, err := store.Open(ctx, "sqlite:"+kept)
		if err != nil {
			return err
		}
		sent, sentErr := l.CatchUp(ctx, ledger.Open(db))
		if sent > 0 {
			fmt.Fprintln(s.stderr, s.say("letters taken over from it: "+fmt.Sprint(sent)+"; nobody gets one twice", fmt.Sprintf("送信の記録 %d 通を引き継ぎました。二度届くことはありません", sent)))
		}
		erased, err := b.CatchUp(ctx, member.Open(db), s.now())
		if erased > 0 {
			fmt.Fprintln(s.stderr, s.say("erased once more: "+count(erased, "member"), fmt.Sprintf("もう一度消去した会員: %d 人", erased)))
		}
		return errors.Join(sentErr, err, db.Close())
	})
	if err != nil {
		fmt.Fprintf(s.stderr, "kaiho: %s: %s\n", s.say("erasures, revocations and withdrawals since the backup may be lost: do them once more; and so may be what was sent since then: do not send an issue again that went out",
			"控えのあとの消去・失効・取り消しは失われたかもしれません。もう一度行ってください。控えのあとに送った号は、もう一度送らないでください"), err)
	}
}
