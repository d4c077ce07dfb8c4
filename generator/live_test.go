package generator_test

import (
	"bytes"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"kaiho"
	"kaiho/generator"
	"kaiho/generator/audience"
)

func TestLiveShowsWhatABuildWrites(t *testing.T) {
	for _, project := range []fs.FS{kaiho.Sample, small()} {
		files := read(t, build(t, project, generator.Options{Now: now}))
		p, err := generator.Open(project, kaiho.Sample, generator.Options{Now: now, Cache: withPictures(nil)})
		if err != nil {
			t.Fatal(err)
		}
		live := p.Live()
		for _, reader := range p.Config.Policy.Readers() {
			for name := range files {
				path, ok := strings.CutPrefix(name, "public/")
				if !ok {
					path, ok = strings.CutPrefix(name, "members/"+string(reader)+"/")
				}
				if !ok {
					continue
				}
				want, own := files["members/"+string(reader)+"/"+path]
				if !own {
					want = files["public/"+path]
				}
				got, err := live.Open(reader, "/"+strings.TrimSuffix(path, "index.html"))
				if err != nil || !bytes.Equal(got.Data, want) {
					t.Errorf("%s for %s: got %d bytes, %v; a build writes %d", path, reader, len(got.Data), err, len(want))
				}
			}
		}
		if _, err := live.Open(audience.Public, "/news/c/"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a members' page for the public: got %v, want fs.ErrNotExist", err)
		}
		if _, err := live.Open("nobody", "/nothing/"); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("nothing for nobody: got %v, want fs.ErrNotExist", err)
		}
	}
}
