package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kaiho/generator/diag"
	"kaiho/generator/ledger"
	"kaiho/generator/member"
	"kaiho/generator/newsletter"
)

func newNewsletterLock(s *session) *cobra.Command {
	c := &cobra.Command{
		Use: "lock ID", Args: cobra.ExactArgs(1),
		Short: s.say("Freeze an issue: its items, its letters, who gets which", "号を固める：記事、お便り、だれに届くか"),
		Long: s.say(`Freeze an issue, after looking it over: write content/newsletters/ID.lock, which
says what is in each letter and how many get it. Review the file and put it into
git: later issues leave out what it has, and only a locked issue can be sent.
The file has no personal data and is never published. As long as nothing has
been sent, locking again writes it anew.`,
			`号を点検してから固めます。どのお便りに何が入り、何人に届くかを
content/newsletters/ID.lock に書きます。見直して git に入れてください。次の号
からは、ここにある記事が省かれます。送れるのは lock した号だけです。
個人の情報は入らず、公開もされません。まだ何も送っていないうちは、もう一度
lock すれば書き直せます。`),
		Example:           "  kaiho newsletter lock 2026-11-18\n  git diff content/newsletters/2026-11-18.lock",
		ValidArgsFunction: s.completeIssues,
		RunE:              func(c *cobra.Command, args []string) error { return s.lockIssue(c.Context(), args[0]) },
	}
	return c
}

func (s *session) lockIssue(ctx context.Context, id string) error {
	i, err := s.openIssue(id, true)
	if err != nil {
		return err
	}
	if later := i.LockedLater(); len(later) > 0 {
		return errors.New(s.say(
			fmt.Sprintf("%s is locked and leaves out what this issue has, so this one stays as it is; only if nothing of either has been sent, delete the lock of %[1]s, lock this one, and then %[1]s again", strings.Join(later, ", ")),
			fmt.Sprintf("%s がすでに lock されていて、この号の記事を省いているため、この号はもう変えられません。どちらもまだ送っていないときに限り、%[1]s の lock を消してから、この号、%[1]s の順に lock し直せます", strings.Join(later, "、"))))
	}
	if started, err := s.isStarted(ctx, i.ID); err != nil {
		return err
	} else if started {
		return errors.New(s.say(fmt.Sprintf("%s is being sent, or was: its lock stays as it is", i.ID), fmt.Sprintf("%s は送信を始めているため、lock はもう変えられません", i.ID)))
	}
	if earlier := i.UnlockedEarlier(); len(earlier) > 0 {
		warning := diag.Problems{diag.New(diag.Pos{Path: i.Editions[0].Path, Line: 1, Col: 1}, diag.EarlierUnlocked, "ids", strings.Join(earlier, ", "))}
		if err := warning.Print(s.stderr, s.lang); err != nil {
			return err
		}
	}
	members, isKnown, err := s.people(ctx)
	if err != nil {
		return err
	}
	byVariant, without := s.counts(i, members)
	counts := byVariant
	if !isKnown {
		counts = nil
	}
	if problems := i.Preflight(i.letters, counts); problems.HasErrors() {
		return s.printed(problems)
	} else if err := problems.Print(s.stderr, s.lang); err != nil {
		return err
	}
	lock := i.Freeze(i.letters, byVariant)
	root, err := s.project()
	if err != nil {
		return err
	}
	name := newsletter.LockPath(i.ID)
	if err := replaceFile(root, name, lock.Bytes()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	fmt.Fprintln(s.stdout, name)
	s.lockTable(lock, without)
	if !isKnown {
		fmt.Fprintln(s.stderr, s.say("there are no members yet, so nobody is counted: kaiho member import FILE.csv",
			"会員がまだいないので、人数は数えていません: kaiho member import FILE.csv"))
	}
	return nil
}

// isStarted reports whether anything of an issue was ever handed to a relay.
func (s *session) isStarted(ctx context.Context, id string) (started bool, err error) {
	if !s.hasDatabase() {
		return false, nil
	}
	err = s.withLedger(ctx, func(l *ledger.Ledger, _ *member.Book) error {
		started, err = l.Started(ctx, id)
		return err
	})
	return started, err
}

// lockTable says what the lock has, and who gets nothing.
func (s *session) lockTable(lock newsletter.Lock, without map[newsletter.NoLetter]int) {
	longest, sum := 0, 0
	for _, v := range lock.Variants {
		longest = max(longest, len(v.Name))
	}
	for _, v := range lock.Variants {
		items := len(v.Items)
		if v.Lead != "" {
			items++
		}
		sum += v.Members
		fmt.Fprintln(s.stderr, s.say(
			fmt.Sprintf("  %-*s  %13s  %8s  %3d KB", longest, v.Name, count(v.Members, "reader"), count(items, "item"), v.HTML>>10),
			fmt.Sprintf("  %-*s  %6d 人  記事 %2d  %3d KB", longest, v.Name, v.Members, items, v.HTML>>10)))
	}
	fmt.Fprintln(s.stderr, s.say(fmt.Sprintf("%s, %s", count(sum, "letter"), count(len(lock.Items), "item")), fmt.Sprintf("お便り %d 通、記事 %d", sum, len(lock.Items))))
	for _, why := range []newsletter.NoLetter{newsletter.NotMailable, newsletter.IsPaused, newsletter.OnlyMain, newsletter.NothingForMe} {
		if n := without[why]; n > 0 {
			fmt.Fprintln(s.stderr, s.say(fmt.Sprintf("no letter for %d: %s", n, s.noLetter(why)), fmt.Sprintf("届かない人 %d：%s", n, s.noLetter(why))))
		}
	}
}

// issueIDs returns the IDs of the issues of a project, from the names of files.
func issueIDs(project fs.FS) []string {
	entries, err := fs.ReadDir(project, path.Join("content", newsletter.Section))
	if err != nil {
		return nil
	}
	var ids []string
	for _, e := range entries {
		id, isPage := strings.CutSuffix(e.Name(), ".md")
		if isPage && !e.IsDir() && id != "index" && !strings.Contains(id, ".") {
			ids = append(ids, id)
		}
		if _, err := fs.Stat(project, path.Join("content", newsletter.Section, e.Name(), "index.md")); e.IsDir() && err == nil {
			ids = append(ids, e.Name())
		}
	}
	slices.Sort(ids)
	return ids
}

// replaceFile writes a file of the project so that it is the old one or the new one,
// whatever happens meanwhile.
func replaceFile(root *os.Root, name string, data []byte) error {
	part := path.Join(path.Dir(name), "."+path.Base(name)+".part") // a hidden file is no content
	err := func() error {
		file, err := root.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
		if err != nil {
			return err
		}
		_, err = file.Write(data)
		return errors.Join(err, file.Sync(), file.Close())
	}()
	if err == nil {
		err = root.Rename(part, name)
	}
	if err != nil {
		root.Remove(part)
	}
	return err
}
