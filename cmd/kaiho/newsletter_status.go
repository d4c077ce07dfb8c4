package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kaiho/generator/diag"
	"kaiho/generator/ledger"
	"kaiho/generator/member"
)

// withLedger calls f with the ledger of the project's database, and closes it.
func (s *session) withLedger(ctx context.Context, f func(*ledger.Ledger, *member.Book) error) error {
	db, err := s.database(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	l := ledger.Open(db)
	if err := s.recoverLetters(ctx, l); err != nil {
		return s.ofDatabase(err)
	}
	return s.ofDatabase(f(l, member.Open(db)))
}

// recoverLetters takes what senders had in hand that have ended, so that nothing is
// called on its way that is not.
func (s *session) recoverLetters(ctx context.Context, l *ledger.Ledger) error {
	host, err := os.Hostname()
	if err != nil {
		return fmt.Errorf("name this machine: %w", err)
	}
	_, err = l.Recover(ctx, time.Now(), ledger.NewWorker(host, os.Getpid()), isAlive)
	return err
}

func newNewsletterStatus(s *session) *cobra.Command {
	var asJSON, watch bool
	c := &cobra.Command{
		Use: "status ID", Args: cobra.ExactArgs(1),
		Short: s.say("Say how far an issue is", "号の送信の進み具合を表示する"),
		Long: s.say(`Say how many letters of an issue are in which state. Candidates are the sum of
all the others. Deferred letters are tried again later; suppressed ones are not
to be sent. Unknown ones were being handed over when a sender ended: "kaiho
newsletter resolve" settles them. --watch follows a send from another window,
until nothing is left to send or Ctrl-C ends it; into a file or a pipe, it
writes a line whenever something has changed.`,
			`号のお便りが、それぞれ何通どの状態にあるかを表示します。「対象」は、ほかのすべて
の合計です。「再送待ち」は、あとで送り直すもの、「送らない」は、休止や配信停止
などで送らないものです。「不明」は、受け渡しの最中に送信が止まったもので、kaiho
newsletter resolve で決着をつけます。
--watch は、送信のようすを別の画面から見守ります。送り終えるか、Ctrl-C を押すと
終わります。ファイルやパイプには、変わるたびに一行ずつ書き出します。`),
		Example:           "  kaiho newsletter status 2026-11-18\n  kaiho newsletter status 2026-11-18 --watch\n  kaiho newsletter status 2026-11-18 --json",
		ValidArgsFunction: s.completeIssues,
		RunE: func(c *cobra.Command, args []string) error {
			id, err := s.issueFile(args[0])
			if err != nil {
				return err
			}
			err = s.withLedger(c.Context(), func(l *ledger.Ledger, _ *member.Book) error {
				if !watch {
					return s.statusOf(c.Context(), l, id, asJSON)
				}
				w := watcher{session: s, ledger: l, id: id, asJSON: asJSON, redraw: !asJSON && s.onTerminal()}
				return w.run(c.Context(), time.Second)
			})
			if watch && c.Context().Err() != nil {
				return nil // whoever has seen enough ends it
			}
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, s.say("print it as JSON", "JSON で表示する"))
	c.Flags().BoolVar(&watch, "watch", false, s.say("look every second, until nothing is left to send", "送り終えるまで、一秒ごとに調べて表示する"))
	return c
}

// onTerminal reports whether stdout is a terminal that can move its cursor.
func (s *session) onTerminal() bool {
	file, is := s.stdout.(*os.File)
	return is && isTerminal(file) && s.getenv("TERM") != "dumb"
}

// status is how far an issue is.
type status struct {
	counts ledger.Counts
	issue  ledger.Issue
}

func (s *session) look(ctx context.Context, l *ledger.Ledger, id string) (st status, err error) {
	if st.counts, err = l.Counts(ctx, id); err == nil {
		st.issue, err = l.Issue(ctx, id)
	}
	return st, err
}

// statusOf prints the counts of an issue.
func (s *session) statusOf(ctx context.Context, l *ledger.Ledger, id string, asJSON bool) error {
	st, err := s.look(ctx, l, id)
	if err != nil {
		return err
	}
	if asJSON {
		return s.statusJSON(s.stdout, id, st)
	}
	_, err = io.WriteString(s.stdout, s.statusText(id, st))
	return err
}

func (s *session) statusJSON(to io.Writer, id string, st status) error {
	why := s.pauseOf(st.issue.Why)
	return json.NewEncoder(to).Encode(struct {
		Issue string `json:"issue"`
		ledger.Counts
		Policy ledger.Policy `json:"policy"`
		Paused string        `json:"paused,omitempty"` // sentences, in the language of messages
		Rule   diag.Rule     `json:"paused_rule,omitempty"`
		Cause  diag.Rule     `json:"paused_cause,omitempty"`
	}{id, st.counts, st.issue.Policy, why.text, why.rule, why.cause})
}

// stateCount is one of the counts, as people read it.
type stateCount struct {
	name string
	n    int64
}

func (s *session) stateCounts(c ledger.Counts) []stateCount {
	return []stateCount{{s.say("candidates", "対象"), c.Candidates}, {s.say("sent", "送信済み"), c.Sent}, {s.say("pending", "未送信"), c.Pending},
		{s.say("deferred", "再送待ち"), c.Deferred}, {s.say("in hand", "送信中"), c.Leased + c.InFlight}, {s.say("failed", "不達"), c.Failed},
		{s.say("suppressed", "送らない"), c.Suppressed}, {s.say("unknown", "不明"), c.Unknown}}
}

// statusText is the status in lines that fit a terminal.
func (s *session) statusText(id string, st status) string {
	var b strings.Builder
	fmt.Fprintln(&b, id)
	for _, row := range s.stateCounts(st.counts) {
		fmt.Fprintf(&b, "  %8d  %s\n", row.n, row.name)
	}
	if n := st.counts.Repeats; n > 0 {
		fmt.Fprintf(&b, "  %8d  %s\n", n, s.say("of them may have come twice (policy resend)", "うち、二度届いたかもしれないもの（resend）"))
	}
	for _, line := range []string{s.notBegun(id, st.counts), s.pausedLine(st.issue)} {
		if line != "" {
			fmt.Fprintln(&b, strings.Join(wrap(line, columns), "\n"))
		}
	}
	return b.String()
}

// notBegun says that an issue is not in the ledger; "" if it is.
func (s *session) notBegun(id string, c ledger.Counts) string {
	if c.Candidates > 0 {
		return ""
	}
	return s.say("nothing of this issue was sent so far: kaiho newsletter send "+id, "この号はまだ送っていません: kaiho newsletter send "+id)
}

// statusLine is the status in one line, without what is zero.
func (s *session) statusLine(id string, st status) string {
	var parts []string
	for _, row := range s.stateCounts(st.counts) {
		if row.n > 0 {
			parts = append(parts, s.say(fmt.Sprintf("%d %s", row.n, row.name), fmt.Sprintf("%s %d", row.name, row.n)))
		}
	}
	line := id + s.say(": ", "：") + strings.Join(parts, s.say(", ", "、"))
	for _, more := range []string{s.notBegun(id, st.counts), s.pausedLine(st.issue)} {
		if more != "" && len(parts) > 0 {
			more = s.say("; ", "。") + more
		}
		line += more
	}
	return line
}
