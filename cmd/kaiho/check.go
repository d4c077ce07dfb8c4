package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"kaiho/generator"
	"kaiho/generator/diag"
)

func newCheck(s *session) *cobra.Command {
	var asJSON, strict bool
	c := &cobra.Command{
		Use: "check", Args: cobra.NoArgs,
		Short: s.say("Find every problem, and build nothing", "誤りをすべて見つける（サイトはつくらない）"),
		Long: s.say(`Find every problem of content, links, references and layouts, and of the letters
that are to be sent next, and leave dist/ as it is. Errors stop a build or a
letter; warnings do not.`,
			`記事・リンク・参照・レイアウトと、次に送るお便りの誤りをすべて見つけます。
dist/ はそのままです。誤りがあると、サイトやお便りはつくれません。注意だけなら
つくれます。`),
		Example: "  kaiho check\n  kaiho check --strict --json",
		RunE: func(*cobra.Command, []string) error {
			pictures := s.newMaking()
			p, err := s.read(generator.Options{Once: true, Made: pictures.made})
			if err != nil {
				return err
			}
			if !p.Problems.HasErrors() {
				p.Render()
				pictures.end()
				if err := p.CheckLetters(); err != nil {
					return err
				}
			}
			if asJSON {
				err = p.Problems.WriteJSON(s.stdout, s.lang)
			} else if err = p.Problems.Print(s.stderr, s.lang); err == nil {
				_, err = fmt.Fprintln(s.stdout, s.tally(p.Problems))
			}
			if err == nil && (p.Problems.HasErrors() || strict && p.Problems.Count(diag.Warning) > 0) {
				err = errProblems
			}
			return err
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, s.say("print the problems as JSON", "結果を JSON で表示する"))
	c.Flags().BoolVar(&strict, "strict", false, s.say("let warnings fail, too", "注意も誤りとして扱う"))
	return c
}
