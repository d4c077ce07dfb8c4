package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"kaiho/generator/config"
	"kaiho/generator/content"
	"kaiho/generator/frontmatter"
)

func newNew(s *session) *cobra.Command {
	var slug string
	c := &cobra.Command{
		Use:   "new KIND TITLE",
		Short: s.say("Begin a new content file", "新しい記事のファイルをつくる"),
		Long: s.say(`Begin a new content file, a draft, with every key of its kind explained, and
print its path. KIND is one of
  `+strings.Join(kindNames(), " ")+`
or the name of a section. TITLE is the title; for a person, the name. The file
is named by --slug, or after a title in ASCII, or after today's date.`,
			`新しい記事のファイルをつくり、そのパスを表示します。ファイルには、その種類で
書ける項目がすべて説明つきで入り、はじめは下書きです。KIND は次のどれかです。
  `+strings.Join(kindNames(), " ")+`
セクションの名前でもかまいません。TITLE は題名（人の場合は名前）です。
ファイル名は --slug で決まります。なければ英字の題名から、それもできなければ
今日の日付でつくります。`),
		Example: s.say("  kaiho new news \"Our new hall\"\n  kaiho new event \"Winter gathering\" --slug winter-2026",
			"  kaiho new news \"新しい拠点のお知らせ\"\n  kaiho new event \"冬の集い\" --slug winter-2026"),
		Args:              cobra.ExactArgs(2),
		ValidArgsFunction: completeKind,
		RunE: func(_ *cobra.Command, args []string) error {
			return s.create(args[0], strings.TrimSpace(args[1]), slug)
		},
	}
	c.Flags().StringVar(&slug, "slug", "", s.say("`name` of the file, which is the end of its address", "ファイルの`名前`。アドレスの末尾になる"))
	return c
}

func completeKind(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return kindNames(), cobra.ShellCompDirectiveNoFileComp
}

func kindNames() []string {
	var names []string
	for _, k := range content.Kinds() {
		names = append(names, string(k))
	}
	return names
}

// create writes a new content file and prints its path.
func (s *session) create(word, title, slug string) error {
	if err := s.checkNames(title, slug); err != nil {
		return err
	}
	root, err := s.project()
	if err != nil {
		return err
	}
	defer root.Close()
	src, err := fs.ReadFile(root.FS(), config.Path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, _, err := s.kind(word, nil); err != nil {
			return err // the nearer mistake
		}
		return fmt.Errorf("%s", s.say(
			fmt.Sprintf("there is no site.yaml in %s; make a new site with: kaiho init DIR", s.source),
			fmt.Sprintf("%s に site.yaml がありません。新しいサイトは kaiho init DIR でつくれます", s.source)))
	}
	if err != nil {
		return fmt.Errorf("read %s: %w", config.Path, err)
	}
	site, _ := config.Load(src) // its problems are for check: they do not matter here
	kind, section, err := s.kind(word, sectionsOf(root, site, word))
	if err != nil {
		return err
	}
	today := s.now().In(site.Zone)
	made := slugOf(title, today)
	name, err := s.place(root, path.Join("content", section), slug, made, content.Archetype(kind, site.Language, title, today))
	if err != nil {
		return err
	}
	if kind == content.KindPerson && slug == "" && made == today.Format(time.DateOnly) {
		fmt.Fprintln(s.stderr, s.say("The file's name is the person's id: rename it, or use --slug.",
			"ファイル名がこの人の ID になります。名前を変えるか、--slug で付けてください。"))
	}
	_, err = fmt.Fprintln(s.stdout, name)
	return err
}

// sectionsOf returns the sections of site.yaml, and the one that is called
// name, if it is there as a folder alone.
func sectionsOf(root *os.Root, site *config.Site, name string) frontmatter.Entries[config.Section] {
	sections := site.Sections
	_, listed := sections.Lookup(name)
	info, err := root.Stat(path.Join("content", name))
	if !listed && slugForm.MatchString(name) && err == nil && info.IsDir() {
		sections = append(slices.Clone(sections), frontmatter.Entry[config.Section]{
			Key: name, Value: config.Section{Kind: config.DefaultKind(name)}})
	}
	return sections
}

var slugForm = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{M}\p{N}_-]*$`)

func (s *session) checkNames(title, slug string) error {
	switch {
	case title == "":
		return usageError{fmt.Errorf("%s", s.say("the title is empty", "題名が空です"))}
	case !utf8.ValidString(title) || strings.ContainsFunc(title, unicode.IsControl):
		return usageError{fmt.Errorf("%s", s.say("the title has a line break or control character", "題名に改行か制御文字が入っています"))}
	case slug != "" && (!slugForm.MatchString(slug) || strings.EqualFold(slug, "index")):
		return usageError{fmt.Errorf("%s", s.say(
			fmt.Sprintf("--slug %q cannot name a file; use letters, digits and hyphens, as in winter-2026", slug),
			fmt.Sprintf("--slug の「%s」はファイル名にできません。winter-2026 のように、文字・数字・ハイフンで書いてください", slug)))}
	}
	return nil
}

// kind returns the kind that a word names, and the section of its pages: the
// usual one if it is of that kind, or else the first of that kind in sections. The word is a kind, or
// one of sections, or the usual section of a kind.
func (s *session) kind(word string, sections frontmatter.Entries[config.Section]) (content.Kind, string, error) {
	isKind := slices.Contains(kindNames(), word)
	for _, sec := range sections {
		if sec.Key == word && (!isKind || sec.Value.Kind == word) {
			return content.Kind(sec.Value.Kind), word, nil
		}
	}
	names := kindNames()
	for _, usual := range config.UsualSections() {
		names = append(names, usual.Dir)
		kind, section := content.Kind(usual.Kind), usual.Dir
		if word != string(kind) && word != section {
			continue
		}
		if usual, listed := sections.Lookup(section); listed && usual.Kind == string(kind) {
			return kind, section, nil
		}
		for _, sec := range sections {
			if sec.Value.Kind == string(kind) {
				return kind, sec.Key, nil
			}
		}
		if _, taken := sections.Lookup(section); taken {
			return "", "", fmt.Errorf("%s", s.say(
				fmt.Sprintf("site.yaml has no section of kind %s; add one to sections, as NAME: {kind: %s}", kind, kind),
				fmt.Sprintf("site.yaml に %s のセクションがありません。sections に 名前: {kind: %s} と加えてください", kind, kind)))
		}
		return kind, section, nil
	}
	for _, sec := range sections {
		names = append(names, sec.Key)
	}
	known := strings.Join(kindNames(), ", ")
	return "", "", usageError{fmt.Errorf("%s", s.say(
		fmt.Sprintf("there is no kind %q%s (kinds: %s)", word, s.meant(word, names), known),
		fmt.Sprintf("「%s」という種類はありません%s（種類: %s）", word, s.meant(word, names), known)))}
}

// slugOf returns the name that a title makes: its letters and digits if it is
// ASCII, or else the date.
func slugOf(title string, today time.Time) string {
	var b strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case r > unicode.MaxASCII:
			return today.Format(time.DateOnly)
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case r != '\'' && b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	const longest = 60
	slug := b.String()
	if len(slug) > longest {
		slug = slug[:longest]
		if i := strings.LastIndexByte(slug, '-'); i > 0 {
			slug = slug[:i]
		}
	}
	return cmp.Or(strings.Trim(slug, "-"), today.Format(time.DateOnly))
}

// place writes text to a new file of dir, and returns its path: under the name
// wanted, or if that is empty, under made or the first of made-2, made-3 … that
// no page has.
func (s *session) place(root *os.Root, dir, wanted, made, text string) (string, error) {
	if err := root.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("make folder: %w", err)
	}
	entries, err := fs.ReadDir(root.FS(), dir)
	if err != nil {
		return "", fmt.Errorf("read folder: %w", err)
	}
	taken := map[string]bool{"index": true} // also of translations and bundles
	for _, e := range entries {
		base, _, _ := strings.Cut(e.Name(), ".")
		taken[strings.ToLower(base)] = true
	}
	slug := cmp.Or(wanted, made)
	for n := 2; wanted == "" && taken[strings.ToLower(slug)]; n++ {
		slug = fmt.Sprintf("%s-%d", made, n)
	}
	name := path.Join(dir, slug+".md")
	if taken[strings.ToLower(slug)] {
		return "", fmt.Errorf("%s", s.say(
			fmt.Sprintf("%s is there already; choose another name with --slug", name),
			fmt.Sprintf("%s はすでにあります。--slug で別の名前を付けてください", name)))
	}
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return "", fmt.Errorf("make file: %w", err)
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Close()); err != nil {
		return "", fmt.Errorf("write %s: %w", name, err)
	}
	return name, nil
}
