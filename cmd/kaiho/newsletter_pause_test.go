package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"kaiho/generator/diag"
	"kaiho/generator/dispatch"
	"kaiho/generator/ledger"
	"kaiho/generator/store"
)

// refusedPause is what the ledger has of a pause because a relay refused us.
func refusedPause() string {
	why, cause := diag.New(diag.Pos{}, diag.BreakerOpen, "count", "5", "of", "20"), diag.New(diag.Pos{}, diag.RelayPolicy, "reply", "550 5.7.26 unauthenticated", "reason", "")
	why.Cause = &cause
	return why.Encode()
}

// ledgerOf opens the ledger of the office.
func (o *office) ledgerOf() *ledger.Ledger {
	o.t.Helper()
	db, err := store.Open(o.t.Context(), "sqlite:"+o.site+"/.kaiho/kaiho.db")
	if err != nil {
		o.t.Fatal(err)
	}
	o.t.Cleanup(func() { db.Close() })
	return ledger.Open(db)
}

// TestAPauseIsToldToEverybodyInTheirLanguage, whoever has sent; once, and with what to do.
func TestAPauseIsToldToEverybodyInTheirLanguage(t *testing.T) {
	const id = "2026-11-18"
	o := newOffice(t)
	o.done("newsletter", "lock", id)
	o.done("newsletter", "send", id, "--yes", "--limit", "1")
	if err := o.ledgerOf().Pause(t.Context(), id, refusedPause(), time.Now()); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ lang, paused, cause, remedy string }{
		{"en", "is paused", "not for its address but for us: 550 5.7.26 unauthenticated.", "--resume"},
		{"ja", "一時停止", "宛先ではなく、送り手の側の理由で断られました（550 5.7.26 unauthenticated）。", "--resume"},
	} {
		o.env["KAIHO_LANG"] = test.lang
		code, _, refusal := o.run("newsletter", "send", id, "--yes")
		if code == exitDone {
			t.Error("a paused issue was sent")
		}
		for where, got := range map[string]string{"send": refusal, "status": o.done("newsletter", "status", id), "report": o.done("newsletter", "report", id)} {
			flat := strings.NewReplacer("\n", "", " ", "").Replace // lines are broken at 80 columns
			for _, want := range []string{test.cause, test.remedy} {
				if !strings.Contains(flat(got), flat(want)) {
					t.Errorf("%s in %s: got %q, want %q in it", where, test.lang, got, want)
				}
			}
			if n := strings.Count(got, test.paused); n != 1 {
				t.Errorf("%s in %s: got %q, want it to say once that it is paused", where, test.lang, got)
			}
		}
		var doc map[string]any
		if err := json.Unmarshal([]byte(o.done("newsletter", "status", id, "--json")), &doc); err != nil {
			t.Fatal(err)
		}
		if got, _ := doc["paused"].(string); !strings.Contains(got, test.cause) || doc["paused_rule"] != "breaker-open" || doc["paused_cause"] != "relay-policy" {
			t.Errorf("status --json in %s: got %v, want a sentence and the rules", test.lang, doc)
		}
	}
	o.env["KAIHO_LANG"] = "en"
	o.done("newsletter", "send", id, "--yes", "--resume")
	if got := o.counts(id); got["sent"] != 37.0 || got["paused"] != nil || got["paused_rule"] != nil {
		t.Errorf("got %v, want all sent and no pause", got)
	}
}

// TestTheEndOfASendTellsAPauseOnce, in words, though the status follows.
func TestTheEndOfASendTellsAPauseOnce(t *testing.T) {
	const id = "2026-11-18"
	o := newOffice(t)
	o.done("newsletter", "lock", id)
	var told bytes.Buffer
	s := &session{world: world{stdout: &told, stderr: &told, getenv: environment(o.env), clock: time.Now}, lang: diag.English, source: o.site}
	run, err := s.openSending(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	defer run.db.Close()
	if err := s.queue(t.Context(), run, sendFlags{}); err != nil {
		t.Fatal(err)
	}
	if err := run.ledger.Pause(t.Context(), id, refusedPause(), time.Now()); err != nil {
		t.Fatal(err)
	}
	err = s.sent(t.Context(), run, time.Now(), dispatch.Result{Paused: refusedPause()}, nil)
	if !errors.Is(err, errProblems) || strings.Count(told.String(), "550 5.7.26 unauthenticated.") != 1 || strings.Count(told.String(), "paused") != 1 || !strings.Contains(told.String(), "37  pending") {
		t.Errorf("got %v and %q, want the reason once", err, told.String())
	}
}

// TestAPauseOfAnEarlierProgramIsTold: it has stored a sentence.
func TestAPauseOfAnEarlierProgramIsTold(t *testing.T) {
	const id, sentence = "2026-11-18", "直近 20 通のうち 5 通が送れませんでした。"
	o := newOffice(t)
	o.done("newsletter", "lock", id)
	o.done("newsletter", "send", id, "--yes", "--limit", "1")
	if err := o.ledgerOf().Pause(t.Context(), id, sentence, time.Now()); err != nil {
		t.Fatal(err)
	}
	o.refused(sentence, "newsletter", "send", id, "--yes")
	got := o.counts(id)
	if got["paused"] != sentence || got["paused_rule"] != nil {
		t.Errorf("got %v, want the sentence, and no rule", got)
	}
}
