package preview

import (
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// maxProblems is how many problems a browser is sent: who has more mends the
// first ones first.
const maxProblems = 100

// overlay is the data of the overlay.
type overlay struct {
	Number   int             `json:"number"` // of the snapshot: closed, an overlay stays so until the next one
	Behind   bool            `json:"behind"` // the page that is shown is older than the problems
	Problems []linkedProblem `json:"problems"`
	More     int             `json:"more"` // problems that were not sent
}

type linkedProblem struct {
	Problem
	Edit string `json:"edit"` // opens the place in the editor; "" is no link
}

func (s *Server) overlay(problems []Problem) overlay {
	o := overlay{Problems: []linkedProblem{}}
	for _, p := range problems[:min(len(problems), maxProblems)] {
		o.Problems = append(o.Problems, linkedProblem{p, s.o.editURL(p.Path, p.Line, p.Col)})
	}
	o.More = len(problems) - len(o.Problems)
	return o
}

func (p Problem) isError() bool { return p.Severity != "warning" }

// errorsFirst returns a copy of problems, errors before warnings, otherwise in
// the order they had.
func errorsFirst(problems []Problem) []Problem {
	sorted := slices.Clone(problems)
	slices.SortStableFunc(sorted, func(a, b Problem) int {
		switch {
		case a.isError() == b.isError():
			return 0
		case a.isError():
			return -1
		}
		return 1
	})
	return sorted
}

func countErrors(problems []Problem) int {
	n := 0
	for _, p := range problems {
		if p.isError() {
			n++
		}
	}
	return n
}

// editURL fills the editor's pattern; "" if there is none, or no file.
func (o ServerOptions) editURL(file string, line, col int) string {
	scheme, _, ok := strings.Cut(o.Editor, ":")
	scheme = strings.ToLower(strings.TrimSpace(scheme))
	if !ok || file == "" || slices.Contains([]string{"javascript", "data", "vbscript"}, scheme) {
		return ""
	}
	full := escapePath(path.Join(filepath.ToSlash(o.Root), file))
	// "vscode://file/{path}" has the slash that begins a path already;
	// "file://{path}" needs it.
	before, _, _ := strings.Cut(o.Editor, "{path}")
	if strings.HasSuffix(before, "/") && !strings.HasSuffix(before, "//") {
		full = strings.TrimPrefix(full, "/")
	}
	return strings.NewReplacer("{path}", full,
		"{line}", strconv.Itoa(max(line, 1)), "{col}", strconv.Itoa(max(col, 1))).Replace(o.Editor)
}

// escapePath escapes all but RFC 3986's unreserved characters and slashes, so
// that a path can stand in a URL's path and in its query. The colon of a
// Windows drive stays: editors want it.
func escapePath(p string) string {
	const plain = "-._~/"
	var b strings.Builder
	for i := range len(p) {
		switch c := p[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte(plain, c) >= 0:
			b.WriteByte(c)
		case c == ':' && i == 1:
			b.WriteByte(c)
		default:
			const hex = "0123456789ABCDEF"
			b.WriteString("%" + hex[c>>4:c>>4+1] + hex[c&15:c&15+1])
		}
	}
	return b.String()
}
