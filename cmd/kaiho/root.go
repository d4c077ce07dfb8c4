package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"kaiho"
	"kaiho/generator"
	"kaiho/generator/diag"
)

// Exit codes of every command.
const (
	exitDone   = 0
	exitFailed = 1 // or problems were found
	exitUsage  = 2
)

// world is what a command knows of the machine: read here and nowhere below.
type world struct {
	stdout, stderr io.Writer
	getenv         func(string) string
	clock          func() time.Time
	terminal       bool // stderr is one
}

// session is one run of a command.
type session struct {
	world
	lang    diag.Lang
	source  string // --source
	nowFlag string // --now
	offset  time.Duration
	root    *os.Root // the project folder, once it is open
	kept    *generator.Cache
	started bool // flags and arguments were right
}

// errProblems says that problems were printed and nothing is left to say.
var errProblems = errors.New("problems were found")

// usageError is a mistake in the call.
type usageError struct{ error }

// run executes the command line args and returns the exit code.
func run(args []string, w world) int {
	s := &session{world: w, lang: language(w.getenv)}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // the second Ctrl-C ends the process at once
	root := newRoot(s)
	root.SetArgs(args)
	root.SetOut(w.stdout)
	root.SetErr(w.stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	if _, wrong := errors.AsType[usageError](err); wrong || !s.started {
		fmt.Fprintf(w.stderr, "kaiho: %s\n%s\n", err, s.say(`Run "kaiho help" for usage.`, "使い方は kaiho help をご覧ください。"))
		return exitUsage
	}
	if errors.Is(err, context.Canceled) && ctx.Err() != nil {
		err = errors.New(s.say("interrupted; nothing is left half done", "中断しました。中途半端に終わったものはありません"))
	}
	if !errors.Is(err, errProblems) {
		fmt.Fprintf(w.stderr, "kaiho: %s\n", err)
	}
	return exitFailed
}

// language returns the language of messages: that of KAIHO_LANG, or else of
// the system.
func language(getenv func(string) string) diag.Lang {
	for _, name := range []string{"KAIHO_LANG", "LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := getenv(name); value != "" {
			if strings.HasPrefix(strings.ToLower(value), "ja") {
				return diag.Japanese
			}
			return diag.English
		}
	}
	return diag.English
}

// say returns the text in the language of messages.
func (s *session) say(en, ja string) string {
	if s.lang == diag.Japanese {
		return ja
	}
	return en
}

func newRoot(s *session) *cobra.Command {
	root := &cobra.Command{
		Use: "kaiho",
		Short: s.say("Markdown in, an alumni office's site, members' pages and newsletter out",
			"Markdown から、同窓会・アルムナイのサイトと会員ページをつくる"),
		SilenceUsage:  true,
		SilenceErrors: true,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			if err := s.setClock(); err != nil {
				return err
			}
			if err := s.checkState(); err != nil {
				return err
			}
			s.started = true
			return nil
		},
	}
	root.PersistentFlags().StringVarP(&s.source, "source", "C", ".", s.say("project `folder`", "サイトの`フォルダー`"))
	root.PersistentFlags().StringVar(&s.nowFlag, "now", "", s.say("build as at this `time` (RFC 3339)", "この`日時`の時点としてつくる（RFC 3339）"))
	root.AddCommand(newInit(s), newNew(s), newCheck(s), newBuild(s), newDev(s), newSchema(s), newVersion(s), newCompletion(s))
	root.AddCommand(newKey(s), newServe(s), newHost(s))
	root.AddCommand(newMember(s), newNewsletter(s), newBackup(s), newRestore(s), newDoctor(s), newBounce(s))
	translate(root, s)
	return root
}

// setClock reads --now and KAIHO_NOW.
func (s *session) setClock() error {
	raw, from := s.nowFlag, "--now"
	if raw == "" {
		raw, from = s.getenv("KAIHO_NOW"), "KAIHO_NOW"
	}
	if raw == "" {
		return nil
	}
	at, err := time.Parse(time.RFC3339, raw)
	if err != nil {
		return usageError{fmt.Errorf("%s", s.say(
			fmt.Sprintf("%s %q is not a time; write it as 2026-11-20T09:00:00+09:00", from, raw),
			fmt.Sprintf("%s の「%s」は日時として読めません。2026-11-20T09:00:00+09:00 の形で書いてください", from, raw)))}
	}
	s.offset = at.Sub(s.clock())
	return nil
}

// now returns the time of the site's clock: it starts at --now and runs on.
func (s *session) now() time.Time {
	if s.offset == 0 {
		return s.clock()
	}
	return s.clock().Add(s.offset).Round(time.Second)
}

// read reads the project folder; its problems are not printed.
func (s *session) read(o generator.Options) (*generator.Project, error) {
	root, err := s.project()
	if err != nil {
		return nil, err
	}
	if o.Now.IsZero() {
		o.Now = s.now()
	}
	s.tune()
	o.Cache = s.cache()
	return generator.Open(root.FS(), kaiho.Sample, o)
}

// project opens the project folder.
func (s *session) project() (*os.Root, error) {
	if s.root != nil {
		return s.root, nil
	}
	info, err := os.Stat(s.source)
	if err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%s", s.say(fmt.Sprintf("there is no folder %s", s.source), fmt.Sprintf("フォルダー %s がありません", s.source)))
	}
	s.root, err = os.OpenRoot(s.source)
	if err != nil {
		return nil, fmt.Errorf("open project folder: %w", err)
	}
	return s.root, nil
}

// tally counts problems in words.
func (s *session) tally(ps diag.Problems) string {
	e, w := ps.Count(diag.Error), ps.Count(diag.Warning)
	return s.say(count(e, "error")+", "+count(w, "warning"), fmt.Sprintf("誤り %d 件、注意 %d 件", e, w))
}

// count writes a number with its English noun.
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// version returns what `kaiho version` prints: the module's version or the
// commit that it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	v := info.Main.Version
	if v == "" || v == "(devel)" {
		v = "devel"
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" && len(setting.Value) >= 12 && v == "devel" {
			v += "-" + setting.Value[:12]
		}
	}
	return v
}

func newVersion(s *session) *cobra.Command {
	return &cobra.Command{
		Use: "version", Args: cobra.NoArgs,
		Short:   s.say("Print the version", "バージョンを表示する"),
		Example: "  kaiho version",
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(s.stdout, "kaiho", version())
			return err
		},
	}
}
