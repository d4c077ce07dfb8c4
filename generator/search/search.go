// Package search makes the index of a site's pages that a browser searches
// without a server, and says what it holds.
//
// # Words
//
// Japanese has no spaces, and what parts it into words at build time and in the
// browser never agrees. So there are no words here: the index knows which pages
// hold which two letters side by side (of Latin letters and digits, and of kana
// between two others, also which three), and a phrase is on a page at most if all its pairs are. Whether it
// really is, the reader sees from the text of the page, which is checked before
// a result is shown. So nothing that is there is missed, and nothing is shown
// that is not there.
//
// Fold decides what is the same: width, case, kana, accents, and variants of
// letters as in names (髙 and 高) make no difference. A script of the theme
// (static/assets/search.js) does the same in the browser; a test compares them.
//
// # Files
//
// All numbers below are unsigned varints but where said otherwise. Every file is
// compressed (deflate, RFC 1951) when it is made, because many hosts compress only
// what they know. The script unpacks it itself: the browser's DecompressionStream
// takes longer to be set up than files of 2 KB take to be read.
//
// A part holds the grams whose hash leads to it, so that a query reads as many
// parts as it has grams, whatever the site's size:
//
//	generation                       four bytes, little-endian
//	for each gram, sorted:
//	  length of its UTF-8, UTF-8
//	  length of its postings, postings
//	posting: (distance from the page before << 2) | weight
//
// Pages are numbered by day, the oldest first, so that a new one comes last. A
// block holds what is shown of a few pages, or of one if they are long, as a
// list of JSON in UTF-16 (little-endian): for each page its Fields. It is packed
// with what texts have in common (Texts).
//
// The generation is the hash of the list of pages: parts of two builds that number
// pages differently do not mix unnoticed. What mixes with the texts of another
// build is refused, for the texts are checked.
package search

import (
	"hash/fnv"
	"math/bits"
)

// Page is what is known of a page, all of it for the index's reader.
type Page struct {
	URL   string // with the base path
	Title string
	Label string   // what stands beside the title: the section
	Day   string   // 2026-05-20; may be empty
	Seal  string   // whom it is for; empty: everybody
	Names []string // by which the people of the page are found too: readings, former names, Latin letters
	Own   bool     // the page is about the one whose Names these are: they count as its title
	Tags  []string
	Heads []string // headings, which are in Text as well
	Text  string   // one line for each paragraph
}

// Fields is a page as a block has it: address, title, label, day, seal, names
// and tags (each a line), text.
type Fields [8]string

// fields returns what is shown and checked of a page.
func (p *Page) fields() Fields {
	return Fields{p.URL, p.Title, p.Label, p.Day, p.Seal, lines(p.Names), lines(p.Tags), p.Text}
}

// Weights of a posting: what is found in a title comes before all else.
const (
	weightBody  = 0 // in the text
	weightBegin = 1 // in the text, and a word of Latin letters begins with it
	weightHead  = 2 // in a heading, a tag, a name
	weightTitle = 3
)

// Shape is how an index is cut into files. It depends on the number of pages and
// their length alone, so that it is known before any page is read.
type Shape struct {
	Pages    int
	Parts    int // a power of two
	PerBlock int // pages in a block
}

// NewShape returns the shape for a number of pages, which hold about runes
// characters together. Parts are some 2 KB, blocks some 2 KB.
func NewShape(pages, runes int) Shape {
	s := Shape{Pages: pages, Parts: 1, PerBlock: 1}
	if pages == 0 {
		return s
	}
	mean := max(runes/pages, 50)
	const pagesPerPart, usual = 3, 1700 // at the usual length
	wanted := max(1, pages*min(mean, 2*usual)/(pagesPerPart*usual))
	s.Parts = min(1<<bits.Len(uint(wanted-1)), 1<<14)
	for s.PerBlock < 8 && mean*2*s.PerBlock <= 1000 {
		s.PerBlock *= 2
	}
	return s
}

// Blocks returns how many blocks there are.
func (s Shape) Blocks() int { return (s.Pages + s.PerBlock - 1) / s.PerBlock }

// Block returns the pages of the i-th block: from the first to before the last.
func (s Shape) Block(i int) (from, to int) {
	return i * s.PerBlock, min((i+1)*s.PerBlock, s.Pages)
}

// Generation identifies the list of pages, by their addresses in order.
func Generation(urls []string) uint32 {
	h := fnv.New32a()
	for _, url := range urls {
		h.Write([]byte(url)) // a hash takes everything
		h.Write([]byte{0})
	}
	return h.Sum32()
}
