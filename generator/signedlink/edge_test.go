package signedlink

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"testing"
	"time"
)

// node gives a task to testdata/edge.mjs, beside the edge's files, and returns
// what comes of it.
func node[T any](t *testing.T, task any) []T {
	t.Helper()
	program, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("there is no Node.js to run the edge's files with")
		}
		t.Skip("there is no Node.js on the PATH to run the edge's files with")
	}
	dir := t.TempDir()
	put := func(name string, data []byte, err error) {
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"edge/verify.js", "edge/worker.js"} {
		data, err := fs.ReadFile(Edge, name)
		put(path.Base(name), data, err)
	}
	data, err := os.ReadFile("testdata/edge.mjs")
	put("edge.mjs", data, err)
	put("package.json", []byte(`{"type":"module"}`), nil)
	input, err := json.Marshal(task)
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(program, "edge.mjs")
	command.Dir, command.Stdin = dir, bytes.NewReader(input)
	var problems bytes.Buffer
	command.Stderr = &problems
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, &problems)
	}
	var results []T
	if err := json.Unmarshal(output, &results); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	return results
}

func publicJSON(t *testing.T, keys []Key) json.RawMessage {
	t.Helper()
	data, err := PublicJSON(keys)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

type edgeMember struct {
	ID         uint32   `json:"id"`
	Audiences  []string `json:"audiences"`
	ValidAfter any      `json:"valid_after"`
}

type edgeRoster struct {
	Members []edgeMember `json:"members"`
}

// TestTheEdgeVerifiesTheSameVectors: with the public halves alone, all links
// that pass do, and nothing else.
func TestTheEdgeVerifiesTheSameVectors(t *testing.T) {
	v := readVectors(t)
	type check struct {
		Token string  `json:"token"`
		Want  Purpose `json:"want"`
		Now   int64   `json:"now"`
	}
	type result struct {
		Claims *struct {
			Purpose         Purpose
			Key             uint8
			Issued, Expires int64
			Member, Ref     uint32
		}
	}
	all := append(v.Pass, v.Fail...)
	var checks []check
	for _, x := range all {
		now := v.Now
		if x.Now != 0 {
			now = x.Now
		}
		checks = append(checks, check{x.Token, x.Want, now})
	}
	results := node[result](t, map[string]any{"origin": v.Origin, "keys": publicJSON(t, vectorKeys()), "roster": edgeRoster{[]edgeMember{}}, "checks": checks})
	if len(results) != len(all) {
		t.Fatalf("got %d results for %d vectors", len(results), len(all))
	}
	for i, x := range all {
		t.Run(x.Name, func(t *testing.T) {
			got := results[i].Claims
			if want := x.Claims != nil && x.Want != Session; (got != nil) != want {
				t.Fatalf("got %+v, want accepted: %v", got, want)
			}
			if got == nil {
				return
			}
			if c := (vectorClaims{got.Key, got.Issued, got.Expires, got.Member, got.Ref}); c != *x.Claims || got.Purpose != x.Want {
				t.Errorf("got %+v for %s, want %+v for %s", c, got.Purpose, *x.Claims, x.Want)
			}
		})
	}
}

func TestTheEdgeRefusesEveryOtherBit(t *testing.T) {
	good := genuine(seeded(Mail, 1), View, letter, nil).bytes()
	var checks []map[string]any
	for bit := range len(good)*8 + 1 {
		bad := bytes.Clone(good)
		if bit < len(good)*8 {
			bad[bit/8] ^= 1 << (bit % 8)
		}
		checks = append(checks, map[string]any{"token": spell(bad), "want": View, "now": at.Unix()})
	}
	results := node[struct{ Claims *json.RawMessage }](t, map[string]any{
		"origin": origin, "keys": publicJSON(t, someKeys()), "roster": edgeRoster{[]edgeMember{}}, "checks": checks})
	for bit, result := range results {
		if (result.Claims != nil) != (bit == len(good)*8) {
			t.Errorf("bit %d of byte %d: got %v", bit%8, bit/8, result.Claims != nil)
		}
	}
}

func TestTheEdgeAsksTheRoster(t *testing.T) {
	token := genuine(seeded(Mail, 1), View, letter, func(f *forge) { f.issued, f.member = uint32(at.Unix()), 7 }).token()
	tests := []struct {
		name    string
		members []edgeMember
		want    bool
	}{
		{"a member who revoked nothing", []edgeMember{{7, []string{"alumni"}, nil}}, true},
		{"one who revoked what was before", []edgeMember{{7, nil, at.Unix()}}, true},
		{"one who revoked it", []edgeMember{{7, nil, at.Unix() + 1}}, false},
		{"one who revoked it within its second", []edgeMember{{7, nil, float64(at.Unix()) + 0.5}}, false},
		{"a time of revocation that is no number", []edgeMember{{7, nil, "2026-11-19T00:00:00Z"}}, false},
		{"a time of revocation that is empty", []edgeMember{{7, nil, ""}}, false},
		{"somebody else", []edgeMember{{8, []string{"alumni"}, nil}}, false},
		{"nobody", []edgeMember{}, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := node[struct{ Claims, Reader *json.RawMessage }](t, map[string]any{
				"origin": origin, "keys": publicJSON(t, someKeys()), "roster": edgeRoster{test.members},
				"checks": []map[string]any{{"token": token, "want": View, "now": at.Add(time.Minute).Unix()}}})
			if got[0].Claims == nil || (got[0].Reader != nil) != test.want {
				t.Errorf("got claims %v, reader %v, want a reader: %v", got[0].Claims != nil, got[0].Reader != nil, test.want)
			}
		})
	}
}
