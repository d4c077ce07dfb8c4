package layout

import (
	"reflect"
	"strconv"
	"text/template/parse"
)

// pipe compiles a pipeline that declares nothing.
func (s *scope) pipe(p *parse.PipeNode) (expr, error) {
	if len(p.Decl) > 0 {
		return expr{}, refuse("the declaration %s", p)
	}
	return s.pipeline(p.Cmds)
}

// pipeline compiles commands, each of which gets the value of the one before
// as its last argument.
func (s *scope) pipeline(cmds []*parse.CommandNode) (expr, error) {
	var value expr
	for i, c := range cmds {
		var final []expr
		if i > 0 {
			final = []expr{value}
		}
		var err error
		if value, err = s.command(c, final); err != nil {
			return expr{}, err
		}
	}
	return value, nil
}

// command compiles a call, or what stands alone.
func (s *scope) command(c *parse.CommandNode, final []expr) (expr, error) {
	if name, ok := c.Args[0].(*parse.IdentifierNode); ok {
		return s.call(name.Ident, c.Args[1:], final)
	}
	if len(c.Args) == 2 && len(final) == 0 {
		return s.format(c.Args[0], c.Args[1])
	}
	if len(c.Args) > 1 || len(final) > 0 {
		return expr{}, refuse("arguments of %s", c)
	}
	return s.operand(c.Args[0])
}

// operand compiles a value without arguments.
func (s *scope) operand(n parse.Node) (expr, error) {
	switch n := n.(type) {
	case *parse.DotNode:
		return s.value(s.dot, nil)
	case *parse.FieldNode:
		return s.value(s.dot, n.Ident)
	case *parse.VariableNode:
		v, err := s.lookup(n.Ident[0])
		if err != nil {
			return expr{}, err
		}
		return s.value(v, n.Ident[1:])
	case *parse.ChainNode:
		pipe, ok := n.Node.(*parse.PipeNode)
		if !ok {
			return expr{}, refuse("fields of %s", n.Node)
		}
		e, err := s.pipe(pipe)
		if err != nil {
			return expr{}, err
		}
		return e.field(n.Field)
	case *parse.PipeNode:
		return s.pipe(n)
	case *parse.IdentifierNode:
		return s.call(n.Ident, nil, nil)
	case *parse.StringNode:
		return constantText(n.Text), nil
	case *parse.BoolNode:
		return boolExpr(boolType, func(*run) bool { return n.True }), nil
	case *parse.NumberNode:
		if number, err := strconv.Atoi(n.Text); err == nil && strconv.Itoa(number) == n.Text {
			return intExpr(intType, func(*run) int64 { return int64(number) }), nil
		}
	}
	return expr{}, refuse("the value %s", n)
}

// value is a variable or dot, or a field of it.
func (s *scope) value(v variable, fields []string) (expr, error) {
	if v.typ == nil {
		return expr{}, refuse("the value of nothing")
	}
	e := slotExpr(v.typ, v.slot)
	if len(fields) == 0 {
		return e, nil
	}
	return e.field(fields)
}

// format compiles the only method with an argument: TIME.Format.
func (s *scope) format(receiver, argument parse.Node) (expr, error) {
	var v variable
	var fields []string
	var err error
	switch n := receiver.(type) {
	case *parse.FieldNode:
		v, fields = s.dot, n.Ident
	case *parse.VariableNode:
		v, err = s.lookup(n.Ident[0])
		fields = n.Ident[1:]
	}
	if err != nil || len(fields) < 1 || fields[len(fields)-1] != "Format" {
		return expr{}, refuse("an argument of %s", receiver)
	}
	e, err := s.value(v, fields[:len(fields)-1])
	if err != nil || e.typ != timeType {
		return expr{}, refuse("a method of %s", receiver)
	}
	layout, err := s.operand(argument)
	if err != nil || layout.typ != stringType {
		return expr{}, refuse("the argument of %s", receiver)
	}
	return textExpr(stringType, func(r *run) string { return timeOf(e.ref(r)).Format(layout.text(r)) }), nil
}

// call compiles the call of a function. The functions of a language come before
// those of text/template.
func (s *scope) call(name string, nodes []parse.Node, final []expr) (expr, error) {
	var args []expr
	for _, n := range nodes {
		e, err := s.operand(n)
		if err != nil {
			return expr{}, err
		}
		args = append(args, e)
	}
	if f, ok := s.functions[name]; ok {
		args = append(args, final...)
		for _, a := range args {
			if a.typ == nil {
				return expr{}, refuse("an argument of %s that is of several types", name)
			}
		}
		if e, ok := parameter(name, args); ok {
			return e, nil
		}
		return bind(name, f, args)
	}
	if name == "and" || name == "or" {
		if len(final) > 0 || len(args) == 0 {
			return expr{}, refuse("%s in a pipeline", name)
		}
		return either(args, name == "or"), nil
	}
	return builtin(name, append(args, final...))
}

// either compiles {{or}} and {{and}}, which return one of their arguments and
// look at no other behind it.
func either(args []expr, until bool) expr {
	first := args[0]
	for _, second := range args[1:] {
		a, b := first, second
		if a.typ != nil && a.typ == b.typ && a.text != nil {
			first = textExpr(a.typ, func(r *run) string {
				if t := a.text(r); (t != "") == until {
					return t
				}
				return b.text(r)
			})
			continue
		}
		e := expr{truth: func(r *run) bool {
			if until {
				return a.truth(r) || b.truth(r)
			}
			return a.truth(r) && b.truth(r)
		}}
		if a.typ != nil && a.typ == b.typ {
			switch {
			case a.number != nil:
				e = intExpr(a.typ, func(r *run) int64 {
					if n := a.number(r); (n != 0) == until {
						return n
					}
					return b.number(r)
				})
			case a.ref == nil:
				e.typ = a.typ
			}
		}
		first = e
	}
	return first
}

// parameter compiles {{param}} for what views hold: a list of {Key, Values}.
func parameter(name string, args []expr) (expr, bool) {
	if name != "param" || len(args) != 2 || args[1].typ != stringType || args[0].ref == nil || args[0].typ.Kind() != reflect.Slice || args[0].typ.Elem().Kind() != reflect.Struct {
		return expr{}, false
	}
	key, hasKey := args[0].typ.Elem().FieldByName("Key")
	values, hasValues := args[0].typ.Elem().FieldByName("Values")
	if !hasKey || !hasValues || key.Type != stringType || values.Type != stringsType || len(key.Index) != 1 || len(values.Index) != 1 {
		return expr{}, false
	}
	list, wanted, k, v := args[0].ref, args[1].text, key.Index[0], values.Index[0]
	return textExpr(stringType, func(r *run) string {
		all, name := list(r), wanted(r)
		for i := range all.Len() {
			if p := all.Index(i); p.Field(k).String() == name {
				if found := stringsOf(p.Field(v)); len(found) > 0 {
					return found[0]
				}
				return ""
			}
		}
		return ""
	}), true
}
