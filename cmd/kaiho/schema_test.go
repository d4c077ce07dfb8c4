package main

import (
	"bytes"
	"os"
	"testing"

	"kaiho"
	"kaiho/generator/config"
	"kaiho/generator/schema"
)

// TestTheSampleHasTheSchemasOfToday compares what is in the repository.
func TestTheSampleHasTheSchemasOfToday(t *testing.T) {
	src, err := kaiho.Sample.ReadFile(config.Path)
	if err != nil {
		t.Fatal(err)
	}
	site, _ := config.Load(src)
	for _, f := range schema.Files(site, "ja") {
		if got, err := os.ReadFile("../../" + f.Path); err != nil || !bytes.Equal(got, f.Data) {
			t.Errorf("%s is not as it would be written now (%v): go run ./cmd/kaiho schema --write --language ja", f.Path, err)
		}
	}
}
