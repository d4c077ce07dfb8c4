package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"kaiho/generator/member"
)

func newMemberList(s *session) *cobra.Command {
	var filter member.Filter
	var asJSON bool
	c := &cobra.Command{
		Use: "list", Args: cobra.NoArgs,
		Short:   s.say("List the members", "会員の一覧を表示する"),
		Example: "  kaiho member list\n  kaiho member list --audience staff --json",
		RunE: func(c *cobra.Command, _ []string) error {
			return s.withBook(c.Context(), func(b *member.Book) error {
				members, err := b.List(c.Context(), filter)
				if err != nil {
					return err
				}
				if asJSON {
					return member.WriteJSON(s.stdout, members)
				}
				return s.memberTable(members)
			})
		},
	}
	c.Flags().StringVar(&filter.Audience, "audience", "", s.say("those of one `audience`", "この`読者層`だけ"))
	c.Flags().StringVar(&filter.Status, "status", "", s.say("those of one `status`: active, paused, left", "この`状態`だけ: active、paused、left"))
	c.Flags().BoolVar(&asJSON, "json", false, s.say("print the list as JSON", "一覧を JSON で表示する"))
	return c
}

// memberTable prints members, with what is of no certain width at the end.
func (s *session) memberTable(members []member.Member) error {
	if len(members) == 0 {
		fmt.Fprintln(s.stderr, s.say("there are no such members; take them from a file with: kaiho member import FILE.csv",
			"該当する会員はいません。ファイルからの取り込みは: kaiho member import FILE.csv"))
		return nil
	}
	w := tabwriter.NewWriter(s.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tSTATUS\tMAIL\tJOINED\tAUDIENCES\tEMAIL\tNAME")
	for _, m := range members {
		mail, joined := "no", ""
		if m.Mailable {
			mail = "yes"
		}
		if m.Joined > 0 {
			joined = fmt.Sprint(m.Joined)
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\n", m.ID, m.Status, mail, joined, strings.Join(m.Audiences, ","), m.SMTP, m.Name)
	}
	return w.Flush()
}

func newMemberShow(s *session) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "show ID", Args: cobra.ExactArgs(1),
		Short: s.say("Show all that is stored about a member", "会員について保存しているすべてを表示する"),
		Long: s.say(`Show all that is stored about a member, with the history of consents and
subscriptions, and the lines written for letters. ID is a number of "kaiho
member list", or an address.`,
			`会員について保存しているすべてを、同意と配信停止の履歴、お便りのひとこととともに
表示します。ID は一覧の番号、またはアドレスです。`),
		Example: "  kaiho member show taro@example.jp\n  kaiho member show 2901773455 --json",
		RunE: func(c *cobra.Command, args []string) error {
			return s.withBook(c.Context(), func(b *member.Book) error { return s.showMember(c.Context(), b, args[0], asJSON) })
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, s.say("print it as JSON", "JSON で表示する"))
	return c
}

func (s *session) showMember(ctx context.Context, b *member.Book, who string, asJSON bool) error {
	m, err := s.findMember(ctx, b, who)
	if err != nil {
		return err
	}
	consents, err := b.Consents(ctx, m.ID)
	if err != nil {
		return err
	}
	subscriptions, err := b.Subscriptions(ctx, m.ID)
	if err != nil {
		return err
	}
	lines, err := b.LetterNotesTo(ctx, m.ID)
	if err != nil {
		return err
	}
	texts, err := consentTexts(ctx, b, consents)
	if err != nil {
		return err
	}
	if asJSON {
		enc := json.NewEncoder(s.stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(struct {
			member.Member
			Consents      []member.Consent      `json:"consents,omitempty"`
			Subscriptions []member.Subscription `json:"subscriptions,omitempty"`
			LetterNotes   []member.LetterNote   `json:"letter_notes,omitempty"`
			ConsentTexts  map[string]string     `json:"consent_texts,omitempty"` // what they agreed to, word for word, by version
		}{m, consents, subscriptions, lines, texts})
	}
	n := m.Name
	rows := [][2]string{
		{"id", fmt.Sprint(m.ID)}, {"email", m.SMTP}, {"status", m.Status}, {"audiences", strings.Join(m.Audiences, ", ")}, {"name", n.String()},
		{"kana", n.Kana()}, {"former", n.Former}, {"latin", n.Latin}, {"language", m.Language}, {"joined", nonZero(m.Joined)}, {"left", nonZero(m.Left)},
		{"department", m.Department}, {"title", m.Title}, {"skills", strings.Join(m.Skills, ", ")}, {"interests", strings.Join(m.Interests, ", ")},
		{"region", m.Region}, {"note", m.Note}, {"visibility", m.Visibility.String()}, {"mailable", fmt.Sprint(m.Mailable)}, {"format", m.Preferences.Format},
		{"frequency", m.Preferences.Frequency}, {"paused until", s.moment(m.Preferences.PausedUntil)}, {"links valid from", s.moment(m.ValidAfter)},
		{"created", s.moment(m.Created)}, {"updated", s.moment(m.Updated)},
	}
	for _, c := range consents {
		rows = append(rows, [2]string{"consent", fmt.Sprintf("%s %s: %s (%s)", s.moment(c.At), c.Purpose, yesNo(c.Given), consentSource(c))})
	}
	for _, sub := range subscriptions {
		rows = append(rows, [2]string{"subscription", fmt.Sprintf("%s %d: %s (%s)", s.moment(sub.At), sub.List, yesNo(sub.Subscribed), sub.Channel)})
	}
	for _, l := range lines {
		rows = append(rows, [2]string{"line in a letter", l.Issue + ": " + l.Text})
	}
	w := tabwriter.NewWriter(s.stdout, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		if row[1] != "" {
			fmt.Fprintf(w, "%s:\t%s\n", row[0], strings.ReplaceAll(row[1], "\n", " "))
		}
	}
	return w.Flush()
}

// consentSource says to what, by whom, how and from where.
func consentSource(c member.Consent) string {
	source := strings.Join([]string{c.Version, c.By, c.Channel}, ", ")
	if c.Network != "" {
		source += ", " + c.Network
	}
	return source
}

// consentTexts returns what was agreed to, word for word, by version; nothing of
// texts that the site did not show itself.
func consentTexts(ctx context.Context, b *member.Book, consents []member.Consent) (map[string]string, error) {
	texts := map[string]string{}
	for _, c := range consents {
		text, err := b.ConsentText(ctx, c.Version)
		if err != nil {
			return nil, err
		}
		if text != "" {
			texts[c.Version] = text
		}
	}
	return texts, nil
}

// moment writes a time; "" if there is none.
func (s *session) moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func nonZero(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func newMemberExport(s *session) *cobra.Command {
	var filter member.Filter
	var asCSV, asJSON, mark bool
	c := &cobra.Command{
		Use: "export", Args: cobra.NoArgs,
		Short: s.say("Write the members as CSV or JSON", "会員を CSV か JSON で書き出す"),
		Long: s.say(`Write the members to standard output: as CSV, which "kaiho member import" reads
back to the same, or as JSON, which has ids, too.`,
			`会員を標準出力に書き出します。CSV は kaiho member import でそのまま
取り込めます。JSON には番号なども含まれます。`),
		Example: "  kaiho member export > members.csv\n  kaiho member export --json --audience alumni",
		RunE: func(c *cobra.Command, _ []string) error {
			return s.withBook(c.Context(), func(b *member.Book) error {
				members, err := b.List(c.Context(), filter)
				if err != nil {
					return err
				}
				if asJSON {
					return member.WriteJSON(s.stdout, members)
				}
				if mark {
					fmt.Fprint(s.stdout, "\ufeff")
				}
				return member.WriteCSV(s.stdout, members)
			})
		},
	}
	c.Flags().BoolVar(&asCSV, "csv", false, s.say("write CSV (the default)", "CSV で書き出す（既定）"))
	c.Flags().BoolVar(&asJSON, "json", false, s.say("write JSON", "JSON で書き出す"))
	c.Flags().BoolVar(&mark, "bom", false, s.say("begin the CSV with a mark that Excel needs", "Excel で開けるように印（BOM）を付ける"))
	c.Flags().StringVar(&filter.Audience, "audience", "", s.say("those of one `audience`", "この`読者層`だけ"))
	c.Flags().StringVar(&filter.Status, "status", "", s.say("those of one `status`: active, paused, left", "この`状態`だけ: active、paused、left"))
	c.MarkFlagsMutuallyExclusive("csv", "json")
	return c
}
