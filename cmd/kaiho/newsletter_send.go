package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kaiho/generator/config"
	"kaiho/generator/dispatch"
	"kaiho/generator/ledger"
	"kaiho/generator/mailer"
	"kaiho/generator/member"
	"kaiho/generator/store"
)

// sendFlags are how an issue is sent.
type sendFlags struct {
	yes         bool
	limit       int
	stagger     string
	at          string
	anytime     bool
	wait        bool
	resume      bool
	redoOutbox  bool
	policy      string
	connections int
}

func newNewsletterSend(s *session) *cobra.Command {
	var f sendFlags
	c := &cobra.Command{
		Use: "send ID", Args: cobra.ExactArgs(1),
		Short: s.say("Send a locked issue: nobody missed, nobody twice", "lock した号を送る（漏れなく、二重なく）"),
		Long: s.say(`Send a locked issue. Who gets what is shown first, and asked about unless --yes.
Every letter has a row in the database before and after it goes out: end this
command at any moment, by Ctrl-C or by pulling the plug, and run it again; it
goes on where it was; when everybody has it, nothing happens. Letters that may
or may not have arrived are not sent again: "kaiho newsletter status" counts
them, "resolve" settles them. If the mail server refuses everything, the issue
is paused, and goes on with --resume. Several machines may send at once, with
one database (KAIHO_DATABASE_URL).
Letters go through the mail server of KAIHO_SMTP_URL; without it, as .eml files
to the outbox in the state folder, and so to nobody. KAIHO_DKIM signs them.`,
			`lock した号を送ります。はじめに、だれに何が届くかを示して確認します（--yes で
省けます）。どのお便りも、送る前とあとにデータベースへ記録します。Ctrl-C でも
停電でも、いつ止まってもかまいません。もう一度実行すれば続きから送り、全員に
送り終えていれば何もしません。届いたかどうか分からないお便りは、送り直しません。
件数は kaiho newsletter status で分かり、resolve で決着をつけます。
メールサーバーに続けて断られると、号は一時停止します。--resume で再開します。
データベースを共有すれば（KAIHO_DATABASE_URL）、何台からでも同時に送れます。
お便りは KAIHO_SMTP_URL のメールサーバーから出ます。指定がなければ、作業用
フォルダーの outbox に .eml ファイルとして入るだけで、だれにも届きません。
署名は KAIHO_DKIM で指定します。`),
		Example:           "  kaiho newsletter send 2026-11-18\n  kaiho newsletter send 2026-11-18 --limit 20 --yes\n  kaiho newsletter send 2026-11-18 --at 2026-11-18T08:00+09:00",
		ValidArgsFunction: s.completeIssues,
		RunE: func(c *cobra.Command, args []string) error {
			for _, name := range []string{"limit", "connections"} {
				if n, err := c.Flags().GetInt(name); err == nil && n < 1 && c.Flags().Changed(name) {
					return usageError{errors.New(s.say("--"+name+" is a number from 1 up", "--"+name+" には 1 以上の数を書いてください"))}
				}
			}
			return s.sendIssue(c.Context(), args[0], f)
		},
	}
	c.Flags().BoolVar(&f.yes, "yes", false, s.say("do not ask", "確認しない"))
	c.Flags().IntVar(&f.limit, "limit", 0, s.say("send this `number` of letters, and no more now", "この`通数`だけ送って終わる"))
	c.Flags().StringVar(&f.stagger, "stagger", "", s.say("at most at this `rate`, such as 200/h or 1000/d", "この`速さ`を超えずに送る（200/h、1000/d など）"))
	c.Flags().StringVar(&f.at, "at", "", s.say("begin at this `time` (RFC 3339)", "この`日時`に始める（RFC 3339）"))
	c.Flags().BoolVar(&f.anytime, "anytime", false, s.say("with --at: also at night and on holidays", "--at の日時が夜間や休日でも送る"))
	c.Flags().BoolVar(&f.wait, "wait", false, s.say("stay until no letter is deferred any more", "再送待ちのお便りがなくなるまで続ける"))
	c.Flags().BoolVar(&f.resume, "resume", false, s.say("go on with an issue that was paused", "一時停止した号を再開する"))
	c.Flags().BoolVar(&f.redoOutbox, "redo-outbox", false, s.say("send again what only went to the outbox", "outbox に入っただけのお便りを、もう一度送る"))
	c.Flags().StringVar(&f.policy, "policy", "", s.say("`hold|resend` letters that may have arrived: never twice (the default), or never missing", "`hold|resend`：届いたか分からないお便りを送り直さない（既定）か、送り直すか"))
	c.Flags().IntVar(&f.connections, "connections", 0, s.say("this `number` of connections to the mail server", "メールサーバーへの接続の`数`"))
	return c
}

// sending is an issue on its way.
type sending struct {
	*issue
	db     *store.DB
	ledger *ledger.Ledger
	writer *letterWriter
	relay  *mailer.Config // nil: the outbox
}

func (s *session) sendIssue(ctx context.Context, id string, f sendFlags) error {
	limits, err := s.limits(f)
	if err != nil {
		return err
	}
	run, err := s.openSending(ctx, id)
	if err != nil {
		return err
	}
	defer func() { run.db.Close() }()
	at, err := s.startAt(f, run.project.Config.Zone)
	if err != nil {
		return err
	}
	if err := s.ofDatabase(s.queue(ctx, run, f)); err != nil {
		return err
	}
	if ready, err := s.confirm(ctx, run, f); err != nil || !ready {
		return s.ofDatabase(err)
	}
	if !at.IsZero() {
		if err := s.waitUntil(ctx, at); err != nil {
			return err
		}
		again, err := s.openSending(ctx, id) // as it is locked by now
		if err != nil {
			return err
		}
		run.db.Close()
		run = again
		if err := s.ofDatabase(s.queue(ctx, run, f)); err != nil {
			return err
		}
	}
	return s.ofDatabase(s.sendQueued(ctx, run, f, limits))
}

// openSending makes an issue ready to be sent, or says why it may not be.
func (s *session) openSending(ctx context.Context, id string) (*sending, error) {
	i, err := s.openIssue(id, false)
	if err != nil {
		return nil, err
	}
	if err := s.mayBeSent(i); err != nil {
		return nil, err
	}
	run := &sending{issue: i}
	var dkim *mailer.Signer
	if run.relay, dkim, err = s.relay(); err != nil {
		return nil, err
	}
	if err := s.doctorBefore(ctx, run); err != nil {
		return nil, err
	}
	if run.db, err = s.database(ctx); err != nil {
		return nil, err
	}
	run.ledger = ledger.Open(run.db)
	if run.writer, err = s.newWriter(ctx, i, member.Open(run.db), dkim); err != nil {
		run.db.Close()
		return nil, s.ofDatabase(err)
	}
	return run, nil
}

// queue puts everybody into the ledger who is not there yet, by what is known now.
func (s *session) queue(ctx context.Context, run *sending, f sendFlags) error {
	if f.policy != "" {
		if err := run.ledger.SetPolicy(ctx, run.ID, ledger.Policy(f.policy)); err != nil {
			return err
		}
	}
	if err := s.recoverLetters(ctx, run.ledger); err != nil { // else they look as if somebody were at it
		return err
	}
	if err := run.ledger.Refresh(ctx, run.ID); err != nil {
		return err
	}
	state, err := run.ledger.Issue(ctx, run.ID)
	if err != nil {
		return err
	}
	run.writer.begun = state.Started
	if f.redoOutbox {
		if _, err := run.ledger.Redo(ctx, run.ID, outboxHost, run.relay == nil, s.clock()); err != nil {
			return err
		}
	}
	if _, err := run.ledger.Queue(ctx, run.ID, run.writer.entries(ctx, s.now()), s.clock()); err != nil {
		return err
	}
	if f.resume {
		return run.ledger.Resume(ctx, run.ID, s.now())
	}
	return nil
}

// outboxHost is the relay's name in the ledger of letters that went to the outbox.
const outboxHost = "outbox"

// sendQueued sends what is queued.
func (s *session) sendQueued(ctx context.Context, run *sending, f sendFlags, limits dispatch.Options) error {
	o, err := s.dispatchOptions(run, f, limits)
	if err != nil {
		return err
	}
	progress := s.newProgress(ctx, run)
	o.Told = progress.told
	o.Waiting = func(a dispatch.Allowance) {
		text := s.waiting(a, s.clock(), run.project.Config.Zone)
		if s.terminal {
			text = "\n" + text // below the bar
		}
		fmt.Fprintln(s.stderr, text)
	}
	defer context.AfterFunc(ctx, func() {
		fmt.Fprintln(s.stderr, s.say("\nfinishing the letters in hand; Ctrl-C once more ends it at once", "\n送りかけのお便りを送り終えてから止まります。もう一度 Ctrl-C を押すと、すぐに止まります"))
	})()
	result, err := dispatch.Run(ctx, run.ledger, run.writer, o)
	progress.end()
	return s.sent(context.WithoutCancel(ctx), run, progress.started, result, err)
}

// mayBeSent refuses an issue that is not locked, or not as it was locked, or that has
// errors.
func (s *session) mayBeSent(i *issue) error {
	if i.Lock == nil {
		return errors.New(s.say(fmt.Sprintf("%s is not locked; look it over, and lock it: kaiho newsletter lock %[1]s", i.ID),
			fmt.Sprintf("%s はまだ lock されていません。見直してから lock してください: kaiho newsletter lock %[1]s", i.ID)))
	}
	if len(i.Differences(i.letters)) > 0 {
		s.tellDifferences(i)
		return errProblems
	}
	if problems := i.Preflight(i.letters, nil); problems.HasErrors() {
		return s.printed(problems)
	}
	return nil
}

// relay returns where letters go by KAIHO_SMTP_URL, nil for the outbox, and who signs
// them by KAIHO_DKIM, nil for nobody.
func (s *session) relay() (*mailer.Config, *mailer.Signer, error) {
	dkim, problems := mailer.ParseSigner(s.getenv("KAIHO_DKIM"), os.ReadFile)
	var relay *mailer.Config
	if address := s.getenv("KAIHO_SMTP_URL"); address != "" {
		config, found := mailer.Parse(address, s.getenv("KAIHO_SMTP_TLS"))
		problems = append(problems, found...)
		relay = &config
	}
	for _, p := range problems {
		fmt.Fprintf(s.stderr, "kaiho: %s\n", p.Text(s.lang))
	}
	if problems.HasErrors() {
		return nil, nil, errProblems
	}
	return relay, dkim, nil
}

// dispatchOptions are those of a run.
func (s *session) dispatchOptions(run *sending, f sendFlags, o dispatch.Options) (dispatch.Options, error) {
	host, err := os.Hostname()
	if err != nil {
		return o, fmt.Errorf("name this machine: %w", err)
	}
	o.Issue, o.Worker, o.Limit, o.Wait = run.ID, ledger.NewWorker(host, os.Getpid()), f.limit, f.wait
	o.Now, o.Machine, o.Alive = s.now, time.Now, isAlive
	o.Host, o.Connections = outboxHost, 1
	if run.relay == nil {
		dir, err := os.OpenRoot(s.state())
		if err != nil {
			return o, fmt.Errorf("open the state folder: %w", err)
		}
		o.Carrier = func() dispatch.Carrier { return &mailer.Outbox{Dir: dir} }
		return o, nil
	}
	relay := mailer.NewRelay(*run.relay)
	o.Host, o.Connections = run.relay.Host, run.relay.Connections
	if f.connections > 0 {
		o.Connections = f.connections
	}
	o.Carrier = func() dispatch.Carrier { return relay.Session() }
	rates := limitsOf(run.project.Config.Mail.Rates, run.relay.IsLoopback())
	if rate, ok := config.ParseRate(f.stagger); ok && (rates.All == 0 || float64(rate) < rates.All) {
		rates.All = float64(rate)
	}
	o.Rates = mailer.NewRates(rates)
	if n := run.project.Config.Mail.Rates.All.An(3600); n > 0 && (o.HourLimit == 0 || n < o.HourLimit) {
		o.HourLimit = n
	}
	if warm := run.project.Config.Mail.WarmUp; warm.Limit > 0 {
		if mailer.Allowance(warm.From.Time, s.now(), warm.Limit) == 0 {
			return o, errors.New(s.say("the warm-up begins later (mail.warm_up.from in site.yaml): nothing was sent", "ウォームアップはまだ始まっていません（site.yaml の mail.warm_up.from）。何も送っていません"))
		}
		stagger := o.DayLimit
		o.DayLimit = func(now time.Time) int {
			n := mailer.Allowance(warm.From.Time, now, warm.Limit)
			if stagger != nil {
				n = min(n, stagger(now))
			}
			return n
		}
	}
	return o, nil
}

// limitsOf are the limits of site.yaml for one process.
func limitsOf(r config.Rates, loopback bool) mailer.Limits {
	l := mailer.Limits{All: float64(r.All), Domain: float64(r.Domain), Domains: map[string]float64{}, Loopback: loopback}
	for _, d := range r.Domains {
		l.Domains[strings.ToLower(d.Key)] = float64(d.Value)
	}
	return l
}
