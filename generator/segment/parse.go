package segment

import (
	"strconv"
	"strings"

	"kaiho/generator/diag"
)

// parser reads an expression: what binds least first. After its first mistake
// of grammar it reports no more of them.
type parser struct {
	*compiler
	source Source
	lexer  lexer
	tok    token
	depth  int
	failed bool
}

func (p *parser) parse() *node {
	p.lexer = lexer{text: p.source.Expression, bad: func(at int, rule diag.Rule, args ...string) {
		p.report(p.source.at(at), rule, args...)
		p.failed = true
	}}
	p.advance()
	top := p.or()
	if p.tok.kind != endToken {
		p.excess()
	}
	for p.tok.kind != endToken { // what is no token is told all the same
		p.advance()
	}
	if p.failed {
		return nil
	}
	return top
}

func (p *parser) advance() { p.tok = p.lexer.next() }

func (p *parser) fail(rule diag.Rule, args ...string) {
	if !p.failed {
		p.failed = true
		p.report(p.source.at(p.tok.at), rule, args...)
	}
}

// excess reports a token with which an expression cannot go on.
func (p *parser) excess() {
	found := p.source.Expression[p.tok.at:p.tok.end]
	nearest := ""
	if p.tok.kind == nameToken {
		nearest = diag.Nearest(strings.ToLower(p.tok.word), []string{"and", "or", "in"})
	}
	switch {
	case p.tok.kind == badToken: // reported
	case p.tok.is(")"):
		p.fail(diag.SegmentParenthesis, "mark", ")")
	case operators[p.tok.word] >= opEqual && p.tok.kind == symbolToken:
		p.fail(diag.SegmentChain, "found", found)
	default:
		p.fail(diag.SegmentOperator, "found", found, "nearest", nearest)
	}
	p.failed = true
}

func (p *parser) or() *node { return p.chain(p.and, opOr, "||", "or") }

func (p *parser) and() *node { return p.chain(p.not, opAnd, "&&", "and") }

// chain reads parts with one operator between them.
func (p *parser) chain(part func() *node, op op, symbols ...string) *node {
	n := part()
	for n != nil && p.tok.is(symbols...) {
		mark := p.tok.at
		p.advance()
		right := part()
		if right == nil {
			return nil
		}
		n = &node{op: op, at: n.at, mark: mark, left: n, right: right}
	}
	return n
}

// deeper counts a level of parentheses or negations; false if it is one too many.
func (p *parser) deeper() bool {
	if p.depth++; p.depth > maxDepth {
		p.fail(diag.SegmentDeep, "limit", strconv.Itoa(maxDepth))
		return false
	}
	return true
}

func (p *parser) not() *node {
	if !p.tok.is("!", "not") {
		return p.comparison()
	}
	at := p.tok.at
	if !p.deeper() {
		return nil
	}
	p.advance()
	operand := p.not()
	p.depth--
	if operand == nil {
		return nil
	}
	return &node{op: opNot, at: at, mark: at, left: operand}
}

func (p *parser) comparison() *node {
	n := p.operand()
	compare := operators[p.tok.word]
	if n == nil || p.tok.kind != symbolToken || compare < opEqual {
		return n
	}
	mark := p.tok.at
	p.advance()
	right := p.operand()
	if right == nil {
		return nil
	}
	return &node{op: compare, at: n.at, mark: mark, left: n, right: right}
}

func (p *parser) operand() *node {
	t := p.tok
	n := &node{at: t.at, mark: t.at, word: t.word}
	switch {
	case t.is("("):
		return p.parentheses()
	case t.kind == textToken:
		var f folder
		n.op, n.folded = opText, f.at(f.fold(t.word))
	case t.kind == numberToken:
		if len(t.word) > 9 {
			p.fail(diag.SegmentNumber, "value", t.word)
			return nil
		}
		n.op = opNumber
		n.number, _ = strconv.Atoi(t.word) // digits, and few
	case t.kind == nameToken && (t.word == "true" || t.word == "false"):
		n.op = opTruth
		if t.word == "true" {
			n.number = 1
		}
	case t.kind == nameToken && t.word == "known":
		return p.known()
	case t.kind == nameToken:
		n.op = opName
	default:
		p.missing()
		return nil
	}
	p.advance()
	return n
}

// missing reports that there is no operand.
func (p *parser) missing() {
	if p.tok.kind == badToken {
		return
	}
	p.fail(diag.SegmentOperand, "found", p.source.Expression[p.tok.at:p.tok.end])
}

func (p *parser) parentheses() *node {
	open := p.tok
	if !p.deeper() {
		return nil
	}
	p.advance()
	n := p.or()
	p.depth--
	if n == nil {
		return nil
	}
	if !p.tok.is(")") {
		if p.tok.kind != endToken {
			p.excess()
			return nil
		}
		p.tok = open
		p.fail(diag.SegmentParenthesis, "mark", "(")
		p.tok = token{at: len(p.source.Expression), end: len(p.source.Expression)}
		return nil
	}
	p.advance()
	return n
}

// known reads known(KEY).
func (p *parser) known() *node {
	n := &node{op: opKnown, at: p.tok.at, mark: p.tok.at}
	var words []token
	for range 3 {
		p.advance()
		words = append(words, p.tok)
	}
	if !words[0].is("(") || words[1].kind != nameToken || !words[2].is(")") {
		p.tok = words[0]
		p.fail(diag.SegmentKnown)
		return nil
	}
	n.left = &node{op: opName, at: words[1].at, mark: words[1].at, word: words[1].word}
	p.advance()
	return n
}
