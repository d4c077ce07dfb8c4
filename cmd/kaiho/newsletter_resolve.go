package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"time"

	"github.com/spf13/cobra"

	"kaiho/generator/ledger"
	"kaiho/generator/member"
)

func newNewsletterResolve(s *session) *cobra.Command {
	var arrived, again []string
	var logFile string
	c := &cobra.Command{
		Use: "resolve ID", Args: cobra.ExactArgs(1),
		Short: s.say("Settle letters of which nobody knows whether they arrived", "届いたかどうか分からないお便りに決着をつける"),
		Long: s.say(`Settle letters that were being handed over when a sender ended. Without flags,
they are listed by name. Look into the mail server's log for their Message-ID,
or let --log do it: a letter that Postfix says it has taken is sent; one that
the log does not name stays unknown. --arrived and --again settle the letter of
one member, a number of "kaiho member list" or an address. A bounce that comes
back settles its letter, too.
--again also takes up a letter that was given up because the other side put it
off for 48 hours, or that could not be written ("newsletter report" names them):
it has 48 hours again. "newsletter send" then sends it.`,
			`受け渡しの最中に送信が止まり、届いたかどうか分からないお便りに決着をつけます。
何も付けなければ、名前を一覧にします。メールサーバーのログで Message-ID を
探すか、--log に Postfix のログを指定してください。受け取った記録のあるものを
「送信済み」にし、記録のないものは「不明」のままにします。--arrived と --again
では、会員（一覧の番号かアドレス）を指定して一人ずつ決めます。戻ってきたメールを
kaiho bounce が受け取ったときも、そのお便りに決着がつきます。
--again は、48時間受け取ってもらえずにあきらめたお便りや、作れなかったお便りにも
使えます（newsletter report に名前が出ます）。あらためて48時間、送り直します。
次の newsletter send で送られます。`),
		Example:           "  kaiho newsletter resolve 2026-11-18\n  kaiho newsletter resolve 2026-11-18 --log /var/log/mail.log\n  kaiho newsletter resolve 2026-11-18 --arrived taro@example.jp",
		ValidArgsFunction: s.completeIssues,
		RunE: func(c *cobra.Command, args []string) error {
			id, err := s.issueFile(args[0])
			if err != nil {
				return err
			}
			return s.withLedger(c.Context(), func(l *ledger.Ledger, b *member.Book) error {
				r := resolving{session: s, ledger: l, book: b, id: id}
				return r.run(c.Context(), logFile, arrived, again)
			})
		},
	}
	c.Flags().StringVar(&logFile, "log", "", s.say("take the word of this `file`, a log of Postfix", "Postfix のログの`ファイル`で確かめる"))
	c.Flags().StringSliceVar(&arrived, "arrived", nil, s.say("the letter to this `member` has arrived", "この`会員`には届いた"))
	c.Flags().StringSliceVar(&again, "again", nil, s.say("the letter to this `member` has not arrived: send it again", "この`会員`には届いていないので、送り直す"))
	return c
}

// resolving is a run of resolve.
type resolving struct {
	*session
	ledger *ledger.Ledger
	book   *member.Book
	id     string
}

func (r *resolving) run(ctx context.Context, logFile string, arrived, again []string) error {
	if logFile != "" {
		if err := r.byLog(ctx, logFile); err != nil {
			return err
		}
	}
	for _, who := range arrived {
		if err := r.byHand(ctx, who, ledger.Sent); err != nil {
			return err
		}
	}
	for _, who := range again {
		if err := r.byHand(ctx, who, ledger.Deferred); err != nil {
			return err
		}
	}
	return r.list(ctx)
}

func (r *resolving) byHand(ctx context.Context, who string, to ledger.State) error {
	m, err := r.findMember(ctx, r.book, who)
	if err != nil {
		return err
	}
	err = r.ledger.Resolve(ctx, ledger.Key{Issue: r.id, Member: m.ID}, to, "hand", earlier(r.now(), r.clock()))
	if errors.Is(err, ledger.ErrNotUnknown) || errors.Is(err, ledger.ErrNotFound) {
		if to == ledger.Deferred {
			return errors.New(r.say(fmt.Sprintf("the letter to %s is neither unknown nor was it given up: nothing to send again", who), fmt.Sprintf("%s へのお便りは「不明」でも、途中であきらめたものでもないので、送り直しません", who)))
		}
		return errors.New(r.say(fmt.Sprintf("there is nothing to settle: no letter to %s is unknown", who), fmt.Sprintf("%s へのお便りは「不明」ではないので、決着をつける必要はありません", who)))
	}
	return err
}

// earlier is when something is due at once, by the site's clock and the machine's.
func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// list names the unknown letters that are left.
func (r *resolving) list(ctx context.Context) error {
	n := 0
	err := eachRow(ctx, r.ledger, r.book, ledger.Filter{States: []ledger.State{ledger.Unknown}}, r.id, func(row ledger.Delivery, m member.Member) error {
		n++
		_, err := fmt.Fprintf(r.stdout, "%d\t%s <%s>\t<%s>\n", row.Member, m.Name, row.Address, row.MessageID)
		return err
	})
	if n == 0 {
		fmt.Fprintln(r.stderr, r.say("no letter is unknown", "届いたか分からないお便りはありません"))
	} else {
		fmt.Fprintln(r.stderr, r.say(count(n, "letter")+" may or may not have arrived", fmt.Sprintf("届いたか分からないお便りが %d 通あります", n)))
	}
	return err
}

// byLog settles what Postfix's log says it has taken.
func (r *resolving) byLog(ctx context.Context, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("open the log: %w", err)
	}
	defer file.Close()
	taken, err := takenByPostfix(file)
	if err != nil {
		return fmt.Errorf("read the log: %w", err)
	}
	unknown, err := r.ledger.Unknowns(ctx, r.id)
	if err != nil {
		return err
	}
	settled := 0
	for _, row := range unknown {
		if queue := taken[row.MessageID]; queue != "" {
			if err := r.ledger.Resolve(ctx, row.Key, ledger.Sent, "log "+queue, r.clock()); err != nil {
				return err
			}
			settled++
		}
	}
	fmt.Fprintln(r.stderr, r.say(fmt.Sprintf("the log settles %s", count(settled, "letter")), fmt.Sprintf("ログで %d 通に決着がつきました", settled)))
	return nil
}

var (
	// cleanup reads the header before the letter has ended; only the queue manager's
	// line says that all of it was taken.
	cleanupLine = regexp.MustCompile(`/cleanup\[\d+\]: ([0-9A-Za-z]+): message-id=<([^<>\s]+)>`)
	queueLine   = regexp.MustCompile(`/qmgr\[\d+\]: ([0-9A-Za-z]+): from=<[^>]*>, .*\(queue active\)`)
)

// takenByPostfix returns the queue IDs of the letters that a Postfix has taken, by
// Message-ID.
func takenByPostfix(log io.Reader) (map[string]string, error) {
	byQueue, taken := map[string]string{}, map[string]string{}
	lines := bufio.NewScanner(log)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if m := cleanupLine.FindStringSubmatch(lines.Text()); m != nil {
			byQueue[m[1]] = m[2]
		} else if m := queueLine.FindStringSubmatch(lines.Text()); m != nil && byQueue[m[1]] != "" {
			taken[byQueue[m[1]]] = m[1]
		}
	}
	return taken, lines.Err()
}
