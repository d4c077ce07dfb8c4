package content

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"time"

	"kaiho/generator/audience"
	"kaiho/generator/cache"
	"kaiho/generator/markdown"
	"kaiho/generator/parallel"
)

// record is a parsed page as a store writes it: what is in a Page before it is
// joined with others. A test sees that nothing is forgotten.
type record struct {
	Section  string
	Kind     Kind
	Lang     string
	Key      string
	URL      string
	Index    bool
	Audience audience.Set
	Teaser   bool
	Ruby     string
	Common   Common

	News       *News
	Column     *Column
	Interview  *Interview
	Report     *Report
	Event      *Event
	Job        *Job
	Notes      *Notes
	Plain      *Plain
	Newsletter *Newsletter
	Person     *Person

	Forms  []form
	FormOf []uint16
	Parts  []markdown.Part
	Broken bool
	Unsure bool
	Lost   bool
	Meant  []string
}

func newRecord(p *Page) *record {
	return &record{
		Section: p.Section, Kind: p.Kind, Lang: p.Lang, Key: p.Key, URL: p.URL, Index: p.Index,
		Audience: p.Audience, Teaser: p.Teaser, Ruby: p.Ruby, Common: p.Common,
		News: p.News, Column: p.Column, Interview: p.Interview, Report: p.Report, Event: p.Event,
		Job: p.Job, Notes: p.Notes, Plain: p.Plain, Newsletter: p.Newsletter, Person: p.Person,
		Forms: p.forms, FormOf: p.formOf, Parts: p.parts, Broken: p.broken, Unsure: p.unsure, Lost: p.lost, Meant: p.meant,
	}
}

func (r *record) page(name string) *Page {
	return &Page{
		Path: name, Section: r.Section, Kind: r.Kind, Lang: r.Lang, Key: r.Key, URL: r.URL, Index: r.Index,
		Audience: r.Audience, Teaser: r.Teaser, Ruby: r.Ruby, Common: r.Common,
		News: r.News, Column: r.Column, Interview: r.Interview, Report: r.Report, Event: r.Event,
		Job: r.Job, Notes: r.Notes, Plain: r.Plain, Newsletter: r.Newsletter, Person: r.Person,
		forms: r.Forms, formOf: r.FormOf, parts: r.Parts, broken: r.Broken, unsure: r.Unsure, lost: r.Lost, meant: r.Meant,
	}
}

// load reads what the folder has for the store's key. Whatever cannot be
// believed is as good as not there.
func (s *Store) load(zone *time.Location) {
	s.known, s.slots, s.base, s.basePaths = map[string]*entry{}, nil, 0, nil
	if s.root == nil {
		return
	}
	file := s.begun()
	if file.Key != s.key {
		return
	}
	head, entries, ok := s.decode(file.Payload, zone)
	if !ok {
		return
	}
	s.base, s.slots = file.Sum, head.Packs
	for _, e := range entries {
		e.isBase, s.known[e.Path] = true, e
		s.basePaths = append(s.basePaths, e.Path)
	}
	head, entries, ok = s.decode(cache.Read(s.root, path.Join(s.dir, deltaName), s.key), zone)
	if !ok || head.Base != s.base {
		return
	}
	s.slots = head.Packs
	for _, name := range head.Gone {
		delete(s.known, name)
	}
	for _, e := range entries {
		s.known[e.Path] = e
	}
}

// decode returns what a file of the folder says.
func (s *Store) decode(text string, zone *time.Location) (head index, entries []*entry, ok bool) {
	text, err := cache.Decode(text, &head, zone)
	if err != nil || head.Entries < 0 || head.Entries > len(text) {
		return head, nil, false
	}
	texts := make([]string, head.Entries)
	for i := range texts {
		if texts[i], text, err = cache.Cut(text); err != nil {
			return head, nil, false
		}
	}
	packs := make([]int32, len(head.Packs))
	for i, name := range head.Packs {
		packs[i] = s.packs.Open(name)
	}
	entries = make([]*entry, len(texts))
	parallel.Each(len(texts), func(i int) { entries[i] = decodeEntry(texts[i], packs, zone) })
	return head, entries, !slices.Contains(entries, nil)
}

// decodeEntry returns nil for what is none. packs are the places of the packs
// that it counts.
func decodeEntry(text string, packs []int32, zone *time.Location) *entry {
	e := &entry{text: text}
	if rest, err := cache.Decode(text, e, zone); err != nil || rest != "" {
		return nil
	}
	if e.Page == nil {
		return e
	}
	e.page, e.Page = e.Page.page(e.Path), nil
	for i := range e.page.forms {
		at := &e.page.forms[i].At
		if at.Pack < 0 || int(at.Pack) >= len(packs) {
			return nil
		}
		at.Pack = packs[at.Pack]
	}
	for _, n := range e.page.formOf {
		if int(n) >= len(e.page.forms) {
			return nil
		}
	}
	if len(e.page.forms) == 0 {
		return nil
	}
	return e
}

// save writes what the store knows into its folder, for the next process, if it
// differs from what is there. The error says what could not be written; what was
// there is then still there.
//
// A few changes go into a file of their own beside the index, which is written
// anew only when they have become many.
func (s *Store) save() error {
	if s.root == nil || !s.changed {
		return nil
	}
	entries := make([]*entry, 0, len(s.known))
	for _, e := range s.known {
		entries = append(entries, e)
	}
	slices.SortFunc(entries, func(a, b *entry) int { return cmp.Compare(a.Path, b.Path) })
	s.fold(entries)
	if err := s.packs.Flush(); err != nil {
		return err
	}
	name, head := indexName, index{Packs: s.slots}
	if fresh := slices.DeleteFunc(slices.Clone(entries), func(e *entry) bool { return e.isBase }); s.base != 0 && len(fresh) <= len(entries)/deltaShare {
		name, entries, head.Base = deltaName, fresh, s.base
		for _, name := range s.basePaths {
			if s.known[name] == nil {
				head.Gone = append(head.Gone, name)
			}
		}
	}
	sum, err := s.write(name, head, entries)
	if err != nil {
		return err
	}
	if s.changed = false; name == indexName {
		s.base, s.basePaths = sum, nil
		for _, e := range entries {
			e.isBase, s.basePaths = true, append(s.basePaths, e.Path)
		}
	}
	s.packs.Sweep(s.slots)
	return nil
}

// deltaShare is of how many entries one may have changed before the index is
// written anew.
const deltaShare = 8

func (s *Store) write(name string, head index, entries []*entry) (checksum uint64, err error) {
	head.Entries = len(entries)
	return cache.Write(s.root, path.Join(s.dir, name), s.key, func(add func([]byte)) {
		add(cache.Append(nil, head))
		for batch := range slices.Chunk(entries, batchEntries) {
			texts := make([]string, len(batch))
			parallel.Each(len(batch), func(i int) { texts[i] = batch[i].encode(s) })
			for _, text := range texts {
				add(cache.AppendCount(nil, len(text)))
				add([]byte(text))
			}
		}
	})
}

// batchEntries is how many entries are encoded at once, before they are written.
const batchEntries = 1024

// encode returns how the entry is written: as it was read, if it was.
func (e *entry) encode(s *Store) string {
	if e.text != "" {
		return e.text
	}
	out := *e
	if e.page != nil {
		out.Page = newRecord(e.page)
		out.Page.Forms = slices.Clone(e.page.forms)
		for i := range out.Page.Forms {
			at := &out.Page.Forms[i].At
			at.Pack = int32(slices.Index(s.slots, s.packs.Name(at.Pack)))
		}
	}
	return string(cache.Append(nil, out))
}

// fold decides in which files the bodies are from now on. A file of which less
// than half is in use is given up, and so are those that are not much larger than
// what is added: there are never many of them, and a body is copied a few times
// at most. A file keeps its place in slots, by which the entries name it.
func (s *Store) fold(entries []*entry) {
	used := map[int32]int64{}
	for _, e := range entries {
		if e.page != nil {
			for _, f := range e.page.forms {
				used[f.At.Pack] += int64(f.At.Length)
			}
		}
	}
	packs := slices.Collect(maps.Keys(used))
	slices.SortFunc(packs, func(a, b int32) int { return cmp.Or(cmp.Compare(used[a], used[b]), cmp.Compare(a, b)) })
	own := s.packs.Own()
	drop, added := map[int32]bool{}, used[own]
	for _, pack := range packs {
		if pack != own && added > 0 && (used[pack] <= 2*added || used[pack] < s.packs.Size(pack)/2) {
			drop[pack] = true
			added += used[pack]
		}
	}
	for i, name := range s.slots {
		if pack := s.packs.Open(name); drop[pack] || used[pack] == 0 {
			s.slots[i] = ""
		}
	}
	for _, e := range entries {
		if e.page != nil && e.move(s.packs, drop) {
			e.text, e.isBase = "", false
		}
	}
	if own := s.packs.Own(); own >= 0 && !slices.Contains(s.slots, s.packs.Name(own)) {
		if free := slices.Index(s.slots, ""); free >= 0 {
			s.slots[free] = s.packs.Name(own)
		} else {
			s.slots = append(s.slots, s.packs.Name(own))
		}
	}
}

// move copies the bodies of a page that lie in the given packs into the store's
// own, and says whether there were any. Bodies that cannot be read have no place
// any more. Libraries go on with the places that they know.
func (e *entry) move(packs *cache.Packs, drop map[int32]bool) bool {
	moves := func(f form) bool { return drop[f.At.Pack] }
	if !slices.ContainsFunc(e.page.forms, moves) {
		return false
	}
	page := *e.page
	page.forms = slices.Clone(page.forms)
	for i, f := range page.forms {
		if !moves(f) {
			continue
		}
		page.forms[i].At = packs.Append(nil)
		if data, ok := packs.Read(f.At, nil); ok {
			page.forms[i].At = packs.Append(data)
		}
	}
	e.page = &page
	return true
}
