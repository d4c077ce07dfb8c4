package ledger_test

import (
	"maps"
	"testing"

	"kaiho/generator/ledger"
	"kaiho/generator/store/storetest"
)

// The database was restored from a backup that was made in the midst of a send. Once it
// has caught up, it says of everybody what the lost one said, so nobody gets it twice.
func TestARestoredLedgerCatchesUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		ctx, w := t.Context(), ledger.NewWorker("a", 1)
		old, restored := ledger.Open(storetest.Open(t, storetest.SQLite(t))), ledger.Open(storetest.Open(t, url))
		queue(t, old, 4500) // more than a commit
		queue(t, restored, 1000)
		rows := claim(t, old, w, 900, day())
		mark(t, old, w, rows[:800]...)
		for i, d := range rows[:20] {
			settle(t, old, w, d, []ledger.State{ledger.Sent, ledger.Deferred, ledger.Failed, ledger.Unknown}[i%4])
		}
		if err := old.Pause(ctx, issue, "5.7.1", day()); err != nil {
			t.Fatal(err)
		}
		for range 2 { // a second time is the same
			if n, err := restored.CatchUp(ctx, old); err != nil || n != 4500 {
				t.Errorf("got %d, %v, want 4500", n, err)
			}
		}
		if got, want := all(t, restored), all(t, old); !maps.Equal(got, want) {
			t.Errorf("got %d rows, want %d, the same ones", len(got), len(want))
		}
		got, err := restored.Issue(ctx, issue)
		if want, err2 := old.Issue(ctx, issue); err != nil || err2 != nil || got != want {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
	})
}

func all(t *testing.T, l *ledger.Ledger) map[uint32]ledger.Delivery {
	t.Helper()
	rows := map[uint32]ledger.Delivery{}
	for d, err := range l.Rows(t.Context(), issue, ledger.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		rows[d.Member] = d
	}
	return rows
}
