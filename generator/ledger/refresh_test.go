package ledger_test

import (
	"testing"

	"kaiho/generator/ledger"
	"kaiho/generator/store"
)

// What nobody ever took up may be queued anew; what was in a hand once stays as it is.
func TestRefreshTakesBackWhatWasNeverTakenUp(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		ctx, w := t.Context(), ledger.NewWorker("a", 1)
		queue(t, l, 4)
		if _, err := l.Queue(ctx, issue, only(ledger.Entry{Member: 9, Address: "nine@x.example", Suppressed: "paused"}), day()); err != nil {
			t.Fatal(err)
		}
		rows := claim(t, l, w, 2, day())
		if err := l.Refresh(ctx, issue); err != nil {
			t.Fatal(err)
		}
		if got := counts(t, l).Candidates; got != 5 {
			t.Errorf("while a sender has rows in hand: got %d rows, want 5", got)
		}
		mark(t, l, w, rows[0])
		settle(t, l, w, rows[0], ledger.Sent)
		if err := l.ReleaseAll(ctx, w, day()); err != nil {
			t.Fatal(err)
		}
		if err := l.Refresh(ctx, issue); err != nil {
			t.Fatal(err)
		}
		if got := counts(t, l); got.Candidates != 2 || got.Sent != 1 || got.Pending != 1 {
			t.Errorf("got %+v, want the letter that was sent, and the one that was given back", got)
		}
	})
}

func TestRedoSendsAgainWhatOneRelayTook(t *testing.T) {
	each(t, func(t *testing.T, l *ledger.Ledger, _ *store.DB) {
		ctx, w := t.Context(), ledger.NewWorker("a", 1)
		queue(t, l, 2)
		for _, d := range claim(t, l, w, 2, day()) {
			mark(t, l, w, d)
			settle(t, l, w, d, ledger.Sent)
		}
		relay := row(t, l, 1).Relay
		if n, err := l.Redo(ctx, issue, "another", false, day()); err != nil || n != 0 {
			t.Errorf("got %d, %v, want none of another relay", n, err)
		}
		date := row(t, l, 1).FirstAt
		if n, err := l.Redo(ctx, issue, relay, true, day()); err != nil || n != 2 {
			t.Errorf("got %d, %v, want 2", n, err)
		}
		if got := row(t, l, 1); got.State != ledger.Pending || got.Attempts != 0 || !got.FirstAt.Equal(date) || date.IsZero() || !got.SentAt.IsZero() {
			t.Errorf("got %+v, want a row as it was queued, with the Date of its letter, %v", got, date)
		}
		for _, d := range claim(t, l, w, 2, day()) {
			mark(t, l, w, d)
			settle(t, l, w, d, ledger.Sent)
		}
		if n, err := l.Redo(ctx, issue, relay, false, day()); err != nil || n != 2 {
			t.Errorf("got %d, %v, want 2", n, err)
		}
		if got := row(t, l, 1); got.State != ledger.Pending || !got.FirstAt.IsZero() {
			t.Errorf("got %+v, want a row as it was queued", got)
		}
	})
}
