package site

import (
	"embed"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"regexp"
	"strings"
)

// viewSource is the source of every type that a layout sees: the manual of layouts
// is read from it, and so cannot say anything else than the program does.
//
//go:embed view.go view_page.go view_letter.go
var viewSource embed.FS

// ViewType is a type of views, as the manual of layouts has it.
type ViewType struct {
	Name   string
	Layout string // the layout that gets it, as event.html; empty for parts of views
	Text   string // the layout of the text edition, if there is one: letter.txt
	Doc    string // one paragraph
	Fields []ViewField
}

// ViewField is a field of a ViewType.
type ViewField struct {
	Name string
	Type string // as Go writes it: []Card
	Doc  string // may be empty
}

// viewOf is how the comment of a view names its layouts.
var viewOf = regexp.MustCompile(`is the view of ([a-z0-9]+\.html)(?: and ([a-z]+\.txt))?`)

// Manual returns the types of views: those of layouts, and those that these
// are made of, in the order of the source.
func Manual() []ViewType {
	var types []ViewType
	for _, name := range []string{"view.go", "view_page.go", "view_letter.go"} {
		source, err := viewSource.ReadFile(name)
		if err != nil {
			panic("site: no source of the views: " + err.Error())
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, source, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			panic("site: the source of the views is broken: " + err.Error())
		}
		for _, decl := range file.Decls {
			if typ, ok := readType(fset, decl); ok {
				types = append(types, typ)
			}
		}
	}
	return types
}

// readType reads the declaration of a struct.
func readType(fset *token.FileSet, decl ast.Decl) (ViewType, bool) {
	general, ok := decl.(*ast.GenDecl)
	if !ok || general.Tok != token.TYPE || len(general.Specs) != 1 {
		return ViewType{}, false
	}
	spec := general.Specs[0].(*ast.TypeSpec)
	body, ok := spec.Type.(*ast.StructType)
	if !ok {
		return ViewType{}, false
	}
	typ := ViewType{Name: spec.Name.Name, Doc: oneLine(general.Doc)}
	if m := viewOf.FindStringSubmatch(typ.Doc); m != nil {
		typ.Layout, typ.Text = m[1], m[2]
	}
	for _, field := range body.Fields.List {
		var written strings.Builder
		_ = printer.Fprint(&written, fset, field.Type) // a Builder takes everything
		doc := field.Comment
		if doc == nil {
			doc = field.Doc
		}
		for _, name := range field.Names {
			typ.Fields = append(typ.Fields, ViewField{name.Name, written.String(), oneLine(doc)})
		}
	}
	return typ, true
}

// oneLine returns a comment without its line breaks.
func oneLine(comment *ast.CommentGroup) string {
	return strings.Join(strings.Fields(comment.Text()), " ")
}
