package main

import (
	"context"
	"fmt"
	"path"
	"time"

	"github.com/spf13/cobra"

	"kaiho/generator/member"
	"kaiho/generator/newsletter"
	"kaiho/generator/publish"
)

func newNewsletterPreview(s *session) *cobra.Command {
	c := &cobra.Command{
		Use: "preview ID", Args: cobra.ExactArgs(1),
		Short: s.say("Write every letter of an issue to dist/newsletters/ID/", "号のお便りをすべて dist/newsletters/ID/ に書き出す"),
		Long: s.say(`Write every letter of an issue to dist/newsletters/ID/: .html, .txt, and a whole
.eml to an invented reader, whose links open nothing. Of a locked issue it is
what the lock has. "kaiho dev" shows letters side by side: see the bar there.`,
			`号のお便りを、すべて dist/newsletters/ID/ に書き出します。.html と .txt のほか、
架空の読者に宛てた .eml もつくります（その中のリンクでは何も開きません）。
lock した号では、lock のとおりになります。kaiho dev では、下のバーの「お便り」
から並べて見られます。`),
		Example:           "  kaiho newsletter preview 2026-11-18",
		ValidArgsFunction: s.completeIssues,
		RunE:              func(c *cobra.Command, args []string) error { return s.previewIssue(c.Context(), args[0]) },
	}
	return c
}

func (s *session) previewIssue(ctx context.Context, id string) error {
	i, err := s.openIssue(id, false)
	if err != nil {
		return err
	}
	problems := i.Preflight(i.letters, nil)
	if i.project.Config.Mail.From.Address == "" { // a letter of nobody
		return s.printed(problems)
	}
	folder := path.Join("newsletters", i.ID)
	var files []publish.File
	add := func(v *newsletter.Variant, ext string, data []byte) {
		files = append(files, publish.File{Path: path.Join(folder, v.Name+ext), Audience: audienceName(v),
			Render: func() ([]byte, error) { return data, nil }})
	}
	for n := range i.letters {
		l := &i.letters[n]
		html, text, eml, err := i.specimen(l)
		if err != nil {
			return err
		}
		add(l.Variant, ".html", html)
		add(l.Variant, ".txt", text)
		add(l.Variant, ".eml", eml)
	}
	dist, err := s.dist(buildFlags{})
	if err != nil {
		return err
	}
	defer dist.Close()
	if _, err := publish.Apply(ctx, dist, files, publish.Options{Trees: []string{folder}, Version: "kaiho"}); err != nil {
		return err
	}
	for n := range i.letters {
		l := &i.letters[n]
		fmt.Fprintf(s.stdout, "%s\t%d KB\t%s\n", path.Join("dist", folder, l.Variant.Name+".html"), (l.Size()+1023)>>10, l.Subject)
	}
	s.tellDifferences(i)
	if err := problems.Print(s.stderr, s.lang); err != nil {
		return err
	}
	if problems.HasErrors() {
		return errProblems
	}
	return nil
}

// specimen returns a letter as an invented reader gets it.
func (i *issue) specimen(l *newsletter.Letter) (html, text, eml []byte, err error) {
	t, err := i.Template(*l)
	if err != nil {
		return nil, nil, nil, err
	}
	p := newsletter.Person{Member: inventedReader(l.Variant), Date: i.Now}
	if eml, err = t.Append(nil, p, newsletter.Specimen{}); err != nil {
		return nil, nil, nil, err
	}
	htmlText, plain, err := t.Parts(p, newsletter.Specimen{})
	return []byte(htmlText), []byte(plain), eml, err
}

// inventedReader is somebody who is nobody, for letters that are only looked at.
func inventedReader(v *newsletter.Variant) member.Member {
	m := member.Member{ID: 1, SMTP: "reader@example.jp", Language: v.Lang, Joined: 2009, Department: "光学設計部",
		Name: member.Name{Family: "見本", Given: "花子", Latin: "Sample Reader"}}
	if v.Lang != "ja" {
		m.Department = "Optical Design"
	}
	if v.Audience == "" {
		m.Joined, m.Department = 0, ""
	}
	m.Created = time.Time{}
	return m
}

// completeIssues completes the IDs of issues.
func (s *session) completeIssues(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	root, err := s.project()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return issueIDs(root.FS()), cobra.ShellCompDirectiveNoFileComp
}
