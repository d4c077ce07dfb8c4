package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"kaiho/generator/ledger"
)

// confirm shows who gets what, and asks. It returns false, and no error, if nothing is
// left to send.
func (s *session) confirm(ctx context.Context, run *sending, f sendFlags) (ready bool, err error) {
	counts, err := run.ledger.Counts(ctx, run.ID)
	if err != nil {
		return false, err
	}
	if err := s.mayGoOut(ctx, run, counts); err != nil {
		return false, err
	}
	inHand := counts.Leased + counts.InFlight
	if counts.Pending+counts.Deferred+inHand == 0 {
		s.tellNothingLeft(run.ID, counts)
		return false, s.statusOf(ctx, run.ledger, run.ID, false)
	}
	state, err := run.ledger.Issue(ctx, run.ID)
	if err != nil {
		return false, err
	}
	if why := s.pausedLine(state); why != "" {
		return false, errors.New(why)
	}
	if err := s.tellSending(ctx, run, f, counts); err != nil {
		return false, err
	}
	if f.yes || counts.Pending+counts.Deferred == 0 {
		return true, nil
	}
	return s.agrees(ctx)
}

// mayGoOut refuses what would send letters to nobody, or not to all.
func (s *session) mayGoOut(ctx context.Context, run *sending, counts ledger.Counts) error {
	if counts.Candidates == 0 {
		return errors.New(s.say("the database has no members: see KAIHO_STATE and KAIHO_DATABASE_URL, or import them: kaiho member import", "データベースに会員がいません。KAIHO_STATE と KAIHO_DATABASE_URL を確かめるか、会員を取り込んでください: kaiho member import"))
	}
	if run.relay == nil {
		return nil
	}
	trial, err := wentToOutbox(ctx, run)
	if err == nil && trial {
		err = errors.New(s.say("letters of this issue went to the outbox, and so to nobody; to send those, too, add --redo-outbox", "この号のお便りは outbox に入っただけで、だれにも届いていません。それらも送るには --redo-outbox を付けてください"))
	}
	return err
}

// wentToOutbox reports whether letters of an issue went to the outbox, and so to nobody.
func wentToOutbox(ctx context.Context, run *sending) (bool, error) {
	for row, err := range run.ledger.Rows(ctx, run.ID, ledger.Filter{States: []ledger.State{ledger.Sent}}) {
		if err != nil {
			return false, err
		}
		if row.Relay == outboxHost {
			return true, nil
		}
	}
	return false, nil
}

// tellNothingLeft says that an issue is done, and what did not end well.
func (s *session) tellNothingLeft(id string, c ledger.Counts) {
	text := s.say("everybody has it; nothing is left to send", "全員に送り終えています。送るお便りは残っていません")
	switch {
	case c.Sent+c.Failed+c.Unknown == 0:
		text = s.say("nobody gets this issue; why not: kaiho newsletter report "+id, "この号が届く会員はいません。理由は kaiho newsletter report "+id+" で分かります")
	case c.Failed+c.Unknown > 0:
		text = s.say("nothing is left to send", "送るお便りは残っていません")
	}
	if c.Failed > 0 {
		text += s.say(fmt.Sprintf("; %s could not be delivered: kaiho newsletter report %s", count(int(c.Failed), "letter"), id),
			fmt.Sprintf("。%d 通は届きませんでした: kaiho newsletter report %s", c.Failed, id))
	}
	fmt.Fprintln(s.stderr, s.say(id+": ", id+"：")+text)
	s.tellUnknown(id, c)
}

// tellUnknown says what to do about letters that may have arrived.
func (s *session) tellUnknown(id string, c ledger.Counts) {
	if c.Unknown > 0 {
		fmt.Fprintln(s.stderr, s.say(fmt.Sprintf("%s may or may not have arrived: kaiho newsletter resolve %s", count(int(c.Unknown), "letter"), id),
			fmt.Sprintf("届いたかどうか分からないお便りが %d 通あります: kaiho newsletter resolve %s", c.Unknown, id)))
	}
}

// tellSending says how many letters are to be sent, of which variants, and where to.
func (s *session) tellSending(ctx context.Context, run *sending, f sendFlags, c ledger.Counts) error {
	variants, joined, err := openLetters(ctx, run)
	if err != nil {
		return err
	}
	open := c.Pending + c.Deferred
	en, ja := fmt.Sprintf("%s: %d of %d to send", run.ID, open, c.Candidates), fmt.Sprintf("%s：%d 人のうち %d 人に送ります", run.ID, c.Candidates, open)
	if joined > 0 {
		en += fmt.Sprintf("; %d joined since the first send", joined)
		ja += fmt.Sprintf("。%d 人は、最初の送信のあとに加わりました", joined)
	}
	if f.limit > 0 && int64(f.limit) < open {
		en += fmt.Sprintf("; %d now", f.limit)
		ja += fmt.Sprintf("。今回は %d 通です", f.limit)
	}
	if n := c.Leased + c.InFlight; n > 0 {
		en += fmt.Sprintf("; another process has %d in hand", n)
		ja += fmt.Sprintf("。ほかに %d 通を、別のプロセスが送っています", n)
	}
	fmt.Fprintln(s.stderr, s.say(en, ja))
	if run.relay != nil {
		fmt.Fprintln(s.stderr, s.say("  by the mail server "+run.relay.Host, "  メールサーバー："+run.relay.Host))
	} else {
		fmt.Fprintln(s.stderr, s.say("  to the outbox, "+s.outboxFolder()+", and so to nobody", "  outbox（"+s.outboxFolder()+"）に入るだけで、だれにも届きません"))
	}
	for _, v := range run.Variants {
		if variants[v.Name] > 0 {
			fmt.Fprintf(s.stderr, "  %6d  %s\n", variants[v.Name], v.Name)
		}
	}
	return nil
}

// openLetters counts the letters that are to be sent, by variant, and those of them to
// members who came after the first send.
func openLetters(ctx context.Context, run *sending) (variants map[string]int, joined int, err error) {
	variants = map[string]int{}
	for row, err := range run.ledger.Rows(ctx, run.ID, ledger.Filter{States: []ledger.State{ledger.Pending, ledger.Deferred}}) {
		if err != nil {
			return nil, 0, err
		}
		variants[row.Variant]++
		if run.writer.joined[row.Member] {
			joined++
		}
	}
	return variants, joined, nil
}

// agrees asks whether to send; whoever does not answer does not agree.
func (s *session) agrees(ctx context.Context) (bool, error) {
	fmt.Fprint(s.stderr, s.say("Send? [y/N] ", "送りますか？ [y/N] "))
	answers := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(os.Stdin).ReadString('\n') // no answer is no
		answers <- line
	}()
	var line string
	select {
	case <-ctx.Done():
		return false, errors.New(s.say("stopped; nothing was sent", "中断しました。何も送っていません"))
	case line = <-answers:
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes", "はい":
		return true, nil
	}
	return false, errors.New(s.say("nothing was sent; --yes sends without asking", "何も送っていません。--yes を付けると、確認なしで送ります"))
}
