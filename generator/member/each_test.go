package member_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"kaiho/generator/member"
)

// TestEachIsEverybodyOnce reads more members than a page has, with their lists and
// consents.
func TestEachIsEverybodyOnce(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		b := open()
		var rows []byte
		rows = append(rows, "email,family\n"...)
		for n := range 2100 {
			rows = fmt.Appendf(rows, "a%d@example.jp,姓%d\n", n, n)
		}
		if report, err := b.Import(t.Context(), rows, member.ImportOptions{Now: now(), Audience: "alumni"}); err != nil || report.New != 2100 {
			t.Fatalf("got %+v, %v", report, err)
		}
		all, err := b.List(t.Context(), member.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Unsubscribe(t.Context(), all[7].ID, 0, now(), "page"); err != nil {
			t.Fatal(err)
		}
		want := map[uint32]member.Member{}
		all, _ = b.List(t.Context(), member.Filter{})
		for _, m := range all {
			want[m.ID] = m
		}
		last := uint32(0)
		got := map[uint32]member.Member{}
		for m, err := range b.Each(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			if m.ID <= last {
				t.Fatalf("got %d after %d", m.ID, last)
			}
			last = m.ID
			got[m.ID] = m
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got %d members, want the %d of the list, each as it is there", len(got), len(want))
		}
		some, err := b.Members(t.Context(), []uint32{all[7].ID, all[8].ID, 1})
		if err != nil || len(some) != 2 || some[all[7].ID].Mailable || !some[all[8].ID].Mailable {
			t.Errorf("got %v, %v, want two, and one of them not mailable", some, err)
		}
		ctx, stop := context.WithCancel(t.Context())
		stop()
		for _, err := range b.Each(ctx) {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want %v", err, context.Canceled)
			}
		}
		if _, err := b.Members(t.Context(), make([]uint32, 1001)); err == nil {
			t.Error("got no error for 1001 ids")
		}
	})
}
