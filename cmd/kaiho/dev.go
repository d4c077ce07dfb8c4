package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kaiho/generator"
	"kaiho/generator/preview"
)

func newDev(s *session) *cobra.Command {
	var addr string
	var f buildFlags
	c := &cobra.Command{
		Use: "dev", Args: cobra.NoArgs,
		Short: s.say("Show the site in the browser while you write", "書きながらサイトをブラウザーで見る"),
		Long: s.say(`Build the site, serve dist/public on this machine, and build again on every
change of a file. When something is wrong, the problems are printed and the
last good site stays. Ctrl-C ends it.`,
			`サイトをつくり、dist/public をこのパソコンだけに見せます。ファイルが変わるたびに
つくり直し、誤りがあれば知らせて、前回うまくつくれたサイトを残します。
Ctrl-C で終わります。`),
		Example: "  kaiho dev\n  kaiho dev --drafts --addr 127.0.0.1:8081",
		RunE:    func(c *cobra.Command, _ []string) error { return s.dev(c.Context(), addr, f) },
	}
	c.Flags().StringVar(&addr, "addr", "127.0.0.1:8080", s.say("`host:port` to listen on", "待ち受ける`ホスト:ポート`"))
	c.Flags().StringVar(&f.destination, "destination", "", s.say("output `folder` (default: dist in the project folder)", "出力先の`フォルダー`（既定はサイトのフォルダーの dist）"))
	c.Flags().BoolVar(&f.drafts, "drafts", false, s.say("show drafts", "下書きも載せる"))
	c.Flags().BoolVar(&f.future, "future", false, s.say("show what is under embargo", "公開日前のものも載せる"))
	return c
}

// dev builds, serves dist/public, and builds again on every change until ctx
// ends. A build with problems leaves the last good site in place.
func (s *session) dev(ctx context.Context, addr string, f buildFlags) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return usageError{fmt.Errorf("--addr %s: %w", addr, err)}
	}
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("%s: %w", s.say("listen on "+addr+" (choose another port with --addr 127.0.0.1:8081)",
			addr+" で待ち受けられません（--addr 127.0.0.1:8081 のように別のポートを指定してください）"), err)
	}
	base := s.rebuild(ctx, f)
	dist := f.destination
	if dist == "" {
		dist = filepath.Join(s.source, "dist")
	}
	handler := preview.Handler(filepath.Join(dist, "public"), preview.Options{AnyHost: !isLoopback(host)})
	server := &http.Server{Handler: mount(base, handler), ReadHeaderTimeout: 10 * time.Second}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			cancel(fmt.Errorf("serve: %w", err))
		}
	}()
	fmt.Fprintf(s.stdout, "http://%s%s\n", listener.Addr(), base)
	dirs := []string{}
	for _, dir := range []string{"content", "layouts", "static"} {
		dirs = append(dirs, filepath.Join(s.source, dir))
	}
	err = preview.Watch(ctx, dirs, []string{filepath.Join(s.source, "site.yaml")}, func() { s.rebuild(ctx, f) })
	stop, done := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer done()
	_ = server.Shutdown(stop) // open downloads are cut after that
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// rebuild builds once and says how it went. It returns the site's base path.
func (s *session) rebuild(ctx context.Context, f buildFlags) string {
	started := time.Now()
	p, err := s.open(generator.Options{Drafts: f.drafts, Future: f.future})
	var report generator.Report
	if err == nil {
		report, err = s.write(ctx, p, f)
	}
	if err != nil {
		if !errors.Is(err, errProblems) {
			fmt.Fprintf(s.stderr, "kaiho: %s\n", err)
		}
		fmt.Fprintln(s.stderr, s.say("The last good site is still shown.", "前回うまくつくれたサイトを表示しています。"))
	} else {
		clock := s.clock().Format(time.TimeOnly)
		fmt.Fprintln(s.stderr, s.say(
			fmt.Sprintf("%s built: %d pages, %d files changed (%d ms)", clock, report.Pages, report.Written+report.Removed, time.Since(started).Milliseconds()),
			fmt.Sprintf("%s ページ %d、変わったファイル %d（%d ミリ秒）", clock, report.Pages, report.Written+report.Removed, time.Since(started).Milliseconds())))
	}
	if p == nil {
		return "/"
	}
	return p.Config.Base()
}

// mount serves handler below base, as the site will be.
func mount(base string, handler http.Handler) http.Handler {
	if base == "/" {
		return handler
	}
	mux := http.NewServeMux()
	mux.Handle(base, http.StripPrefix(strings.TrimSuffix(base, "/"), handler))
	mux.Handle("/{$}", http.RedirectHandler(base, http.StatusFound))
	return mux
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
