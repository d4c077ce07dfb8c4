package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"kaiho/generator/content"
)

// newFrontMatterTopic lists the keys of front matter, made from the types that
// it is decoded into.
func newFrontMatterTopic(s *session) *cobra.Command {
	return &cobra.Command{
		Use:   "front-matter [KIND]",
		Short: s.say("What stands at the top of content files", "記事のはじめに書ける項目"),
		Long: s.say(`The keys that stand at the top of a content file, between two lines "---".
KIND is one of:
  `+strings.Join(kindNames(), " ")+`
Without KIND, those of all kinds.`,
			`記事のはじめの二つの「---」のあいだに書ける項目です。KIND は次のどれかです。
  `+strings.Join(kindNames(), " ")+`
KIND がなければ、すべての種類のものを表示します。`),
		Example:           "  kaiho help front-matter event",
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: completeKind,
		RunE: func(_ *cobra.Command, args []string) error {
			kinds := content.Kinds()
			if len(args) == 1 {
				kind, _, err := s.kind(args[0], nil)
				if err != nil {
					return err
				}
				kinds = []content.Kind{kind}
			}
			return s.frontMatter(kinds)
		},
	}
}

func (s *session) frontMatter(kinds []content.Kind) error {
	var b strings.Builder
	for i, kind := range kinds {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "%s\n%s\n", kind, strings.Repeat("-", len(kind)))
		var rows [][2]string
		for _, key := range content.Keys(kind, string(s.lang)) {
			depth := strings.Count(key.Name, ".")
			name := strings.Repeat("  ", depth) + key.Name[strings.LastIndexByte(key.Name, '.')+1:]
			rows = append(rows, [2]string{name, s.keyDoc(key)})
		}
		table(&b, rows)
	}
	_, err := io.WriteString(s.stdout, b.String())
	return err
}

// keyDoc says in a line what a key takes and what it means.
func (s *session) keyDoc(key content.Key) string {
	doc := map[content.Value]string{
		content.TextValue: s.say("text", "文字"), content.TextsValue: s.say("list of texts", "文字のリスト"),
		content.FlagValue: s.say("true or false", "true か false"), content.NumberValue: s.say("number", "整数"),
		content.DateValue: s.say("date, or date and time", "日付か日時"), content.KeysValue: s.say("keys", "項目の組"),
		content.ListValue: s.say("list of keys", "項目の組のリスト"), content.FreeValue: s.say("free keys", "自由な項目"),
	}[key.Value]
	if len(key.Choices) > 0 {
		doc = strings.Join(key.Choices, " | ")
	}
	if key.Required {
		doc += s.say(", required", "、必須")
	}
	if key.Doc != "" {
		doc += s.say(". ", "。") + key.Doc
	}
	return doc
}
