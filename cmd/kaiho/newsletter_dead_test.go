package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"kaiho/generator/diag"
	"kaiho/generator/ledger"
)

// TestDeadAddressesAreTakenOff unless there are so many that the relay must be wrong.
func TestDeadAddressesAreTakenOff(t *testing.T) {
	const id = "2026-11-18"
	for _, test := range []struct {
		name      string
		dead, off int
		since     time.Duration // when the run began, from the refusals on
		told      string
	}{
		{"three of them", 3, 3, -time.Minute, ""},
		{"those of an earlier run are left alone: somebody may have brought them back", 3, 0, time.Minute, ""},
		{"every second member", 20, 0, -time.Minute, "nobody was taken off"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := newOffice(t)
			o.done("newsletter", "lock", id)
			var out, problems bytes.Buffer
			s := &session{world: world{stdout: &out, stderr: &problems, getenv: environment(o.env), clock: time.Now}, lang: diag.English, source: o.site}
			run, err := s.openSending(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			defer run.db.Close()
			if err := s.queue(t.Context(), run, sendFlags{}); err != nil {
				t.Fatal(err)
			}
			w, now := ledger.NewWorker("host", 1), time.Now()
			rows, err := run.ledger.Claim(t.Context(), w, id, 100, now, time.Minute, nil)
			if err != nil || len(rows) != 37 {
				t.Fatalf("got %d rows, %v, want 37", len(rows), err)
			}
			var outcomes []ledger.Outcome
			for n, row := range rows {
				reason := "other"
				if n < test.dead {
					reason = string(diag.AddressDead)
				}
				outcomes = append(outcomes, ledger.Outcome{Lease: row.Lease, State: ledger.Failed, Reason: reason, Code: 550, At: now})
			}
			if _, err := run.ledger.Settle(t.Context(), w, outcomes); err != nil {
				t.Fatal(err)
			}
			err = s.clearDead(t.Context(), run, now.Add(test.since))
			if (err != nil) != (test.told != "") || !strings.Contains(problems.String(), test.told) {
				t.Errorf("got %v and %q, want %q", err, problems.String(), test.told)
			}
			left, err := run.writer.book.Departures(t.Context(), now.Add(-time.Hour))
			if err != nil || len(left) != test.off {
				t.Errorf("got %d taken off (%v), want %d", len(left), err, test.off)
			}
		})
	}
}
