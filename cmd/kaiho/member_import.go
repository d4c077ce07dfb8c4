package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kaiho/generator/member"
)

// maxMembersBytes bounds a file of members: some 200,000 people.
const maxMembersBytes = 64 << 20

type importFlags struct {
	sample, dryRun, skipBad, readmit, json bool
	mapping                                string
}

func newMemberImport(s *session) *cobra.Command {
	var f importFlags
	c := &cobra.Command{
		Use: "import FILE.csv",
		Args: func(_ *cobra.Command, args []string) error {
			if f.sample == (len(args) == 1) || len(args) > 1 {
				return usageError{errors.New(s.say("name one file, or --sample", "ファイルを一つ指定するか、--sample を付けてください"))}
			}
			return nil
		},
		Short: s.say("Take members from a CSV file", "CSV ファイルから会員を取り込む"),
		Long: s.say(`Take members from a CSV file in UTF-8 or Shift_JIS. The first line names the
columns, in English (email, family, given, joined ...) or Japanese. Known
addresses are brought up to date. One bad row stops the whole file, unless you
say --skip-bad. Columns that a network must not keep are refused.`,
			`UTF-8 か Shift_JIS の CSV ファイルから会員を取り込みます。一行目に列の名前を、
メール、姓、名、入社年のように書きます（英語も可）。すでにいる会員は更新します。
誤りのある行が一つでもあれば、--skip-bad を付けない限り何も取り込みません。
会が持つべきでない情報（退職理由、評価、健康など）の列は受け付けません。`),
		Example: "  kaiho member import members.csv --dry-run\n  kaiho member import 名簿.csv --map '連絡先=email,社員番号='\n  kaiho member import --sample",
		RunE: func(c *cobra.Command, args []string) error {
			return s.withBook(c.Context(), func(b *member.Book) error { return s.importMembers(c.Context(), b, f, args) })
		},
	}
	c.Flags().BoolVar(&f.sample, "sample", false, s.say("take 40 invented members instead of a file", "架空の会員40人を取り込む"))
	c.Flags().StringVar(&f.mapping, "map", "", s.say("what `columns` mean: 'NAME=email,OTHER='", "`列`の対応: '列名=email,別の列='"))
	c.Flags().BoolVar(&f.dryRun, "dry-run", false, s.say("look, and store nothing", "調べるだけで、保存しない"))
	c.Flags().BoolVar(&f.skipBad, "skip-bad", false, s.say("take the good rows", "誤りのない行だけを取り込む"))
	c.Flags().BoolVar(&f.readmit, "readmit", false, s.say("take those, too, who were erased", "消去した人も取り込む"))
	c.Flags().BoolVar(&f.json, "json", false, s.say("print the counts as JSON", "件数を JSON で表示する"))
	return c
}

func (s *session) importMembers(ctx context.Context, b *member.Book, f importFlags, args []string) error {
	o, data, err := s.importOptions(f, args)
	if err != nil {
		return err
	}
	report, err := b.Import(ctx, data, o)
	if err != nil {
		return err
	}
	if err := report.Problems.Print(s.stderr, s.lang); err != nil {
		return err
	}
	if f.json {
		err = json.NewEncoder(s.stdout).Encode(report)
	} else {
		_, err = fmt.Fprintln(s.stdout, s.imported(report, f))
	}
	if err == nil && report.Problems.HasErrors() && !(f.skipBad && (report.Stored || f.dryRun && report.Bad < report.Rows)) {
		err = errProblems
	}
	return err
}

// imported says in words what an import has done.
func (s *session) imported(r member.ImportReport, f importFlags) string {
	text := s.say(fmt.Sprintf("%d rows: %d new, %d changed, %d unchanged", r.Rows, r.New, r.Changed, r.Unchanged),
		fmt.Sprintf("%d 行（新規 %d、更新 %d、変更なし %d", r.Rows, r.New, r.Changed, r.Unchanged))
	if r.Erased > 0 {
		text += s.say(fmt.Sprintf(", %d erased before", r.Erased), fmt.Sprintf("、消去済み %d", r.Erased))
	}
	if r.Bad > 0 {
		text += s.say(fmt.Sprintf(", %d bad", r.Bad), fmt.Sprintf("、誤り %d", r.Bad))
	}
	text += s.say("", "）")
	if !r.Stored {
		text += s.say("; nothing was stored", "。何も保存していません")
		if r.Bad > 0 && !f.dryRun && r.Bad < r.Rows {
			text += s.say(" (the good rows alone: --skip-bad)", "（誤りのない行だけなら --skip-bad）")
		}
	}
	return text
}

func (s *session) importOptions(f importFlags, args []string) (member.ImportOptions, []byte, error) {
	site, _, err := s.siteConfig("")
	if err != nil {
		return member.ImportOptions{}, nil, err
	}
	o := member.ImportOptions{Language: site.Language, MinYears: site.Gate.Eligibility.MinYears,
		DryRun: f.dryRun, SkipBad: f.skipBad, Readmit: f.readmit, By: "office", Now: s.now()}
	for _, a := range site.Audiences {
		o.Audiences = append(o.Audiences, a.Key)
	}
	if len(o.Audiences) > 0 {
		o.Audience = o.Audiences[0]
	}
	if f.sample { // they need not fit the rules of this site
		o.File, o.Audiences, o.MinYears = "members.csv", nil, 0
		return o, member.Sample(), nil
	}
	if o.Map, err = s.columnMap(f.mapping); err != nil {
		return o, nil, err
	}
	o.File = filepath.ToSlash(args[0])
	info, err := os.Stat(args[0])
	if err == nil && info.Size() > maxMembersBytes {
		err = fmt.Errorf("%s: %s", args[0], s.say("the file is larger than 64 MB", "ファイルが 64 MB を超えています"))
	}
	if err != nil {
		return o, nil, err
	}
	data, err := os.ReadFile(args[0])
	return o, data, err
}

// columnMap reads --map: headings and columns, "" to leave one out.
func (s *session) columnMap(text string) (map[string]string, error) {
	known := append(member.Columns(), "name", "name_kana", "")
	columns := map[string]string{}
	for part := range strings.SplitSeq(text, ",") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		heading, column, ok := strings.Cut(part, "=")
		heading, column = strings.TrimSpace(heading), strings.TrimSpace(column)
		if !ok || !slices.Contains(known, column) {
			return nil, usageError{fmt.Errorf("--map %s: %s%s", part, s.say("write NAME=COLUMN, where COLUMN is one of ", "「列名=項目」と書いてください。項目は次のどれかです: "),
				strings.Join(known[:len(known)-1], ", "))}
		}
		columns[heading] = column
	}
	return columns, nil
}
