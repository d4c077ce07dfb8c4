package main

import (
	"fmt"
	"sync"
	"time"
)

// making says on a terminal how many pictures have been made so far, where that takes
// longer than a moment: the first build of a site with photographs does, and no other.
type making struct {
	s       *session
	started time.Time

	mu   sync.Mutex
	told int64
}

// newMaking returns one that begins now; made is for generator.Options.Made, and end
// leaves an empty line. Elsewhere than on a terminal both do nothing.
func (s *session) newMaking() *making { return &making{s: s, started: time.Now()} }

func (m *making) made(n int64) {
	const moment = time.Second
	if !m.s.terminal || time.Since(m.started) < moment {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if n > m.told {
		m.told = n
		fmt.Fprint(m.s.stderr, "\r"+m.s.say(fmt.Sprintf("making pictures, this once: %d", n), fmt.Sprintf("写真をつくっています（初回だけ）：%d", n)))
	}
}

func (m *making) end() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.told > 0 {
		fmt.Fprint(m.s.stderr, "\r\x1b[K") // the line is cleared to its end (ECMA-48, 8.3.41)
	}
}
