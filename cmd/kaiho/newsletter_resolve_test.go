package main

import (
	"maps"
	"strings"
	"testing"
)

func TestTakenByPostfix(t *testing.T) {
	const log = `Nov 20 09:00:01 mx postfix/smtpd[12]: 4XyZ1: client=localhost[127.0.0.1]
Nov 20 09:00:01 mx postfix/cleanup[13]: 4XyZ1: message-id=<taken@nagi.example>
Nov 20 09:00:01 mx postfix/qmgr[14]: 4XyZ1: from=<b+a@bounce.nagi.example>, size=1200, nrcpt=1 (queue active)
Nov 20 09:00:02 mx postfix/smtp[15]: 4XyZ1: to=<a@b.example>, relay=none, status=deferred
2026-11-20T09:00:03.123456+09:00 mx postfix/submission/cleanup[13]: 9A8B7C: message-id=<cut@nagi.example>
Nov 20 09:00:03 mx postfix/smtpd[12]: lost connection after DATA from localhost[127.0.0.1]
Nov 20 09:00:04 mx postfix/qmgr[14]: 000000: from=<x@y.example>, size=1, nrcpt=1 (queue active)
`
	got, err := takenByPostfix(strings.NewReader(log))
	if want := map[string]string{"taken@nagi.example": "4XyZ1"}; err != nil || !maps.Equal(got, want) {
		t.Errorf("got %v (%v), want %v: a letter that was cut off was not taken", got, err, want)
	}
}
