package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"kaiho/generator/member"
)

func newNewsletterNote(s *session) *cobra.Command {
	remove := false
	c := &cobra.Command{
		Use: "note ID [MEMBER [TEXT]]",
		Args: func(c *cobra.Command, args []string) error {
			if remove && len(args) != 2 {
				return usageError{errors.New(s.say("--remove wants the issue and the member, and no text", "--remove には号と会員だけを指定してください"))}
			}
			return cobra.RangeArgs(1, 3)(c, args)
		},
		Short: s.say("Write a line to one reader of an issue", "一人の読者にひとことを書き添える"),
		Long: s.say(`Write a line to one reader of an issue: it stands in that reader's letter alone.
ID is the name of the issue's file in content/newsletters, without .md. MEMBER
is a number of "kaiho member list", or an address. TEXT, of up to 1,000
characters, takes the place of what was there; - reads it from standard input.
Without TEXT the line is printed, without MEMBER all lines of the issue.

The lines are kept in the database, never in files of the site. The member sees
them among what is stored, and they are erased with the member.`,
			`号のお便りに、一人の読者だけに届くひとことを書き添えます。ID は
content/newsletters にある号のファイル名から .md を取ったものです。MEMBER は
会員一覧の番号、またはアドレスです。TEXT は1,000字までで、前に書いたものと
置き換わります。- と書くと標準入力から読みます。TEXT がなければ今のひとことを、
MEMBER もなければその号のひとことをすべて表示します。

ひとことはデータベースに置かれ、サイトのファイルには入りません。本人は、会員の
ページの「お預かりしていること」で見られます。会員を消去すると一緒に消えます。`),
		Example: s.say(`  kaiho newsletter note 2026-11-18
  kaiho newsletter note 2026-11-18 taro@example.jp "It was good to see you."
  kaiho newsletter note 2026-11-18 taro@example.jp - < line.txt
  kaiho newsletter note 2026-11-18 taro@example.jp --remove`,
			`  kaiho newsletter note 2026-11-18
  kaiho newsletter note 2026-11-18 taro@example.jp "五月はお世話になりました。"
  kaiho newsletter note 2026-11-18 taro@example.jp - < hitokoto.txt
  kaiho newsletter note 2026-11-18 taro@example.jp --remove`),
		RunE: func(c *cobra.Command, args []string) error {
			issue, err := s.issueFile(args[0])
			if err != nil {
				return err
			}
			line, err := s.lineOf(args, c.InOrStdin())
			if err != nil {
				return err
			}
			return s.withBook(c.Context(), func(b *member.Book) error {
				if len(args) == 1 {
					return s.listNotes(c.Context(), b, issue)
				}
				m, err := s.findMember(c.Context(), b, args[1])
				switch {
				case err != nil:
					return err
				case line != "":
					return s.writeNote(c.Context(), b, issue, m, line)
				}
				return s.printNote(c.Context(), b, issue, m, remove)
			})
		},
	}
	c.Flags().BoolVar(&remove, "remove", false, s.say("remove the line", "ひとことを取り消す"))
	return c
}

// issueFile returns the ID of the issue that word names: content/newsletters/ID.md.
func (s *session) issueFile(word string) (string, error) {
	const folder = "content/newsletters"
	root, err := s.project()
	if err != nil {
		return "", err
	}
	entries, err := fs.ReadDir(root.FS(), folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("look for issues: %w", err)
	}
	var known []string
	for _, e := range entries {
		if id, isPage := strings.CutSuffix(e.Name(), ".md"); isPage && !e.IsDir() {
			known = append(known, id)
		}
		if _, err := fs.Stat(root.FS(), path.Join(folder, e.Name(), "index.md")); e.IsDir() && err == nil {
			known = append(known, e.Name()) // with pictures beside it
		}
	}
	known = slices.DeleteFunc(known, func(id string) bool { // index.md, and 2026-11-18.en.md beside 2026-11-18.md
		original := strings.TrimSuffix(id, path.Ext(id))
		return original == "index" || original != id && slices.Contains(known, original)
	})
	id := strings.TrimSuffix(path.Base(filepath.ToSlash(word)), ".md")
	if slices.Contains(known, id) {
		return id, nil
	}
	return "", errors.New(s.say(fmt.Sprintf("there is no issue %q in %s", id, folder), fmt.Sprintf("「%s」という号は %s にありません", id, folder)) + s.meant(id, known))
}

// lineOf returns the line that args have, or else "". One that is empty is no line: a
// variable of a shell may have been.
func (s *session) lineOf(args []string, in io.Reader) (string, error) {
	if len(args) < 3 {
		return "", nil
	}
	line := args[2]
	if line == "-" {
		const most = 16 * member.MaxLetterNote // bytes: four a character, and blanks around it
		data, err := io.ReadAll(io.LimitReader(in, most+1))
		if err != nil {
			return "", fmt.Errorf("read standard input: %w", err)
		}
		line = strings.TrimPrefix(string(data), "\ufeff")
	}
	if line = strings.TrimSpace(line); line == "" {
		return "", usageError{errors.New(s.say("the text is empty; to remove a line, use --remove", "本文が空です。取り消すときは --remove を付けてください"))}
	}
	return line, nil
}

// writeNote stores the line to m.
func (s *session) writeNote(ctx context.Context, b *member.Book, issue string, m member.Member, line string) error {
	err := b.SetLetterNote(ctx, issue, m.ID, line, s.now())
	switch n := utf8.RuneCountInString(strings.ReplaceAll(line, "\r\n", "\n")); {
	case errors.Is(err, member.ErrInvalid) && n > member.MaxLetterNote:
		return errors.New(s.say(fmt.Sprintf("the text is longer than %d characters; a line is a word to one person", member.MaxLetterNote),
			fmt.Sprintf("本文が%d字を超えています。もう少し短くしてください", member.MaxLetterNote)))
	case errors.Is(err, member.ErrInvalid):
		return errors.New(s.say("the text has characters that cannot be shown (tabs are among them, or the file is not UTF-8); write it anew",
			"本文に、表示できない文字（タブなど）があるか、文字コードが UTF-8 でありません。書き直してください"))
	case err != nil:
		return err
	}
	_, err = fmt.Fprintln(s.stdout, s.say(fmt.Sprintf("%s has a line to %s (%d)", issue, m.Name, m.ID), fmt.Sprintf("%s に、%s さん（%d）へのひとことを書き添えました", issue, m.Name, m.ID)))
	return err
}

// printNote prints the line to m, or removes it.
func (s *session) printNote(ctx context.Context, b *member.Book, issue string, m member.Member, remove bool) error {
	notes, err := b.LetterNotes(ctx, issue)
	if err != nil {
		return err
	}
	line, is := notes[m.ID]
	if !is {
		fmt.Fprintln(s.stderr, s.say(fmt.Sprintf("%s has no line to %s (%d)", issue, m.Name, m.ID), fmt.Sprintf("%s に、%s さん（%d）へのひとことはありません", issue, m.Name, m.ID)))
		return nil
	}
	if !remove {
		_, err := fmt.Fprintln(s.stdout, line)
		return err
	}
	if err := b.SetLetterNote(ctx, issue, m.ID, "", s.now()); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.stdout, s.say(fmt.Sprintf("the line to %s (%d) is removed from %s", m.Name, m.ID, issue), fmt.Sprintf("%s から、%s さん（%d）へのひとことを取り消しました", issue, m.Name, m.ID)))
	return err
}

// listNotes prints all lines of an issue, each in one, in the order of the members'
// list.
func (s *session) listNotes(ctx context.Context, b *member.Book, issue string) error {
	notes, err := b.LetterNotes(ctx, issue)
	if err != nil {
		return err
	}
	if len(notes) == 0 {
		fmt.Fprintln(s.stderr, s.say(fmt.Sprintf("%s has no lines yet", issue), fmt.Sprintf("%s に、ひとことはまだありません", issue)))
		return nil
	}
	members, err := b.List(ctx, member.Filter{})
	if err != nil {
		return err
	}
	rows := [][3]string{{"ID", "NAME", "TEXT"}}
	for _, m := range members {
		if line, is := notes[m.ID]; is {
			rows = append(rows, [3]string{fmt.Sprint(m.ID), m.Name.String(), strings.ReplaceAll(line, "\n", " ")})
		}
	}
	var left [2]int
	for _, row := range rows {
		left[0], left[1] = max(left[0], width(row[0])), max(left[1], width(row[1]))
	}
	for _, row := range rows {
		pad := func(i int) string { return row[i] + strings.Repeat(" ", left[i]-width(row[i])) }
		if _, err := fmt.Fprintf(s.stdout, "%s  %s  %s\n", pad(0), pad(1), row[2]); err != nil {
			return err
		}
	}
	return nil
}
