package member

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"kaiho/generator/store"
)

const (
	// eachPage is how many members Each has in memory at a time.
	eachPage = 1000
	// maxMembers is how many ids Members takes.
	maxMembers = 1000
)

// Each returns all members, by id, a page at a time: memory does not grow with their
// number. Who is added meanwhile may be among them or not; nobody is there twice. An
// error ends it.
func (b *Book) Each(ctx context.Context) iter.Seq2[Member, error] {
	return func(yield func(Member, error) bool) {
		for last := int64(0); ; {
			var page []Member
			err := b.db.View(ctx, func(tx *store.Tx) (err error) {
				page, err = read(ctx, tx, `m.id IN (SELECT id FROM member WHERE id > ? ORDER BY id LIMIT ?)`, last, eachPage)
				return err
			})
			if err != nil {
				yield(Member{}, fmt.Errorf("read the members: %w", err))
				return
			}
			if len(page) == 0 {
				return
			}
			slices.SortFunc(page, func(a, b Member) int { return cmp.Compare(a.ID, b.ID) })
			for _, m := range page {
				if !yield(m, nil) {
					return
				}
			}
			last = int64(page[len(page)-1].ID)
		}
	}
}

// Members returns the members with ids, at most a thousand, by id, as they are at one
// moment. Who is not there (any more) is not in the result.
func (b *Book) Members(ctx context.Context, ids []uint32) (map[uint32]Member, error) {
	members := make(map[uint32]Member, len(ids))
	if len(ids) == 0 {
		return members, nil
	}
	if len(ids) > maxMembers {
		return nil, fmt.Errorf("read members: %d ids, at most %d", len(ids), maxMembers)
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = int64(id)
	}
	err := b.db.View(ctx, func(tx *store.Tx) error {
		found, err := read(ctx, tx, `m.id IN (?`+strings.Repeat(`, ?`, len(ids)-1)+`)`, args...)
		for _, m := range found {
			members[m.ID] = m
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read members: %w", err)
	}
	return members, nil
}
