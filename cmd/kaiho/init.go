package main

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"kaiho"
	"kaiho/generator/config"
	"kaiho/generator/schema"
)

// starter holds the small sites of presets other than the sample.
//
//go:embed starter
var starter embed.FS

func newInit(s *session) *cobra.Command {
	var preset string
	c := &cobra.Command{
		Use:   "init DIR",
		Short: s.say("Make a new site", "新しいサイトをつくる"),
		Long: s.say(`Make a new site in the folder DIR, which is empty or not there yet. The preset
ja is the sample site, in Japanese and partly in English; en is a small English
one. Layouts and theme are built in: see "kaiho help layouts".`,
			`新しいサイトを、空の、またはまだないフォルダー DIR につくります。プリセットは、
ja が見本のサイト（日本語、一部英語）、en が小さな英語のサイトです。レイアウトと
デザインは組み込まれています（kaiho help layouts）。`),
		Example: "  kaiho init alumni\n  kaiho init alumni --preset en",
		Args:    cobra.ExactArgs(1),
		RunE:    func(_ *cobra.Command, args []string) error { return s.initSite(args[0], preset) },
	}
	c.Flags().StringVar(&preset, "preset", "ja", s.say("`name` of what to begin with: ja or en", "もとにするものの`名前`。ja か en"))
	_ = c.RegisterFlagCompletionFunc("preset", func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		return []string{"ja", "en"}, cobra.ShellCompDirectiveNoFileComp
	}) // it fails only for a flag that is not there
	return c
}

// ignored is the .gitignore of a new site: what can be made again, and state.
const ignored = "/dist/\n/.kaiho/\n"

// initSite makes a new site in dir: the whole of it, or nothing.
func (s *session) initSite(dir, preset string) error {
	files, err := presetFiles(preset)
	if errors.Is(err, fs.ErrNotExist) {
		return usageError{fmt.Errorf("%s", s.say(
			fmt.Sprintf("there is no preset %q; choose ja or en", preset), fmt.Sprintf("「%s」というプリセットはありません。ja か en を選んでください", preset)))}
	}
	if err != nil {
		return fmt.Errorf("read preset: %w", err)
	}
	made, err := s.emptyFolder(dir)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("open folder: %w", err)
	}
	defer root.Close()
	if err := unpack(root, files); err != nil {
		return errors.Join(err, undo(root, files, dir, made))
	}
	at := dir
	if !plainWord.MatchString(at) {
		at = "'" + strings.ReplaceAll(at, "'", `'\''`) + "'"
	}
	_, err = fmt.Fprint(s.stdout, s.say(
		fmt.Sprintf("A new site is in %s (%d files). What to do next:\n\n  kaiho -C %s dev\n  kaiho -C %s new news \"Our first news\"\n\nTitle and address of the site are in site.yaml.\n", dir, len(files), at, at),
		fmt.Sprintf("%s に新しいサイトをつくりました（%d ファイル）。次は:\n\n  kaiho -C %s dev\n  kaiho -C %s new news \"最初のお知らせ\"\n\nサイトの名前とアドレスは site.yaml にあります。\n", dir, len(files), at, at)))
	return err
}

var plainWord = regexp.MustCompile(`^[\p{L}\p{M}\p{N}_./:+-]+$`)

// presetFiles returns the files of a new site by their paths.
func presetFiles(preset string) (map[string][]byte, error) {
	files := map[string][]byte{".gitignore": []byte(ignored)}
	var from fs.FS = kaiho.Sample
	roots := []string{"site.yaml", "content", "static"}
	switch preset {
	case "ja":
	case "en":
		sub, err := fs.Sub(starter, "starter/en")
		if err != nil {
			return nil, err
		}
		from, roots = sub, []string{"."}
	default:
		return nil, fs.ErrNotExist
	}
	for _, root := range roots {
		err := fs.WalkDir(from, root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || isTheme(name) {
				return err
			}
			files[name], err = fs.ReadFile(from, name)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	files[config.Path] = slices.Concat([]byte(schema.Line+"\n"), files[config.Path])
	editors, problems := editorFiles(files[config.Path])
	if problems.HasErrors() {
		return nil, errors.New("the preset's site.yaml has mistakes")
	}
	maps.Copy(files, editors)
	return files, nil
}

// isTheme reports whether a file of the sample is built in for every site.
func isTheme(name string) bool {
	switch name {
	case "static/favicon.svg", "static/favicon.ico", "static/apple-touch-icon.png":
		return true
	}
	return strings.HasPrefix(name, "static/assets/")
}

// emptyFolder makes dir if it is not there. It reports whether it did.
func (s *session) emptyFolder(dir string) (made bool, err error) {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return false, fmt.Errorf("make folder: %w", err)
		}
		return true, nil
	case err != nil:
		return false, fmt.Errorf("open folder: %w", err)
	case len(entries) > 0:
		return false, fmt.Errorf("%s", s.say(
			fmt.Sprintf("%s is not empty; name a new folder, or empty this one first", dir),
			fmt.Sprintf("%s は空ではありません。新しいフォルダーの名前を指定するか、先に空にしてください", dir)))
	}
	return false, nil
}

func unpack(root *os.Root, files map[string][]byte) error {
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
			return fmt.Errorf("make folder: %w", err)
		}
		f, err := root.OpenFile(filepath.FromSlash(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return fmt.Errorf("make file: %w", err)
		}
		_, err = f.Write(files[name])
		if err = errors.Join(err, f.Close()); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}

// undo takes away what unpack has made in a folder that was empty, and the
// folder if it was made too.
func undo(root *os.Root, files map[string][]byte, dir string, made bool) error {
	for name := range files {
		top, _, _ := strings.Cut(name, "/")
		if err := root.RemoveAll(top); err != nil {
			return fmt.Errorf("clean up: %w", err)
		}
	}
	if made {
		return os.Remove(dir)
	}
	return nil
}
