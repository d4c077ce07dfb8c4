package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"kaiho/generator"
	"kaiho/generator/config"
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
	result, err := s.result(ctx, f)
	if err != nil {
		return err
	}
	report := result.Report
	for _, page := range result.Held {
		fmt.Fprintln(s.stderr, s.held(page))
	}
	s.slow(result.Uncached)
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

// result builds the project, and prints its problems: errProblems if there are
// errors among them, with which nothing is built.
func (s *session) result(ctx context.Context, f buildFlags) (generator.Result, error) {
	pictures := s.newMaking()
	o := generator.Options{Now: s.now(), Drafts: f.drafts, Future: f.future, BaseURL: f.baseURL, Cache: s.cache(), Made: pictures.made, Once: true}
	result, err := s.unchanged(o, f)
	if err != nil {
		return result, err
	}
	if result.Report.Outputs == 0 {
		p, err := s.read(o)
		if err != nil {
			return result, err
		}
		if result = (generator.Result{Problems: p.Problems}); !p.Problems.HasErrors() {
			dist, err := s.dist(f)
			if err != nil {
				return result, err
			}
			defer dist.Close()
			result, err = p.Build(ctx, dist, "kaiho")
			pictures.end()
			if err != nil {
				return result, err
			}
		}
	}
	if err := result.Problems.Print(s.stderr, s.lang); err != nil || !result.Problems.HasErrors() {
		return result, err
	}
	fmt.Fprintln(s.stderr, s.tally(result.Problems))
	if f.json {
		return result, errors.Join(result.Problems.WriteJSON(s.stdout, s.lang), errProblems)
	}
	return result, errProblems
}

// unchanged returns the result of the last build if it holds now; no outputs if
// it does not.
func (s *session) unchanged(o generator.Options, f buildFlags) (generator.Result, error) {
	root, err := s.project()
	if err != nil {
		return generator.Result{}, err
	}
	if info, err := os.Stat(s.destination(f)); err != nil || !info.IsDir() {
		return generator.Result{}, nil // there was no build
	}
	dist, err := s.dist(f)
	if err != nil {
		return generator.Result{}, err
	}
	defer dist.Close()
	result, _ := generator.Unchanged(root.FS(), dist, o)
	return result, nil
}

// destination is the output folder.
func (s *session) destination(f buildFlags) string {
	if f.destination == "" {
		return filepath.Join(s.source, "dist")
	}
	return f.destination
}

// dist opens the output folder, making it if need be. It may not lie in a
// folder that the build reads.
func (s *session) dist(f buildFlags) (*os.Root, error) {
	destination := s.destination(f)
	for _, input := range []string{"content", "layouts", "static"} {
		if within(settled(destination), settled(filepath.Join(s.source, input))) {
			return nil, usageError{fmt.Errorf("%s", s.say(
				fmt.Sprintf("--destination may not lie in %s/, which the build reads", input),
				fmt.Sprintf("--destination を、元になる %s/ の中に置くことはできません", input)))}
		}
	}
	if within(settled(s.state()), settled(destination)) {
		return nil, usageError{fmt.Errorf("%s", s.say("--destination may not hold the folder for state, "+s.state(),
			"--destination の中に、作業用のフォルダー "+s.state()+" があってはいけません"))}
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

// slow says why the next time will not be faster than this one.
func (s *session) slow(uncached error) {
	if uncached != nil && !errors.Is(uncached, fs.ErrPermission) { // who may not write there knows it
		fmt.Fprintf(s.stderr, "kaiho: %s: %s\n", s.say("the next build takes as long as this one", "次のビルドも同じだけ時間がかかります"), uncached)
	}
}

// held says that a page is not shown, why, and until when.
func (s *session) held(page generator.Withheld) string {
	until := ""
	if !page.Until.IsZero() {
		until = page.Until.Format("2006-01-02 15:04")
	}
	switch page.Reason {
	case "draft":
		return s.say(fmt.Sprintf("held back: %s (draft)", page.Path), fmt.Sprintf("公開しません: %s（下書き）", page.Path))
	case "embargo":
		return s.say(fmt.Sprintf("held back: %s (embargo until %s)", page.Path, until), fmt.Sprintf("公開しません: %s（%s に公開）", page.Path, until))
	case "consent":
		return s.say(fmt.Sprintf("held back: %s (consent ended %s)", page.Path, until), fmt.Sprintf("公開しません: %s（掲載の同意が %s に終了）", page.Path, until))
	}
	return s.say(fmt.Sprintf("held back: %s (expired since %s)", page.Path, until), fmt.Sprintf("公開しません: %s（%s に掲載終了）", page.Path, until))
}
