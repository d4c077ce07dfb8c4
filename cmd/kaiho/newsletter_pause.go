package main

import (
	"kaiho/generator/diag"
	"kaiho/generator/ledger"
)

// pause is why an issue is paused, in the language of whoever asks.
type pause struct {
	text        string    // sentences; "" if it is not paused
	rule, cause diag.Rule // of package diag; "" of what an earlier program has stored
}

// pauseOf reads the reason that the ledger has. What is no problem of package diag is
// the sentence that somebody has written.
func (s *session) pauseOf(why string) pause {
	p, ok := diag.Decode(why)
	if !ok {
		return pause{text: why}
	}
	found := pause{text: p.Text(s.lang), rule: p.Rule}
	for ; p.Cause != nil; p = *p.Cause {
		found.cause = p.Cause.Rule
	}
	return found
}

// pausedLine says that an issue is paused, and why; "" if it is not.
func (s *session) pausedLine(i ledger.Issue) string {
	if i.Paused.IsZero() {
		return ""
	}
	return s.say("the issue is paused: ", "この号の送信は一時停止中です。") + s.pauseOf(i.Why).text
}
