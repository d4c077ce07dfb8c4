package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kaiho/generator/gate"
)

// hostFlags are the flags of host.
type hostFlags struct{ checkAddr, destination string }

func newHost(s *session) *cobra.Command {
	var f hostFlags
	c := &cobra.Command{
		Use: "host nginx|caddy|edge", Args: cobra.ExactArgs(1), ValidArgs: append(gate.HostNames(), "edge"),
		Short: s.say("Print the configuration of a web server in front of serve", "serve の前に置くウェブサーバーの設定を表示する"),
		Long: s.say(`Print a tested configuration for nginx or Caddy, filled in from site.yaml. The
web server serves dist/public; what is for members it asks of kaiho serve,
which alone decides which file of a member is sent. "edge" prints a worker in
JavaScript that opens members' pages with the public half of the keys.`,
			`nginx または Caddy のための、試験済みの設定を表示します。値は site.yaml から
入ります。dist/public はウェブサーバーが配り、会員のものは kaiho serve に
尋ねます。どのファイルを会員に渡すかを決めるのは kaiho serve だけです。
edge は、鍵の公開部分だけで会員のページを開く JavaScript を表示します。`),
		Example: "  kaiho host nginx > /etc/nginx/conf.d/kaiho.conf\n  kaiho host caddy --check-addr unix:/run/kaiho/check.sock",
		RunE:    func(c *cobra.Command, args []string) error { return s.host(c.Context(), args[0], f) },
	}
	c.Flags().StringVar(&f.checkAddr, "check-addr", "127.0.0.1:8091", s.say("check `address` of kaiho serve", "kaiho serve の確認用`アドレス`"))
	c.Flags().StringVar(&f.destination, "destination", "", s.say("output `folder` (default: dist in the project folder)", "出力先の`フォルダー`（既定はサイトのフォルダーの dist）"))
	return c
}

// host prints a configuration.
func (s *session) host(ctx context.Context, server string, f hostFlags) error {
	if !slices.Contains(append(gate.HostNames(), "edge"), server) {
		return usageError{fmt.Errorf("%s", s.say(
			fmt.Sprintf("there is no configuration for %q; choose one of %s, edge", server, strings.Join(gate.HostNames(), ", ")),
			fmt.Sprintf("「%s」の設定はありません。%s、edge から選んでください", server, strings.Join(gate.HostNames(), "、"))))}
	}
	site, _, err := s.siteConfig("")
	if err != nil {
		return err
	}
	if server == "edge" {
		return s.edge(ctx, site)
	}
	dist, err := filepath.Abs(s.destination(buildFlags{destination: f.destination}))
	if err != nil {
		return fmt.Errorf("find the output folder: %w", err)
	}
	text, err := gate.HostConfig(server, gate.Host{Names: append([]string{site.Host()}, site.Gate.Hosts...), Base: site.Base(), Dist: dist, Check: f.checkAddr})
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(s.stdout, text)
	return err
}
