package dispatch_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"kaiho/generator/mailer/mailertest"
)

// sink is a relay that takes letters, loses connections and refuses as it likes, and
// remembers what it has taken.
type sink struct {
	*door
	faults faults

	mu      sync.Mutex
	random  *rand.Rand
	taken   map[string][]string // recipient → the letters that were accepted, with or without their hearing it
	refused map[string]bool     // who was refused for good
	begun   int                 // letters whose DATA was let in
	cut     int                 // of them, those whose connection was cut
	changed sync.Cond           // any of it, or a door
}

// door is a way into a sink: each sender has its own, so that one can see what is its.
// What changes is guarded by the sink's mu.
type door struct {
	*mailertest.Server
	open, behind int    // letters between DATA and the choice of the reply to their dot; of them, with their dot here
	dot          func() // called once, when the next dot is here; it must not wait
}

// faults are chances, from 0 to 1.
type faults struct {
	later, never, closing float64       // 450 and 550 at RCPT, 421 at MAIL
	before, after         float64       // the connection is cut in the text, and behind the dot
	policy                float64       // 550 5.7.1 behind the dot
	laterDot, neverDot    float64       // 450 and 550 5.1.1 there
	slow                  time.Duration // a letter takes up to so long before its text is read, and before its reply
}

func newSink(t testing.TB, f faults) *sink {
	t.Helper()
	s := &sink{faults: f, random: rand.New(rand.NewPCG(1, 2)), taken: map[string][]string{}, refused: map[string]bool{}}
	s.changed.L = &s.mu
	s.door = s.newDoor(t)
	return s
}

// newDoor opens one more door.
func (s *sink) newDoor(t testing.TB) *door {
	t.Helper()
	d := &door{}
	d.Server = &mailertest.Server{Plain: []string{"PIPELINING", "8BITMIME"},
		Answer: func(verb, rest string) string { return s.answer(d, verb, rest) },
		Text:   func(to string, read func() (string, bool)) string { return s.text(d, to, read) }}
	d.Start(t)
	return d
}

func (s *sink) chance(p float64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.random.Float64() < p
}

// answer refuses some letters before their text.
func (s *sink) answer(d *door, verb, rest string) string {
	switch {
	case verb == "MAIL" && s.chance(s.faults.closing):
		return "421 4.3.2 closing"
	case verb == "RCPT" && s.chance(s.faults.later):
		return "450 4.2.0 later"
	case verb == "RCPT" && s.chance(s.faults.never):
		_, to, _ := strings.Cut(rest, "<")
		to, _, _ = strings.Cut(to, ">")
		s.refuse(to)
		return "550 5.1.1 no such user"
	case verb == "DATA":
		s.note(func() { s.begun++; d.open++ })
	}
	return ""
}

// text reads a letter.
func (s *sink) text(d *door, to string, read func() (string, bool)) (reply string) {
	defer s.note(func() { d.open-- })
	s.dawdle()
	if s.chance(s.faults.before) {
		s.note(func() { s.cut++ })
		return mailertest.Cut
	}
	letter, whole := read()
	if !whole {
		return mailertest.Cut // without its dot it is no letter
	}
	s.note(func() {
		if d.behind++; d.dot != nil {
			d.dot()
			d.dot = nil
		}
	})
	defer s.note(func() { d.behind-- })
	s.dawdle()
	switch {
	case s.chance(s.faults.policy):
		return "550 5.7.1 refused for policy"
	case s.chance(s.faults.laterDot):
		return "450 4.2.0 later"
	case s.chance(s.faults.neverDot):
		s.refuse(to)
		return "550 5.1.1 no such user"
	}
	s.note(func() {
		s.taken[to] = append(s.taken[to], letter)
		reply = fmt.Sprintf("250 2.0.0 Ok: queued as Q%d", len(s.taken))
	})
	if s.chance(s.faults.after) {
		s.note(func() { s.cut++ })
		return mailertest.Cut
	}
	return reply
}

// note changes what others wait for.
func (s *sink) note(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
	s.changed.Broadcast()
}

func (s *sink) refuse(to string) { s.note(func() { s.refused[to] = true }) }

// dawdle takes its time for every other letter, as a relay does that writes them to a disk.
func (s *sink) dawdle() {
	if s.faults.slow > 0 {
		s.mu.Lock()
		wait := time.Duration(s.random.Int64N(2*int64(s.faults.slow))) - s.faults.slow
		s.mu.Unlock()
		time.Sleep(wait) // not at all if it is negative
	}
}

// settle waits until what a dead sender has written is read to its end.
func (s *sink) settle(d *door) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for d.open > 0 {
		s.changed.Wait()
	}
}

// letters returns how many letters each recipient has.
func (s *sink) letters() map[string][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[string][]string, len(s.taken))
	for to, list := range s.taken {
		all[to] = append([]string(nil), list...)
	}
	return all
}
