package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kaiho/generator"
	"kaiho/generator/diag"
	"kaiho/generator/member"
	"kaiho/generator/newsletter"
)

func newNewsletter(s *session) *cobra.Command {
	c := &cobra.Command{
		Use:   "newsletter",
		Short: s.say("Issues of the newsletter: preview, test, lock, send, report", "会報の号：下見、試し送り、lock、送信、報告"),
		Long: s.say(`Issues of the newsletter. An issue is a file of content/newsletters; ID is its
name without .md. The usual way:

  kaiho newsletter preview ID     look at every letter
  kaiho newsletter test ID --to ADDRESS
                                  get every letter, as readers will
  kaiho newsletter lock ID        freeze the issue: who gets what. Review the
                                  .lock file and put it into git
  kaiho newsletter send ID        send it; at any moment, run it again to go on
  kaiho newsletter report ID      what became of every letter`,
			`会報の号を扱います。号は content/newsletters のファイルで、ID はその名前から
.md を取ったものです。ふつうは次の順に進めます。

  kaiho newsletter preview ID     すべてのお便りを見る
  kaiho newsletter test ID --to アドレス
                                  読者に届くとおりに、自分で受け取る
  kaiho newsletter lock ID        号の中身を固める。できた .lock を見直して、
                                  git に入れる
  kaiho newsletter send ID        送る。いつ止まっても、もう一度実行すれば続く
  kaiho newsletter report ID      お便りが一通ずつどうなったか`),
		Example: "  kaiho newsletter preview 2026-11-18\n  kaiho newsletter lock 2026-11-18",
	}
	c.AddCommand(newNewsletterPreview(s), newNewsletterLock(s), newNewsletterExplain(s), newNewsletterTest(s), newNewsletterNote(s))
	c.AddCommand(newNewsletterSend(s), newNewsletterStatus(s), newNewsletterResolve(s), newNewsletterReport(s))
	return c
}

// issue is an issue as a command works with it.
type issue struct {
	*newsletter.Issue
	project *generator.Project
	letters []newsletter.Letter
}

// openIssue reads the project and makes the letters of an issue. Problems of the
// project, and those of the issue, are printed; with errors among them it returns
// errProblems. fresh takes no notice of the issue's lock.
func (s *session) openIssue(id string, fresh bool) (*issue, error) {
	p, err := s.read(generator.Options{Once: true})
	if err != nil {
		return nil, err
	}
	if p.Problems.HasErrors() {
		return nil, s.printed(p.Problems)
	}
	open := p.Issue
	if fresh {
		open = p.FreshIssue
	}
	found, letters, problems, err := open(strings.TrimSuffix(filepath.Base(id), ".md"))
	if err != nil {
		return nil, err
	}
	if problems.HasErrors() {
		return nil, s.printed(problems)
	}
	return &issue{found, p, letters}, errors.Join(problems.Print(s.stderr, s.lang))
}

// printed prints problems, and returns errProblems.
func (s *session) printed(problems diag.Problems) error {
	problems.Sort()
	if err := problems.Print(s.stderr, s.lang); err != nil {
		return err
	}
	fmt.Fprintln(s.stderr, s.tally(problems))
	return errProblems
}

// people returns all members, and false if there is no database yet. It makes none.
func (s *session) people(ctx context.Context) ([]member.Member, bool, error) {
	if !s.hasDatabase() {
		return nil, false, nil
	}
	var all []member.Member
	err := s.withBook(ctx, func(b *member.Book) (err error) {
		all, err = b.List(ctx, member.Filter{})
		return err
	})
	return all, err == nil, err
}

// hasDatabase reports whether there is a database yet.
func (s *session) hasDatabase() bool {
	_, err := os.Stat(filepath.Join(s.state(), "kaiho.db"))
	return s.getenv("KAIHO_DATABASE_URL") != "" || !errors.Is(err, os.ErrNotExist)
}

// counts says how many members get each letter, and how many get none and why.
func (s *session) counts(i *issue, members []member.Member) (byVariant map[string]int, without map[newsletter.NoLetter]int) {
	byVariant, without = map[string]int{}, map[newsletter.NoLetter]int{}
	for _, m := range members {
		if place := i.Assign(m, s.now()); place.Variant != nil {
			byVariant[place.Variant.Name]++
		} else {
			without[place.Why]++
		}
	}
	return byVariant, without
}

// noLetter says why somebody gets no letter.
func (s *session) noLetter(why newsletter.NoLetter) string {
	switch why {
	case newsletter.NotMailable:
		return s.say("not mailable: paused, without consent, or unsubscribed", "送れません（休止中、同意がない、または配信停止）")
	case newsletter.IsPaused:
		return s.say("has asked for a pause", "お休みを希望しています")
	case newsletter.OnlyMain:
		return s.say("wants main issues only, and this one has no number", "本号だけを希望しています（この号には号数がありません）")
	case newsletter.NothingForMe:
		return s.say("the issue has nothing for them", "この号には、この人に届ける記事がありません")
	}
	return string(why)
}

// difference says what is not as it was when the issue was locked.
func (s *session) difference(d newsletter.Difference) string {
	where := d.Path
	if d.Variant != "" && d.Path != "" {
		where = s.say(d.Path+" in "+d.Variant, d.Variant+" の "+d.Path)
	} else if d.Variant != "" {
		where = d.Variant
	}
	switch d.What {
	case newsletter.DiffBaseURL:
		return s.say("base_url: links would begin with another address", "base_url：リンクの先頭のアドレスが変わっています")
	case newsletter.DiffGone:
		return s.say(where+": not there any more, or not for these readers", where+"：なくなったか、この読者のものではなくなっています")
	case newsletter.DiffItem:
		return s.say(where+": title, summary or facts have changed", where+"：題・要約・日時などが変わっています")
	case newsletter.DiffGreeting:
		return s.say(where+": subject, preheader or greeting have changed", where+"：件名・プリヘッダー・ごあいさつが変わっています")
	case newsletter.DiffSegment:
		return s.say("segment "+where+": another expression, so others are in it", "セグメント "+where+"：式が変わり、入る人が変わっています")
	case newsletter.DiffEdition:
		return s.say(where+": the edition is not there any more", where+"：この言語の版がなくなっています")
	}
	return s.say(where+": layouts, words or site.yaml have changed, or kaiho itself", where+"：レイアウト・文言・site.yaml か、kaiho 自身が変わっています")
}

// tellDifferences names what is not as the lock has it.
func (s *session) tellDifferences(i *issue) {
	all := i.Differences(i.letters)
	if len(all) == 0 {
		return
	}
	fmt.Fprintln(s.stderr, s.say("not as it was locked; lock it again, or undo the change:", "lock したときと変わっています。もう一度 lock するか、元に戻してください："))
	for _, d := range all {
		fmt.Fprintln(s.stderr, "  "+s.difference(d))
	}
}

// audienceName is what a variant's audience is called in messages.
func audienceName(v *newsletter.Variant) string { return v.Audience.String() }
