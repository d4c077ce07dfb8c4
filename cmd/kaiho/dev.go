package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"kaiho/generator"
	"kaiho/generator/audience"
	"kaiho/generator/content"
	"kaiho/generator/diag"
	"kaiho/generator/newsletter"
	"kaiho/generator/preview"
)

// devFlags are the flags of dev.
type devFlags struct {
	addr   string
	drafts bool
	future bool
}

func newDev(s *session) *cobra.Command {
	var f devFlags
	c := &cobra.Command{
		Use: "dev", Args: cobra.NoArgs,
		Short: s.say("Show the site in the browser while you write", "書きながらサイトをブラウザーで見る"),
		Long: s.say(`Show the site on this machine while you write. Pages are made when the browser
asks for them, and follow every change of a file; nothing is written to dist/.
A bar below each page switches the audience, and leads to the letters of the
newsletter, side by side. Drafts and what is under embargo are shown and marked.
When something is wrong, the page says what and where, over the last good site.
KAIHO_EDITOR, such as vscode://file/{path}:{line}:{col}, makes places in files
open your editor.`,
			`書きながら、このパソコンでサイトを見られます。ページはブラウザーが求めたときに
つくられ、ファイルの変更はすぐに映ります。dist/ には何も書き込みません。
ページの下のバーで、だれの目で見るかを切り替えられます。お便りの下見にも
進めます。下書きと公開日前のものも、印を付けて見せます。誤りがあれば、前回
うまくいったサイトの上に知らせます。
KAIHO_EDITOR に vscode://file/{path}:{line}:{col} のように書いておくと、
誤りの場所をエディターで開けます。`),
		Example: "  kaiho dev\n  kaiho dev --drafts=false --addr 127.0.0.1:8081",
		RunE:    func(c *cobra.Command, _ []string) error { return s.dev(c.Context(), f) },
	}
	c.Flags().StringVar(&f.addr, "addr", "127.0.0.1:8080", s.say("`host:port` to listen on", "待ち受ける`ホスト:ポート`"))
	c.Flags().BoolVar(&f.drafts, "drafts", true, s.say("show drafts", "下書きも見せる"))
	c.Flags().BoolVar(&f.future, "future", true, s.say("show what is under embargo", "公開日前のものも見せる"))
	return c
}

// dev serves the project until ctx ends, and reads it again on every change.
func (s *session) dev(ctx context.Context, f devFlags) error {
	host, _, err := net.SplitHostPort(f.addr)
	if err != nil {
		return usageError{fmt.Errorf("--addr %s: %w", f.addr, err)}
	}
	root, err := filepath.Abs(s.source)
	if err != nil {
		return fmt.Errorf("find the project folder: %w", err)
	}
	if _, err := s.project(); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", f.addr)
	if err != nil {
		return fmt.Errorf("%s: %w", s.say("listen on "+f.addr+" (choose another port with --addr 127.0.0.1:8081)",
			f.addr+" で待ち受けられません（--addr 127.0.0.1:8081 のように別のポートを指定してください）"), err)
	}
	d := &development{session: s, flags: f, server: preview.NewServer(preview.ServerOptions{
		AnyHost: !isLoopback(host), Editor: s.getenv("KAIHO_EDITOR"), Root: root, Words: s.previewWords()})}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	server := &http.Server{Handler: d.server, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan struct{})
	go func() {
		defer close(served)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			cancel(fmt.Errorf("serve: %w", err))
		}
	}()
	if !isLoopback(host) {
		fmt.Fprintf(s.stderr, "kaiho: %s\n", s.say("whoever reaches "+f.addr+" sees drafts and members' pages",
			f.addr+" につながる人はだれでも、下書きと会員のページを見られます"))
	}
	d.read()
	fmt.Fprintf(s.stdout, "http://%s%s\n", listener.Addr(), d.base())
	err = d.watch(ctx, root)
	d.server.Close()
	stop, done := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer done()
	_ = server.Shutdown(stop) // open downloads are cut after that
	<-served
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return err
}

// development is a project that is being written.
type development struct {
	*session
	flags  devFlags
	server *preview.Server
	good   *generator.Project // the last one without errors; nil if there was none
	live   *generator.Live    // of good
	isGood bool               // good is what the files are now
}

func (d *development) base() string {
	if d.good == nil {
		return "/"
	}
	return d.good.Config.Base()
}

func (d *development) watch(ctx context.Context, root string) error {
	dirs := []string{}
	for _, dir := range []string{"content", "layouts", "static"} {
		dirs = append(dirs, filepath.Join(root, dir))
	}
	refused := func(reason error) {
		fmt.Fprintf(d.stderr, "kaiho: %s (%s)\n", d.say("changes are looked for every second, since the system does not tell of them",
			"システムから変更の知らせを受けられないため、1秒ごとに見にいきます"), reason)
	}
	return preview.Watch(ctx, dirs, []string{filepath.Join(root, "site.yaml")},
		preview.WatchOptions{Refused: refused}, func(paths []string) { d.follow(root, paths) })
}

// follow shows what changed at paths; nil is everywhere. An edit of a text alone
// needs no more than that file.
func (d *development) follow(root string, paths []string) {
	started := time.Now()
	if d.live == nil || !d.isGood || len(paths) == 0 {
		d.read()
		return
	}
	names := make([]string, len(paths))
	for i, path := range paths {
		name, err := filepath.Rel(root, path)
		if err != nil {
			d.read()
			return
		}
		names[i] = filepath.ToSlash(name)
	}
	if !d.live.Reread(names) {
		d.read()
		return
	}
	d.show(d.previewProblems(d.good.Problems))
	what := names[0]
	if len(names) > 1 {
		what += fmt.Sprintf(" (+%d)", len(names)-1)
	}
	fmt.Fprintf(d.stderr, "%s %s (%.1f ms)\n", d.clock().Format(time.TimeOnly), what, float64(time.Since(started).Microseconds())/1000)
}

// read reads the project and shows it; with errors, the last good one stays.
func (d *development) read() {
	started := time.Now()
	p, err := d.session.read(generator.Options{Drafts: d.flags.drafts, Future: d.flags.future})
	d.isGood = err == nil && !p.Problems.HasErrors()
	var problems diag.Problems
	switch {
	case err != nil:
		fmt.Fprintf(d.stderr, "kaiho: %s\n", err)
		d.show([]preview.Problem{{Severity: "error", Message: err.Error()}})
		return
	case p.Problems.HasErrors():
		problems = p.Problems
	default:
		problems = p.Problems
		d.good, d.live = p, p.Live()
	}
	_ = problems.Print(d.stderr, d.lang) // a terminal that is gone must not end the preview
	clock := d.clock().Format(time.TimeOnly)
	took := time.Since(started).Milliseconds()
	if problems.HasErrors() {
		fmt.Fprintln(d.stderr, clock, d.tally(problems)+d.say("; the last good site is still shown", "。前回うまくつくれたサイトを表示しています"))
	} else {
		pages := len(p.Library.Pages) + len(p.Library.People)
		fmt.Fprintln(d.stderr, clock, d.say(fmt.Sprintf("%s read (%d ms)", count(pages, "page"), took), fmt.Sprintf("ページ %d を読みました（%d ミリ秒）", pages, took)))
	}
	d.show(d.previewProblems(problems))
}

// show hands the last good site and what is wrong now to the browsers.
func (d *development) show(problems []preview.Problem) {
	snapshot := preview.Snapshot{Base: d.base(), Problems: problems}
	if d.good == nil {
		d.server.Show(snapshot)
		return
	}
	p, live := d.good, d.live
	snapshot.Readers = []preview.Choice{{Name: "", Title: d.say("Public", "一般")}}
	for _, name := range p.Config.Policy.Names() {
		snapshot.Readers = append(snapshot.Readers, preview.Choice{Name: name, Title: p.Config.AudienceTitle(name, string(d.lang))})
	}
	snapshot.Open = func(reader, path string) (preview.Content, error) {
		shown, err := live.Open(audience.Reader(reader), path)
		if problem, ok := generator.Problem(err); ok {
			err = &preview.PageError{Problems: d.previewProblems(diag.Problems{problem})}
		}
		if err != nil {
			return preview.Content{}, err
		}
		c := preview.Content{Body: shown.Data}
		if shown.Page != nil {
			c.Source, c.Marks, c.Issue = shown.Page.Path, d.marks(shown.Page), newsletter.ID(shown.Page)
			for _, t := range shown.Page.Translations {
				if p.Library.Sees(audience.Reader(reader), t) != content.Nothing && len(shown.Page.Translations) > 1 {
					c.Translations = append(c.Translations, preview.Choice{Name: t.Lang, Title: p.Library.Link(t.URL)})
				}
			}
		}
		return c, nil
	}
	if len(p.Desk().IDs()) > 0 {
		snapshot.Origin = p.Config.Origin()
		snapshot.Letters = func(issue, variant, member string) (preview.Letters, error) {
			return d.letters(p, live, issue, variant, member)
		}
	}
	d.server.Show(snapshot)
}

// marks says why the public does not see a page now.
func (d *development) marks(page *content.Page) []string {
	var marks []string
	if page.Draft {
		marks = append(marks, d.say("draft", "下書き"))
	}
	if page.Publish.After(d.now()) {
		until := page.Publish.Format("2006-01-02 15:04")
		marks = append(marks, d.say("embargo until "+until, until+" に公開"))
	}
	return marks
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
