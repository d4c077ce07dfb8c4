package main

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"kaiho/generator"
	"kaiho/generator/audience"
	"kaiho/generator/diag"
	"kaiho/generator/doctor"
)

// doctorFlags are the flags of doctor.
type doctorFlags struct{ asJSON, offline, reverse bool }

func newDoctor(s *session) *cobra.Command {
	var f doctorFlags
	c := &cobra.Command{
		Use: "doctor", Args: cobra.NoArgs,
		Short: s.say("Find what would stop a letter or leak a page", "送信の妨げや、ページの漏れがないかを調べる"),
		Long: s.say(`Find what would stop a letter or leak a page, and what to do about it: settings,
permissions, keys, database, clock; and over the network the DNS of the sender's
domain, the mail server of KAIHO_SMTP_URL, and the site as strangers see it.
Nothing is changed and nothing is sent. An error ends the command with exit
code 1. While letters go to the outbox or to a mail server on this machine, what
the DNS and the site lack is only a warning.`,
			`お便りの送信の妨げになることや、会員のページの漏れがないかを調べ、直し方を
示します。設定・権限・鍵・データベース・時計のほか、ネットワークでは差出人の
ドメインの DNS、KAIHO_SMTP_URL のメールサーバー、外から見たサイトを調べます。
何も変更せず、何も送りません。誤りがあれば、終了コードは 1 です。
お便りが outbox か、このコンピューターのメールサーバーに行くあいだは、DNS と
サイトの誤りは注意にとどめます。`),
		Example: "  kaiho doctor\n  kaiho doctor --offline --json",
		RunE:    func(c *cobra.Command, _ []string) error { return s.doctor(c.Context(), f) },
	}
	c.Flags().BoolVar(&f.asJSON, "json", false, s.say("print the findings as JSON", "結果を JSON で表示する"))
	c.Flags().BoolVar(&f.offline, "offline", false, s.say("leave the network out", "ネットワークを使わない"))
	c.Flags().BoolVar(&f.reverse, "ptr", false, s.say("look at the reverse name (PTR) of the mail server, too", "メールサーバーの逆引き（PTR）も調べる"))
	return c
}

func (s *session) doctor(ctx context.Context, f doctorFlags) error {
	o, closing, err := s.doctorOptions(ctx)
	if err != nil {
		return err
	}
	defer closing()
	o.Offline, o.Reverse = f.offline, f.reverse
	findings := doctor.Run(ctx, o)
	if err := ctx.Err(); err != nil {
		return err
	}
	if doctor.IsLocal(o.SMTPURL) {
		findings = findings.Eased()
	}
	if f.asJSON {
		err = findings.WriteJSON(s.stdout, s.lang)
	} else {
		err = findings.Print(s.stdout, s.findingStyle())
	}
	if err == nil && findings.Count(diag.Error) > 0 {
		err = errProblems
	}
	return err
}

// doctorOptions gathers what package doctor looks at; closing is called when that is
// done. The project's content may have problems: those are for check.
func (s *session) doctorOptions(ctx context.Context) (o doctor.Options, closing func(), err error) {
	site, _, err := s.siteConfig("")
	if err != nil {
		return o, nil, err
	}
	o = doctor.Options{
		Site: site, Source: s.source, State: s.state(),
		SMTPURL: s.getenv("KAIHO_SMTP_URL"), SMTPTLS: s.getenv("KAIHO_SMTP_TLS"), DKIM: s.getenv("KAIHO_DKIM"),
		Resolver: net.DefaultResolver, Own: ownAddresses(), Now: s.clock, // the machine's own time, whatever --now says
	}
	if o.Pages, err = s.publicPages(); err != nil {
		return o, nil, err
	}
	closing = func() {}
	if o.DBError = s.databaseThere(); o.DBError == nil {
		if o.DB, o.DBError = s.database(ctx); o.DBError == nil {
			closing = func() { o.DB.Close() } // nothing was written
		}
	}
	return o, closing, nil
}

// databaseThere returns fs.ErrNotExist if the database is a file that is missing: to
// look at it is no reason to make it.
func (s *session) databaseThere() error {
	file, is := strings.CutPrefix(s.databaseURL(), "sqlite:")
	if !is {
		return nil
	}
	_, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return fs.ErrNotExist
	}
	return nil
}

// publicPages are the pages that everybody can read.
func (s *session) publicPages() ([]doctor.Page, error) {
	p, err := s.read(generator.Options{Once: true})
	if err != nil {
		return nil, err
	}
	pages := []doctor.Page{}
	for _, page := range p.Library.Pages {
		if p.Config.Policy.MayRead(audience.Public, page.Audience) {
			pages = append(pages, doctor.Page{URL: page.URL, Title: page.Title})
		}
	}
	return pages, nil
}

// ownAddresses are the addresses of this machine that the world could see.
func ownAddresses() (list []netip.Addr) {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	for _, a := range all {
		network, err := netip.ParsePrefix(a.String())
		if ip := network.Addr().Unmap(); err == nil && ip.IsGlobalUnicast() && !ip.IsPrivate() {
			list = append(list, ip)
		}
	}
	return list
}

// findingStyle is how findings are shown: in colour on a terminal, unless NO_COLOR is
// set.
func (s *session) findingStyle() doctor.Style {
	file, is := s.stdout.(*os.File)
	colour := is && isTerminal(file) && s.getenv("NO_COLOR") == "" && s.getenv("TERM") != "dumb"
	return doctor.Style{Lang: s.lang, Colour: colour, Wrap: wrap, Width: columns}
}
