package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kaiho/generator/config"
	"kaiho/generator/diag"
)

// Folder is the folder of a project that holds the schemas, and FieldsPath the file
// of the extension Front Matter, which has to lie at the top.
const (
	Folder     = "schema"
	FieldsPath = "frontmatter.json"
)

// Line is the first line of a site.yaml, by which editors with the YAML language
// server (VS Code, Neovim, Zed, Emacs, JetBrains) find its schema. It needs no
// network.
const Line = "# yaml-language-server: $schema=" + Folder + "/" + SiteName + ".json"

// Path returns the path of a schema in a project.
func Path(name string) string { return Folder + "/" + name + ".json" }

// Check looks at the files for editors that a project has: those that another kaiho
// has written, or somebody else, and the one that site.yaml, whose bytes are src,
// leads to in vain.
func Check(project fs.FS, src []byte) (diag.Problems, error) {
	var problems diag.Problems
	if m := schemaLine.FindSubmatchIndex(src); m != nil {
		file := string(src[m[2]:m[3]])
		clean := strings.TrimPrefix(path.Clean(file), "./")
		if !strings.Contains(file, "://") && fs.ValidPath(clean) {
			if info, err := fs.Stat(project, clean); err != nil || !info.Mode().IsRegular() {
				problems = append(problems, diag.New(position(config.Path, src, m[2]), diag.SchemaMissing, "file", file))
			}
		}
	}
	var outdated diag.Problems // one command renews them all, and so one message is enough
	for _, name := range append(Names(), "") {
		file := Path(name)
		if name == "" {
			file = FieldsPath
		}
		found, err := checkFile(project, file)
		if err != nil {
			return nil, err
		}
		if len(found) > 0 && found[0].Rule == diag.SchemaVersion {
			outdated = append(outdated, found[0])
			continue
		}
		problems = append(problems, found...)
	}
	if len(outdated) > 0 {
		first := outdated[0]
		if more := len(outdated) - 1; more > 0 {
			first.Args = append(first.Args, "more", strconv.Itoa(more))
		}
		problems = append(problems, first)
	}
	return problems, nil
}

var (
	schemaLine  = regexp.MustCompile(`(?m)^#\s*yaml-language-server:\s*\$schema=(\S+)`)
	versionLine = regexp.MustCompile(`"` + versionKey + `"\s*:\s*"([^"]*)"\s*\}`)
)

// checkFile looks at one file, if it is there.
func checkFile(project fs.FS, file string) (diag.Problems, error) {
	info, err := fs.Lstat(project, file)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.Mode().IsRegular() {
		return nil, nil
	}
	src, err := fs.ReadFile(project, file)
	if err != nil {
		return nil, err
	}
	var doc struct {
		Mark *struct {
			Version string `json:"version"`
		} `json:"x-kaiho"`
	}
	const key = "x-kaiho." + versionKey
	if err := json.Unmarshal(src, &doc); err != nil {
		if file == FieldsPath {
			return nil, nil // the extension allows comments in its file
		}
		if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok { // a version, say, that is a number
			return diag.Problems{diag.New(position(file, src, max(0, int(wrong.Offset)-1)), diag.SchemaUnknown, "key", key)}, nil
		}
		offset := 0
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			offset = max(0, int(syntax.Offset)-1)
		}
		return diag.Problems{diag.New(position(file, src, offset), diag.SchemaBroken)}, nil
	}
	switch {
	case doc.Mark == nil && file == FieldsPath: // the site's own
		return nil, nil
	case doc.Mark == nil || doc.Mark.Version == "":
		return diag.Problems{diag.New(position(file, src, 0), diag.SchemaUnknown, "key", key)}, nil
	case doc.Mark.Version != Version():
		offset := 0
		if all := versionLine.FindAllSubmatchIndex(src, -1); len(all) > 0 {
			offset = all[len(all)-1][2]
		}
		return diag.Problems{diag.New(position(file, src, offset), diag.SchemaVersion, "found", doc.Mark.Version, "wanted", Version())}, nil
	}
	return nil, nil
}

// position returns the place of an offset in a file.
func position(file string, src []byte, offset int) diag.Pos {
	before := src[:min(offset, len(src))]
	line := 1 + bytes.Count(before, []byte{'\n'})
	start := bytes.LastIndexByte(before, '\n') + 1
	return diag.Pos{Path: file, Line: line, Col: 1 + len([]rune(string(before[start:])))}
}

// File is a file for editors' tools.
type File struct {
	Path string // in the project
	Data []byte
}

// Files returns all files for the editors of a site, in lang, sorted by path. The
// schemas and the first line of site.yaml depend on nothing in the project.
func Files(s *config.Site, lang string) []File {
	files := []File{{FieldsPath, Fields(s, lang)}}
	for _, name := range Names() {
		files = append(files, File{Path(name), JSON(name, lang)})
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return files
}

// HasLine reports whether a site.yaml leads editors to a schema.
func HasLine(src []byte) bool { return schemaLine.Match(src) }

// IsOurs reports whether a file may be written: it is not there, or it has the mark
// of this package.
func IsOurs(project fs.FS, name string) bool {
	src, err := fs.ReadFile(project, name)
	if errors.Is(err, fs.ErrNotExist) {
		return true
	}
	var doc struct {
		Mark map[string]any `json:"x-kaiho"`
	}
	return err == nil && json.Unmarshal(src, &doc) == nil && doc.Mark != nil
}
