package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"kaiho/generator/audience"
	"kaiho/generator/member"
	"kaiho/generator/newsletter"
)

// explainFlags say for whom an issue is explained.
type explainFlags struct {
	member  string
	variant string
	all     bool
	json    bool
}

func newNewsletterExplain(s *session) *cobra.Command {
	var f explainFlags
	c := &cobra.Command{
		Use: "explain ID", Args: cobra.ExactArgs(1),
		Short: s.say("Say item by item why it is in a letter or not", "記事ごとに、お便りに入る（入らない）わけを説明する"),
		Long: s.say(`Say item by item why it is in a letter or not: that of a member, or a variant. A
member is a number of "kaiho member list", or an address. Items of the letter
come first, in its order, with "+"; then what is not in it, with "-". What was
mailed before and standing pages are left out unless --all is given.`,
			`ある会員（または、あるお便り）について、記事ごとに入る・入らないわけを説明
します。会員は一覧の番号かアドレスで指定します。お便りに入る記事が、その順に
「+」で並び、入らないものが「-」で続きます。すでに送ったものと定まったページは、
--all を付けたときだけ表示します。`),
		Example:           "  kaiho newsletter explain 2026-11-18 --member taro@example.jp\n  kaiho newsletter explain 2026-11-18 --variant alumni-ja --all",
		ValidArgsFunction: s.completeIssues,
		RunE:              func(c *cobra.Command, args []string) error { return s.explainIssue(c.Context(), args[0], f) },
	}
	c.Flags().StringVar(&f.member, "member", "", s.say("the letter of one `member`", "この`会員`のお便り"))
	c.Flags().StringVar(&f.variant, "variant", "", s.say("the letter of this `name`, such as alumni-ja", "この`名前`のお便り（alumni-ja など）"))
	c.Flags().BoolVar(&f.all, "all", false, s.say("say it of every page", "すべてのページについて説明する"))
	c.Flags().BoolVar(&f.json, "json", false, s.say("print it as JSON", "JSON で表示する"))
	return c
}

func (s *session) explainIssue(ctx context.Context, id string, f explainFlags) error {
	if (f.member == "") == (f.variant == "") {
		return usageError{errors.New(s.say("name one member with --member, or one letter with --variant", "--member で会員を、または --variant でお便りを、どちらか一つ指定してください"))}
	}
	i, err := s.openIssue(id, false)
	if err != nil {
		return err
	}
	place, who, err := s.placeOf(ctx, i, f)
	if err != nil {
		return err
	}
	s.tellDifferences(i)
	decisions := i.Explain(place)
	if f.json {
		return s.explainJSON(i, place, decisions)
	}
	switch {
	case place.Variant != nil:
		fmt.Fprintln(s.stdout, s.say("letter: ", "お便り：")+place.Variant.Name)
	default:
		fmt.Fprintln(s.stdout, s.say("no letter: ", "お便りなし：")+s.noLetter(place.Why))
	}
	if who != nil && len(who.Audiences) > 1 {
		title := i.project.Config.AudienceTitle(string(place.Audience), string(s.lang))
		fmt.Fprintln(s.stderr, s.say("of their audiences, the letter is for "+title, "読者の区分のうち、「"+title+"」のお便りです"))
	}
	for _, d := range decisions {
		if !d.In && !f.all && (d.Reason == newsletter.Mailed || d.Reason == newsletter.NotForLetters) {
			continue
		}
		sign := "-"
		if d.In && place.Variant != nil {
			sign = "+"
		}
		fmt.Fprintf(s.stdout, "%s %s\t%s\n", sign, d.Page.Path, s.reason(i, d, who))
	}
	return nil
}

// placeOf is the place in the issue that the flags ask for, and the member whose it
// is; nil for that of a variant.
func (s *session) placeOf(ctx context.Context, i *issue, f explainFlags) (newsletter.Place, *member.Member, error) {
	if f.variant == "" {
		var m member.Member
		err := s.withBook(ctx, func(b *member.Book) (err error) {
			m, err = s.findMember(ctx, b, f.member)
			return err
		})
		return i.Assign(m, s.now()), &m, err
	}
	v := i.Find(f.variant)
	if v == nil {
		var names []string
		for _, known := range i.Variants {
			names = append(names, known.Name)
		}
		return newsletter.Place{}, nil, usageError{errors.New(s.say(
			fmt.Sprintf("the issue has no letter %s; it has %s", f.variant, strings.Join(names, ", ")),
			fmt.Sprintf("この号に %s というお便りはありません。あるのは %s です", f.variant, strings.Join(names, "、"))))}
	}
	return newsletter.Place{Variant: v, Audience: v.Audience, Lang: v.Lang, Segments: v.Segments}, nil, nil
}

func (s *session) explainJSON(i *issue, place newsletter.Place, decisions []newsletter.Decision) error {
	type item struct {
		Path   string `json:"path"`
		Title  string `json:"title"`
		In     bool   `json:"in"`
		Reason string `json:"reason"`
		Detail string `json:"detail,omitempty"`
	}
	doc := struct {
		Issue    string   `json:"issue"`
		Locked   bool     `json:"locked"`
		Variant  string   `json:"variant"` // empty: no letter
		Why      string   `json:"why,omitempty"`
		Audience string   `json:"audience"`
		Language string   `json:"language"`
		Segments []string `json:"segments"`
		Items    []item   `json:"items"`
	}{Issue: i.ID, Locked: i.Lock != nil, Why: string(place.Why), Audience: place.Audience.String(), Language: place.Lang,
		Segments: append([]string{}, place.Segments...), Items: []item{}}
	if place.Variant != nil {
		doc.Variant = place.Variant.Name
	}
	for _, d := range decisions {
		doc.Items = append(doc.Items, item{d.Page.Path, d.Page.Title, d.In && place.Variant != nil, string(d.Reason), d.Detail})
	}
	e := json.NewEncoder(s.stdout)
	e.SetEscapeHTML(false)
	return e.Encode(doc)
}

// reason says a decision in words; of a member's segments also why they are not in
// them.
func (s *session) reason(i *issue, d newsletter.Decision, who *member.Member) string {
	if d.Reason == newsletter.OtherSegment && who != nil {
		var why []string
		for _, name := range d.Page.Segments {
			why = append(why, i.project.Config.Segment.Explain(name, newsletter.Facts(*who)).Text(s.lang))
		}
		return strings.Join(why, s.say("; ", "。"))
	}
	words, ok := map[newsletter.Reason][2]string{
		newsletter.IsLead:        {"the lead", "巻頭"},
		newsletter.Included:      {"the issue includes it", "この号が include で挙げている"},
		newsletter.IsNew:         {"new: no earlier issue has it", "新しい（これまでの号にない）"},
		newsletter.Locked:        {"the lock has it", "lock にある"},
		newsletter.NotForLetters: {"a standing page: only if the issue includes it", "定まったページ（include したときだけ入る）"},
		newsletter.NoEdition:     {"not there in the reader's language", "読者の言語の版がない"},
		newsletter.IsDraft:       {"a draft", "下書き"},
		newsletter.Embargoed:     {"under embargo until %s", "%s に公開"},
		newsletter.Expired:       {"expired since %s", "%s に掲載終了"},
		newsletter.Withdrawn:     {"withdrawn", "取り下げ"},
		newsletter.OtherAudience: {"for %s only", "%s だけが読める"},
		newsletter.Excluded:      {"the issue excludes it", "この号が exclude で外している"},
		newsletter.Skipped:       {"digest: skip", "digest: skip"},
		newsletter.Mailed:        {"mailed with %s", "%s で送った"},
		newsletter.Past:          {"the event is over", "終わったイベント"},
		newsletter.Closed:        {"the job is closed", "締め切った仕事"},
		newsletter.TooOld:        {"older than since (%s)", "since（%s）より古い"},
		newsletter.TooYoung:      {"younger than until (%s)", "until（%s）より新しい"},
		newsletter.NoSection:     {"the issue leaves out the section %s", "この号はセクション %s を載せない"},
		newsletter.OtherSegment:  {"for the segment %s", "セグメント %s 向け"},
		newsletter.OverLimit:     {"its section is full; next time", "セクションがいっぱい（次の号に回る）"},
		newsletter.AfterLock:     {"was not there when the issue was locked", "lock のあとに加わった"},
	}[d.Reason]
	if !ok {
		return string(d.Reason)
	}
	text := s.say(words[0], words[1])
	detail := d.Detail
	if d.Reason == newsletter.OtherAudience && detail == "" {
		detail = audience.Public.String()
	}
	if strings.Contains(text, "%s") {
		return fmt.Sprintf(text, detail)
	}
	return text
}
