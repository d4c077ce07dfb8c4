package site

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"kaiho/generator/config"
	"kaiho/generator/content"
	"kaiho/generator/parallel"
	"kaiho/generator/search"
)

// SearchFile is the view of a file of a search index. A view for comparing says
// what the file depends on, one for writing has its bytes.
type SearchFile struct {
	Name string
	Sum  string // of all that is in the file
	Data string
}

// searcher is the search index of an edition for the reader. It is made when the
// first of its files is, and again after an edit in a preview.
type searcher struct {
	e          *edition
	items      []*item // in the order of their numbers
	common     []*item // those of search.Common
	shape      search.Shape
	generation uint32

	mu      sync.Mutex
	changes int        // of the library, for which the rest is
	sums    [][32]byte // by number; nil: not known
	sum     [32]byte   // of them all
	texts   *search.Texts
	index   *search.Index // nil: not made
}

// addSearch adds the search page of an edition and the files of its index.
func (p *planner) addSearch(e *edition) {
	if !config.On(p.conf.Outputs.Search) {
		return
	}
	s := p.newSearcher(e)
	url := e.home + "search/"
	p.add(e, url, "search.html", nil, func(b Bodies) any { return s.page(url, b) })
	for i := range s.shape.Parts {
		name := "words/" + strconv.Itoa(i) + ".bin"
		p.encode(e, url+name, SearchData, func(b Bodies) any { return s.part(name, i, b) })
	}
	if len(s.items) > 0 {
		p.encode(e, url+"texts/common.bin", SearchData, s.shared)
	}
	for i := range s.shape.Blocks() {
		name := fmt.Sprintf("texts/%d/%d.bin", i/100, i)
		p.encode(e, url+name, SearchData, func(b Bodies) any { return s.block(name, i, b) })
	}
}

// newSearcher chooses what is found: the pages of the edition that the reader
// sees, and people, but for jobs that are closed and the sections that site.yaml
// leaves out.
func (p *planner) newSearcher(e *edition) *searcher {
	s := &searcher{e: e, changes: -1}
	runes := 0
	for _, list := range [][]*item{e.shown, e.people} {
		for _, it := range list {
			if it.page.IsClosed(p.o.Now) || slices.Contains(p.conf.Search.Exclude, it.page.Section) {
				continue
			}
			s.items = append(s.items, it)
			if doc, ok := p.lib.Body(p.o.Reader, it.page); ok {
				runes += doc.Runes
			}
		}
	}
	slices.SortFunc(s.items, func(a, b *item) int {
		return cmp.Or(strings.Compare(a.searchDay(), b.searchDay()), strings.Compare(a.url(), b.url()))
	})
	urls := make([]string, len(s.items))
	for i, it := range s.items {
		urls[i] = it.link
	}
	for _, i := range search.Common(urls) {
		s.common = append(s.common, s.items[i])
	}
	s.shape, s.generation = search.NewShape(len(s.items), runes), search.Generation(urls)
	return s
}

// page makes the view of the search page.
func (s *searcher) page(url string, b Bodies) any {
	e, p := s.e, s.e.p
	v := SearchPage{Title: e.words.search, Index: SearchIndex{URL: p.link(url), Generation: strconv.FormatUint(uint64(s.generation), 16),
		Pages: s.shape.Pages, Parts: s.shape.Parts, PerBlock: s.shape.PerBlock}}
	for _, sec := range e.sections {
		if sec.kind != content.KindPerson {
			v.Sections = append(v.Sections, Link{sec.title, sec.link})
		}
	}
	p.frame(&v.Site, &v.Head, e, url, p.link(url), e.words.search, "", nil, b)
	v.Head.Breadcrumbs = e.crumbs(Link{e.words.search, p.link(url)})
	v.Head.NoIndex = true // what it finds has addresses of its own
	return v
}

// part makes the view of the i-th part of the words.
func (s *searcher) part(name string, i int, b Bodies) any {
	s.mu.Lock()
	s.look()
	v := SearchFile{Name: name, Sum: hex.EncodeToString(s.sum[:])}
	if b == ForWriting && s.index == nil {
		s.index = search.Build(s.shape, s.generation, func(i int) search.Page { return s.items[i].searched(ForWriting) })
	}
	index := s.index
	s.mu.Unlock()
	if b == ForWriting {
		v.Data = string(index.Part(i))
	}
	return v
}

// shared makes the view of what the blocks have in common.
func (s *searcher) shared(b Bodies) any {
	s.mu.Lock()
	s.look()
	texts := s.texts
	s.mu.Unlock()
	v := SearchFile{Name: "common", Sum: string(texts.Raw())}
	if b == ForWriting {
		v.Data = string(texts.Common())
	}
	return v
}

// block makes the view of the i-th block of pages.
func (s *searcher) block(name string, i int, b Bodies) any {
	from, to := s.shape.Block(i)
	s.mu.Lock()
	s.look()
	sums, texts := s.sums, s.texts
	s.mu.Unlock()
	if b == ForWriting {
		pages := make([]search.Page, 0, to-from)
		for _, it := range s.items[from:to] {
			pages = append(pages, it.searched(b))
		}
		return SearchFile{Name: name, Data: string(texts.Block(pages))}
	}
	sum := sha256.New()
	sum.Write(texts.Raw()) // a hash takes everything
	for _, own := range sums[from:to] {
		sum.Write(own[:])
	}
	return SearchFile{Name: name, Sum: hex.EncodeToString(sum.Sum(nil))}
}

// look brings the sums up to date. The lock is held.
func (s *searcher) look() {
	if s.changes == s.e.p.lib.Changes() {
		return
	}
	s.changes, s.index = s.e.p.lib.Changes(), nil
	s.sums = make([][32]byte, len(s.items))
	parallel.Each((len(s.items)+batch-1)/batch, func(i int) {
		for j := i * batch; j < min((i+1)*batch, len(s.items)); j++ {
			page := s.items[j].searched(ForComparing)
			s.sums[j] = sumOf(&page)
		}
	})
	var common []search.Page
	for _, it := range s.common {
		common = append(common, it.searched(ForWriting))
	}
	s.texts = search.NewTexts(common)
	all := sha256.New()
	fmt.Fprintln(all, s.generation, s.shape) // a hash takes everything
	for i := range s.sums {
		all.Write(s.sums[i][:])
	}
	s.sum = [32]byte(all.Sum(nil))
}

// sumOf returns the hash of what is known of a page.
func sumOf(p *search.Page) [32]byte {
	var room [2048]byte
	b := room[:0]
	for _, text := range [...]string{p.URL, p.Title, p.Label, p.Day, p.Seal, p.Text} {
		b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
	}
	for _, list := range [...][]string{p.Names, p.Tags, p.Heads} {
		b = binary.AppendUvarint(b, uint64(len(list)))
		for _, text := range list {
			b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
		}
	}
	return sha256.Sum256(b)
}
