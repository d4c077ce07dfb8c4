package generator_test

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"kaiho/generator"
)

// unpacked returns the files of dist with those of search indexes as the text and
// the grams that are in them.
func unpacked(t *testing.T, files map[string][]byte) map[string][]byte {
	t.Helper()
	out := maps.Clone(files)
	for name, data := range files {
		top, _, isIndex := strings.Cut(name, "/search/")
		if !isIndex || path.Ext(name) != ".bin" {
			continue
		}
		if strings.Contains(name, "/words/") || strings.HasSuffix(name, "/common.bin") {
			out[name] = inflated(t, name, data, nil)
			if strings.HasSuffix(name, "/common.bin") {
				out[name] = []byte(fromUTF16(out[name]))
			}
			continue
		}
		packed, own := files[top+"/search/texts/common.bin"]
		if !own { // an overlay has it only if it differs
			packed = files["public/"+strings.TrimPrefix(lastTwo(top), "/")+"search/texts/common.bin"]
		}
		out[name] = []byte(fromUTF16(inflated(t, name, data, inflated(t, name, packed, nil))))
	}
	return out
}

// lastTwo returns what follows the audience in the path of an overlay, with a
// slash at its end: "" or "en/".
func lastTwo(top string) string {
	parts := strings.Split(top, "/")
	if len(parts) > 2 {
		return strings.Join(parts[2:], "/") + "/"
	}
	return ""
}

func inflated(t *testing.T, name string, data, common []byte) []byte {
	t.Helper()
	b, err := io.ReadAll(flate.NewReaderDict(bytes.NewReader(data), common))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return b
}

func fromUTF16(b []byte) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units))
}

// TestThePublicIndexHasNoTraceOfMembersPages builds a project with members' pages
// that have these words, with those words in their places, and without them: not
// a byte of the public index may be different. Single letters and pairs of them
// would show what a word does not.
func TestThePublicIndexHasNoTraceOfMembersPages(t *testing.T) {
	project := func(body string) fstest.MapFS {
		files := fstest.MapFS{"site.yaml": {Data: []byte(leakSite)}}
		add := func(name, text string) { files[name] = &fstest.MapFile{Data: []byte(text)} }
		add("content/news/open.md", "---\ntitle: 公開\ndate: 2026-11-01\n---\n誰でも読めます。\n\n:::members\n"+body+"部分\n:::\n")
		add("content/people/somebody.md", "---\nname: {family: 山, given: 海, family_kana: やま, given_kana: うみ}\naudience: alumni\n---\n"+body+"\n")
		add("content/columns/teased.md", "---\ntitle: 予告\ndate: 2026-11-02\nsummary: 要約です。\naudience: alumni\nteaser: true\ntags: ["+body+"]\nauthors: [somebody]\n---\n"+body+"\n")
		if body != "無し" {
			add("content/columns/closed.md", "---\ntitle: "+body+"\ndate: 2026-11-03\naudience: alumni\n---\n"+body+"\n")
		}
		return files
	}
	index := func(body string) (public, members map[string][]byte) {
		public, members = map[string][]byte{}, map[string][]byte{}
		for name, data := range read(t, build(t, project(body), generator.Options{Now: now})) {
			switch {
			case !strings.Contains(name, "/search/") || path.Ext(name) != ".bin":
			case strings.HasPrefix(name, "public/"):
				public[name] = data
			default:
				members[name] = data
			}
		}
		return public, members
	}
	without, _ := index("無し")
	for _, body := range []string{"灯台の鍵", "zqxjkv secret", "髙﨑"} {
		public, members := index(body)
		if !slices.Equal(slices.Sorted(maps.Keys(public)), slices.Sorted(maps.Keys(without))) {
			t.Errorf("%s: got other files in the public index", body)
		}
		for name, data := range public {
			if !bytes.Equal(data, without[name]) {
				t.Errorf("%s: %s is different", body, name)
			}
		}
		if len(members) == 0 {
			t.Errorf("%s: members have no index of their own", body)
		}
	}
}

// TestASectionThatIsLeftOutIsNotFound holds it for the public and for members.
func TestASectionThatIsLeftOutIsNotFound(t *testing.T) {
	for _, c := range []struct {
		name, conf string
		found      bool
	}{
		{"without the key everything is found", "", true},
		{"what is in a section that is left out is not", "search: {exclude: [guide, people]}\n", false},
		{"another section makes no difference", "search: {exclude: [news]}\n", true},
	} {
		project := fstest.MapFS{"site.yaml": {Data: []byte(leakSite + "sections: {guide: {}}\n" + c.conf)}}
		add := func(name, text string) { project[name] = &fstest.MapFile{Data: []byte(text)} }
		add("content/columns/other.md", "---\ntitle: 話\ndate: 2026-11-01\n---\n誰でも読めます。\n")
		add("content/guide/index.md", "---\ntitle: 入門\n---\n灯台の鍵\n")
		add("content/guide/members.md", "---\ntitle: 会員の手引き\naudience: alumni\n---\n灯台の鍵\n")
		add("content/people/somebody.md", "---\nname: {family: 灯台, given: 海, family_kana: とうだい, given_kana: うみ}\n---\n灯台の鍵\n")
		files := unpacked(t, read(t, build(t, project, generator.Options{Now: now})))
		for _, tree := range []string{"public/", "members/alumni/"} {
			found := false
			for name, data := range files {
				isText := strings.HasPrefix(name, tree+"search/texts/") && !strings.HasSuffix(name, "/common.bin")
				found = found || isText && bytes.Contains(data, []byte("灯台"))
			}
			if found != c.found {
				t.Errorf("%s: %s: got %t, want %t", c.name, tree, found, c.found)
			}
		}
	}
}
