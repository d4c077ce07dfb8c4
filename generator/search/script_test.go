package search

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// script is what Node makes of the script of the theme.
const script = `
const fs = require("node:fs"), path = require("node:path");
const { fold, inflate, open } = require(process.argv[2]);
const input = JSON.parse(fs.readFileSync(0));
(async () => {
  if (input.texts) {
    const out = input.texts.map((text) => fold(text)).map(({ out, from, to }) => ({ out, fits: from.length === out.length && to.length === out.length }));
    return out;
  }
  if (input.packed) {
    return input.packed.map(({ data, before }) => {
      try {
        return Buffer.from(inflate(Buffer.from(data, "base64"), Buffer.from(before || "", "base64"))).toString("base64");
      } catch (error) {
        return "error: " + error.message;
      }
    });
  }
  const out = [];
  for (const query of input.queries) {
    let reads = 0;
    const index = open(input.index, async (url) => {
      reads++;
      return new Response(fs.readFileSync(path.join(input.dir, url.split("?")[0])));
    });
    const found = await index.search(query);
    const urls = [];
    while (found && !found.isDone()) urls.push(...(await found.more(10)).map((page) => page.url));
    out.push({ urls, reads });
  }
  return out;
})().then((out) => process.stdout.write(JSON.stringify(out)), (error) => { console.error(error); process.exit(1); });
`

// node runs the script of the theme with input.
func node[T any](t *testing.T, input any) []T {
	t.Helper()
	program, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("there is no node on the PATH")
		}
		t.Skip("there is no node on the PATH")
	}
	theme, err := os.ReadFile("../../static/assets/search.js")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"search.cjs": string(theme), "main.cjs": script} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	data, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), program, filepath.Join(dir, "main.cjs"), filepath.Join(dir, "search.cjs"))
	cmd.Stdin, cmd.Stderr = strings.NewReader(string(data)), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answers []T
	if err := json.Unmarshal(out, &answers); err != nil {
		t.Fatal(err)
	}
	return answers
}

// TestTheScriptFoldsAsGoDoes compares both for every letter of the scripts that
// a Japanese site has, with a mark behind it and in texts.
func TestTheScriptFoldsAsGoDoes(t *testing.T) {
	var texts []string
	for _, span := range [][2]rune{{0x20, 0x250}, {0x300, 0x52f}, {0xe00, 0xe7f}, {0x1e00, 0x1fff}, {0x2000, 0x27bf}, {0x2e80, 0x4dff}, {0x4e00, 0x9ffc},
		{0xac00, 0xacff}, {0xf900, 0xfaff}, {0xfe00, 0xfe6f}, {0xff00, 0xffef}, {0x1f300, 0x1f3ff}, {0x20000, 0x20100}, {0x20bb0, 0x20bc0}} {
		for r := span[0]; r <= span[1]; r++ {
			texts = append(texts, "a"+string(r)+"高 "+string(r)+"\u3099b")
		}
	}
	texts = append(texts, Variants()...)
	for _, page := range samplePages(40) {
		texts = append(texts, page.Text)
	}
	type folded struct {
		Out  string
		Fits bool
	}
	wrong := 0
	for i, got := range node[folded](t, map[string]any{"texts": texts}) {
		if want := Fold(texts[i]); got.Out != want || !got.Fits {
			if wrong++; wrong < 20 {
				t.Errorf("%q: the script has %q (places fit: %t), Go %q", texts[i], got.Out, got.Fits, want)
			}
		}
	}
	t.Logf("%d texts", len(texts))
}

// TestTheScriptUnpacksWhatGoPacks holds that, for all levels and kinds of blocks,
// with and without what texts have in common, and that of a file that is cut off
// the script takes nothing.
func TestTheScriptUnpacksWhatGoPacks(t *testing.T) {
	type file struct {
		Data   []byte `json:"data"`
		Before []byte `json:"before"`
	}
	var files []file
	var want [][]byte
	r := rand.New(rand.NewPCG(5, 5))
	for _, level := range []int{flate.NoCompression, flate.HuffmanOnly, 1, packLevel, 9} {
		for _, size := range []int{0, 1, 2, 40, 3000, 70_000} {
			for _, letters := range []int{1, 3, 60, 256} {
				data, before := make([]byte, size), make([]byte, size%5000)
				for i := range data {
					data[i] = byte(r.IntN(letters))
				}
				copy(before, data[size/2:])
				var b bytes.Buffer
				z, err := flate.NewWriterDict(&b, level, before)
				if err != nil {
					t.Fatal(err)
				}
				packed := packWith(z, data)
				files, want = append(files, file{packed, before}), append(want, data)
				if size > 0 {
					files, want = append(files, file{packed[:len(packed)/2], before}), append(want, nil)
				}
			}
		}
	}
	for i, got := range node[string](t, map[string]any{"packed": files}) {
		if want[i] == nil {
			if !strings.HasPrefix(got, "error: ") {
				t.Errorf("file %d is cut off: got %d letters, want an error", i, len(got))
			}
			continue
		}
		if got != base64.StdEncoding.EncodeToString(want[i]) {
			t.Errorf("file %d of %d bytes: got %.60q", i, len(want[i]), got)
		}
	}
}

// TestTheScriptFindsWhatIsThere asks the script for texts out of pages, and the
// reader of the tests.
func TestTheScriptFindsWhatIsThere(t *testing.T) {
	s := newSite(samplePages(220))
	dir := t.TempDir()
	write := func(name string, data []byte) {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var urls []string
	for i := range s.pages {
		urls = append(urls, s.pages[i].URL)
	}
	for i, data := range s.parts {
		write(fmt.Sprintf("words/%d.bin", i), data)
	}
	for i, data := range s.blocks {
		write(fmt.Sprintf("texts/%d/%d.bin", i/100, i), data)
	}
	write("texts/common.bin", s.common)
	queries := []string{"高梨", "タカナシ ミナト", "takanashi", "ＴＡＫＡ", "ai", "現場の工夫", "C++", "話", "無い言葉"}
	r := rand.New(rand.NewPCG(3, 3))
	for len(queries) < 80 {
		text := []rune(s.pages[r.IntN(len(s.pages))].Text)
		from := r.IntN(len(text) - 1)
		query := string(text[from:min(len(text), from+2+r.IntN(10))])
		hasGrams := func(word string) (has bool) {
			grams(Fold(word), func(gram, bool) { has = true })
			return has
		}
		if slices.ContainsFunc(strings.Fields(query), hasGrams) {
			queries = append(queries, query)
		}
	}
	type answer struct {
		URLs  []string
		Reads int
	}
	index := map[string]any{"folder": "", "generation": fmt.Sprintf("%x", Generation(urls)), "pages": s.shape.Pages, "parts": s.shape.Parts, "perBlock": s.shape.PerBlock}
	for i, got := range node[answer](t, map[string]any{"dir": dir, "index": index, "queries": queries}) {
		query := queries[i]
		if query == "話" { // a letter alone is searched in titles and tags
			if len(got.URLs) != len(s.pages) {
				t.Errorf("%q: got %d pages, want all", query, len(got.URLs))
			}
			continue
		}
		found := map[string]bool{}
		for _, url := range got.URLs {
			found[url] = true
		}
		if len(found) != len(got.URLs) {
			t.Errorf("%q: the script has a page twice", query)
		}
		want := s.find(t, query)
		for _, page := range want {
			if !found[s.pages[page].URL] {
				t.Errorf("%q: the script does not find page %d", query, page)
			}
		}
		if len(found) != len(want) {
			t.Errorf("%q: the script finds %d pages, want %d", query, len(found), len(want))
		}
	}
}
