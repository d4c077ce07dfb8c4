package dispatch_test

import (
	"bufio"
	"context"
	"errors"
	"io"
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

// server answers connections until the test ends.
func server(t *testing.T, serve func(net.Conn)) net.Addr {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var ended sync.WaitGroup
	t.Cleanup(ended.Wait)
	t.Cleanup(func() { l.Close() })
	ended.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			ended.Go(func() {
				defer c.Close()
				serve(c)
			})
		}
	})
	return l.Addr()
}

// holding is a relay that says of each dot that it is there, and answers when it may.
func holding(t *testing.T, dots chan<- struct{}, may <-chan struct{}) net.Addr {
	return server(t, func(c net.Conn) {
		r := bufio.NewReader(c)
		text := false
		for answer := "220 sink.example"; ; {
			if answer != "" {
				if _, err := io.WriteString(c, answer+"\r\n"); err != nil {
					return
				}
			}
			line, err := r.ReadString('\n')
			if err != nil {
				return
			}
			verb, _, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
			switch answer = "250 ok"; {
			case text && verb == ".":
				dots <- struct{}{}
				<-may
				text = false
			case text:
				answer = ""
			case verb == "EHLO":
				answer = "250-sink.example\r\n250-PIPELINING\r\n250 8BITMIME"
			case verb == "DATA":
				answer, text = "354 go ahead", true
			}
		}
	})
}

// stopped runs until the test says so, and fails if the run does not end by itself long
// before the time that letters in flight have.
func stopped(t *testing.T, l *ledger.Ledger, o dispatch.Options, when, then func()) dispatch.Result {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	type end struct {
		dispatch.Result
		err error
	}
	ended := make(chan end, 1)
	go func() {
		result, err := dispatch.Run(ctx, l, plain{}, o)
		ended <- end{result, err}
	}()
	when()
	stop()
	then()
	select {
	case e := <-ended:
		if !errors.Is(e.err, dispatch.ErrStopped) {
			t.Errorf("got %v, want %v", e.err, dispatch.ErrStopped)
		}
		return e.Result
	case <-time.After(time.Minute):
		t.Fatal("the run does not end")
		return dispatch.Result{}
	}
}

func queued(t *testing.T, n int) *ledger.Ledger {
	t.Helper()
	l := ledger.Open(storetest.Open(t, storetest.SQLite(t)))
	if _, err := l.Queue(t.Context(), issue, entries(n), time.Now()); err != nil {
		t.Fatal(err)
	}
	return l
}

// TestAStopDoesNotWaitForARelayThatIsStuck: it accepts connections and says nothing.
func TestAStopDoesNotWaitForARelayThatIsStuck(t *testing.T) {
	l, accepted := queued(t, 20), make(chan struct{}, 100)
	o := options(newSink(t, faults{}))
	o.Carrier, o.Grace = relay(server(t, func(c net.Conn) {
		accepted <- struct{}{}
		io.Copy(io.Discard, c)
	})), time.Hour
	stopped(t, l, o, func() {
		for range o.Connections {
			<-accepted
		}
	}, func() {})
	if c := counts(t, l); c.Pending != 20 {
		t.Errorf("got %+v, want all given back", c)
	}
}

// TestAStopDoesNotWaitForAReconnect: the relay refuses connections, and the carriers wait
// longer each time.
func TestAStopDoesNotWaitForAReconnect(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	synctest.Test(t, func(t *testing.T) {
		l := queued(t, 20)
		o := options(&sink{door: &door{Server: &mailertest.Server{Addr: closed.Addr().(*net.TCPAddr)}}})
		o.Grace = time.Hour
		var begun time.Time
		stopped(t, l, o, func() {
			time.Sleep(10 * time.Second) // they have tried after 0, 1, 3 and 7 seconds
			begun = time.Now()
		}, func() {})
		if took := time.Since(begun); took > time.Second {
			t.Errorf("got %v from the stop to the end, want no wait", took)
		}
		if c := counts(t, l); c.Pending != 20 {
			t.Errorf("got %+v, want all given back", c)
		}
	})
}

// TestAStopWaitsForWhatIsInFlight, and for nothing else.
func TestAStopWaitsForWhatIsInFlight(t *testing.T) {
	for _, test := range []struct {
		name    string
		answers bool
	}{
		{"the relay answers late", true},
		{"the relay never answers", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			l, dots, may := queued(t, 20), make(chan struct{}, 100), make(chan struct{})
			answer := sync.OnceFunc(func() { close(may) })
			defer answer()
			o := options(newSink(t, faults{}))
			o.Carrier, o.Connections, o.Grace = relay(holding(t, dots, may)), 3, time.Hour
			if !test.answers {
				o.Grace = 100 * time.Millisecond
			}
			result := stopped(t, l, o, func() {
				for range 3 {
					<-dots
				}
			}, func() {
				if test.answers {
					answer() // some more may go before the run has heard of its end
				}
			})
			c := counts(t, l)
			if test.answers && (c.Sent < 3 || c.Unknown != 0) || !test.answers && (c.Sent != 0 || c.Unknown != 3) || c.Pending != 20-c.Sent-c.Unknown {
				t.Errorf("got %+v, want what was in flight sent, or unknown, and the others given back", c)
			}
			if result.Sent != c.Sent || result.Deferred != 0 {
				t.Errorf("got %+v, want %d sent and none deferred", result, c.Sent)
			}
		})
	}
}

// TestALimitCountsAnswers: a letter that found no connection is given back, and is none of
// the letters that were to be sent.
func TestALimitCountsAnswers(t *testing.T) {
	l, s := queued(t, 50), newSink(t, faults{})
	var mu sync.Mutex
	busy := 5
	shy := &mailertest.Server{Plain: []string{"PIPELINING", "8BITMIME"}, Answer: func(verb, rest string) string {
		mu.Lock()
		defer mu.Unlock()
		if verb == "" && busy > 0 {
			busy--
			return "421 4.3.2 busy"
		}
		return ""
	}, Text: func(to string, read func() (string, bool)) string { return s.text(s.door, to, read) }}
	shy.Start(t)
	o := options(s)
	o.Carrier, o.Limit, o.Wait = relay(shy.Addr), 10, false
	transport := 0
	o.Told = func(_ ledger.Delivery, out mailer.Outcome) {
		mu.Lock()
		defer mu.Unlock()
		if out.State == mailer.Transport {
			transport++
		}
	}
	result, err := dispatch.Run(t.Context(), l, plain{}, o)
	if got := len(s.letters()); err != nil || result.Sent != 10 || got != 10 || transport == 0 {
		t.Errorf("got %+v, %d letters, %d without a connection, %v, want 10 letters", result, got, transport, err)
	}
}
