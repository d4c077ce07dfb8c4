package publish

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"unicode"
)

// encodeSlowly is the manifest's format, told by encoding/json.
func encodeSlowly(m record) []byte {
	var b bytes.Buffer
	value := func(v any) {
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		e.Encode(v)
		b.Truncate(b.Len() - 1)
	}
	fmt.Fprintf(&b, `{"version":%d,"generator":`, manifestVersion)
	value(m.Generator)
	b.WriteString(`,"outputs":[`)
	for i, out := range m.Outputs {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		value(out)
	}
	if len(m.Outputs) > 0 {
		b.WriteByte('\n')
	}
	b.WriteString("]}\n")
	return b.Bytes()
}

func decodeSlowly(data []byte) (m record, ok bool) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if d.Decode(&m) != nil {
		return m, false
	}
	_, err := d.Token()
	m.exact = bytes.Equal(data, encodeSlowly(m))
	return m, err == io.EOF && m.Version == manifestVersion && m.Outputs != nil
}

// FuzzEncode: whatever the strings are, the bytes are those of encoding/json,
// and come back.
func FuzzEncode(f *testing.F) {
	f.Add("kaiho 1", "public/a", "public", "00ff", int64(1))
	f.Add("<&>", `quote " and \`, "\u2028", "\x00\x7f", int64(-1))
	f.Add("", "会報", "\xff", "\ufffd", int64(1)<<60)
	f.Add(`","outputs":[`, "\n", "]}\n", "\t", int64(0))
	f.Fuzz(func(t *testing.T, generator, name, audience, sum string, size int64) {
		for n := range 3 {
			m := record{Version: manifestVersion, Generator: generator, Outputs: []output{}}
			for range n {
				m.Outputs = append(m.Outputs, output{name, audience, sum, size})
			}
			got, want := m.encode(), encodeSlowly(m)
			if !bytes.Equal(got, want) {
				t.Fatalf("encode: got %q, want %q", got, want)
			}
			checkDecode(t, got)
		}
	})
}

// FuzzDecode: no bytes are read otherwise than by encoding/json.
func FuzzDecode(f *testing.F) {
	const line = "\n" + `{"path":"public/a","audience":"public","sha256":"00","size":1}`
	for _, s := range []string{
		"", "]}\n", `{"version":1,"generator":"k","outputs":[]}` + "\n", `{"version":2,"generator":"k","outputs":[]}` + "\n",
		`{"version":1,"generator":"k","outputs":[` + line + "\n]}\n", `{"version":1,"generator":"k","outputs":[` + line + "," + line + "\n]}\n",
		`{"version":1,"generator":"k","outputs":[` + line + line + "\n]}\n", `{"version":1,"generator":"k","outputs":[` + line + ",\n]}\n",
		`{"version":1,"generator":"k","outputs":[` + line + "]}\n", `{"version":1,"generator":"k","outputs":[` + "\n]}\n",
		`{"version":01,"generator":"k","outputs":[]}` + "\n", `{"version":1,"generator":"k","outputs":[]}`,
		`{"version":1,"generator":"k","outputs":[` + strings.Replace(line, "1}", "-0}", 1) + "\n]}\n",
		`{"version":1,"generator":"k","outputs":[` + strings.Replace(line, "1}", "9999999999999999999}", 1) + "\n]}\n",
		`{"version":1,"generator":"k","outputs":[` + strings.Replace(line, "1}", "1e3}", 1) + "\n]}\n",
		`{"version":1,"generator":"\u00e9","outputs":[]}` + "\n", "{\"version\":1,\"generator\":\"\xff\",\"outputs\":[]}\n", "{\"version\":1,\"generator\":\"\u2028\",\"outputs\":[]}\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(checkDecode)
}

func checkDecode(t *testing.T, data []byte) {
	got, ok := decodeManifest(data)
	want, wantOK := decodeSlowly(data)
	if ok != wantOK || ok && !reflect.DeepEqual(got, want) {
		t.Errorf("decode %q: got %+v, %v, want %+v, %v", data, got, ok, want, wantOK)
	}
}

func TestFoldIsOneForWhatIsEqualButForCase(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		for n := unicode.SimpleFold(r); n != r; n = unicode.SimpleFold(n) {
			if fold(string(r)) != fold(string(n)) || fold("é"+string(r)) != fold("é"+string(n)) {
				t.Errorf("%q and %q differ", r, n)
			}
		}
	}
	if fold("a/B_[0") != "A/B_[0" || fold("a") == fold("b") {
		t.Errorf("got %q", fold("a/B_[0"))
	}
}
