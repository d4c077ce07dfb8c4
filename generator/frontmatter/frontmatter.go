// Package frontmatter splits the front matter of a content file from its body,
// and decodes YAML into Go structs: strictly, and with the exact place of every
// problem.
//
// # Files
//
// A content file begins with a line "---", YAML, and another line "---". The
// hyphens stand at the beginning of their lines; blank lines may precede the
// first. What follows is the body, which this package does not look at. A file
// is UTF-8. A byte order mark and the line endings CRLF and CR are warnings,
// and are read as if they were none and LF. Everything else that is wrong with
// the file as a whole is an error: other encodings, an empty file, a missing or
// unclosed front matter, and one of more than 64 KiB.
//
// # YAML
//
// The YAML is one document whose top is keys and values. Anchors, aliases,
// merge keys, tags and further documents are refused, so that what an author
// reads is what is there and no input can grow when it is read; so are
// invisible characters and nesting of more than 32 levels. A syntax error is
// one problem for its file, at the line that breaks the YAML, and names the
// mistakes that people make: a full-width colon or space, a colon without a
// space, a tab, a quote left open.
//
// # Values
//
// Decode fills Go values and gathers every problem: unknown, duplicate and
// missing keys, values of a wrong type, and values that their field's tags do
// not allow. See Decode for the types and tags. Quotes around a value matter
// only for text: without them true, false and null are no text.
//
// Lines and columns count from 1 in the file as a whole, columns in
// characters. The package keeps no state but a cache of Go types; all of it is
// safe for concurrent use.
package frontmatter

import (
	"bytes"
	"io"
	"strconv"

	adrg "github.com/adrg/frontmatter"

	"kaiho/generator/diag"
)

const (
	maxFrontMatterBytes = 64 << 10
	maxFileBytes        = 1 << 20 // of a file that is YAML as a whole
	maxDepth            = 32      // levels of lists and maps
)

// File is a content file in two parts.
type File struct {
	Body     []byte // what follows the front matter, with LF line endings; it shares memory with the source
	BodyLine int    // number of the body's first line in the file, from 1
	Node     *Node  // the front matter; nil when there is none, or it is broken
}

// Split separates the front matter and the body of src, the content of the
// file at path. A front matter that is broken leaves Node nil, and Body as far
// as it can be told, so that the page takes part in what comes after.
func Split(path string, src []byte) (File, diag.Problems) {
	if file, ok := splitPlain(path, src); ok {
		return file, nil
	}
	return splitAny(path, src)
}

// splitAny does what Split does, for every file.
func splitAny(path string, src []byte) (File, diag.Problems) {
	src, problems := readable(path, src)
	if src == nil {
		return File{BodyLine: 1}, problems
	}
	// The library finds the two borders; the YAML between them is parsed below,
	// where a syntax error does not cost the body.
	var between []byte
	input := head{src: src}
	format := adrg.NewFormat("---", "---", func(data []byte, v any) error {
		*v.(*[]byte), input.found = data, true
		return nil
	})
	rest, err := adrg.MustParse(&input, &between, format)
	start, openLine := firstLine(src)
	opening := diag.Pos{Path: path, Line: openLine, Col: 1}
	if err != nil {
		line, _, _ := bytes.Cut(src[start:], []byte("\n"))
		if string(bytes.TrimSpace(line)) == "---" {
			return File{BodyLine: openLine}, append(problems, diag.New(opening, diag.UnclosedFrontMatter))
		}
		return File{Body: src, BodyLine: 1}, append(problems, diag.New(opening, diag.NoFrontMatter))
	}
	bodyStart := input.read - len(rest)
	file := File{Body: src[bodyStart:], BodyLine: 1 + bytes.Count(src[:bodyStart], []byte("\n"))}
	end := start + bytes.IndexByte(src[start:], '\n') + 1 + len(between)
	closing := diag.Pos{Path: path, Line: openLine + bytes.Count(src[start:end], []byte("\n")), Col: 1}
	borders := diag.Problems{}
	if !isBorder(src[start:]) {
		borders = append(borders, diag.New(opening, diag.BadDelimiter))
	}
	if !isBorder(src[end:]) {
		borders = append(borders, diag.New(closing, diag.BadDelimiter))
	}
	if len(borders) > 0 {
		return file, append(problems, borders...)
	}
	if len(between) > maxFrontMatterBytes {
		return file, append(problems, tooLarge(opening, len(between), maxFrontMatterBytes))
	}
	node, found := parse(path, src[start:end], openLine-1)
	file.Node = node
	return file, append(problems, found...)
}

// head reads src to the end of the front matter, and a little beyond. The
// library copies all that it reads: without the end that head makes, a page of
// 32 KiB takes twice the time.
type head struct {
	src   []byte
	read  int // bytes given out
	found bool
}

func (h *head) Read(p []byte) (int, error) {
	if h.found || h.read == len(h.src) {
		return 0, io.EOF
	}
	n := copy(p, h.src[h.read:])
	h.read += n
	return n, nil
}

// ParseYAML reads src, the content of the file at path, which is YAML as a
// whole. The node is nil when the file is broken.
func ParseYAML(path string, src []byte) (*Node, diag.Problems) {
	src, problems := readable(path, src)
	if src == nil {
		return nil, problems
	}
	if len(src) > maxFileBytes {
		return nil, append(problems, tooLarge(diag.Pos{Path: path, Line: 1, Col: 1}, len(src), maxFileBytes))
	}
	node, found := parse(path, src, 0)
	return node, append(problems, found...)
}

func tooLarge(pos diag.Pos, size, limit int) diag.Problem {
	return diag.New(pos, diag.TooLarge, "size", strconv.Itoa(size), "limit", strconv.Itoa(limit))
}

// firstLine returns where the first line of src that is not blank begins: its
// offset, and its number from 1.
func firstLine(src []byte) (start, number int) {
	for number = 1; ; number++ {
		line, _, more := bytes.Cut(src[start:], []byte("\n"))
		if !more || len(bytes.TrimSpace(line)) > 0 {
			return start, number
		}
		start += len(line) + 1
	}
}

// isBorder reports whether text begins with a line "---". The library also
// takes lines with blanks around the hyphens, and so would cut a text in two
// that has an indented rule in it.
func isBorder(text []byte) bool {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return string(bytes.TrimRight(line, " \t")) == "---"
}
