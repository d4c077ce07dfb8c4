package layout

import (
	"bytes"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"
)

// Escaped templates are made faster before they are used. Nothing that they
// write changes: html/template has already put its escapers into the trees, and
// everything here is done with them in place.
//
//   - An action that depends on nothing but its constants ({{t "tags"}}) becomes
//     the text that it writes.
//   - A partial that many pages call with equal arguments is executed once for
//     each: see memo. Compiled pages execute it every time, which is faster than
//     to recognize an argument.

// remembered are the partials that stand on many pages with equal arguments.
// Others would cost more to recognize than to execute.
var remembered = []string{"partials/brief.html", "partials/entry.html", "partials/footer.html"}

// Names that no author writes.
const (
	foldName = "\x00fold"
	remember = "kaiho_remember"
)

// pure are the functions whose calls with constants are constants.
var pure = []string{"t", "word", "lang", "asset", "accent", "root"}

// optimizer rewrites the escaped templates of one page.
type optimizer struct {
	set    *template.Template
	lang   string
	shared []string // of remembered, those that are as in all other pages
	room   *parse.ListNode
}

// run rewrites all templates of the page. The set has been executed once.
func (o *optimizer) run() {
	o.room = o.set.Lookup(foldName).Tree.Root
	for _, t := range o.set.Templates() {
		if t.Name() != foldName && t.Tree != nil {
			o.list(t.Tree.Root)
		}
	}
}

func (o *optimizer) list(l *parse.ListNode) {
	if l == nil {
		return
	}
	for i, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			if text, ok := o.constant(n); ok {
				l.Nodes[i] = &parse.TextNode{NodeType: parse.NodeText, Pos: n.Pos, Text: text}
			}
		case *parse.TemplateNode:
			if n.Pipe != nil && len(n.Pipe.Decl) == 0 && slices.Contains(o.shared, n.Name) {
				l.Nodes[i] = rememberedCall(n)
			}
		case *parse.IfNode:
			o.branch(&n.BranchNode)
		case *parse.RangeNode:
			o.branch(&n.BranchNode)
		case *parse.WithNode:
			o.branch(&n.BranchNode)
		}
	}
}

func (o *optimizer) branch(b *parse.BranchNode) {
	walk(b.Pipe, func(n parse.Node) {
		if c, ok := n.(*parse.CommandNode); ok {
			o.nameLanguage(c)
		}
	})
	o.list(b.List)
	o.list(b.ElseList)
}

// nameLanguage puts the language into the place of calls of lang that are
// arguments: conditions on every title have one.
func (o *optimizer) nameLanguage(c *parse.CommandNode) {
	for i, arg := range c.Args[1:] {
		if name, ok := arg.(*parse.IdentifierNode); ok && name.Ident == "lang" {
			c.Args[i+1] = &parse.StringNode{NodeType: parse.NodeString, Pos: name.Pos, Quoted: strconv.Quote(o.lang), Text: o.lang}
		}
	}
}

// constant returns what n writes, if it is always the same. Calls that fail are
// left to fail on the page.
func (o *optimizer) constant(n *parse.ActionNode) ([]byte, bool) {
	if len(n.Pipe.Decl) > 0 || len(n.Pipe.Cmds) == 0 {
		return nil, false
	}
	first := n.Pipe.Cmds[0].Args
	name, ok := first[0].(*parse.IdentifierNode)
	if !ok || !slices.Contains(pure, name.Ident) {
		return nil, false
	}
	for _, arg := range first[1:] {
		switch arg.(type) {
		case *parse.StringNode, *parse.NumberNode, *parse.BoolNode:
		default:
			return nil, false
		}
	}
	for _, c := range n.Pipe.Cmds[1:] {
		if name, ok := c.Args[0].(*parse.IdentifierNode); !ok || len(c.Args) > 1 || !strings.HasPrefix(name.Ident, "_html_template_") {
			return nil, false
		}
	}
	o.room.Nodes = []parse.Node{n}
	var b bytes.Buffer
	if err := o.set.ExecuteTemplate(&b, foldName, nil); err != nil {
		return nil, false
	}
	return b.Bytes(), true
}

// rememberedCall returns {{kaiho_remember "NAME" PIPE}} in the place of {{template "NAME" PIPE}}.
// A template keeps its name only where it is called in HTML text: elsewhere
// html/template calls a copy with another name.
func rememberedCall(n *parse.TemplateNode) *parse.ActionNode {
	name := &parse.StringNode{NodeType: parse.NodeString, Pos: n.Pos, Quoted: strconv.Quote(n.Name), Text: n.Name}
	command := &parse.CommandNode{NodeType: parse.NodeCommand, Pos: n.Pos, Args: []parse.Node{parse.NewIdentifier(remember).SetPos(n.Pos), name, n.Pipe}}
	pipe := &parse.PipeNode{NodeType: parse.NodePipe, Pos: n.Pos, Line: n.Line, Cmds: []*parse.CommandNode{command}}
	return &parse.ActionNode{NodeType: parse.NodeAction, Pos: n.Pos, Line: n.Line, Pipe: pipe}
}

// rememberedAction returns the call that rememberedCall has put into n.
func rememberedAction(n *parse.ActionNode) (name string, view *parse.PipeNode, ok bool) {
	args := n.Pipe.Cmds[0].Args
	if function, is := args[0].(*parse.IdentifierNode); !is || function.Ident != remember {
		return "", nil, false
	}
	return args[1].(*parse.StringNode).Text, args[2].(*parse.PipeNode), true
}
