package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"strconv"
	"strings"
	"testing"
	"time"

	"kaiho/generator/diag"
	"kaiho/generator/dispatch"
	"kaiho/generator/ledger"
)

func TestMoments(t *testing.T) {
	tokyo := time.FixedZone("JST", 9*3600)
	now := time.Date(2026, 11, 20, 14, 30, 0, 0, time.UTC) // 23:30 in Tokyo
	for _, test := range []struct {
		name  string
		after time.Duration
		want  string
	}{
		{"today", 10 * time.Minute, "23:40"},
		{"rounded up, so that it is over then", 10*time.Minute + time.Second, "23:41"},
		{"tomorrow in the zone of the site", time.Hour, "2026-11-21 00:30"},
		{"tomorrow by rounding", 29*time.Minute + time.Second, "2026-11-21 00:00"},
		{"before", -24 * time.Hour, "2026-11-19 23:30"},
	} {
		if got := moment(now.Add(test.after), now, tokyo); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestWhatIsSaidOfALimit(t *testing.T) {
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name string
		lang diag.Lang
		a    dispatch.Allowance
		want string
	}{
		{"an hour", diag.English, dispatch.Allowance{Sent: 200, Limit: 200, Until: now.Add(time.Hour)}, "200 of this hour's 200 letters sent: this command waits, and goes on at 10:00."},
		{"a day", diag.English, dispatch.Allowance{Sent: 7, Limit: 400, Day: true, Until: now.Add(15 * time.Hour)}, "7 of today's 400 letters sent: this command waits, and goes on at 2026-11-21 00:00."},
		{"an hour, in Japanese", diag.Japanese, dispatch.Allowance{Sent: 199, Limit: 200, Until: now.Add(time.Hour)}, "1時間の上限 200 通のうち、199 通を送りました。このまま待って、10:00 に続きを送ります。"},
		{"a day, in Japanese", diag.Japanese, dispatch.Allowance{Sent: 7, Limit: 400, Day: true, Until: now.Add(15 * time.Hour)}, "今日の上限 400 通のうち、7 通を送りました。このまま待って、2026-11-21 00:00 に続きを送ります。"},
	} {
		if got := (&session{lang: test.lang}).waiting(test.a, now, time.UTC); !strings.HasPrefix(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

// work is a session of the office, which writes problems to a writer.
func (o *office) work(lang diag.Lang, problems io.Writer) *session {
	return &session{world: world{stdout: io.Discard, stderr: problems, getenv: environment(o.env), clock: time.Now}, lang: lang, source: o.site}
}

// TestALimitIsTold while it makes a send wait; a second send goes on at the same pace, and
// says it, too.
func TestALimitIsTold(t *testing.T) {
	const id = "2026-11-18"
	o := newOffice(t)
	o.done("newsletter", "lock", id)
	for _, test := range []struct {
		lang diag.Lang
		want string
	}{{diag.English, "1 of today's 20 letters sent"}, {diag.Japanese, "今日の上限 20 通のうち、1 通を送りました"}} {
		ctx, stop := context.WithCancel(t.Context())
		said, problems := io.Pipe()
		ended := make(chan error, 1)
		go func() {
			ended <- o.work(test.lang, problems).sendIssue(ctx, id, sendFlags{yes: true, stagger: "20/d"})
			problems.Close()
		}()
		told, text := false, ""
		for lines := bufio.NewScanner(said); lines.Scan(); {
			text += lines.Text() + "\n"
			if strings.Contains(lines.Text(), test.want) {
				told = true
				stop()
			}
		}
		if err := <-ended; !told || err == nil {
			t.Errorf("got %v and %q, want %q, and a stop", err, text, test.want)
		}
		stop()
		if n := len(o.letters()); n != 1 {
			t.Errorf("got %d letters, want 1: the next one is due in more than an hour", n)
		}
	}
}

// TestALetterThatCannotBeWrittenIsToldByName, and goes out when that is mended.
func TestALetterThatCannotBeWrittenIsToldByName(t *testing.T) {
	const id = "2026-11-18"
	o := newOffice(t)
	o.done("newsletter", "lock", id)
	var problems bytes.Buffer
	s := o.work(diag.English, &problems)
	run, err := s.openSending(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	defer run.db.Close()
	if err := s.queue(t.Context(), run, sendFlags{}); err != nil {
		t.Fatal(err)
	}
	w, now := ledger.NewWorker("host", 1), time.Now()
	rows, err := run.ledger.Claim(t.Context(), w, id, 3, now, time.Minute, nil)
	if err != nil || len(rows) != 3 {
		t.Fatal(rows, err)
	}
	run.writer.returns = "no domain"
	letters, err := run.writer.Write(t.Context(), rows, s.now())
	if err != nil {
		t.Fatalf("got %v, want the others to go on", err)
	}
	for n, reason := range []string{ledger.ReasonUnwritten, ledger.ReasonTooLate, "address-dead"} {
		if letters[n].Err == nil || letters[n].Suppress != "" {
			t.Errorf("got %+v, want why it cannot be written", letters[n])
			continue
		}
		if _, err := run.ledger.Settle(t.Context(), w, []ledger.Outcome{{Lease: rows[n].Lease, State: ledger.Failed, Reason: reason, Reply: letters[n].Err.Error(), At: now}}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.tellUnwritten(t.Context(), run, now); err == nil || strings.Count(problems.String(), "\n") != 1 || !strings.Contains(problems.String(), rows[0].Address) || !strings.Contains(problems.String(), "return path") {
		t.Errorf("got %v and %q, want %s by name", err, problems.String(), rows[0].Address)
	}
	if err := s.tellUnwritten(t.Context(), run, now.Add(time.Minute)); err != nil {
		t.Errorf("got %v of an earlier run, want nothing", err)
	}
	o.refused("was it given up", "newsletter", "resolve", id, "--again", strconv.Itoa(int(rows[2].Member)))
	o.refused("is unknown", "newsletter", "resolve", id, "--arrived", strconv.Itoa(int(rows[0].Member)))
	for _, row := range rows[:2] {
		o.done("newsletter", "resolve", id, "--again", strconv.Itoa(int(row.Member)))
	}
	o.done("newsletter", "send", id, "--yes")
	if got := o.counts(id); got["sent"] != 36.0 || got["failed"] != 1.0 {
		t.Errorf("got %v, want 36 sent, those two among them", got)
	}
}
