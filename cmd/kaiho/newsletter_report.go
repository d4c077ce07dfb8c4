package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kaiho/generator/diag"
	"kaiho/generator/ledger"
	"kaiho/generator/mailer"
	"kaiho/generator/member"
)

func newNewsletterReport(s *session) *cobra.Command {
	var asCSV, asJSON bool
	c := &cobra.Command{
		Use: "report ID", Args: cobra.ExactArgs(1),
		Short: s.say("Say what became of every letter of an issue", "号のお便りが一通ずつどうなったかを報告する"),
		Long: s.say(`Say what became of the letters of an issue: sums, sums by domain, and whoever
did not get one, by name and with the reason. --csv prints every letter as a
line, for a spreadsheet.`,
			`号のお便りがどうなったかを報告します。合計、ドメインごとの内訳、届いていない人の
名前とその理由です。--csv は、表計算ソフト用に一通を一行で書き出します。`),
		Example:           "  kaiho newsletter report 2026-11-18\n  kaiho newsletter report 2026-11-18 --csv > report.csv",
		ValidArgsFunction: s.completeIssues,
		RunE: func(c *cobra.Command, args []string) error {
			id, err := s.issueFile(args[0])
			if err != nil {
				return err
			}
			return s.withLedger(c.Context(), func(l *ledger.Ledger, b *member.Book) error {
				switch {
				case asCSV:
					return reportCSV(c.Context(), s.stdout, l, b, id)
				case asJSON:
					return s.statusOf(c.Context(), l, id, true)
				}
				return s.reportOf(c.Context(), l, b, id)
			})
		},
	}
	c.Flags().BoolVar(&asCSV, "csv", false, s.say("print every letter as a line of CSV", "一通を一行の CSV で書き出す"))
	c.Flags().BoolVar(&asJSON, "json", false, s.say("print the sums as JSON", "合計を JSON で表示する"))
	c.MarkFlagsMutuallyExclusive("csv", "json")
	return c
}

// reportOf prints sums, domains, and who has no letter.
func (s *session) reportOf(ctx context.Context, l *ledger.Ledger, b *member.Book, id string) error {
	if err := s.statusOf(ctx, l, id, false); err != nil {
		return err
	}
	if err := s.reportDomains(ctx, l, id); err != nil {
		return err
	}
	title := s.say("\nwithout a letter, or not certain:", "\n届いていない人、はっきりしない人：")
	err := eachRow(ctx, l, b, ledger.Filter{States: []ledger.State{ledger.Failed, ledger.Unknown, ledger.Deferred, ledger.Suppressed}}, id, func(row ledger.Delivery, m member.Member) error {
		if title != "" {
			fmt.Fprintln(s.stdout, title)
			title = ""
		}
		_, err := fmt.Fprintf(s.stdout, "  %s  %10d  %s <%s>  %s\n", s.stateWord(row.State), row.Member, m.Name, row.Address, s.whyOf(row))
		return err
	})
	return errors.Join(err, s.reportLeft(ctx, l, b, id))
}

// reportDomains prints the sums of the domains that get most.
func (s *session) reportDomains(ctx context.Context, l *ledger.Ledger, id string) error {
	const most = 20
	domains, err := l.Domains(ctx, id)
	if err != nil || len(domains) == 0 {
		return err
	}
	fmt.Fprintln(s.stdout, s.say("\nby domain:\n  candidates     sent deferred   failed  unknown", "\nドメインごと：\n        対象 送信済み 再送待ち     不達     不明"))
	for _, d := range domains[:min(len(domains), most)] {
		name := d.Domain
		if name == "" {
			name = s.say("(erased)", "（消去）")
		}
		fmt.Fprintf(s.stdout, "  %10d %8d %8d %8d %8d  %s\n", d.Candidates, d.Sent, d.Deferred, d.Failed, d.Unknown, name)
	}
	if more := len(domains) - most; more > 0 {
		fmt.Fprintln(s.stdout, s.say("  and "+count(more, "domain")+" more; --csv has every letter", fmt.Sprintf("  ほかに %d ドメイン（--csv ならすべて分かります）", more)))
	}
	return nil
}

// stateWord is a state as reports name it to people, as wide as the others; JSON and CSV
// keep the ledger's word.
func (s *session) stateWord(state ledger.State) string {
	ja := map[ledger.State]string{ledger.Failed: "不達　　", ledger.Unknown: "不明　　", ledger.Deferred: "再送待ち", ledger.Suppressed: "送らない"}
	return s.say(fmt.Sprintf("%-10s", state), ja[state])
}

// whyOf says why somebody has no letter: of what a relay has answered, with its answer.
func (s *session) whyOf(row ledger.Delivery) string {
	why := s.reasonWord(row.Reason)
	if why != row.Reason {
		return strings.TrimSpace(why + " " + row.Enhanced)
	}
	answer := mailer.Outcome{Reason: diag.Rule(row.Reason), Code: row.Code, Enhanced: row.Enhanced, Reply: row.Reply}
	return cmp.Or(strings.TrimRight(answer.Problem().Message(s.lang), ".。"), why)
}

// reasonWord is a reason of the program in words; that of a relay, the id of its rule,
// stays.
func (s *session) reasonWord(reason string) string {
	words, ok := map[string][2]string{
		"not-mailable":       {"not mailable: paused by the office, without consent, or off the list", "送れません（休止中、同意がない、または配信停止）"},
		"paused":             {"has asked for a pause", "お休みを希望"},
		"main-only":          {"wants main issues only", "本号だけを希望"},
		"nothing":            {"nothing in it for them", "この人に届ける記事がない"},
		reasonAddress:        {"the address cannot be written on a letter", "アドレスが正しくない"},
		ledger.ReasonErased:  {"erased", "消去済み"},
		ledger.ReasonBounced: {"came back", "不達で戻ってきた"},
		ledger.ReasonCrash:   {"the sender ended while it was handed over", "受け渡しの最中に送信が止まった"},
		ledger.ReasonResend:  {"sent again: may come twice", "送り直し（二度届くかもしれない）"},
		ledger.ReasonTooLate: {"put off for 48 hours, then given up", "48時間たっても受け取られなかった"},
		channelBounce:        {"came back", "不達で戻ってきた"},
		channelComplaint:     {"complained: marked it as spam", "迷惑メールとして報告された"},
		channelMail:          {"asked by mail to leave", "メールで停止を依頼"},
		"header":             {"left by one click", "ワンクリックで停止"},
		"page":               {"left on the page", "ページで停止"},
		"office":             {"taken off by the office", "事務局で停止"},
	}[reason]
	if !ok {
		return reason
	}
	return s.say(words[0], words[1])
}

// reportLeft names who is off all mail since the letters of an issue went out.
func (s *session) reportLeft(ctx context.Context, l *ledger.Ledger, b *member.Book, id string) error {
	issue, err := l.Issue(ctx, id)
	if err != nil || issue.Started.IsZero() {
		return err
	}
	left, err := b.Departures(ctx, issue.Started)
	if err != nil || len(left) == 0 {
		return err
	}
	fmt.Fprintln(s.stdout, s.say("\noff the list since then:", "\nこの号のあとに配信を停止した人："))
	for _, d := range left {
		m, err := b.Member(ctx, d.Member)
		if err != nil && !errors.Is(err, member.ErrNotFound) {
			return err
		}
		fmt.Fprintf(s.stdout, "  %s  %10d  %s <%s>  %s\n", d.At.Format("2006-01-02"), d.Member, m.Name, m.Email, s.reasonWord(d.Channel))
	}
	return nil
}

// reportCSV prints every row of an issue. Names that a spreadsheet takes for a formula
// get an apostrophe (CWE-1236).
func reportCSV(ctx context.Context, to io.Writer, l *ledger.Ledger, b *member.Book, id string) error {
	w := csv.NewWriter(to)
	if err := w.Write([]string{"member", "name", "email", "variant", "state", "reason", "attempts", "repeats", "code", "enhanced", "reply", "relay", "date", "sent_at", "message_id"}); err != nil {
		return err
	}
	at := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339)
	}
	err := eachRow(ctx, l, b, ledger.Filter{}, id, func(row ledger.Delivery, m member.Member) error {
		cells := []string{fmt.Sprint(row.Member), m.Name.String(), row.Address, row.Variant, row.State.String(), row.Reason, strconv.Itoa(row.Attempts), strconv.Itoa(row.Repeats),
			strconv.Itoa(row.Code), row.Enhanced, row.Reply, row.Relay, at(row.FirstAt), at(row.SentAt), row.MessageID}
		for n, cell := range cells {
			if cell != "" && (cell[0] == '=' || cell[0] == '+' || cell[0] == '-' || cell[0] == '@') {
				cells[n] = "'" + cell
			}
		}
		return w.Write(cells)
	})
	w.Flush()
	if err != nil {
		return err
	}
	return w.Error()
}

// eachRow calls f for rows of an issue with their members, read some at a time.
func eachRow(ctx context.Context, l *ledger.Ledger, b *member.Book, filter ledger.Filter, id string, f func(ledger.Delivery, member.Member) error) error {
	const page = 500
	var rows []ledger.Delivery
	flush := func() error {
		ids := make([]uint32, len(rows))
		for n, row := range rows {
			ids[n] = row.Member
		}
		members, err := b.Members(ctx, ids)
		for _, row := range rows {
			if err == nil {
				err = f(row, members[row.Member])
			}
		}
		rows = rows[:0]
		return err
	}
	for row, err := range l.Rows(ctx, id, filter) {
		if err != nil {
			return err
		}
		if rows = append(rows, row); len(rows) == page {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	return flush()
}
