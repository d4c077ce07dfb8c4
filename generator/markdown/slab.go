package markdown

import (
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// slab is memory for many values of one type, which is used again for the next
// body. Nothing of a syntax tree outlives the reading of its body.
type slab[T any] struct {
	pieces [][]T
	used   int // of all pieces
}

// slabPiece is how many values a piece of a slab has. A page has as many
// paragraphs, and fewer of the rest.
const slabPiece = 32

// next returns a value that nobody has, which is zero.
func (s *slab[T]) next() *T {
	piece := s.used / slabPiece
	if piece == len(s.pieces) {
		s.pieces = append(s.pieces, make([]T, slabPiece))
	}
	s.used++
	return &s.pieces[piece][(s.used-1)%slabPiece]
}

// release takes all values back. It keeps no more than a page needs.
func (s *slab[T]) release() {
	for i := 0; i*slabPiece < s.used; i++ {
		clear(s.pieces[i][:min(slabPiece, s.used-i*slabPiece)])
	}
	s.pieces, s.used = s.pieces[:min(len(s.pieces), maxSlabPieces)], 0
}

const maxSlabPieces = 16

// paragraphParser is goldmark's, with paragraphs of which the memory is used
// again: there are more of them than of anything else that is parsed.
type paragraphParser struct{ parser.BlockParser }

// Open begins a paragraph at any line that is not blank.
func (paragraphParser) Open(_ ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	if util.IsBlank(line) {
		return nil, parser.NoChildren
	}
	node := pc.(*reading).paragraphs.next()
	node.Lines().Append(segment)
	reader.AdvanceToEOL()
	return node, parser.NoChildren
}
