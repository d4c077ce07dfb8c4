package dispatch_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"kaiho/generator/dispatch"
	"kaiho/generator/ledger"
	"kaiho/generator/mailer"
	"kaiho/generator/mailer/mailertest"
	"kaiho/generator/store/storetest"
)

// TestALimitIsThatOfAllSenders runs several at once, each with its own connection to the
// database, until all of them wait.
func TestALimitIsThatOfAllSenders(t *testing.T) {
	const senders, limit = 3, 40
	for _, test := range []struct {
		name string
		set  func(*dispatch.Options)
		last time.Duration // when the next may go, at the latest
	}{
		{"of an hour", func(o *dispatch.Options) { o.HourLimit = limit }, time.Hour},
		{"of a day", func(o *dispatch.Options) { o.DayLimit = func(time.Time) int { return limit } }, 25 * time.Hour},
	} {
		t.Run(test.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, url string) {
				if _, err := ledger.Open(storetest.Open(t, url)).Queue(t.Context(), issue, entries(150), time.Now()); err != nil {
					t.Fatal(err)
				}
				s, start := newSink(t, faults{}), time.Now()
				ctx, stop := context.WithCancel(t.Context())
				defer stop()
				var waiting, all sync.WaitGroup
				waiting.Add(senders)
				for n := range senders {
					l := ledger.Open(storetest.Open(t, url))
					o := options(s)
					o.Worker = ledger.NewWorker("host", n+1)
					o.Waiting = func(a dispatch.Allowance) {
						if a.Sent != limit || a.Limit != limit || a.Day != (test.last > time.Hour) || !a.Until.After(start) || a.Until.After(time.Now().Add(test.last)) {
							t.Errorf("got %+v, want %d of %d", a, limit, limit)
						}
						waiting.Done()
					}
					test.set(&o)
					all.Go(func() {
						if _, err := dispatch.Run(ctx, l, plain{}, o); !errors.Is(err, dispatch.ErrStopped) {
							t.Errorf("got %v, want it to wait until it is stopped", err)
						}
					})
				}
				waiting.Wait()
				stop()
				all.Wait()
				if got := len(s.letters()); got != limit {
					t.Errorf("got %d letters, want %d", got, limit)
				}
			})
		})
	}
}

// TestALimitKeepsNobodyWaitingForNothing: who has nothing more to send goes.
func TestALimitKeepsNobodyWaitingForNothing(t *testing.T) {
	l, s := queued(t, 40), newSink(t, faults{})
	o := options(s)
	o.HourLimit = 40
	o.Waiting = func(a dispatch.Allowance) { t.Errorf("got %+v, want no wait", a) }
	for range 2 {
		if result, err := dispatch.Run(t.Context(), l, plain{}, o); err != nil || !result.Done {
			t.Errorf("got %+v, %v, want it done", result, err)
		}
	}
}

// instant is a carrier that takes every letter at once, and counts them.
type instant struct{ took func() }

func (i instant) Run(ctx context.Context, letters <-chan mailer.Envelope, beforeDot func(*mailer.Envelope) error, settled func(*mailer.Envelope, mailer.Outcome)) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case e, more := <-letters:
			if !more {
				return nil
			}
			o := mailer.Outcome{State: mailer.Sent, Code: 250}
			if err := beforeDot(&e); err != nil {
				o = mailer.Outcome{State: mailer.Deferred}
			} else {
				i.took()
			}
			settled(&e, o)
		}
	}
}

func (instant) Close() {}

// TestARateIsThatOfAllSenders: three senders are as fast as one, and starting anew all the
// time makes nobody faster.
func TestARateIsThatOfAllSenders(t *testing.T) {
	nobody, err := net.Listen("tcp", "127.0.0.1:0") // outside of the bubble; nobody calls
	if err != nil {
		t.Fatal(err)
	}
	defer nobody.Close()
	for _, test := range []struct {
		name    string
		senders int
		restart time.Duration // each run is ended after that, and begun again
		limits  mailer.Limits
		most    int // letters from the 10th to the 40th second
		least   int
	}{
		{"one", 1, time.Hour, mailer.Limits{All: 2}, 62, 50},
		{"three", 3, time.Hour, mailer.Limits{All: 2}, 64, 40},
		{"three, to each of five domains", 3, time.Hour, mailer.Limits{Domain: 0.4}, 70, 40},
		{"one that is started again every second", 1, time.Second, mailer.Limits{All: 0.2}, 7, 4},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := queued(t, 400)
				var mu sync.Mutex
				took := 0
				ctx, stop := context.WithCancel(t.Context())
				var all sync.WaitGroup
				for n := range test.senders {
					o := options(&sink{door: &door{Server: &mailertest.Server{Addr: nobody.Addr().(*net.TCPAddr)}}})
					o.Worker, o.Connections, o.Host = ledger.NewWorker("host", n+1), 2, "relay"
					o.Carrier = func() dispatch.Carrier {
						return instant{func() {
							mu.Lock()
							defer mu.Unlock()
							took++
						}}
					}
					all.Go(func() {
						for ctx.Err() == nil {
							ctx, end := context.WithTimeout(ctx, test.restart)
							o.Rates = mailer.NewRates(test.limits)
							if _, err := dispatch.Run(ctx, l, plain{}, o); !errors.Is(err, dispatch.ErrStopped) {
								t.Errorf("got %v, want it to be stopped", err)
							}
							end()
						}
					})
				}
				count := func() int {
					mu.Lock()
					defer mu.Unlock()
					return took
				}
				time.Sleep(10 * time.Second)
				before := count()
				time.Sleep(30 * time.Second)
				got := count() - before
				stop()
				all.Wait()
				if got > test.most || got < test.least {
					t.Errorf("got %d letters in 30 seconds, want %d to %d", got, test.least, test.most)
				}
			})
		})
	}
}

// broken is a writer that cannot write the letters of some.
type broken struct {
	plain
	when func(member uint32) bool
}

func (b broken) Write(ctx context.Context, rows []ledger.Delivery, now time.Time) ([]dispatch.Letter, error) {
	letters, err := b.plain.Write(ctx, rows, now)
	for n, row := range rows {
		if b.when(row.Member) {
			letters[n] = dispatch.Letter{Err: errors.New("no return path")}
		}
	}
	return letters, err
}

// TestALetterThatCannotBeWritten stops nobody else's; when there are none but such ones,
// the trouble is another, and the run ends before it has marked everybody.
func TestALetterThatCannotBeWritten(t *testing.T) {
	for _, test := range []struct {
		name         string
		when         func(uint32) bool
		failed, sent int64
		end          string
	}{
		{"two of them", func(m uint32) bool { return m == 3 || m == 30 }, 2, 48, ""},
		{"every second one", func(m uint32) bool { return m%2 == 0 }, 25, 25, ""},
		{"all of them", func(uint32) bool { return true }, 10, 0, "no return path"},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := queued(t, 50)
			result, err := dispatch.Run(t.Context(), l, broken{when: test.when}, options(newSink(t, faults{})))
			if (err != nil) != (test.end != "") || err != nil && !strings.Contains(err.Error(), test.end) {
				t.Errorf("got %v, want %q", err, test.end)
			}
			if c := counts(t, l); c.Failed != test.failed || c.Sent != test.sent || c.Leased != 0 || result.Failed != test.failed {
				t.Errorf("got %+v, %+v, want %d failed and %d sent", c, result, test.failed, test.sent)
			}
			for row, err := range l.Rows(t.Context(), issue, ledger.Filter{States: []ledger.State{ledger.Failed}}) {
				if err != nil || row.Reason != ledger.ReasonUnwritten || row.Reply != "no return path" {
					t.Errorf("got %q, %q, %v, want the reason", row.Reason, row.Reply, err)
				}
			}
		})
	}
}

// TestAPauseTakesNothingFromTheBackoff: a letter that was put off before a pause of days is
// put off again after it, until it has had its 48 hours; its Date stays.
func TestAPauseTakesNothingFromTheBackoff(t *testing.T) {
	l := queued(t, 1)
	o := options(newSink(t, faults{later: 1}))
	start := time.Now()
	ahead := time.Duration(0)
	o.Now = func() time.Time { return time.Now().Add(ahead) }
	o.Wait, o.Again = false, nil
	var date time.Time
	for _, step := range []struct {
		name  string
		ahead time.Duration
		pause time.Duration // after the attempt
		want  ledger.State
	}{
		{"the first attempt", 0, 100 * time.Hour, ledger.Deferred},
		{"after the pause", 101 * time.Hour, 0, ledger.Deferred},
		{"ten hours later", 111 * time.Hour, 300 * time.Hour, ledger.Deferred},
		{"after a second pause", 412 * time.Hour, 0, ledger.Deferred},
		{"when it has been tried for 48 hours", 449 * time.Hour, 0, ledger.Failed},
	} {
		ahead = step.ahead
		if _, err := dispatch.Run(t.Context(), l, plain{}, o); err != nil {
			t.Fatal(err)
		}
		row, err := l.Delivery(t.Context(), ledger.Key{Issue: issue, Member: 1})
		if err != nil || row.State != step.want || row.State == ledger.Deferred && row.NextAt.Before(o.Now()) {
			t.Errorf("%s: got %v, next at %v, %v, want %v", step.name, row.State, row.NextAt.Sub(start), err, step.want)
		}
		if date.IsZero() {
			date = row.FirstAt
		}
		if !row.FirstAt.Equal(date) {
			t.Errorf("%s: got the Date %v, want %v", step.name, row.FirstAt, date)
		}
		if step.pause > 0 {
			err := errors.Join(l.Pause(t.Context(), issue, "5.7.1", o.Now()), l.Resume(t.Context(), issue, o.Now().Add(step.pause)))
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}
