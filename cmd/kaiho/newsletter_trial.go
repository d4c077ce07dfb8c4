package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"kaiho/generator/member"
	"kaiho/generator/newsletter"
	"kaiho/generator/signedlink"
)

func newNewsletterTest(s *session) *cobra.Command {
	var to, variant string
	c := &cobra.Command{
		Use: "test ID --to ADDRESS", Args: cobra.ExactArgs(1),
		Short: s.say("Send one letter of each variant to yourself", "お便りを一通ずつ、自分に試し送りする"),
		Long: s.say(`Send one letter of each variant to an address, to look at them where readers
will. If a member has the address, the letters carry that member's name and
links that open what the member may read; else they are to an invented reader,
and their links open nothing. Nobody else gets anything, and nothing is recorded
as sent.
Without KAIHO_SMTP_URL they go as .eml files to the outbox in the state folder.`,
			`お便りを種類ごとに一通ずつ、指定したアドレスに送ります。読者と同じところで
見てください。会員のアドレスなら、その人の名前と、その人に開けるリンクが入り
ます。そうでなければ架空の読者宛てで、リンクでは何も開きません。ほかの人には
何も届かず、送ったことにもなりません。
KAIHO_SMTP_URL がなければ、作業用フォルダーの outbox に .eml として入ります。`),
		Example:           "  kaiho newsletter test 2026-11-18 --to editor@example.jp",
		ValidArgsFunction: s.completeIssues,
		RunE:              func(c *cobra.Command, args []string) error { return s.tryIssue(c.Context(), args[0], to, variant) },
	}
	c.Flags().StringVar(&to, "to", "", s.say("`address` that gets the letters", "受け取る`アドレス`"))
	c.Flags().StringVar(&variant, "variant", "", s.say("only the letter of this `name`", "この`名前`のお便りだけ"))
	_ = c.MarkFlagRequired("to") // it is there
	return c
}

func (s *session) tryIssue(ctx context.Context, id, to, variant string) error {
	address, err := member.ParseAddress(to)
	if err != nil {
		return usageError{errors.New(s.say(fmt.Sprintf("--to %s is not a mail address", to), fmt.Sprintf("--to の「%s」はメールアドレスではありません", to)))}
	}
	if s.getenv("KAIHO_SMTP_URL") != "" {
		fmt.Fprintf(s.stderr, "kaiho: %s\n", s.say("KAIHO_SMTP_URL is not used yet: the letters go to the outbox",
			"KAIHO_SMTP_URL はまだ使われません。お便りは outbox に入ります"))
	}
	i, err := s.openIssue(id, false)
	if err != nil {
		return err
	}
	s.tellDifferences(i)
	if problems := i.Preflight(i.letters, nil); problems.HasErrors() {
		return s.printed(problems)
	}
	signer, found, err := s.trialReader(ctx, i, address)
	if err != nil {
		return err
	}
	return s.tryLetters(ctx, i, trial{address, variant, signer, found})
}

// trial is to whom letters go that are only tried.
type trial struct {
	to      member.Address
	variant string // only this one; "": all
	signer  newsletter.Signer
	reader  *newsletter.Person // nil: nobody knows the address
}

func (s *session) tryLetters(ctx context.Context, i *issue, to trial) error {
	if err := s.makeState(); err != nil {
		return err
	}
	dir, err := os.OpenRoot(s.state())
	if err != nil {
		return fmt.Errorf("open the state folder: %w", err)
	}
	defer dir.Close()
	box := outbox{dir: dir}
	sent := 0
	for n := range i.letters {
		l := &i.letters[n]
		if to.variant != "" && l.Variant.Name != to.variant {
			continue
		}
		l.Subject = "[" + s.say("test", "試し") + " " + l.Variant.Name + "] " + l.Subject
		t, err := i.Template(*l)
		if err != nil {
			return err
		}
		reader := newsletter.Person{Member: inventedReader(l.Variant)}
		if to.reader != nil {
			reader = *to.reader
		}
		reader.Member.SMTP, reader.Date = to.to.SMTP, s.now()
		data, err := t.Append(nil, reader, to.signer)
		if err != nil {
			return err
		}
		if err := box.put(ctx, s.now(), "test-"+l.Variant.Name+"-"+chance(), data); err != nil {
			return err
		}
		fmt.Fprintln(s.stdout, l.Variant.Name)
		sent++
	}
	if sent == 0 {
		_, _, err := s.placeOf(ctx, i, explainFlags{variant: to.variant})
		return err
	}
	fmt.Fprintln(s.stderr, s.say(fmt.Sprintf("%s to %s, in %s", count(sent, "letter"), to.to.SMTP, filepath.Join(s.state(), outboxFolder)),
		fmt.Sprintf("%s 宛てに %d 通を %s に入れました", to.to.SMTP, sent, filepath.Join(s.state(), outboxFolder))))
	return nil
}

// trialReader returns the member who has the address, and who signs the links of a
// trial: the site's own keys for a member, nobody else.
func (s *session) trialReader(ctx context.Context, i *issue, address member.Address) (newsletter.Signer, *newsletter.Person, error) {
	members, isKnown, err := s.people(ctx)
	at := slices.IndexFunc(members, func(m member.Member) bool { return m.Email == address.Canonical })
	if err != nil || !isKnown || at < 0 {
		return newsletter.Specimen{}, nil, err
	}
	reader := &newsletter.Person{Member: members[at]}
	err = s.withBook(ctx, func(b *member.Book) error {
		notes, err := b.LetterNotes(ctx, i.ID)
		reader.Note = notes[reader.Member.ID]
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	ring, err := s.ring(i.project.Config.BaseURL)
	if errors.As(err, new(noKeys)) {
		fmt.Fprintf(s.stderr, "kaiho: %s\n", s.say("the links open nothing: "+err.Error(), "リンクでは何も開きません。"+err.Error()))
		return newsletter.Specimen{}, reader, nil
	}
	return ring, reader, err
}

// ring returns the keys of the site at an address.
func (s *session) ring(baseURL string) (*signedlink.Ring, error) {
	keys, err := s.keys()
	if err != nil {
		return nil, err
	}
	origin, err := signedlink.Origin(baseURL)
	if err != nil {
		return nil, err
	}
	return signedlink.NewRing(origin, keys)
}
