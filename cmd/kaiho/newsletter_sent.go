package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"kaiho/generator/config"
	"kaiho/generator/diag"
	"kaiho/generator/dispatch"
	"kaiho/generator/doctor"
	"kaiho/generator/ledger"
	"kaiho/generator/mailer"
	"kaiho/generator/member"
)

func (s *session) outboxFolder() string { return filepath.Join(s.state(), mailer.OutboxFolder) }

// limits reads --stagger and checks --policy.
func (s *session) limits(f sendFlags) (o dispatch.Options, err error) {
	if f.policy != "" && f.policy != string(ledger.Hold) && f.policy != string(ledger.Resend) {
		return o, usageError{errors.New(s.say("--policy is hold or resend", "--policy には hold か resend を書いてください"))}
	}
	if f.stagger == "" {
		return o, nil
	}
	rate, ok := config.ParseRate(f.stagger)
	if !ok {
		return o, usageError{errors.New(s.say(fmt.Sprintf("--stagger %s: write it as 200/h or 1000/d", f.stagger), fmt.Sprintf("--stagger の「%s」は 200/h や 1000/d の形で書いてください", f.stagger)))}
	}
	o.Rates = mailer.NewRates(mailer.Limits{All: float64(rate), Loopback: true})
	if strings.HasSuffix(f.stagger, "d") {
		o.DayLimit = func(time.Time) int { return rate.An(86400) }
	} else {
		o.HourLimit = rate.An(3600)
	}
	return o, nil
}

// doctorBefore looks for what would stop the send.
func (s *session) doctorBefore(ctx context.Context, run *sending) error {
	o, closing, err := s.doctorOptions(ctx)
	if err != nil {
		return err
	}
	defer closing()
	o.Offline = run.relay == nil // nothing leaves this machine
	findings, local := doctor.Run(ctx, o), doctor.IsLocal(o.SMTPURL)
	blocking := findings.Blocking(local)
	for _, f := range findings {
		if f.Severity == diag.Error && (f.Topic == doctor.DNS || f.Topic == doctor.Site) && local {
			fmt.Fprintf(s.stderr, "kaiho: %s: %s\n", s.say("warning", "注意"), f.Message(s.lang))
		}
	}
	if len(blocking) == 0 {
		return nil
	}
	for _, f := range blocking {
		fmt.Fprintf(s.stderr, "kaiho: %s\n", diag.Sentences(s.lang, f.Message(s.lang), f.Remedy(s.lang)))
	}
	fmt.Fprintln(s.stderr, s.say("nothing was sent; \"kaiho doctor\" tells more", "何も送っていません。詳しくは kaiho doctor で調べてください"))
	return errProblems
}

// startAt reads --at, which must be a good time for mail, by the clock of the site; the
// zero time without it.
func (s *session) startAt(f sendFlags, zone *time.Location) (time.Time, error) {
	if f.at == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, f.at)
	if err != nil {
		at, err = time.Parse("2006-01-02T15:04Z07:00", f.at)
	}
	if err != nil {
		return at, usageError{errors.New(s.say(fmt.Sprintf("--at %s is not a time; write it as 2026-11-18T08:00+09:00", f.at), fmt.Sprintf("--at の「%s」は日時として読めません。2026-11-18T08:00+09:00 の形で書いてください", f.at)))}
	}
	at = at.In(zone)
	hour := at.Hour()
	switch name := holiday(at); {
	case at.Before(s.now()):
		return at, usageError{errors.New(s.say("--at "+f.at+" is over", "--at の日時（"+f.at+"）は過ぎています"))}
	case f.anytime:
	case name != "":
		return at, usageError{errors.New(s.say("--at is on a holiday or weekend ("+name+"); to send all the same, add --anytime", "--at の日時は休日（"+name+"）です。それでも送るなら --anytime を付けてください"))}
	case hour < 7 || hour >= 21:
		return at, usageError{errors.New(s.say("--at is at night (before 7, or from 21 on); to send all the same, add --anytime", "--at の日時は夜間（21時から7時まで）です。それでも送るなら --anytime を付けてください"))}
	}
	return at, nil
}

// waitUntil waits for a time.
func (s *session) waitUntil(ctx context.Context, at time.Time) error {
	wait := at.Sub(s.now())
	if wait <= 0 {
		return nil
	}
	fmt.Fprintln(s.stderr, s.say("waiting until "+at.Format("2006-01-02 15:04")+"; leave this running", at.Format("2006-01-02 15:04")+" まで待ちます。このまま動かしておいてください"))
	select {
	case <-ctx.Done():
		return errors.New(s.say("stopped; nothing was sent", "中断しました。何も送っていません"))
	case <-time.After(wait):
		return nil
	}
}

// progress is the line that tells how far a send is.
type progress struct {
	s       *session
	total   int64
	started time.Time
	stop    context.CancelFunc
	done    sync.WaitGroup

	mu    sync.Mutex
	count map[mailer.State]int64
}

func (s *session) newProgress(ctx context.Context, run *sending) *progress {
	p := &progress{s: s, started: time.Now(), count: map[mailer.State]int64{}}
	if counts, err := run.ledger.Counts(ctx, run.ID); err == nil { // else the line has no sum
		p.total = counts.Pending + counts.Deferred
	}
	ctx, p.stop = context.WithCancel(context.WithoutCancel(ctx)) // letters in hand are told of after Ctrl-C, too
	if s.terminal {
		p.done.Go(func() { p.show(ctx) })
	}
	return p
}

func (p *progress) told(_ ledger.Delivery, o mailer.Outcome) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count[o.State]++
}

func (p *progress) show(ctx context.Context) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			fmt.Fprint(p.s.stderr, "\r"+p.line()+"\n")
			return
		case <-tick.C:
			fmt.Fprint(p.s.stderr, "\r"+p.line())
		}
	}
}

// line is a bar, how many of how many, how fast, and how long it will take.
func (p *progress) line() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	const bar = 24
	sent, failed, deferred := p.count[mailer.Sent], p.count[mailer.Failed], p.count[mailer.Deferred]+p.count[mailer.Policy]
	done := sent + failed + p.count[mailer.Unknown]
	filled := 0
	if p.total > 0 {
		filled = int(min(done, p.total) * bar / p.total)
	}
	rate := float64(done) / max(time.Since(p.started).Seconds(), 0.001)
	left := ""
	if rate > 0 && p.total > done {
		wait := time.Duration(float64(p.total-done) / rate * float64(time.Second)).Round(time.Second)
		left = p.s.say(fmt.Sprintf("%s left  ", wait), fmt.Sprintf("残り %s  ", japaneseDuration(wait)))
	}
	return fmt.Sprintf("[%s%s] %d/%d  %s  ", strings.Repeat("█", filled), strings.Repeat("·", bar-filled), done, p.total,
		p.s.say(fmt.Sprintf("%.0f/s  %s%d deferred  %d failed", rate, left, deferred, failed),
			fmt.Sprintf("毎秒 %.0f 通  %s再送待ち %d  不達 %d", rate, left, deferred, failed)))
}

// japaneseDuration writes hours, minutes and seconds.
func japaneseDuration(d time.Duration) string {
	return strings.NewReplacer("h", "時間", "m", "分", "s", "秒").Replace(d.Round(time.Second).String())
}

func (p *progress) end() {
	p.stop()
	p.done.Wait()
}

// sent says what a run came to.
func (s *session) sent(ctx context.Context, run *sending, began time.Time, r dispatch.Result, err error) error {
	if errors.Is(err, dispatch.ErrStopped) {
		fmt.Fprintln(s.stderr, s.say("stopped; send again to go on", "中断しました。もう一度実行すると、続きから送ります"))
		err = errProblems
	}
	counts, countErr := run.ledger.Counts(ctx, run.ID)
	s.tellUnknown(run.ID, counts)
	switch open := counts.Pending + counts.Deferred; {
	case r.Paused != "":
		fmt.Fprintln(s.stderr, s.say("the issue is now paused: ", "この号の送信を一時停止しました。")+s.pauseOf(r.Paused).text)
		if err == nil { // a failure of the machine is told by run
			err = errProblems
		}
	case err != nil || open == 0:
	case r.Next.IsZero():
		fmt.Fprintln(s.stderr, s.say(count(int(open), "letter")+" left; send again to go on", fmt.Sprintf("あと %d 通あります。もう一度実行すると、続きから送ります", open)))
	default:
		at := moment(r.Next, s.now(), run.project.Config.Zone)
		fmt.Fprintln(s.stderr, s.say(fmt.Sprintf("%s put off; send again after %s, or stay with --wait", count(int(counts.Deferred), "letter"), at),
			fmt.Sprintf("再送待ちのお便りが %d 通あります。%s 以降にもう一度送るか、--wait を付けてください", counts.Deferred, at)))
	}
	err = errors.Join(err, countErr, s.tellUnwritten(ctx, run, began), s.clearDead(ctx, run, began))
	st, lookErr := s.look(ctx, run.ledger, run.ID)
	if lookErr == nil {
		st.issue.Paused = time.Time{} // that was told
		_, lookErr = io.WriteString(s.stdout, s.statusText(run.ID, st))
	}
	return errors.Join(lookErr, err)
}

// moment is a time of day in a zone, rounded up to a minute, with its date if that is not
// the one of now.
func moment(at, now time.Time, zone *time.Location) string {
	at = at.Add(time.Minute - 1).Truncate(time.Minute).In(zone)
	if now = now.In(zone); at.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return at.Format("15:04")
	}
	return at.Format("2006-01-02 15:04")
}

// waiting says why a send waits, and until when.
func (s *session) waiting(a dispatch.Allowance, now time.Time, zone *time.Location) string {
	at := moment(a.Until, now, zone)
	if a.Day {
		return s.say(fmt.Sprintf("%d of today's %s sent: this command waits, and goes on at %s. You may stop it with Ctrl-C, and send again later", a.Sent, count(a.Limit, "letter"), at),
			fmt.Sprintf("今日の上限 %[2]d 通のうち、%[1]d 通を送りました。このまま待って、%[3]s に続きを送ります。Ctrl-C で止めて、あとで send し直してもかまいません", a.Sent, a.Limit, at))
	}
	return s.say(fmt.Sprintf("%d of this hour's %s sent: this command waits, and goes on at %s. You may stop it with Ctrl-C, and send again later", a.Sent, count(a.Limit, "letter"), at),
		fmt.Sprintf("1時間の上限 %[2]d 通のうち、%[1]d 通を送りました。このまま待って、%[3]s に続きを送ります。Ctrl-C で止めて、あとで send し直してもかまいません", a.Sent, a.Limit, at))
}

// tellUnwritten names those whose letters could not be written since a time.
func (s *session) tellUnwritten(ctx context.Context, run *sending, since time.Time) error {
	found := false
	err := eachRow(ctx, run.ledger, run.writer.book, ledger.Filter{States: []ledger.State{ledger.Failed}}, run.ID, func(row ledger.Delivery, m member.Member) error {
		if row.Reason == ledger.ReasonUnwritten && !row.UpdatedAt.Before(since.Truncate(time.Millisecond)) {
			found = true
			fmt.Fprintln(s.stderr, s.say(fmt.Sprintf("the letter to %s <%s> could not be written: %s. When that is mended: kaiho newsletter resolve %s --again %d", m.Name, row.Address, row.Reply, run.ID, row.Member),
				fmt.Sprintf("%s <%s> へのお便りを作れませんでした：%s。直したら: kaiho newsletter resolve %s --again %d", m.Name, row.Address, row.Reply, run.ID, row.Member)))
		}
		return nil
	})
	if err == nil && found {
		err = errProblems
	}
	return err
}

// A relay that calls this many addresses dead, and this share of those that it answered
// about, has most likely another trouble: nobody is taken off for it.
const (
	manyDead  = 20
	shareDead = 0.3
)

// clearDead takes members off whose addresses the relay has said are dead since a time:
// no further letter goes there until somebody gives another address.
func (s *session) clearDead(ctx context.Context, run *sending, since time.Time) error {
	var dead []ledger.Delivery
	for row, err := range run.ledger.Rows(ctx, run.ID, ledger.Filter{States: []ledger.State{ledger.Failed}}) {
		if err != nil {
			return err
		}
		if row.Reason == string(diag.AddressDead) && !row.UpdatedAt.Before(since) {
			dead = append(dead, row)
		}
	}
	counts, err := run.ledger.Counts(ctx, run.ID)
	if err != nil {
		return err
	}
	if answered := counts.Sent + counts.Failed; len(dead) >= manyDead && float64(len(dead)) > shareDead*float64(answered) {
		fmt.Fprintln(s.stderr, s.say(fmt.Sprintf("the mail server says that %d of %d addresses do not exist. That is unlikely, so nobody was taken off. Ask whoever runs it; kaiho newsletter report %s has its answers", len(dead), answered, run.ID),
			fmt.Sprintf("メールサーバーは、%[2]d 件のうち %[1]d 件のアドレスがないと答えました。考えにくいことなので、だれの配信も止めていません。サーバーの管理者に確かめてください。応答は kaiho newsletter report %[3]s で見られます", len(dead), answered, run.ID)))
		return errProblems
	}
	for _, row := range dead {
		if m, err := run.writer.book.Member(ctx, row.Member); err != nil || m.SMTP != row.Address {
			if err != nil && !errors.Is(err, member.ErrNotFound) {
				return err
			}
			continue // erased, or has another address now
		}
		if err := run.writer.book.Unsubscribe(ctx, row.Member, 0, s.clock(), channelBounce); err != nil {
			return err
		}
	}
	return nil
}

// Channels by which a member is off the list without having asked for it.
const (
	channelBounce    = "bounce"
	channelComplaint = "complaint"
	channelMail      = "mail"
)
