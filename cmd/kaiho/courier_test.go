package main

import (
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kaiho/generator/mailer"
	"kaiho/generator/mailer/mailertest"
)

// postOffice is a relay of this machine: it answers RCPT as it is told, and takes the
// letter when it has nothing more to say.
type postOffice struct {
	*mailertest.Server

	mu      sync.Mutex
	answers []string // to the RCPT of each attempt; none left: 250
	asked   int
	letters []string // with their dots, as they came
	to      []string
	arrived chan struct{} // one for each
}

func newPostOffice(t *testing.T, answers ...string) *postOffice {
	t.Helper()
	open := make(chan struct{})
	close(open)
	return newClosedOffice(t, open, answers...)
}

// newClosedOffice is an office that greets nobody before open is closed.
func newClosedOffice(t *testing.T, open chan struct{}, answers ...string) *postOffice {
	t.Helper()
	p := &postOffice{answers: answers, arrived: make(chan struct{}, 2*maxParcels)}
	p.Server = &mailertest.Server{Plain: []string{"PIPELINING", "8BITMIME"}, Text: p.take, Answer: func(verb, _ string) string {
		switch verb {
		case "":
			<-open
		case "RCPT":
			return p.answer()
		}
		return ""
	}}
	p.Start(t)
	return p
}

// url is what KAIHO_SMTP_URL is.
func (p *postOffice) url() string { return "smtp://" + p.Addr.String() }

func (p *postOffice) config(t *testing.T) mailer.Config {
	t.Helper()
	c, problems := mailer.Parse(p.url(), "none")
	if problems.HasErrors() {
		t.Fatal(problems)
	}
	return c
}

// answer is what the next RCPT gets.
func (p *postOffice) answer() (line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	if len(p.answers) > 0 {
		line, p.answers = p.answers[0], p.answers[1:]
	}
	return line
}

// take keeps a letter.
func (p *postOffice) take(to string, read func() (string, bool)) string {
	text, whole := read()
	if !whole {
		return mailertest.Cut
	}
	p.mu.Lock()
	p.letters, p.to = append(p.letters, text), append(p.to, to)
	p.mu.Unlock()
	p.arrived <- struct{}{}
	return ""
}

// got returns the letters, their recipients, and how often RCPT was asked.
func (p *postOffice) got() (letters, to []string, asked int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.letters), slices.Clone(p.to), p.asked
}

// comes waits for the next letter.
func (p *postOffice) comes(t *testing.T) {
	t.Helper()
	select {
	case <-p.arrived:
	case <-time.After(20 * time.Second):
		t.Fatal("no letter comes")
	}
}

// byRelay is the gate's way of letters through p.
func byRelay(t *testing.T, p *postOffice, delays ...time.Duration) (*outbox, *syncBuffer) {
	t.Helper()
	log := &syncBuffer{}
	k := newCourier(p.config(t), delays, slog.New(slog.NewTextHandler(log, nil)))
	return &outbox{from: "凪だより <letter@nagi.example>", courier: k}, log
}

func TestCourierTriesAgainWhatMayYetBeTaken(t *testing.T) {
	short := []time.Duration{time.Millisecond, time.Millisecond}
	for _, test := range []struct {
		name    string
		answers []string
		asked   int
		letters int
		log     []string // each stands in it
	}{
		{"a letter that is taken is sent once, and nothing is said", nil, 1, 1, nil},
		{"a relay that greylists is asked again", []string{"451 4.7.1 <foo..bar@docomo.ne.jp>: Greylisted, come back later"}, 2, 1, []string{"level=WARN", "code=451"}},
		{"a relay that is busy twice is asked a third time", []string{"450 4.2.0 later", "450 4.2.0 later"}, 3, 1, []string{"attempts=2"}},
		{"a relay that takes its leave is called again", []string{"421 4.3.2 busy"}, 2, 1, []string{"code=421"}},
		{"a policy for now is no policy for ever", []string{"450 4.7.0 too fast"}, 2, 1, []string{"state=policy"}},
		{"a connection that is lost before the letter is made again", []string{mailertest.Cut}, 2, 1, []string{"level=WARN"}},
		{"a relay that is busy for too long is left, and the log says so", []string{"450 4.2.0 later", "450 4.2.0 later", "450 4.2.0 later"}, 3, 0, []string{"level=ERROR", "attempts=3"}},
		{"a refusal for ever is not asked again", []string{"550 5.1.1 <foo..bar@docomo.ne.jp>: no such user"}, 1, 0, []string{"level=ERROR", "code=550"}},
		{"a policy for ever is not asked again", []string{"550 5.7.1 foo..bar@docomo.ne.jp: not from you"}, 1, 0, []string{"level=ERROR", "state=policy"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newPostOffice(t, test.answers...)
			o, log := byRelay(t, p, short...)
			if err := o.Send(t.Context(), sampleLetter()); err != nil {
				t.Fatal(err)
			}
			o.courier.settles(t)
			o.courier.Close()
			letters, to, asked := p.got()
			if asked != test.asked || len(letters) != test.letters {
				t.Errorf("got %d letters by %d attempts, want %d by %d\n%s", len(letters), asked, test.letters, test.asked, log)
			}
			for _, l := range to {
				if want := `"foo..bar"@docomo.ne.jp`; l != want {
					t.Errorf("got a letter to %s, want %s", l, want)
				}
			}
			for _, want := range test.log {
				if !strings.Contains(log.String(), want) {
					t.Errorf("got the log %q, want %q in it", log, want)
				}
			}
			if test.log == nil && log.String() != "" || strings.Contains(log.String(), "foo") || strings.Contains(log.String(), "AAAA") {
				t.Errorf("got the log %q, want no more than is needed: neither address nor link", log)
			}
		})
	}
}

// settles waits until no letter is on its way.
func (k *courier) settles(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; <-time.After(time.Millisecond) {
		k.mu.Lock()
		n := k.parcels
		k.mu.Unlock()
		if n == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d letters are still on their way", n)
		}
	}
}

// TestSendDoesNotWaitForTheRelay: the gate has handed a letter over while the relay has
// not even said who it is; and does not hoard letters for a relay that never does.
func TestSendDoesNotWaitForTheRelay(t *testing.T) {
	open := make(chan struct{})
	p := newClosedOffice(t, open)
	o, _ := byRelay(t, p)
	for n := range maxParcels {
		if err := o.Send(t.Context(), sampleLetter()); err != nil {
			t.Fatalf("letter %d: %v", n, err)
		}
	}
	if err := o.Send(t.Context(), sampleLetter()); err == nil {
		t.Error("more letters were taken than may wait")
	}
	close(open)
	o.courier.settles(t)
	o.courier.Close()
	if letters, _, _ := p.got(); len(letters) != maxParcels {
		t.Errorf("got %d letters, want %d", len(letters), maxParcels)
	}
	if err := o.Send(t.Context(), sampleLetter()); err == nil {
		t.Error("a letter was taken after the end")
	}
}

// TestCloseTriesOnceMore: serve is started again while a letter waits for its next
// attempt.
func TestCloseTriesOnceMore(t *testing.T) {
	for _, test := range []struct {
		name    string
		answers []string
		letters int
	}{
		{"a relay that is ready now gets the letter", []string{"451 4.3.0 later"}, 1},
		{"a relay that is not is left at once", []string{"451 4.3.0 later", "451 4.3.0 later"}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newPostOffice(t, test.answers...)
			o, log := byRelay(t, p, time.Hour)
			if err := o.Send(t.Context(), sampleLetter()); err != nil {
				t.Fatal(err)
			}
			for deadline := time.Now().Add(20 * time.Second); !strings.Contains(log.String(), "again_in=1h"); <-time.After(time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("the letter is not put off: %s", log)
				}
			}
			o.courier.Close()
			if letters, _, asked := p.got(); len(letters) != test.letters || asked != 2 {
				t.Errorf("got %d letters by %d attempts, want %d by 2", len(letters), asked, test.letters)
			}
			if lost := strings.Contains(log.String(), "level=ERROR"); lost == (test.letters == 1) {
				t.Errorf("got the log %s", log)
			}
		})
	}
}

// TestNobodyListens: a relay that is down is a reason to wait, not to lose the letter.
func TestNobodyListens(t *testing.T) {
	p := newPostOffice(t)
	p.Close()
	o, log := byRelay(t, p, time.Millisecond)
	if err := o.Send(t.Context(), sampleLetter()); err != nil {
		t.Fatal(err)
	}
	o.courier.settles(t)
	o.courier.Close()
	if got := log.String(); strings.Count(got, "state=transport") != 2 || !strings.Contains(got, "level=ERROR") {
		t.Errorf("got the log %q, want two attempts and an end", got)
	}
}

// TestStaleLettersStayHere: a link that is void by now helps nobody.
func TestStaleLettersStayHere(t *testing.T) {
	p := newPostOffice(t)
	o, log := byRelay(t, p)
	e, err := envelope(o.from, "ami@t.example", []byte("Subject: a\r\n\r\nb\r\n"))
	if err != nil {
		t.Fatal(err)
	}
	o.courier.mu.Lock()
	o.courier.parcels++
	o.courier.queue <- &parcel{Envelope: e, asked: time.Now().Add(-freshness - time.Minute)}
	o.courier.mu.Unlock()
	o.courier.settles(t)
	o.courier.Close()
	if letters, _, _ := p.got(); len(letters) != 0 || !strings.Contains(log.String(), "waited too long") {
		t.Errorf("got %d letters and the log %q, want none, and a word of it", len(letters), log)
	}
}
