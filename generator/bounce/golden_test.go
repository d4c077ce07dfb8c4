package bounce_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kaiho/generator/bounce"
)

var update = flag.Bool("update", false, "write the golden files of testdata")

// show is a report as golden files have it.
func show(r bounce.Report) string {
	var b strings.Builder
	fmt.Fprintf(&b, "kind    %s\n", r.Kind)
	for _, line := range []struct{ name, value string }{
		{"from", r.From}, {"link", r.Link}, {"tokens", strings.Join(r.Tokens, " ")}, {"ids", strings.Join(r.MessageIDs, " ")},
	} {
		if line.value != "" {
			fmt.Fprintf(&b, "%-7s %s\n", line.name, line.value)
		}
	}
	for _, to := range r.Results {
		fmt.Fprintf(&b, "\nto      %s\nclass   %s\ncode    %d %s\nsaid    %s\n", to.Address, to.Class, to.Code, to.Enhanced, to.Diagnostic)
	}
	return b.String()
}

// TestGolden reads every message of testdata, with both ends of lines, and compares
// the report with the file beside it.
func TestGolden(t *testing.T) {
	messages, err := filepath.Glob("testdata/*.eml")
	if err != nil || len(messages) < 40 {
		t.Fatalf("got %d messages, %v, want at least 40", len(messages), err)
	}
	for _, file := range messages {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".eml"), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			report, err := bounce.Parse(raw)
			if err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(file, ".eml") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(show(report)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got := show(report); got != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
			report, err = bounce.Parse(bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n")))
			if got := show(report); got != string(want) || err != nil {
				t.Errorf("with CR LF got:\n%s%v\nwant:\n%s", got, err, want)
			}
		})
	}
}
