package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kaiho/generator/config"
	"kaiho/generator/gate"
	"kaiho/generator/member"
	"kaiho/generator/signedlink"
)

// serveFlags are the flags of serve.
type serveFlags struct {
	addr, cert, key string
	checkAddr       string
	hosts           []string
	baseURL         string
	accessLog       bool
}

func newServe(s *session) *cobra.Command {
	var f serveFlags
	c := &cobra.Command{
		Use: "serve", Args: cobra.NoArgs,
		Short: s.say("Serve dist/ to the world, and members' pages to members", "dist/ を公開し、会員には会員のページを見せる"),
		Long: s.say(`Serve dist/ to the world, and to members what is for them: who opens a signed
link is signed in. Builds may go on meanwhile; what they change is shown at
once, and no request is lost. Start it again after a change of site.yaml.
Without --tls-cert and --tls-key it speaks plain HTTP, for this machine alone
or behind a web server that has TLS.
Letters that readers ask for go to the mail server of KAIHO_SMTP_URL, signed by
KAIHO_DKIM. What it does not take at once is tried again for some minutes; the
log says if that was in vain. Without KAIHO_SMTP_URL they lie in .kaiho/outbox/.
--check-addr is for that web server, for health checks and for metrics; it must
not be reachable from elsewhere.`,
			`dist/ を公開し、署名つきリンクから入った会員には会員のページを見せます。
動かしたままサイトをつくり直せます。変更はすぐに映り、閲覧は途切れません。
site.yaml を変えたときは、起動し直してください。
--tls-cert と --tls-key がなければ暗号化しない HTTP で動きます。このパソコン
だけで使うか、TLS を受け持つウェブサーバーの後ろに置いてください。
読者が求めたメール（リンクや購読の確認）は、KAIHO_SMTP_URL のサーバーへ、
KAIHO_DKIM で署名して送ります。すぐに受け取ってもらえないときは数分おきに
送り直し、それでもだめなら記録に残します。KAIHO_SMTP_URL がなければ、
.kaiho/outbox/ に入ります。
--check-addr は、前に置くウェブサーバーと、死活確認・計測のためのアドレスです。
外から届かないようにしてください。`),
		Example: `  kaiho serve
  kaiho serve --addr :443 --tls-cert fullchain.pem --tls-key privkey.pem
  kaiho serve --check-addr unix:/run/kaiho/check.sock`,
		RunE: func(c *cobra.Command, _ []string) error { return s.serve(c.Context(), f) },
	}
	flags := c.Flags()
	flags.StringVar(&f.addr, "addr", "127.0.0.1:8090", s.say("`host:port` to listen on", "待ち受ける`ホスト:ポート`"))
	flags.StringVar(&f.cert, "tls-cert", "", s.say("`file` with the certificate and its chain (PEM)", "証明書とその連鎖の`ファイル`（PEM）"))
	flags.StringVar(&f.key, "tls-key", "", s.say("`file` with its key (PEM)", "証明書の鍵の`ファイル`（PEM）"))
	flags.StringVar(&f.checkAddr, "check-addr", "", s.say("`address` of checks: loopback host:port or unix:PATH", "確認用の`アドレス`（このパソコンの host:port か unix:PATH）"))
	flags.StringSliceVar(&f.hosts, "hosts", nil, s.say("further `names` of the host, beside that of base_url", "base_url のほかに受け付けるホストの`名前`"))
	flags.StringVar(&f.baseURL, "base-url", "", s.say("`address` of the site, instead of base_url", "base_url の代わりに使うサイトの`アドレス`"))
	flags.BoolVar(&f.accessLog, "access-log", true, s.say("write a line for each request to stderr", "アクセスの記録を標準エラーに書く"))
	return c
}

// serve runs the gate until ctx ends.
func (s *session) serve(ctx context.Context, f serveFlags) error {
	if err := s.checkServe(f); err != nil {
		return err
	}
	site, from, err := s.siteConfig(f.baseURL)
	if err != nil {
		return err
	}
	level := slog.LevelInfo
	if !f.accessLog {
		level = slog.LevelWarn
	}
	log := slog.New(slog.NewTextHandler(s.stderr, &slog.HandlerOptions{Level: level}))
	origin, err := signedlink.Origin(site.BaseURL)
	if err != nil {
		return fmt.Errorf("base_url: %w", err)
	}
	ring, err := s.newLiveRing(origin, log)
	if err != nil {
		return err
	}
	dist, err := os.OpenRoot(filepath.Join(s.source, "dist"))
	if err != nil {
		return s.noSite(err)
	}
	defer dist.Close()
	db, err := s.database(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", s.say("open the members' database", "会員のデータベースを開く"), err)
	}
	defer db.Close()
	book := member.Open(db)
	roster := member.NewRoster(context.WithoutCancel(ctx), book, log)
	if err := roster.Start(); err != nil {
		return fmt.Errorf("%s: %w", s.say("read the members", "会員を読む"), err)
	}
	defer roster.Close()
	letters, err := s.openOutbox(from, log)
	if err != nil {
		return err
	}
	defer letters.Close() // after the gate
	listener, err := s.listen(f)
	if err != nil {
		return err
	}
	g, err := gate.New(gate.Options{
		Origin: origin, Base: site.Base(), Hosts: servedHosts(site.Gate.Hosts, f.hosts, listener.Addr()),
		Audiences: site.Policy.Names(), Languages: site.Languages, SessionIdle: site.Gate.SessionIdle, SessionMax: site.Gate.SessionMax,
		Dist: dist, Ring: ring, Roster: roster, Now: s.now, Log: log,
		Pages: gatePages(site, dist, book, letters, func() []string { return s.lockedIssues(site.Zone) }),
	})
	if err != nil {
		listener.Close()
		return s.noSite(err)
	}
	defer g.Close()
	return s.runServers(ctx, f, site, g, listener, log)
}

// noSite says what to do if dist cannot be served.
func (s *session) noSite(err error) error {
	return fmt.Errorf("%s: %w", s.say("there is no site to serve (make it with: kaiho build)", "公開するサイトがありません（次のコマンドでつくれます: kaiho build）"), err)
}

// checkServe finds mistakes in the call.
func (s *session) checkServe(f serveFlags) error {
	if _, _, err := net.SplitHostPort(f.addr); err != nil {
		return usageError{fmt.Errorf("--addr %s: %w", f.addr, err)}
	}
	if (f.cert == "") != (f.key == "") {
		return usageError{errors.New(s.say("--tls-cert and --tls-key belong together", "--tls-cert と --tls-key は両方とも指定してください"))}
	}
	if f.baseURL != "" {
		if err := config.CheckBaseURL(f.baseURL); err != nil {
			return usageError{fmt.Errorf("--base-url: %w", err)}
		}
	}
	if f.checkAddr == "" || strings.HasPrefix(f.checkAddr, "unix:") && len(f.checkAddr) > len("unix:") {
		return nil
	}
	host, _, err := net.SplitHostPort(f.checkAddr)
	if err != nil {
		return usageError{fmt.Errorf("--check-addr %s: %w", f.checkAddr, err)}
	}
	if !isLoopback(host) {
		return usageError{fmt.Errorf("--check-addr %s: %s", f.checkAddr, s.say("only this machine may reach it: 127.0.0.1:8091, or unix:/run/kaiho/check.sock",
			"このパソコンからだけ届くアドレスにしてください: 127.0.0.1:8091 や unix:/run/kaiho/check.sock"))}
	}
	return nil
}

// databaseURL is KAIHO_DATABASE_URL, or the file in the state folder.
func (s *session) databaseURL() string {
	if url := s.getenv("KAIHO_DATABASE_URL"); url != "" {
		return url
	}
	return "sqlite:" + filepath.Join(s.state(), "kaiho.db")
}

// correspondence is who writes the letters that are asked for.
type correspondence struct{ sender, replyTo string }

// siteConfig reads site.yaml alone; its problems are printed.
func (s *session) siteConfig(baseURL string) (*config.Site, correspondence, error) {
	root, err := s.project()
	if err != nil {
		return nil, correspondence{}, err
	}
	src, err := root.ReadFile(config.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, correspondence{}, errors.New(s.say("there is no site.yaml in "+s.source, s.source+" に site.yaml がありません"))
	}
	if err != nil {
		return nil, correspondence{}, fmt.Errorf("read site.yaml: %w", err)
	}
	site, problems := config.Load(src)
	if problems.HasErrors() {
		return nil, correspondence{}, errors.Join(problems.Print(s.stderr, s.lang), errProblems)
	}
	if baseURL != "" {
		site.SetBaseURL(baseURL)
	}
	return site, letterFrom(site), nil
}
