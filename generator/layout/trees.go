package layout

import (
	"cmp"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"

	"kaiho/generator/diag"
)

// constant is a string that a template hands to a function as it is written.
type constant struct {
	value  string
	offset int // in bytes, of the string
}

// constants returns the constant first arguments of all calls of function, in
// the order in which they are written.
func constants(trees map[string]*parse.Tree, function string) []constant {
	var found []constant
	for _, tree := range trees {
		if tree == nil || tree.Root == nil {
			continue
		}
		walk(tree.Root, func(n parse.Node) {
			c, isCommand := n.(*parse.CommandNode)
			if !isCommand || len(c.Args) < 2 {
				return
			}
			name, isName := c.Args[0].(*parse.IdentifierNode)
			value, isString := c.Args[1].(*parse.StringNode)
			if isName && isString && name.Ident == function {
				found = append(found, constant{value.Text, int(value.Pos)})
			}
		})
	}
	slices.SortFunc(found, func(a, b constant) int { return cmp.Compare(a.offset, b.offset) })
	return found
}

// reachable returns the trees that the template entry executes, itself among
// them. trees maps names to what a page has of that name.
func reachable(trees map[string]*parse.Tree, entry string) map[string]*parse.Tree {
	found := map[string]*parse.Tree{}
	var follow func(name string)
	follow = func(name string) {
		tree := trees[name]
		if tree == nil || found[name] != nil {
			return
		}
		found[name] = tree
		walk(tree.Root, func(n parse.Node) {
			if t, ok := n.(*parse.TemplateNode); ok {
				follow(t.Name)
			}
		})
	}
	follow(entry)
	return found
}

// unfinished returns the rule that a page or the skeleton breaks when it would
// publish nothing, or a part of a document.
func (l *loader) unfinished(name string, own map[string]*parse.Tree) diag.Rule {
	if strings.Contains(name, "/") || name != skeleton && name != letterHTML && own["main"] != nil {
		return ""
	}
	root := own[name]
	if name == letterText {
		if root == nil || parse.IsEmptyTree(root.Root) {
			return diag.LayoutEmpty
		}
		return ""
	}
	if root == nil || parse.IsEmptyTree(root.Root) {
		if name != skeleton && len(own) > 1 || root == nil && len(own) > 0 {
			return diag.LayoutPart
		}
		return diag.LayoutEmpty
	}
	whole, shown, calls := false, false, false
	walk(root.Root, func(n parse.Node) {
		switch n := n.(type) {
		case *parse.TextNode:
			whole = whole || document.Match(n.Text)
		case *parse.TemplateNode:
			calls, shown = true, shown || n.Name == "main"
		}
	})
	switch {
	case name == skeleton && !shown && !calls:
		return diag.LayoutNoMain
	case name != skeleton && !whole && !calls:
		return diag.LayoutPart
	}
	return ""
}

// document is what a whole HTML document begins with.
var document = regexp.MustCompile(`(?i)<!doctype|<html[\s>]`)

// walk calls visit for n and every node below it that can hold a command.
func walk(n parse.Node, visit func(parse.Node)) {
	if n == nil || reflect.ValueOf(n).IsNil() {
		return
	}
	visit(n)
	branch := func(b *parse.BranchNode) {
		walk(b.Pipe, visit)
		walk(b.List, visit)
		walk(b.ElseList, visit)
	}
	switch n := n.(type) {
	case *parse.ListNode:
		for _, c := range n.Nodes {
			walk(c, visit)
		}
	case *parse.ActionNode:
		walk(n.Pipe, visit)
	case *parse.IfNode:
		branch(&n.BranchNode)
	case *parse.RangeNode:
		branch(&n.BranchNode)
	case *parse.WithNode:
		branch(&n.BranchNode)
	case *parse.TemplateNode:
		walk(n.Pipe, visit)
	case *parse.PipeNode:
		for _, c := range n.Cmds {
			walk(c, visit)
		}
	case *parse.CommandNode:
		for _, a := range n.Args {
			walk(a, visit)
		}
	}
}

// Errors of the template packages begin with the place, as
// "template: event.html:12:5: executing "main" at <.Foo>: can't evaluate …" or
// "html/template:event.html:12:5: …". Syntax errors have no column. The states
// of html/template's parser, which some errors end with, help no author. The
// values that others end with would make one mistake look like many: one for
// each page.
var (
	templatePlace = regexp.MustCompile(`(?s)^(?:html/)?template: ?([^:\s]+):(\d+)(?::(\d+))?: (.*)$`)
	contexts      = regexp.MustCompile(`: \{state.*$`)
	values        = regexp.MustCompile(`(?s)(range can't iterate over|if/with can't use) .*$`)
	executing     = regexp.MustCompile(`^executing "[^"]*" at <(.*?)>: (?:error calling \w+: )?`)
)

// place splits an error of the template packages into the place and the rest.
// name is the layout to blame when the error has no place.
func place(sources map[string]source, name string, err error) (diag.Pos, string) {
	pos := diag.Pos{Path: dir + "/" + name, Line: 1, Col: 1}
	m := templatePlace.FindStringSubmatch(err.Error())
	if m == nil {
		message := err.Error()
		for _, prefix := range []string{"html/template: ", "html/template:", "template: "} {
			message = strings.TrimPrefix(message, prefix)
		}
		return pos, message
	}
	src, ok := sources[m[1]]
	if !ok {
		src.path = dir + "/" + m[1]
	}
	pos.Path = src.path
	pos.Line, _ = strconv.Atoi(m[2])
	if m[3] != "" {
		col, _ := strconv.Atoi(m[3])
		pos.Col = column(src.text, pos.Line, col)
	}
	message := contexts.ReplaceAllString(executing.ReplaceAllString(m[4], "$1: "), "")
	return pos, values.ReplaceAllString(message, "$1 this value")
}

// column turns the byte column of the template packages, which begins at 0,
// into one in characters that begins at 1.
func column(text []byte, line, bytes int) int {
	lines := strings.Split(string(text), "\n")
	if line < 1 || line > len(lines) {
		return bytes + 1
	}
	l := lines[line-1]
	return len([]rune(l[:min(bytes, len(l))])) + 1
}
