package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"kaiho/generator/config"
	"kaiho/generator/member"
	"kaiho/generator/publish"
	"kaiho/generator/signedlink"
)

func newMemberLink(s *session) *cobra.Command {
	var baseURL string
	c := &cobra.Command{
		Use: "link ID [PATH]", Args: cobra.RangeArgs(1, 2),
		Short: s.say("Print a link that opens members' pages", "会員ページを開くリンクを表示する"),
		Long: s.say(`Print a link that opens members' pages for this member, as letters have them.
ID is a number of "kaiho member list", or an address. PATH is where it leads,
such as /events/; without it, home. Whoever has the link can read: send it to
nobody else. "kaiho key new" makes the key that it is signed with.`,
			`この会員が会員ページを開くためのリンクを表示します。お便りに入るものと同じです。
ID は一覧の番号、またはアドレスです。PATH は行き先（/events/ など。なければ
トップページ）。リンクを持つ人はだれでも読めるので、本人以外には送らないで
ください。署名の鍵は kaiho key new でつくります。`),
		Example: "  kaiho member link taro@example.jp\n  kaiho member link 2901773455 /events/winter/",
		RunE: func(c *cobra.Command, args []string) error {
			landing := ""
			if len(args) == 2 {
				landing = args[1]
			}
			if baseURL != "" {
				if err := config.CheckBaseURL(baseURL); err != nil {
					return usageError{fmt.Errorf("--base-url: %w", err)}
				}
			}
			return s.withBook(c.Context(), func(b *member.Book) error { return s.memberLink(c.Context(), b, args[0], landing, baseURL) })
		},
	}
	c.Flags().StringVar(&baseURL, "base-url", "", s.say("`address` of the site, as serve has it, instead of base_url", "base_url の代わりに使う`アドレス`（serve と同じもの）"))
	return c
}

func (s *session) memberLink(ctx context.Context, b *member.Book, who, landing, baseURL string) error {
	site, _, err := s.siteConfig(baseURL)
	if err != nil {
		return err
	}
	m, err := s.findMember(ctx, b, who)
	if err != nil {
		return err
	}
	if m.Status != member.Active {
		return errors.New(s.say(fmt.Sprintf("the status of this member is %s: no link opens anything", m.Status),
			fmt.Sprintf("この会員の状態は %s です。リンクをつくっても開けません", m.Status)))
	}
	if err := s.checkLanding(m, landing); err != nil {
		return err
	}
	keys, err := s.keys()
	if err != nil {
		return err
	}
	origin, err := signedlink.Origin(site.BaseURL)
	if err != nil {
		return err
	}
	ring, err := signedlink.NewRing(origin, keys)
	if err != nil {
		return err
	}
	claims := signedlink.Claims{Purpose: signedlink.View, Issued: s.now().Truncate(time.Second), Member: m.ID,
		Lifetime: site.Gate.LinkTTL.Truncate(signedlink.Quarter)}
	if claims.IsRevoked(m.ValidAfter) { // within the second of a revocation
		claims.Issued = signedlink.NextSecond(m.ValidAfter)
	}
	token, err := ring.Sign(claims)
	if err != nil {
		return err
	}
	fmt.Fprintln(s.stderr, s.say("for "+m.Name.String()+", until "+claims.Expires().UTC().Format(time.RFC3339),
		m.Name.String()+" さん宛。期限は "+claims.Expires().UTC().Format(time.RFC3339)))
	_, err = fmt.Fprintln(s.stdout, site.BaseURL+"k/"+token+(&url.URL{Path: landing}).EscapedPath())
	return err
}

// checkLanding finds out whether there is a page for m at landing. Before the first
// build it looks at the spelling alone.
func (s *session) checkLanding(m member.Member, landing string) error {
	if landing == "" {
		return nil
	}
	if !strings.HasPrefix(landing, "/") || strings.Contains(landing, "//") || strings.ContainsAny(landing, "\\?#%") ||
		strings.ContainsFunc(landing, func(r rune) bool { return r < ' ' }) || slices.Contains(strings.Split(landing, "/"), "..") {
		return usageError{errors.New(s.say(fmt.Sprintf("%q is no path of the site; write it as /events/", landing),
			fmt.Sprintf("「%s」はサイトの中のパスではありません。/events/ のように書いてください", landing)))}
	}
	data, err := os.ReadFile(filepath.Join(s.source, "dist", publish.ManifestName))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for the page: %w", err)
	}
	var manifest struct {
		Outputs []struct {
			Path string `json:"path"`
		} `json:"outputs"`
	}
	if err := json.Unmarshal(data, &manifest); err != nil {
		return fmt.Errorf("read dist/%s: %w", publish.ManifestName, err)
	}
	file := strings.TrimPrefix(landing, "/")
	if file == "" || strings.HasSuffix(file, "/") {
		file += "index.html"
	}
	trees := []string{"public/"}
	for _, a := range m.Audiences {
		trees = append(trees, "members/"+a+"/")
	}
	for _, out := range manifest.Outputs {
		for _, tree := range trees {
			if out.Path == tree+file {
				return nil
			}
		}
	}
	return errors.New(s.say(fmt.Sprintf("there is no page %s that this member may read (of the last build)", landing),
		fmt.Sprintf("この会員が読めるページ %s はありません（前回のビルドによる）", landing)))
}
