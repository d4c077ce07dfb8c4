package ledger_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"kaiho/generator/ledger"
	"kaiho/generator/store/storetest"
)

// modelRow is what the model knows of a row, and what has happened outside.
type modelRow struct {
	state             ledger.State
	attempts, repeats int
	next, until       time.Time
	by                ledger.Worker
	epoch             int64
	dots              int // final dots that went out: letters that may have arrived
}

// model does in memory what the ledger does, and senders that know no more than what the
// ledger told them.
type model struct {
	t       *testing.T
	l       *ledger.Ledger
	random  *rand.Rand
	now     time.Time
	policy  ledger.Policy
	rows    map[uint32]*modelRow
	workers []ledger.Worker
	held    []ledger.Delivery // claimed once, whoever has it now: also what zombies hold
	log     []string
}

// TestTheLedgerDoesAsTheModel makes thousands of random steps: several senders, crashes,
// zombies that go on with leases they lost, clocks that jump.
func TestTheLedgerDoesAsTheModel(t *testing.T) {
	for _, policy := range []ledger.Policy{ledger.Hold, ledger.Resend} {
		for seed := range uint64(5) {
			t.Run(fmt.Sprintf("%s/seed %d", policy, seed), func(t *testing.T) {
				storetest.Each(t, func(t *testing.T, url string) {
					m := &model{t: t, l: ledger.Open(storetest.Open(t, url)), random: rand.New(rand.NewPCG(seed, 1)), now: day(), policy: policy, rows: map[uint32]*modelRow{}}
					m.run(600)
					if t.Failed() {
						t.Errorf("the last steps were %q", m.log[max(0, len(m.log)-12):])
					}
				})
			})
		}
	}
}

func (m *model) run(steps int) {
	for i := range 3 {
		m.workers = append(m.workers, ledger.NewWorker("host", i+1))
	}
	if err := m.l.SetPolicy(m.t.Context(), issue, m.policy); err != nil {
		m.t.Fatal(err)
	}
	for step := range steps {
		before := m.states()
		m.step()
		m.transitions(before)
		if step%10 == 0 || step == steps-1 {
			m.compare()
		}
		if m.t.Failed() {
			return
		}
	}
}

func (m *model) note(format string, args ...any) { m.log = append(m.log, fmt.Sprintf(format, args...)) }

// step does one thing.
func (m *model) step() {
	m.now = m.now.Add(time.Duration(m.random.IntN(20)-4) * time.Second) // back, too
	switch n := m.random.IntN(100); {
	case n < 8:
		m.queue()
	case n < 30:
		m.claim()
	case n < 55:
		m.inFlight()
	case n < 80:
		m.settle()
	case n < 84:
		m.release()
	case n < 90:
		m.recover("")
	case n < 95:
		m.crash()
	default:
		m.resolve()
	}
}

func (m *model) queue() {
	var entries []ledger.Entry
	var want int64
	for range 1 + m.random.IntN(12) {
		e := ledger.Entry{Member: 1 + m.random.Uint32N(150), Address: "a@example.jp"}
		if e.Member%9 == 0 {
			e.Suppressed = "paused"
		}
		if m.rows[e.Member] == nil {
			m.rows[e.Member] = &modelRow{}
			if e.Suppressed != "" {
				m.rows[e.Member].state = ledger.Suppressed
			}
			want++
		}
		entries = append(entries, e)
	}
	got, err := m.l.Queue(m.t.Context(), issue, only(entries...), m.now)
	m.note("queue %d", want)
	if err != nil || got != want {
		m.t.Errorf("queue: got %d, %v, want %d", got, err, want)
	}
}

func (m *model) claim() {
	w, n, due := m.worker(), 1+m.random.IntN(10), 0
	for _, r := range m.rows {
		if m.due(r) {
			due++
		}
	}
	got, err := m.l.Claim(m.t.Context(), w, issue, n, m.now, 30*time.Second, nil)
	m.note("%s claims %v", w, members(got))
	if err != nil || len(got) != min(n, due) {
		m.t.Errorf("claim: got %d rows, %v, want %d", len(got), err, min(n, due))
	}
	for _, d := range got {
		r := m.rows[d.Member]
		if !m.due(r) || d.Epoch != r.epoch+1 {
			m.t.Errorf("claim: got %+v, want what is due; it is %+v", d, r)
		}
		r.state, r.by, r.epoch, r.until = ledger.Leased, w, d.Epoch, m.now.Add(30*time.Second)
	}
	m.held = append(m.held, got...)
}

func (m *model) due(r *modelRow) bool {
	return r.state == ledger.Pending || r.state == ledger.Deferred && !r.next.After(m.now)
}

func (m *model) worker() ledger.Worker { return m.workers[m.random.IntN(len(m.workers))] }

// some returns rows that were claimed at some time, each once, by whom they were claimed.
func (m *model) some() (ledger.Worker, []ledger.Delivery) {
	if len(m.held) == 0 {
		return m.worker(), nil
	}
	recent := m.held[max(0, len(m.held)-40):]
	w := recent[m.random.IntN(len(recent))].LeaseBy
	rows := map[ledger.Lease]ledger.Delivery{}
	for range 1 + m.random.IntN(6) {
		if d := recent[m.random.IntN(len(recent))]; d.LeaseBy == w {
			rows[d.Lease] = d
		}
	}
	return w, slices.SortedFunc(maps.Values(rows), byMember)
}

func (m *model) inFlight() {
	w, rows := m.some()
	var marks []ledger.Mark
	want := map[ledger.Lease]bool{}
	for _, d := range rows {
		marks = append(marks, ledger.Mark{Lease: d.Lease, Date: m.now, At: m.now})
		r := m.rows[d.Member]
		want[d.Lease] = r.state != ledger.Leased || r.by != w || r.epoch != d.Epoch
	}
	refused, err := m.l.InFlight(m.t.Context(), w, marks)
	m.note("%s marks %v", w, members(rows))
	if err != nil {
		m.t.Error(err)
	}
	for _, mark := range marks {
		got := slices.ContainsFunc(refused, func(r ledger.Mark) bool { return r.Lease == mark.Lease })
		if got != want[mark.Lease] {
			m.t.Errorf("mark of %+v: refused: got %v, want %v; it is %+v", mark.Lease, got, want[mark.Lease], m.rows[mark.Member])
		}
		if !got {
			r := m.rows[mark.Member]
			r.state, r.attempts = ledger.InFlight, r.attempts+1
			r.dots++ // the letter goes out
		}
	}
}

func (m *model) settle() {
	w, rows := m.some()
	var outcomes []ledger.Outcome
	want := map[ledger.Lease]bool{}
	for _, d := range rows {
		r := m.rows[d.Member]
		to := []ledger.State{ledger.Sent, ledger.Sent, ledger.Deferred, ledger.Failed, ledger.Suppressed, ledger.Unknown}[m.random.IntN(6)]
		outcomes = append(outcomes, ledger.Outcome{Lease: d.Lease, State: to, NextAt: m.now.Add(10 * time.Second), At: m.now})
		took := r.state == ledger.InFlight || r.state == ledger.Unknown ||
			r.state == ledger.Leased && (to == ledger.Deferred || to == ledger.Failed || to == ledger.Suppressed)
		want[d.Lease] = !took || r.by != w || r.epoch != d.Epoch
	}
	refused, err := m.l.Settle(m.t.Context(), w, outcomes)
	m.note("%s settles %v", w, members(rows))
	if err != nil {
		m.t.Error(err)
	}
	for _, o := range outcomes {
		got := slices.ContainsFunc(refused, func(r ledger.Outcome) bool { return r.Lease == o.Lease })
		if got != want[o.Lease] {
			m.t.Errorf("outcome %v of %+v: refused: got %v, want %v; it is %+v", o.State, o.Lease, got, want[o.Lease], m.rows[o.Member])
		}
		if !got {
			m.end(m.rows[o.Member], o.State)
		}
	}
}

func (m *model) end(r *modelRow, to ledger.State) {
	if r.state == ledger.Leased && to != ledger.Suppressed {
		r.attempts++
	}
	if r.state != ledger.Leased && to == ledger.Deferred {
		r.dots-- // the relay said that it has not taken it
	}
	if r.state = to; to != ledger.Unknown {
		r.by = ""
	}
	if to == ledger.Deferred {
		r.next = m.now.Add(10 * time.Second)
	}
}

func (m *model) release() {
	w, rows := m.some()
	var leases []ledger.Lease
	for _, d := range rows {
		leases = append(leases, d.Lease)
		if r := m.rows[d.Member]; r.state == ledger.Leased && r.by == w && r.epoch == d.Epoch {
			r.free()
		}
	}
	m.note("%s releases %v", w, members(rows))
	if err := m.l.Release(m.t.Context(), w, leases, m.now); err != nil {
		m.t.Error(err)
	}
}

func (r *modelRow) free() {
	if r.state, r.by = ledger.Pending, ""; r.attempts > 0 {
		r.state = ledger.Deferred
	}
}

// crash ends a worker, and starts another one in its place, which recovers. What the dead
// one held is still tried: as if it had only been asleep.
func (m *model) crash() {
	i := m.random.IntN(len(m.workers))
	dead := m.workers[i]
	m.workers[i] = ledger.NewWorker("host", 10+m.random.IntN(1000))
	m.recover(dead)
}

func (m *model) recover(dead ledger.Worker) {
	var want ledger.Recovered
	for _, r := range m.rows {
		over := r.by == dead && dead != "" || !r.until.After(m.now)
		switch {
		case r.state == ledger.Leased && over:
			r.free()
			want.Released++
		case r.state == ledger.InFlight && over:
			r.state = ledger.Unknown
			want.Unknown++
		}
		if r.state == ledger.Unknown && m.policy == ledger.Resend {
			r.state, r.by, r.next = ledger.Deferred, "", time.Time{}
			if r.repeats > 0 {
				r.next = m.now.Add(time.Duration(r.repeats) * 15 * time.Minute)
			}
			r.repeats++
			want.Resent++
		}
	}
	alive := func(pid int) bool { return dead == "" || ledger.PID(dead) != pid }
	got, err := m.l.Recover(m.t.Context(), m.now, ledger.NewWorker("host", 99999), alive)
	m.note("recover, dead is %q: %+v", dead, got)
	if err != nil || got != want {
		m.t.Errorf("recover: got %+v, %v, want %+v", got, err, want)
	}
}

func (m *model) resolve() {
	for id, r := range m.rows {
		if r.state != ledger.Unknown {
			continue
		}
		m.note("resolve %d", id)
		if err := m.l.Resolve(m.t.Context(), ledger.Key{Issue: issue, Member: id}, ledger.Deferred, "a log: not sent", m.now); err != nil {
			m.t.Error(err)
		}
		r.state, r.by, r.next, r.dots = ledger.Deferred, "", m.now, r.dots-1
		return
	}
}

func (m *model) states() map[uint32]ledger.State {
	all := map[uint32]ledger.State{}
	for id, r := range m.rows {
		all[id] = r.state
	}
	return all
}

// transitions looks at what must never be.
func (m *model) transitions(before map[uint32]ledger.State) {
	for id, r := range m.rows {
		if before[id] == ledger.InFlight && (r.state == ledger.Pending || r.state == ledger.Leased) {
			m.t.Errorf("member %d was in flight and is %v", id, r.state)
		}
		if r.dots > 1+r.repeats {
			m.t.Errorf("member %d was sent %d times, and %d repeats were counted", id, r.dots, r.repeats)
		}
		if m.policy == ledger.Hold && r.repeats > 0 {
			m.t.Errorf("member %d was sent again", id)
		}
	}
}

// compare wants the ledger to say what the model says.
func (m *model) compare() {
	n := 0
	for d, err := range m.l.Rows(m.t.Context(), issue, ledger.Filter{}) {
		if err != nil {
			m.t.Fatal(err)
		}
		n++
		r := m.rows[d.Member]
		got := modelRow{d.State, d.Attempts, d.Repeats, d.NextAt, d.LeaseUntil, d.LeaseBy, d.Epoch, r.dots}
		want := *r
		want.next, want.until = want.next.UTC(), got.until
		if got.next = got.next.UTC(); r.state != ledger.Deferred {
			want.next = got.next
		}
		if got != want {
			m.t.Errorf("member %d: got %+v, want %+v", d.Member, got, want)
		}
	}
	c, err := m.l.Counts(m.t.Context(), issue)
	if sum := c.Pending + c.Leased + c.InFlight + c.Sent + c.Deferred + c.Failed + c.Suppressed + c.Unknown; err != nil || sum != int64(n) || c.Candidates != sum || n != len(m.rows) {
		m.t.Errorf("got %+v, %v and %d rows, want %d", c, err, n, len(m.rows))
	}
}

// Eight claimers get rows that nobody else gets, and all of them.
func TestClaimersGetDisjointRows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		const claimers, n = 8, 2000
		queue(t, ledger.Open(storetest.Open(t, url)), n)
		found := make(chan []uint32, claimers)
		for i := range claimers {
			l := ledger.Open(storetest.Open(t, url)) // as another process would
			go func() {
				var mine []uint32
				defer func() { found <- mine }()
				w := ledger.NewWorker("host", i)
				for {
					got, err := l.Claim(t.Context(), w, issue, 7, day(), time.Minute, nil)
					if err != nil {
						t.Error(err)
					}
					if len(got) == 0 {
						return
					}
					mine = append(mine, members(got)...)
				}
			}()
		}
		seen := map[uint32]int{}
		for range claimers {
			for _, id := range <-found {
				seen[id]++
			}
		}
		for id, times := range seen {
			if times != 1 {
				t.Errorf("member %d was claimed %d times", id, times)
			}
		}
		if len(seen) != n {
			t.Errorf("got %d members, want %d", len(seen), n)
		}
	})
}
