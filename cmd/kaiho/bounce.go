package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"kaiho/generator/bounce"
	"kaiho/generator/ledger"
	"kaiho/generator/member"
	"kaiho/generator/signedlink"
)

func newBounce(s *session) *cobra.Command {
	c := &cobra.Command{
		Use: "bounce [FILE]", Args: cobra.MaximumNArgs(1),
		Short: s.say("Take a bounce, a complaint or a request to leave, and record it", "戻ってきたメール・苦情・停止の依頼を受け取って記録する"),
		Long: s.say(`Take messages that came back: one from standard input, those of a file (one
message, or an mbox), or the new ones of a maildir. Each is a bounce (RFC 3464,
and the forms of carriers that have none), a complaint (ARF), or a request to
leave. It is matched by the return path or the Message-ID of a letter that was
sent; what matches nothing changes nothing. A dead address and a complaint end
all mail to the member; so does a mailbox that was full for three issues in 90
days. Away notes and delays are no bounces. What is longer than 10 MB is not
read.

Of a maildir, the messages in new and the unread ones in cur are taken. Then
each is moved to cur and marked as read (:2,S), also one that is no bounce; so
the next call reads only what has come since. A message that could not be
recorded, as when the disk is full, stays where it is.

In Postfix's aliases:  bounce: "|kaiho -C /srv/alumni bounce || exit 75"`,
			`戻ってきたメールを、標準入力（一通）・ファイル（一通、または mbox）・maildir
（未読のもの）から受け取ります。不達通知（RFC 3464 と、それによらない携帯各社
などの形）、苦情（ARF）、配信停止の依頼が分かります。送ったお便りの返送先か
Message-ID と照らし合わせ、合わないものでは何も変えません。宛先がないときと
苦情のときは、その会員への配信をすべて止めます。90日のあいだに三つの号で受信箱
がいっぱいだったときも同じです。不在通知や遅延の知らせは、不達とは数えません。
10 MB を超えるものは読みません。

maildir では、new にあるものと、cur の未読のものを読みます。読み終えたものは、
不達でなかったものも、既読の印（:2,S）を付けて cur に移します。そのため、次に
実行したときは、新しく届いたものだけを読みます。ディスクがいっぱいなどで記録
できなかったものは、元の場所に残ります。

Postfix の aliases では  bounce: "|kaiho -C /srv/alumni bounce || exit 75"`),
		Example: "  kaiho bounce < returned.eml\n  kaiho bounce /var/mail/bounce/Maildir",
		RunE: func(c *cobra.Command, args []string) error {
			return s.withLedger(c.Context(), func(l *ledger.Ledger, b *member.Book) error {
				return s.takeBounces(c.Context(), returns{s, l, b}, args)
			})
		},
	}
	return c
}

// returns records what came back.
type returns struct {
	*session
	ledger *ledger.Ledger
	book   *member.Book
}

// take records one message. One that makes no sense is said to, and is no failure: a mail
// server would try it again for days.
func (r returns) take(ctx context.Context, name string, raw []byte) error {
	report, err := bounce.Parse(raw)
	if err != nil {
		r.isNone(name, err)
		return nil
	}
	if report.Kind == bounce.Unsubscribe && report.Link != "" {
		return r.leave(ctx, name, report.Link)
	}
	row, err := r.match(ctx, report)
	if errors.Is(err, ledger.ErrNotFound) {
		fmt.Fprintf(r.stdout, "%s\t%s\n", name, r.say("matches no letter of ours; nothing changed", "送ったお便りのどれとも合わないので、何も変えていません"))
		return nil
	}
	if err != nil {
		return err
	}
	switch report.Kind {
	case bounce.Bounce:
		return r.bounced(ctx, name, row, report)
	case bounce.Complaint, bounce.Unsubscribe:
		channel := channelComplaint
		if report.Kind == bounce.Unsubscribe {
			channel = channelMail
		}
		return r.end(ctx, name, row.Member, channel)
	}
	_, err = fmt.Fprintf(r.stdout, "%s\t%d\t%s\n", name, row.Member, r.say("no bounce; nothing changed", "不達ではないので、何も変えていません"))
	return err
}

// match finds the letter that a report is about: by the return path, or by its
// Message-ID. An address in the report proves nothing.
func (r returns) match(ctx context.Context, report bounce.Report) (ledger.Delivery, error) {
	for _, token := range report.Tokens {
		if row, err := r.ledger.ByToken(ctx, token); !errors.Is(err, ledger.ErrNotFound) {
			return row, err
		}
	}
	for _, id := range report.MessageIDs {
		if row, err := r.ledger.ByMessageID(ctx, id); !errors.Is(err, ledger.ErrNotFound) {
			return row, err
		}
	}
	return ledger.Delivery{}, ledger.ErrNotFound
}

// A mailbox that was full this often counts as given up. Providers keep full ones for
// months; one bad week ends nothing.
const (
	fullIssues = 3
	fullWithin = 90 * 24 * time.Hour
)

// bounced records a bounce, and takes the member off if the address is dead.
func (r returns) bounced(ctx context.Context, name string, row ledger.Delivery, report bounce.Report) error {
	result := report.Results[0] // a bounce has one at least
	if result.Class == bounce.Temporary {
		_, err := fmt.Fprintf(r.stdout, "%s\t%d\t%s\n", name, row.Member, r.say("temporary; nothing changed", "一時的なものなので、何も変えていません"))
		return err
	}
	err := r.ledger.Bounce(ctx, row.Key, ledger.Outcome{Code: result.Code, Enhanced: result.Enhanced, Reply: result.Diagnostic, At: r.clock()})
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
		return err
	}
	dead := result.Class == bounce.Dead
	if result.Class == bounce.Full {
		if dead, err = r.fullTooOften(ctx, row.Member); err != nil {
			return err
		}
	}
	if dead {
		m, err := r.book.Member(ctx, row.Member)
		if err != nil && !errors.Is(err, member.ErrNotFound) {
			return err
		}
		if m.SMTP != row.Address {
			_, err := fmt.Fprintf(r.stdout, "%s\t%d\t%s\n", name, row.Member, r.say("the member has another address now; recorded", "会員のアドレスはもう変わっています。記録だけしました"))
			return err
		}
		return r.end(ctx, name, row.Member, channelBounce)
	}
	_, err = fmt.Fprintf(r.stdout, "%s\t%d\t%s\t%s\n", name, row.Member, row.Issue, r.say("bounced; recorded", "不達として記録しました"))
	return err
}

// fullTooOften reports whether a mailbox was full for too many issues of late.
func (r returns) fullTooOften(ctx context.Context, id uint32) (bool, error) {
	rows, err := r.ledger.ByMember(ctx, id)
	n := 0
	for _, row := range rows {
		if row.State == ledger.Failed && bounce.Classify(row.Code, row.Enhanced, row.Reply) == bounce.Full && r.clock().Sub(row.UpdatedAt) < fullWithin {
			n++
		}
	}
	return n >= fullIssues, err
}

// end ends all mail to a member.
func (r returns) end(ctx context.Context, name string, id uint32, channel string) error {
	if err := r.book.Unsubscribe(ctx, id, 0, r.clock(), channel); err != nil && !errors.Is(err, member.ErrNotFound) {
		return err
	}
	if _, err := r.ledger.Suppress(ctx, id, channel, r.clock()); err != nil {
		return err
	}
	ja := map[string]string{channelBounce: "不達", channelComplaint: "苦情", channelMail: "メールでの依頼"}
	_, err := fmt.Fprintf(r.stdout, "%s\t%d\t%s\n", name, id, r.say("no more mail ("+channel+")", "配信を止めました（"+ja[channel]+"）"))
	return err
}

// leave ends mail by a token that somebody sent to the address of List-Unsubscribe.
func (r returns) leave(ctx context.Context, name, token string) error {
	site, _, err := r.siteConfig("")
	if err != nil {
		return err
	}
	ring, err := r.ring(site.BaseURL)
	if err != nil {
		return err
	}
	claims, err := ring.Verify(token, signedlink.UnsubscribeHeader, r.now())
	if err != nil && !errors.Is(err, signedlink.ErrExpired) { // an old letter may be left by, too
		_, err := fmt.Fprintf(r.stdout, "%s\t%s\n", name, r.say("its token is not one of ours; nothing changed", "配信停止の依頼ですが、こちらの発行した印ではないので、何も変えていません"))
		return err
	}
	return r.end(ctx, name, claims.Member, channelMail)
}
