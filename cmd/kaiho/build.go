package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kaiho/generator"
	"kaiho/generator/config"
	"kaiho/generator/content"
)

// buildFlags are the flags of build and, in part, of dev.
type buildFlags struct {
	destination string
	baseURL     string
	drafts      bool
	future      bool
	json        bool
}

func newBuild(s *session) *cobra.Command {
	var f buildFlags
	c := &cobra.Command{
		Use: "build", Args: cobra.NoArgs,
		Short: s.say("Build the site into dist/", "サイトを dist/ につくる"),
		Long: s.say(`Build the site into dist/: dist/public is for everyone, dist/members for
members. Any error leaves the last good output as it is.`,
			`サイトを dist/ につくります。dist/public はだれでも読めるもの、dist/members は
会員だけが読めるものです。誤りが一つでもあれば、前回の出力をそのまま残します。`),
		Example: "  kaiho build\n  kaiho build --destination /srv/alumni --base-url https://alumni.example.com/",
		RunE:    func(c *cobra.Command, _ []string) error { return s.build(c.Context(), f) },
	}
	c.Flags().StringVar(&f.destination, "destination", "", s.say("output `folder` (default: dist in the project folder)", "出力先の`フォルダー`（既定はサイトのフォルダーの dist）"))
	c.Flags().StringVar(&f.baseURL, "base-url", "", s.say("`address` of the site, instead of base_url", "base_url の代わりに使うサイトの`アドレス`"))
	c.Flags().BoolVar(&f.drafts, "drafts", false, s.say("publish drafts, too", "下書きも公開する"))
	c.Flags().BoolVar(&f.future, "future", false, s.say("publish what is under embargo, too", "公開日前のものも公開する"))
	c.Flags().BoolVar(&f.json, "json", false, s.say("print the counts as JSON", "件数を JSON で表示する"))
	return c
}

func (s *session) build(ctx context.Context, f buildFlags) error {
	started := time.Now()
	if f.baseURL != "" {
		if err := config.CheckBaseURL(f.baseURL); err != nil {
			return usageError{fmt.Errorf("--base-url: %w", err)}
		}
	}
	p, err := s.read(generator.Options{Drafts: f.drafts, Future: f.future, BaseURL: f.baseURL})
	if err != nil {
		return err
	}
	report, err := s.write(ctx, p, f)
	if errors.Is(err, errProblems) && f.json {
		err = errors.Join(p.Problems.WriteJSON(s.stdout, s.lang), err)
	}
	if err != nil {
		return err
	}
	for _, page := range p.Held() {
		fmt.Fprintln(s.stderr, s.held(page))
	}
	took := time.Since(started).Milliseconds()
	if f.json {
		return json.NewEncoder(s.stdout).Encode(struct {
			Pages        int   `json:"pages"`
			Outputs      int   `json:"outputs"`
			Written      int   `json:"written"`
			Removed      int   `json:"removed"`
			Unchanged    int   `json:"unchanged"`
			Milliseconds int64 `json:"milliseconds"`
		}{report.Pages, report.Outputs, report.Written, report.Removed, report.Unchanged, took})
	}
	_, err = fmt.Fprintln(s.stdout, s.say(
		fmt.Sprintf("%d pages, %d files: %d written, %d removed, %d unchanged (%d ms)",
			report.Pages, report.Outputs, report.Written, report.Removed, report.Unchanged, took),
		fmt.Sprintf("ページ %d、ファイル %d（書き込み %d、削除 %d、変更なし %d）%d ミリ秒",
			report.Pages, report.Outputs, report.Written, report.Removed, report.Unchanged, took)))
	return err
}

// write prints the problems of a project and builds it into the output folder,
// unless one of them is an error. Problems that layouts have while they are
// executed join those of the project.
func (s *session) write(ctx context.Context, p *generator.Project, f buildFlags) (generator.Report, error) {
	var report generator.Report
	if !p.Problems.HasErrors() {
		dist, err := s.dist(f.destination)
		if err != nil {
			return report, err
		}
		defer dist.Close()
		if report, err = p.Build(ctx, dist, "kaiho"); err != nil {
			return report, err
		}
	}
	if err := p.Problems.Print(s.stderr, s.lang); err != nil {
		return report, err
	}
	if p.Problems.HasErrors() {
		fmt.Fprintln(s.stderr, s.tally(p.Problems))
		return report, errProblems
	}
	return report, nil
}

// dist opens the output folder, making it if need be. It may not lie in a
// folder that the build reads.
func (s *session) dist(destination string) (*os.Root, error) {
	if destination == "" {
		destination = filepath.Join(s.source, "dist")
	}
	for _, input := range []string{"content", "layouts", "static"} {
		in, err1 := filepath.Abs(filepath.Join(s.source, input))
		out, err2 := filepath.Abs(destination)
		if err1 == nil && err2 == nil && (out == in || strings.HasPrefix(out, in+string(filepath.Separator))) {
			return nil, usageError{fmt.Errorf("%s", s.say(
				fmt.Sprintf("--destination may not lie in %s/, which the build reads", input),
				fmt.Sprintf("--destination を、元になる %s/ の中に置くことはできません", input)))}
		}
	}
	if err := os.MkdirAll(destination, 0o755); err != nil {
		return nil, fmt.Errorf("make output folder: %w", err)
	}
	root, err := os.OpenRoot(destination)
	if err != nil {
		return nil, fmt.Errorf("open output folder: %w", err)
	}
	return root, nil
}

// held says that a page is not shown, why, and until when.
func (s *session) held(page *content.Page) string {
	until := ""
	if !page.Held.Until.IsZero() {
		until = page.Held.Until.Format("2006-01-02 15:04")
	}
	switch page.Held.Reason {
	case "draft":
		return s.say(fmt.Sprintf("held back: %s (draft)", page.Path), fmt.Sprintf("公開しません: %s（下書き）", page.Path))
	case "embargo":
		return s.say(fmt.Sprintf("held back: %s (embargo until %s)", page.Path, until), fmt.Sprintf("公開しません: %s（%s に公開）", page.Path, until))
	case "consent":
		return s.say(fmt.Sprintf("held back: %s (consent ended %s)", page.Path, until), fmt.Sprintf("公開しません: %s（掲載の同意が %s に終了）", page.Path, until))
	}
	return s.say(fmt.Sprintf("held back: %s (expired since %s)", page.Path, until), fmt.Sprintf("公開しません: %s（%s に掲載終了）", page.Path, until))
}
