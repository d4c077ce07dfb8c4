package layout

import (
	"bytes"
	"html/template"
	"reflect"
	"slices"
	"strings"
	"text/template/parse"
)

// compiler compiles the escaped templates of one page for one type of view.
type compiler struct {
	trees     map[string]*parse.Tree
	functions template.FuncMap
	apart     []string // templates whose output is minified apart from the page
	routines  map[routineKey]*routine
}

type routineKey struct {
	name string
	dot  reflect.Type
}

// compile returns the program of the page p for views of type t. Its error says
// what html/template has to execute instead.
func compile(p page, t reflect.Type) (*program, error) {
	if t == nil || t.Kind() != reflect.Struct {
		return nil, refuse("%v is no struct", t)
	}
	if err := closed(t); err != nil {
		return nil, err
	}
	c := &compiler{trees: p.trees, functions: p.functions, apart: p.apart, routines: map[routineKey]*routine{}}
	main, err := c.routine(p.entry, t)
	if err != nil {
		return nil, err
	}
	return &program{main: main}, nil
}

// routine compiles a template for a dot of type t, which is nil when there is
// none. A template that calls itself gets the routine that is being made.
func (c *compiler) routine(name string, t reflect.Type) (*routine, error) {
	key := routineKey{name, t}
	if made, ok := c.routines[key]; ok {
		return made, nil
	}
	called := c.trees[name]
	if called == nil || called.Root == nil {
		return nil, refuse("there is no template %q", name)
	}
	made := &routine{}
	c.routines[key] = made
	s := &scope{compiler: c, slots: 1}
	s.vars = []variable{{"$", t, 0}}
	s.dot = s.vars[0]
	body, err := s.list(called.Root)
	if err != nil {
		return nil, err
	}
	made.body, made.slots = body, s.slots
	return made, nil
}

// scope is a place in a template that is being compiled: its dot, and the
// variables that it sees.
type scope struct {
	*compiler
	dot   variable
	vars  []variable
	slots int // used by the template until now
}

// variable is a variable, or a dot, with its slot.
type variable struct {
	name string
	typ  reflect.Type
	slot int
}

// declare makes a slot for a value of type t.
func (s *scope) declare(name string, t reflect.Type) variable {
	v := variable{name, t, s.slots}
	s.slots++
	s.vars = append(s.vars, v)
	return v
}

// lookup returns the innermost variable of that name.
func (s *scope) lookup(name string) (variable, error) {
	for _, v := range slices.Backward(s.vars) {
		if v.name == name {
			return v, nil
		}
	}
	return variable{}, refuse("the variable %s", name)
}

// list compiles a list of nodes, of which neighbouring texts become one.
func (s *scope) list(l *parse.ListNode) (op, error) {
	if l == nil {
		return func(*run) signal { return ended }, nil
	}
	var ops []op
	var text []byte
	for _, n := range l.Nodes {
		if n, ok := n.(*parse.TextNode); ok {
			text = append(text, n.Text...)
			continue
		}
		if len(text) > 0 {
			ops = append(ops, static(bytes.Clone(text)))
			text = text[:0]
		}
		o, err := s.node(n)
		if err != nil {
			return nil, err
		}
		if o != nil {
			ops = append(ops, o)
		}
	}
	if len(text) > 0 {
		ops = append(ops, static(text))
	}
	return sequence(ops), nil
}

func static(text []byte) op {
	return func(r *run) signal {
		r.out = append(r.out, text...)
		return ended
	}
}

func sequence(ops []op) op {
	if len(ops) == 1 {
		return ops[0]
	}
	return func(r *run) signal {
		for _, o := range ops {
			if how := o(r); how != ended {
				return how
			}
		}
		return ended
	}
}

func (s *scope) node(n parse.Node) (op, error) {
	switch n := n.(type) {
	case *parse.ActionNode:
		return s.action(n)
	case *parse.IfNode:
		return s.ifOrWith(&n.BranchNode, false)
	case *parse.WithNode:
		return s.ifOrWith(&n.BranchNode, true)
	case *parse.RangeNode:
		return s.loop(&n.BranchNode)
	case *parse.TemplateNode:
		return s.template(n.Name, n.Pipe)
	case *parse.BreakNode:
		return func(*run) signal { return broken }, nil
	case *parse.ContinueNode:
		return func(*run) signal { return continued }, nil
	case *parse.CommentNode:
		return nil, nil
	}
	return nil, refuse("%s", n)
}

// action compiles what is written, and declarations and assignments, which
// write nothing.
func (s *scope) action(n *parse.ActionNode) (op, error) {
	if name, view, ok := rememberedAction(n); ok {
		return s.template(name, view)
	}
	cmds := n.Pipe.Cmds
	var escapers []string
	for len(cmds) > 1 && isEscaper(cmds[len(cmds)-1]) {
		escapers = append([]string{cmds[len(cmds)-1].Args[0].(*parse.IdentifierNode).Ident}, escapers...)
		cmds = cmds[:len(cmds)-1]
	}
	e, err := s.pipeline(cmds)
	if err != nil {
		return nil, err
	}
	switch {
	case len(n.Pipe.Decl) == 0:
		return written(e, escapers)
	case len(escapers) > 0 || len(n.Pipe.Decl) > 1 || e.typ == nil:
		return nil, refuse("the declaration %s", n)
	}
	name, value := n.Pipe.Decl[0].Ident[0], e.slot()
	var v variable
	if n.Pipe.IsAssign {
		if v, err = s.lookup(name); err != nil || v.typ != e.typ || name == "$" {
			return nil, refuse("an assignment of %s to %s", e.typ, name)
		}
	} else {
		v = s.declare(name, e.typ)
	}
	return func(r *run) signal {
		*r.at(v.slot) = value(r)
		return ended
	}, nil
}

func isEscaper(c *parse.CommandNode) bool {
	name, ok := c.Args[0].(*parse.IdentifierNode)
	return ok && len(c.Args) == 1 && strings.HasPrefix(name.Ident, escaperPrefix)
}

// ifOrWith compiles both. The variable that the pipeline may declare is seen by
// both branches.
func (s *scope) ifOrWith(b *parse.BranchNode, with bool) (op, error) {
	mark, outer := len(s.vars), s.dot
	defer func() { s.vars, s.dot = s.vars[:mark], outer }()
	e, err := s.pipeline(b.Pipe.Cmds)
	if err != nil {
		return nil, err
	}
	if !with && len(b.Pipe.Decl) == 0 {
		return s.branches(b, outer, e.truth)
	}
	if e.typ == nil || b.Pipe.IsAssign || len(b.Pipe.Decl) > 1 {
		return nil, refuse("{{with %s}}", b.Pipe)
	}
	held := s.declare("", e.typ)
	named := held // a slot of its own, as it can be assigned to
	if len(b.Pipe.Decl) > 0 {
		named = s.declare(b.Pipe.Decl[0].Ident[0], e.typ)
	}
	if with {
		s.dot = held
	}
	value, truth := e.slot(), slotExpr(e.typ, held.slot).truth
	return s.branches(b, outer, func(r *run) bool {
		*r.at(held.slot) = value(r)
		if named != held {
			*r.at(named.slot) = *r.at(held.slot)
		}
		return truth(r)
	})
}

// branches compiles the lists of if and with.
func (s *scope) branches(b *parse.BranchNode, outer variable, truth func(*run) bool) (op, error) {
	mark := len(s.vars)
	then, err := s.list(b.List)
	if err != nil {
		return nil, err
	}
	s.vars, s.dot = s.vars[:mark], outer
	if b.ElseList == nil {
		return func(r *run) signal {
			if truth(r) {
				return then(r)
			}
			return ended
		}, nil
	}
	otherwise, err := s.list(b.ElseList)
	if err != nil {
		return nil, err
	}
	return func(r *run) signal {
		if truth(r) {
			return then(r)
		}
		return otherwise(r)
	}, nil
}

// loop compiles {{range}} over lists. In {{else}} its variables would hold the
// list: they have no type there, so that their use is refused.
func (s *scope) loop(b *parse.BranchNode) (op, error) {
	mark, outer := len(s.vars), s.dot
	defer func() { s.vars, s.dot = s.vars[:mark], outer }()
	list, err := s.pipeline(b.Pipe.Cmds)
	if err != nil {
		return nil, err
	}
	if list.ref == nil || list.typ.Kind() != reflect.Slice && list.typ.Kind() != reflect.Array || b.Pipe.IsAssign {
		return nil, refuse("{{range %s}}", b.Pipe)
	}
	element := s.declare("", list.typ.Elem())
	index, named, hidden := s.loopVariables(b.Pipe.Decl, element.typ)
	place := s.declare("", nil).slot // where the element stands in the list
	each, err := refExpr(element.typ, func(r *run) reflect.Value { return r.at(place).ref })
	if err != nil {
		return nil, err
	}
	s.dot = element
	body, err := s.list(b.List)
	if err != nil {
		return nil, err
	}
	s.vars, s.dot = hidden, outer
	otherwise, err := s.list(b.ElseList)
	if err != nil {
		return nil, err
	}
	value := each.slot()
	return func(r *run) signal {
		all := list.ref(r)
		n := all.Len()
		if n == 0 {
			how := otherwise(r)
			if how == broken { // {{break}} ends the innermost loop, there too; {{continue}} does not
				return ended
			}
			return how
		}
		for i := 0; i < n && !r.failed; i++ {
			r.at(place).ref = all.Index(i)
			*r.at(element.slot) = value(r)
			if index.slot >= 0 {
				r.at(index.slot).number = int64(i)
			}
			if named.slot >= 0 {
				*r.at(named.slot) = *r.at(element.slot)
			}
			if body(r) == broken {
				break
			}
		}
		return ended
	}, nil
}

// loopVariables declares the variables of a loop, in slots of their own, as they
// can be assigned to; the slot of one that is not there is negative. hidden is
// what {{else}} sees.
func (s *scope) loopVariables(names []*parse.VariableNode, element reflect.Type) (index, named variable, hidden []variable) {
	hidden = slices.Clone(s.vars)
	for _, n := range names {
		hidden = append(hidden, variable{name: n.Ident[0]})
	}
	index.slot, named.slot = -1, -1
	if len(names) == 2 {
		index = s.declare(names[0].Ident[0], intType)
	}
	if len(names) > 0 {
		named = s.declare(names[len(names)-1].Ident[0], element)
	}
	return index, named, hidden
}

// template compiles a call of a template.
func (s *scope) template(name string, pipe *parse.PipeNode) (op, error) {
	var view func(*run) slot
	var t reflect.Type
	if pipe != nil {
		e, err := s.pipe(pipe)
		if err != nil || e.typ == nil {
			return nil, refuse("the argument %s of a template: %v", pipe, err)
		}
		t, view = e.typ, e.slot()
	}
	called, err := s.routine(name, t)
	if err != nil {
		return nil, err
	}
	if view == nil {
		view = func(*run) slot { return slot{} }
	}
	if !slices.Contains(s.apart, name) {
		return func(r *run) signal {
			r.call(called, view(r))
			return ended
		}, nil
	}
	return func(r *run) signal {
		start := len(r.out)
		r.call(called, view(r))
		r.cutPartial(start)
		return ended
	}, nil
}
