package segment

import (
	"strconv"
	"strings"
)

// op is what a node does.
type op int

const (
	opText op = iota // a literal
	opNumber
	opTruth
	opKey
	opSegment
	opName // of a key or a segment, before it is known which
	opKnown
	opNot
	opAnd
	opOr
	opEqual // comparisons from here on
	opNotEqual
	opLess
	opLessEqual
	opGreater
	opGreaterEqual
	opIn
	opContains
)

// symbols are how operators between two operands are written, in the plain form
// first.
var symbols = map[op]string{opAnd: "&&", opOr: "||", opEqual: "==", opNotEqual: "!=", opLess: "<", opLessEqual: "<=",
	opGreater: ">", opGreaterEqual: ">=", opIn: "in", opContains: "~"}

var operators = map[string]op{"&&": opAnd, "and": opAnd, "||": opOr, "or": opOr, "!": opNot, "not": opNot, "==": opEqual, "!=": opNotEqual,
	"<": opLess, "<=": opLessEqual, ">": opGreater, ">=": opGreaterEqual, "in": opIn, "~": opContains}

// node is a part of an expression.
type node struct {
	op          op
	at          int    // offset of its first character
	mark        int    // offset of its operator
	word        string // of a literal or a name, without quotes
	folded      []byte // of a text
	number      int    // of a number; 1 for true
	key         key
	segment     int // index in the rules
	left, right *node
}

func (n *node) isComparison() bool { return n.op >= opEqual }

// String returns the plain form of n.
func (n *node) String() string {
	var b strings.Builder
	n.write(&b)
	return b.String()
}

func (n *node) write(b *strings.Builder) {
	switch n.op {
	case opText:
		quote := `"`
		if strings.Contains(n.word, quote) {
			quote = "'"
		}
		b.WriteString(quote + n.word + quote)
	case opNumber:
		b.WriteString(strconv.Itoa(n.number))
	case opTruth, opKey, opSegment, opName:
		b.WriteString(n.word)
	case opKnown:
		b.WriteString("known(" + n.left.word + ")")
	case opNot:
		b.WriteByte('!')
		n.left.writeIn(b, n.left.op >= opAnd)
	default:
		n.left.writeIn(b, n.op == opAnd && n.left.op == opOr || n.isComparison() && n.left.op >= opNot)
		b.WriteString(" " + symbols[n.op] + " ")
		n.right.writeIn(b, n.op == opAnd && (n.right.op == opOr || n.right.op == opAnd) || n.op == opOr && n.right.op == opOr ||
			n.isComparison() && n.right.op >= opNot)
	}
}

func (n *node) writeIn(b *strings.Builder, parentheses bool) {
	if !parentheses {
		n.write(b)
		return
	}
	b.WriteByte('(')
	n.write(b)
	b.WriteByte(')')
}
