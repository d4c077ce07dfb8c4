package main

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kaiho/generator/config"
	"kaiho/generator/diag"
	"kaiho/generator/schema"
)

func newSchema(s *session) *cobra.Command {
	var write bool
	var lang string
	c := &cobra.Command{
		Use:   "schema [site|KIND]",
		Short: s.say("Tell editors which keys there are", "エディターに、書ける項目を伝える"),
		Long: s.say(`Print the JSON Schema of site.yaml, or of the front matter of a KIND:
  `+strings.Join(kindNames(), " ")+`
Editors with the YAML language server (VS Code and others) complete and check
site.yaml by it, if the file begins with this line:
  `+schema.Line+`

--write puts all schemas into schema/ of the project, and frontmatter.json,
which gives the VS Code extension Front Matter forms for every kind. Do so again
after each new version of kaiho; check says when.`,
			`site.yaml の項目か、記事の種類 KIND の項目の JSON Schema を表示します。
KIND は次のどれかです。
  `+strings.Join(kindNames(), " ")+`
site.yaml のはじめに次の行があれば、YAML 言語サーバーのあるエディター
（VS Code など）が項目を補い、誤りを知らせます。
  `+schema.Line+`

--write は、すべてのスキーマをサイトの schema/ に書きます。VS Code の拡張
Front Matter のフォームになる frontmatter.json も書きます。kaiho を
新しくしたら、もう一度実行してください（check が知らせます）。`),
		Example: "  kaiho schema event\n  kaiho schema --write --language ja",
		Args:    cobra.MaximumNArgs(1),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return schema.Names(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if !slices.Contains([]string{"", "en", "ja"}, lang) {
				return usageError{fmt.Errorf("%s", s.say(fmt.Sprintf("--language is en or ja, and not %q", lang), fmt.Sprintf("--language は en か ja です（%q）", lang)))}
			}
			if lang == "" {
				lang = string(s.lang)
			}
			if write {
				return s.writeSchemas(lang, args)
			}
			return s.printSchema(lang, args)
		},
	}
	c.Flags().BoolVar(&write, "write", false, s.say("write all of them into the project", "すべてをサイトのフォルダーに書く"))
	c.Flags().StringVar(&lang, "language", "", s.say("`language` of the words: en or ja", "説明の`言語`。en か ja"))
	_ = c.RegisterFlagCompletionFunc("language", func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return []string{"ja", "en"}, cobra.ShellCompDirectiveNoFileComp
	}) // it fails only for a flag that is not there
	return c
}

func (s *session) printSchema(lang string, args []string) error {
	name := schema.SiteName
	if len(args) > 0 {
		name = args[0]
	}
	if !slices.Contains(schema.Names(), name) {
		return usageError{fmt.Errorf("%s%s", s.say(fmt.Sprintf("there is no schema %q", name), fmt.Sprintf("「%s」というスキーマはありません", name)),
			s.meant(name, schema.Names()))}
	}
	_, err := s.stdout.Write(schema.JSON(name, lang))
	return err
}

// writeSchemas writes the files for editors' tools into the project, in place of
// those of another kaiho. A frontmatter.json of the site's own stays.
func (s *session) writeSchemas(lang string, args []string) error {
	if len(args) > 0 {
		return usageError{errors.New(s.say("--write writes all schemas; name none", "--write はすべてのスキーマを書きます。名前は付けません"))}
	}
	root, err := s.project()
	if err != nil {
		return err
	}
	src, err := root.ReadFile(config.Path)
	if err != nil {
		return fmt.Errorf("read %s: %w", config.Path, err)
	}
	site, problems := config.Load(src)
	if problems.HasErrors() {
		problems.Sort()
		if err := problems.Print(s.stderr, s.lang); err != nil {
			return err
		}
		return errProblems
	}
	var written, kept []string
	for _, f := range schema.Files(site, lang) {
		if f.Path == schema.FieldsPath && !schema.IsOurs(root.FS(), f.Path) {
			kept = append(kept, f.Path)
			continue
		}
		if err := root.MkdirAll(path.Dir(f.Path), 0o755); err != nil {
			return fmt.Errorf("make folder: %w", err)
		}
		if err := replaceFile(root, f.Path, f.Data); err != nil {
			return fmt.Errorf("write %s: %w", f.Path, err)
		}
		written = append(written, f.Path)
	}
	text := s.say("written: ", "書きました: ") + strings.Join(written, " ") + "\n"
	for _, name := range kept {
		text += s.say(name+" is your own and stays as it is.\n", name+" はご自分のものなので、そのままにしました。\n")
	}
	if !schema.HasLine(src) {
		text += s.say("For editors to find it, put this line at the top of site.yaml:\n", "エディターが見つけられるように、site.yaml のはじめに次の行を書いてください。\n") + schema.Line + "\n"
	}
	_, err = fmt.Fprint(s.stdout, text)
	return err
}

// editorFiles returns the files for the editors of a new site, in the language of
// its site.yaml.
func editorFiles(src []byte) (map[string][]byte, diag.Problems) {
	site, problems := config.Load(src)
	files := map[string][]byte{}
	for _, f := range schema.Files(site, site.Language) {
		files[f.Path] = f.Data
	}
	return files, problems
}
