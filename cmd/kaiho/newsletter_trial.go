package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"kaiho/generator/mailer"
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
They go to the mail server of KAIHO_SMTP_URL, signed by KAIHO_DKIM. Without
KAIHO_SMTP_URL they go as .eml files to the outbox in the state folder.`,
			`お便りを種類ごとに一通ずつ、指定したアドレスに送ります。読者と同じところで
見てください。会員のアドレスなら、その人の名前と、その人に開けるリンクが入り
ます。そうでなければ架空の読者宛てで、リンクでは何も開きません。ほかの人には
何も届かず、送ったことにもなりません。
KAIHO_SMTP_URL のサーバーへ、KAIHO_DKIM で署名して送ります。KAIHO_SMTP_URL が
なければ、作業用フォルダーの outbox に .eml として入ります。`),
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
	relay, dkim, err := s.relay()
	if err != nil {
		return err
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
	return s.tryLetters(ctx, i, trial{address, variant, signer, found, relay, dkim})
}

// trial is to whom letters go that are only tried.
type trial struct {
	to      member.Address
	variant string // only this one; "": all
	signer  newsletter.Signer
	reader  *newsletter.Person // nil: nobody knows the address
	relay   *mailer.Config     // nil: the outbox
	dkim    *mailer.Signer     // nil: nobody signs here
}

func (s *session) tryLetters(ctx context.Context, i *issue, to trial) error {
	post, where, err := s.openTrialPost(to)
	if err != nil {
		return err
	}
	defer post.Close()
	sent := 0
	for n := range i.letters {
		l := &i.letters[n]
		if to.variant != "" && l.Variant.Name != to.variant {
			continue
		}
		e, err := s.tryLetter(i, *l, to)
		if err != nil {
			return err
		}
		if o := post.Send(ctx, e, nil); o.State != mailer.Sent {
			p := o.Problem()
			return fmt.Errorf("%s: %s", l.Variant.Name, p.Text(s.lang))
		}
		fmt.Fprintln(s.stdout, l.Variant.Name)
		sent++
	}
	if sent == 0 {
		_, _, err := s.placeOf(ctx, i, explainFlags{variant: to.variant})
		return err
	}
	fmt.Fprintln(s.stderr, s.say(fmt.Sprintf("%s to %s, %s", count(sent, "letter"), to.to.SMTP, where),
		fmt.Sprintf("%s 宛てに %d 通を%s", to.to.SMTP, sent, where)))
	return nil
}

// trialPost is what takes letters that are tried: a session with the relay, or the
// folder.
type trialPost interface {
	Send(ctx context.Context, e mailer.Envelope, beforeDot func() error) mailer.Outcome
	Close()
}

// folderPost is the outbox with its folder, which it closes.
type folderPost struct{ mailer.Outbox }

func (p *folderPost) Close() { p.Dir.Close() }

// openTrialPost opens the way of the letters, and says in words which it is.
func (s *session) openTrialPost(to trial) (post trialPost, where string, err error) {
	if to.relay != nil {
		return mailer.NewRelay(*to.relay).Session(), s.say("by "+to.relay.Host, " "+to.relay.Host+" 経由で送りました"), nil
	}
	if err := s.makeState(); err != nil {
		return nil, "", err
	}
	dir, err := os.OpenRoot(s.state())
	if err != nil {
		return nil, "", fmt.Errorf("open the state folder: %w", err)
	}
	return &folderPost{mailer.Outbox{Dir: dir}}, s.say("in "+s.outboxFolder(), " "+s.outboxFolder()+" に入れました"), nil
}

// tryLetter writes one letter that is only tried, which its subject says.
func (s *session) tryLetter(i *issue, l newsletter.Letter, to trial) (mailer.Envelope, error) {
	l.Subject = "[" + s.say("test", "試し") + " " + l.Variant.Name + "] " + l.Subject
	t, err := i.Template(l)
	if err != nil {
		return mailer.Envelope{}, err
	}
	reader := newsletter.Person{Member: inventedReader(l.Variant)}
	if to.reader != nil {
		reader = *to.reader
	}
	reader.Member.SMTP, reader.Date, reader.Trial = to.to.SMTP, s.now().In(i.project.Config.Zone), chance()
	data, err := t.Append(nil, reader, to.signer)
	if err != nil {
		return mailer.Envelope{}, err
	}
	if to.dkim != nil {
		if data, err = to.dkim.Append(nil, data); err != nil {
			return mailer.Envelope{}, fmt.Errorf("sign a letter: %w", err)
		}
	}
	return envelope(i.project.Config.Mail.From.Address, to.to.SMTP, data)
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
