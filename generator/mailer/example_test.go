package mailer_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"kaiho/generator/diag"
	"kaiho/generator/mailer"
)

func ExampleParse() {
	c, _ := mailer.Parse("smtp://office:secret@mail.example.com", "required")
	fmt.Println(c)
	_, problems := mailer.Parse("smtp://mail.example.com", "none")
	fmt.Println(problems[0].Message(diag.English))
	// Output:
	// smtp://mail.example.com:587
	// without TLS, everybody on the way could read the letters and the password.
}

func ExampleNextAttempt() {
	first := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	at, again := mailer.NextAttempt(1, first, first, 0.5)
	fmt.Println(at.Sub(first), again)
	_, again = mailer.NextAttempt(12, first, first.Add(48*time.Hour), 0.5)
	fmt.Println(again)
	// Output:
	// 1m0s true
	// false
}

func ExampleAllowance() {
	first := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	for day := range 5 {
		fmt.Print(mailer.Allowance(first, first.AddDate(0, 0, day), 2000), " ")
	}
	// Output: 200 400 800 1600 2000
}

// way is what who sends letters needs of either way.
type way interface {
	Run(context.Context, <-chan mailer.Envelope, func(*mailer.Envelope) error, func(*mailer.Envelope, mailer.Outcome)) error
	Send(context.Context, mailer.Envelope, func() error) mailer.Outcome
	Close()
}

// TestEitherWayIsOne: a relay and the outbox are used alike.
func TestEitherWayIsOne(t *testing.T) {
	root, err := os.OpenRoot(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	r := relay(t, serve(t, nil, nil).addr, func(c *mailer.Config) { c.Connections = 1 })
	if c := r.Config(); !c.IsLoopback() || c.Connections != 1 {
		t.Errorf("got %v, want one connection to loopback", c)
	}
	for name, w := range map[string]way{"relay": r.Session(), "outbox": &mailer.Outbox{Dir: root}} {
		letters := make(chan mailer.Envelope, 3)
		for _, e := range batch(3, 100) {
			letters <- e
		}
		close(letters)
		marked, sent := 0, 0
		err := w.Run(t.Context(), letters, func(*mailer.Envelope) error { marked++; return nil }, func(_ *mailer.Envelope, o mailer.Outcome) {
			if o.State == mailer.Sent {
				sent++
			}
		})
		if one := w.Send(t.Context(), envelope(9, 10), nil); err != nil || marked != 3 || sent != 3 || one.State != mailer.Sent {
			t.Errorf("%s: got %d marked, %d sent, %v (%v), want three and one more", name, marked, sent, one, err)
		}
		w.Close()
	}
}
