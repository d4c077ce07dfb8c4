package member

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"kaiho/generator/store"
)

const (
	lookEvery   = 250 * time.Millisecond
	lookTimeout = 500 * time.Millisecond
)

// Reader is what a gate knows of a member.
type Reader struct {
	Audiences  []string  // not to be changed
	ValidAfter time.Time // what was issued before does not count
}

// Roster is all who may read, in memory. It asks the database four times a second
// whether people have changed, and takes over what has; so it is never older than
// three quarters of a second, or Err says why.
type Roster struct {
	book *Book
	log  *slog.Logger
	ctx  context.Context
	stop context.CancelFunc
	done chan struct{}

	looking sync.Mutex
	shared  map[string][]string // one list of audiences for all who have the same
	state   atomic.Pointer[state]
	failure atomic.Pointer[error]
}

// state is never changed once it is stored.
type state struct {
	change  int64 // the last that is in it
	readers map[uint32]Reader
}

// NewRoster returns an empty roster of b; Start fills it. It ends with ctx. log is
// told when the database cannot be read, and when it can again.
func NewRoster(ctx context.Context, b *Book, log *slog.Logger) *Roster {
	r := &Roster{book: b, log: log, done: make(chan struct{}), shared: map[string][]string{}}
	r.ctx, r.stop = context.WithCancel(ctx)
	r.state.Store(&state{change: -1})
	return r
}

// Start reads everybody and then follows the database until Close.
func (r *Roster) Start() error {
	if err := r.Refresh(r.ctx); err != nil {
		r.stop()
		close(r.done)
		return err
	}
	go r.follow()
	return nil
}

// Close stops following, and waits until that is done.
func (r *Roster) Close() {
	r.stop()
	<-r.done
}

// Reader returns the active member with id; false for nobody, for somebody erased,
// and for somebody who is not active. It allocates nothing.
func (r *Roster) Reader(id uint32) (Reader, bool) {
	reader, ok := r.state.Load().readers[id]
	return reader, ok
}

// Err returns why the roster may be out of date: the failure of the last look at the
// database, nil if it went well. A gate does not let anybody in meanwhile.
func (r *Roster) Err() error {
	if err := r.failure.Load(); err != nil {
		return *err
	}
	return nil
}

// All calls f for every reader, in no order, until it returns false. It is the
// extract for an edge worker: ids, audiences and times, no names.
func (r *Roster) All(f func(id uint32, reader Reader) bool) {
	for id, reader := range r.state.Load().readers {
		if !f(id, reader) {
			return
		}
	}
}

func (r *Roster) follow() {
	defer close(r.done)
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-r.ctx.Done():
			return
		case <-tick.C:
			r.look()
		}
	}
}

func (r *Roster) look() {
	ctx, cancel := context.WithTimeout(r.ctx, lookTimeout)
	defer cancel()
	before := r.Err()
	err := r.Refresh(ctx)
	switch {
	case r.ctx.Err() != nil:
	case err != nil && before == nil:
		r.log.Error("the roster of members cannot be read", "error", err)
	case err == nil && before != nil:
		r.log.Info("the roster of members can be read again")
	}
}

// Refresh takes over at once what has changed in the database.
func (r *Roster) Refresh(ctx context.Context) error {
	r.looking.Lock()
	defer r.looking.Unlock()
	have := r.state.Load()
	fresh, err := r.read(ctx, have)
	if err != nil {
		err = fmt.Errorf("read the roster: %w", err)
		r.failure.Store(&err)
		return err
	}
	r.state.Store(fresh)
	r.failure.Store(nil)
	return nil
}

// read returns have if nothing has changed.
func (r *Roster) read(ctx context.Context, have *state) (*state, error) {
	if err := r.book.db.Current(); err != nil {
		return have, err
	}
	var now int64
	if err := r.book.db.Scan(ctx, `SELECT number FROM change WHERE one = 1`, nil, &now); err != nil || now == have.change {
		return have, err
	}
	if now < have.change { // another database lies there now
		have = &state{change: -1}
	}
	fresh := &state{readers: maps.Clone(have.readers)}
	if fresh.readers == nil {
		fresh.readers = map[uint32]Reader{}
	}
	err := r.book.db.View(ctx, func(tx *store.Tx) error {
		if err := tx.Scan(ctx, `SELECT number FROM change WHERE one = 1`, nil, &fresh.change); err != nil {
			return err
		}
		return errors.Join(r.readMembers(ctx, tx, have.change, fresh.readers), readErased(ctx, tx, have.change, fresh.readers))
	})
	return fresh, err
}

func (r *Roster) readMembers(ctx context.Context, tx *store.Tx, since int64, readers map[uint32]Reader) error {
	rows, err := tx.Query(ctx, `SELECT id, status, audiences, valid_after FROM member WHERE changed > ?`, since)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id uint32
		var status, packed string
		var validAfter int64
		if err := rows.Scan(&id, &status, &packed, &validAfter); err != nil {
			return err
		}
		audiences, known := r.shared[packed]
		if !known {
			if err := unpack(packed, &audiences); err != nil {
				return err
			}
			r.shared[packed] = audiences
		}
		readers[id] = Reader{Audiences: audiences, ValidAfter: store.Time(validAfter)}
		if status != Active {
			delete(readers, id)
		}
	}
	return rows.Err()
}

func readErased(ctx context.Context, tx *store.Tx, since int64, readers map[uint32]Reader) error {
	rows, err := tx.Query(ctx, `SELECT id FROM erased WHERE changed > ?`, since)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id uint32
		if err := rows.Scan(&id); err != nil {
			return err
		}
		delete(readers, id)
	}
	return rows.Err()
}
