package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"kaiho/generator/ledger"
)

// watcher shows the status of an issue until nothing of it is open.
type watcher struct {
	*session
	ledger *ledger.Ledger
	id     string
	asJSON bool
	redraw bool // in place: stdout is a terminal
	shown  string
}

// run looks every so often, until nothing is open or ctx ends, which is no failure.
func (w *watcher) run(ctx context.Context, every time.Duration) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		open, err := w.show(ctx)
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil || !open:
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// show looks once, shows what has changed, and reports whether anything is open. A
// sender may have died since the last look; what it had in hand is on its way no more.
func (w *watcher) show(ctx context.Context) (open bool, err error) {
	if err := w.recoverLetters(ctx, w.ledger); err != nil {
		return false, err
	}
	st, err := w.look(ctx, w.ledger, w.id)
	if err != nil {
		return false, err
	}
	c := st.counts
	return c.Pending+c.Deferred+c.Leased+c.InFlight > 0, w.print(st)
}

// print shows a status that differs from the last.
func (w *watcher) print(st status) error {
	var b bytes.Buffer
	switch {
	case w.redraw:
		b.WriteString(w.statusText(w.id, st))
	case w.asJSON:
		if err := w.statusJSON(&b, w.id, st); err != nil {
			return err
		}
	default:
		fmt.Fprintln(&b, w.statusLine(w.id, st))
	}
	text, before := b.String(), w.shown
	if text == before {
		return nil
	}
	w.shown = text
	if w.redraw {
		text = redrawn(before, text)
	} else if !w.asJSON {
		text = w.clock().Format(time.TimeOnly) + " " + text
	}
	_, err := io.WriteString(w.stdout, text)
	return err
}

// redrawn is text in the place of the lines of before, as a terminal understands it
// (ECMA-48): up, then line by line, each cleared to its end, and what was below. Lines
// do not wrap meanwhile (DECAWM), or a narrow window would have more than were counted.
func redrawn(before, text string) string {
	var b strings.Builder
	b.WriteString("\x1b[?7l")
	if n := strings.Count(before, "\n"); n > 0 {
		fmt.Fprintf(&b, "\x1b[%dA\r", n)
	}
	b.WriteString(strings.ReplaceAll(text, "\n", "\x1b[K\n"))
	b.WriteString("\x1b[J\x1b[?7h")
	return b.String()
}
