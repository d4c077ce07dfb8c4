package publish

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The keys of the manifest's format, in their order.
const (
	versionKey   = `{"version":`
	generatorKey = `,"generator":`
	outputsKey   = `,"outputs":[`
	pathKey      = "\n" + `{"path":`
	audienceKey  = `,"audience":`
	sumKey       = `,"sha256":`
	sizeKey      = `,"size":`
)

// encode writes one output a line, so that two manifests can be compared with
// line tools, and the same outputs always give the same bytes.
func (m record) encode() []byte {
	const line = 200 // bytes; a guess
	b := make([]byte, 0, line*(1+len(m.Outputs)))
	b = strconv.AppendInt(append(b, versionKey...), manifestVersion, 10)
	b = appendString(append(b, generatorKey...), m.Generator)
	b = append(b, outputsKey...)
	for i, out := range m.Outputs {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(append(b, pathKey...), out.Path)
		b = appendString(append(b, audienceKey...), out.Audience)
		b = appendString(append(b, sumKey...), out.SHA256)
		b = strconv.AppendInt(append(b, sizeKey...), out.Size, 10)
		b = append(b, '}')
	}
	if len(m.Outputs) > 0 {
		b = append(b, '\n')
	}
	return append(b, "]}\n"...)
}

func appendString(b []byte, s string) []byte {
	if isPlain(s) {
		return append(append(append(b, '"'), s...), '"')
	}
	var escaped bytes.Buffer
	e := json.NewEncoder(&escaped)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err) // strings always encode
	}
	return append(b, bytes.TrimSuffix(escaped.Bytes(), []byte("\n"))...)
}

// isPlain reports whether encoding/json writes s as it is, between quotes.
func isPlain(s string) bool {
	ascii := true
	for i := range len(s) {
		if s[i] < ' ' || s[i] == '"' || s[i] == '\\' {
			return false
		}
		ascii = ascii && s[i] < utf8.RuneSelf
	}
	return ascii || utf8.ValidString(s) && !strings.ContainsAny(s, "\u2028\u2029")
}

// decodeManifest returns what data says, if it is a manifest of this version.
func decodeManifest(data []byte) (record, bool) {
	if m, ok := decodeExact(string(data)); ok {
		return m, true
	}
	var m record
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil {
		return m, false
	}
	if _, err := d.Token(); err != io.EOF {
		return m, false
	}
	// Outputs is nil when the key is missing, and empty when it is [].
	if m.Version != manifestVersion || m.Outputs == nil {
		return m, false
	}
	m.exact = bytes.Equal(data, m.encode())
	return m, true
}

// decodeExact takes nothing but what encode writes, and of that only what needs
// no escapes, which is nearly every manifest. It is there for speed: to read
// one with encoding/json, and to see whether it is exact, takes longer than
// all else in a build that changes nothing.
func decodeExact(s string) (m record, ok bool) {
	x := exact{rest: s, ok: true}
	x.skip(versionKey)
	m.Version = int(x.int())
	x.skip(generatorKey)
	m.Generator = x.string()
	x.skip(outputsKey)
	m.Outputs = make([]output, 0, strings.Count(s, pathKey))
	for x.ok && strings.HasPrefix(x.rest, pathKey) {
		var out output
		x.skip(pathKey)
		out.Path = x.string()
		x.skip(audienceKey)
		out.Audience = x.string()
		x.skip(sumKey)
		out.SHA256 = x.string()
		x.skip(sizeKey)
		out.Size = x.int()
		x.skip("}")
		m.Outputs = append(m.Outputs, out)
		if !strings.HasPrefix(x.rest, ","+pathKey) {
			x.skip("\n")
			break
		}
		x.skip(",")
	}
	x.skip("]}\n")
	m.exact = true
	return m, x.ok && x.rest == "" && m.Version == manifestVersion
}

// exact reads from the front of rest, until something is not as encode writes.
type exact struct {
	rest string
	ok   bool
}

func (x *exact) skip(s string) {
	var found bool
	x.rest, found = strings.CutPrefix(x.rest, s)
	x.ok = x.ok && found
}

func (x *exact) string() string {
	x.skip(`"`)
	s, rest, found := strings.Cut(x.rest, `"`)
	x.rest = rest
	x.ok = x.ok && found && isPlain(s)
	return s
}

func (x *exact) int() int64 {
	end := 0
	for end < len(x.rest) && (x.rest[end] == '-' || '0' <= x.rest[end] && x.rest[end] <= '9') {
		end++
	}
	digits := x.rest[:end]
	x.rest = x.rest[end:]
	n, err := strconv.ParseInt(digits, 10, 64)
	x.ok = x.ok && err == nil && strconv.FormatInt(n, 10) == digits
	return n
}
