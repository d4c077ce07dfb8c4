package dispatch_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"kaiho/generator/dispatch"
	"kaiho/generator/ledger"
	"kaiho/generator/mailer"
	"kaiho/generator/store"
	"kaiho/generator/store/storetest"
)

const (
	senderEnv = "DISPATCH_TEST_SENDER" // in the environment: this process is a sender, as it says
	crashHost = "host"
	windows   = 8 // connections of a sender; each has one letter behind its dot at most
)

// task is what a sender is told.
type task struct {
	URL   string // of the database
	Port  int    // of the relay
	Ahead time.Duration
}

func TestMain(m *testing.M) {
	if text := os.Getenv(senderEnv); text != "" {
		if err := send(context.Background(), text); err != nil {
			fmt.Fprintln(os.Stderr, "sender:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// send is a process that sends what is due, and is killed meanwhile. Its site's clock is
// ahead, so that what was deferred before is due.
func send(ctx context.Context, text string) error {
	var told task
	if err := json.Unmarshal([]byte(text), &told); err != nil {
		return err
	}
	db, err := store.Open(ctx, told.URL)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = dispatch.Run(ctx, ledger.Open(db), plain{}, dispatch.Options{Issue: issue, Worker: ledger.NewWorker(crashHost, os.Getpid()), Host: "sink",
		Carrier: relay(&net.TCPAddr{Port: told.Port}), Connections: windows, Breaker: &mailer.Breaker{Trips: 1 << 20, Window: 1 << 20},
		Now: func() time.Time { return time.Now().Add(told.Ahead) }, Machine: time.Now, Alive: isAlive})
	return err
}

func isAlive(pid int) bool {
	p, err := os.FindProcess(pid)
	return err == nil && p.Signal(syscall.Signal(0)) == nil
}

// TestSendersThatAreKilled kills senders with SIGKILL, most of them while letters of theirs
// are between DATA and the reply to their dot, through a relay that refuses and cuts at
// random, and compares what the relay took with what the ledger says. The environment
// makes it longer: KAIHO_CRASH_RECIPIENTS, KAIHO_CRASH_KILLS, KAIHO_CRASH_SEED.
func TestSendersThatAreKilled(t *testing.T) {
	for _, test := range []struct {
		policy   ledger.Policy
		database string
		senders  int
	}{
		{ledger.Hold, "SQLite", 1},
		{ledger.Resend, "SQLite", 1},
		{ledger.Hold, "Postgres", 2},
		{ledger.Resend, "Postgres", 2},
	} {
		t.Run(fmt.Sprintf("%s/%s/senders=%d", test.policy, test.database, test.senders), func(t *testing.T) {
			url := storetest.SQLite
			if test.database == "Postgres" {
				url = storetest.Postgres
			}
			c := &crash{t: t, url: url(t), policy: test.policy, senders: make([]*sender, test.senders),
				recipients: number(t, "KAIHO_CRASH_RECIPIENTS", 2000), kills: number(t, "KAIHO_CRASH_KILLS", 10)}
			start := time.Now()
			c.run(uint64(number(t, "KAIHO_CRASH_SEED", int(start.UnixNano()))))
			c.tell(test.database, time.Since(start))
		})
	}
}

// number reads a number from the environment.
func number(t *testing.T, name string, otherwise int) int {
	n, err := strconv.Atoi(cmp.Or(os.Getenv(name), strconv.Itoa(otherwise)))
	if err != nil || n <= 0 {
		t.Fatalf("%s: got %q, want a number", name, os.Getenv(name))
	}
	return n
}

// crash is a series of kills, and what it came to.
type crash struct {
	t                 *testing.T
	url               string
	policy            ledger.Policy
	recipients, kills int
	senders           []*sender // nil: to be started
	doors             []*door   // of them

	ledger *ledger.Ledger
	sink   *sink
	random *rand.Rand
	ahead  time.Duration

	killed, flying, behind int // kills; of them, while letters were in flight at the sink, and behind their dot
	most                   int // letters that one kill left in flight in the ledger
	sums
}

// sender is a process.
type sender struct {
	cmd   *exec.Cmd
	door  *door
	ended bool // guarded by the sink's mu
	done  chan struct{}
}

func (c *crash) run(seed uint64) {
	c.t.Cleanup(func() {
		if c.t.Failed() {
			c.t.Logf("KAIHO_CRASH_SEED=%d", seed)
		}
	})
	c.random = rand.New(rand.NewPCG(seed, 1))
	c.sink = newSink(c.t, faults{later: 0.02, never: 0.01, closing: 0.01, before: 0.005, after: 0.005, laterDot: 0.01, neverDot: 0.005, slow: 40 * time.Millisecond})
	c.sink.random = rand.New(rand.NewPCG(seed, 2))
	c.ledger = ledger.Open(storetest.Open(c.t, c.url))
	if _, err := c.ledger.Queue(c.t.Context(), issue, entries(c.recipients), time.Now()); err != nil {
		c.t.Fatal(err)
	}
	if err := c.ledger.SetPolicy(c.t.Context(), issue, c.policy); err != nil {
		c.t.Fatal(err)
	}
	for range c.senders {
		c.doors = append(c.doors, c.sink.newDoor(c.t))
	}
	for c.killed < c.kills {
		c.startAll()
		slot := c.choose()
		dead := c.senders[slot]
		if c.strike(dead) {
			c.check(dead)
		} else if open := c.open(); open == 0 {
			c.t.Fatalf("all was sent after %d kills of %d", c.killed, c.kills)
		}
		c.senders[slot] = nil
	}
	c.finish()
	c.compare()
	if c.flying*10 < c.kills*8 {
		c.t.Errorf("got %d kills of %d with letters in flight, want 80 %%", c.flying, c.kills)
	}
}

// startAll starts the senders that do not run, each with a later clock.
func (c *crash) startAll() {
	for slot, p := range c.senders {
		if p == nil {
			c.ahead += 20 * time.Minute
			c.senders[slot] = c.start(c.doors[slot])
		}
	}
}

func (c *crash) start(d *door) *sender {
	text, err := json.Marshal(task{URL: c.url, Port: d.Addr.Port, Ahead: c.ahead})
	if err != nil {
		c.t.Fatal(err)
	}
	p := &sender{cmd: exec.CommandContext(c.t.Context(), os.Args[0]), door: d, done: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), senderEnv+"="+string(text))
	p.cmd.Stderr = os.Stderr
	if err := p.cmd.Start(); err != nil {
		c.t.Fatal(err)
	}
	go func() {
		defer close(p.done)
		p.cmd.Wait() // its end shows in ProcessState
		c.sink.note(func() { p.ended = true })
	}()
	return p
}

// share is how many letters there are for each kill that is to come.
func (c *crash) share() int { return c.open() / (c.kills - c.killed + 1) }

// choose returns the sender that is killed next, by chance. The others send while it
// starts: when letters run short, it is one that sends.
func (c *crash) choose() int {
	short := c.share() < c.recipients/c.kills/2
	c.sink.mu.Lock()
	defer c.sink.mu.Unlock()
	for slot, d := range c.doors {
		if short && d.open > 0 {
			return slot
		}
	}
	return c.random.IntN(len(c.senders))
}

// strike kills a sender when some more letters have been begun, at any time after that;
// each tenth one at any time whatever. It reports whether the sender did not end by itself.
func (c *crash) strike(p *sender) bool {
	anywhen := c.killed%10 == 9
	wait := time.Duration(c.random.Int64N(int64(5 * time.Millisecond)))
	if anywhen {
		wait = time.Duration(c.random.Int64N(int64(300 * time.Millisecond)))
	} else {
		more := c.random.IntN(1 + c.share())
		c.sink.mu.Lock()
		for enough := c.sink.begun + more; c.sink.begun < enough && !p.ended; {
			c.sink.changed.Wait()
		}
		c.sink.mu.Unlock()
	}
	select {
	case <-p.done:
	case <-time.After(wait):
	}
	open, behind, err := c.kill(p, anywhen)
	<-p.done
	if state := p.cmd.ProcessState; err != nil || state.Exited() {
		if !state.Success() {
			c.t.Fatalf("a sender ended with %v", state)
		}
		return false
	}
	c.killed++
	if open > 0 {
		c.flying++
	}
	if behind > 0 {
		c.behind++
	}
	c.sink.settle(p.door)
	return true
}

// kill kills a sender while letters of it are in flight at the sink, unless it may be
// anywhen; by chance at the very moment at which a dot is there: the mark in the ledger
// must be older. It returns how many letters were in flight, and behind their dot.
func (c *crash) kill(p *sender, anywhen bool) (open, behind int, err error) {
	kill := func() { // nothing moves at the sink meanwhile
		open, behind, err = p.door.open, p.door.behind, p.cmd.Process.Kill()
	}
	c.sink.mu.Lock()
	defer c.sink.mu.Unlock()
	if !anywhen && c.random.IntN(2) == 0 {
		p.door.dot = kill
		for p.door.dot != nil && !p.ended {
			c.sink.changed.Wait()
		}
		if p.door.dot == nil {
			return open, behind, err
		}
		p.door.dot = nil
	}
	for !anywhen && p.door.open == 0 && !p.ended {
		c.sink.changed.Wait()
	}
	kill()
	return open, behind, err
}

// check looks at the ledger as a dead process has left it.
func (c *crash) check(dead *sender) {
	if got := counts(c.t, c.ledger); got.Candidates != int64(c.recipients) {
		c.t.Errorf("got %d candidates after kill %d, want %d", got.Candidates, c.killed, c.recipients)
	}
	left := 0
	for row, err := range c.ledger.Rows(c.t.Context(), issue, ledger.Filter{States: []ledger.State{ledger.InFlight}}) {
		if err != nil {
			c.t.Fatal(err)
		}
		if strings.HasPrefix(string(row.LeaseBy), fmt.Sprintf("%s:%d:", crashHost, dead.cmd.Process.Pid)) {
			left++
		}
	}
	if left > windows {
		c.t.Errorf("kill %d left %d letters in flight, want at most %d", c.killed, left, windows)
	}
	c.most = max(c.most, left)
}

// open is how many letters are still to be sent.
func (c *crash) open() int {
	n := counts(c.t, c.ledger)
	open := n.Pending + n.Leased + n.InFlight + n.Deferred
	if c.policy == ledger.Resend {
		open += n.Unknown
	}
	return int(open)
}

// finish lets senders run to their end until nothing is to be done.
func (c *crash) finish() {
	for rounds := 0; rounds == 0 || c.open() > 0; rounds++ {
		if rounds == 50 {
			c.t.Fatalf("got %+v after %d rounds, want an end", counts(c.t, c.ledger), rounds)
		}
		c.startAll()
		for slot, p := range c.senders {
			<-p.done
			if !p.cmd.ProcessState.Success() {
				c.t.Fatalf("a sender ended with %v", p.cmd.ProcessState)
			}
			c.senders[slot] = nil
		}
		c.ahead += 2 * time.Hour
	}
}
