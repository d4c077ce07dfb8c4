package store

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// What a database may answer that its user can do something about. They are found
// by errors.Is in whatever this package returns.
var (
	ErrNoRows      = sql.ErrNoRows
	ErrURL         = errors.New("this is no address of a database; write sqlite:PATH or postgres://user@host/name")
	ErrLocked      = errors.New("the database is locked by another process; try again when that is done")
	ErrFull        = errors.New("the disk is full; nothing was changed")
	ErrReadOnly    = errors.New("the database may not be written; look at the permissions of the file and its folder")
	ErrNewer       = errors.New("the database was made by a newer version of kaiho; use that version")
	ErrNotDatabase = errors.New("the file is damaged, or is not a database")
	ErrUnique      = errors.New("there is such a row already")
	ErrReplaced    = errors.New("the file of the database was removed or replaced; start again")
	ErrLost        = errors.New("the connection to the database was lost; see that its server runs and can be reached, and start again")
	ErrInUse       = errors.New("the database is in use; stop kaiho serve and other commands first")
)

// explain puts the error of ours before what the driver said.
func explain(err error) error {
	if err == nil {
		return nil
	}
	if kind := kindOf(err); kind != nil && !errors.Is(err, kind) {
		return fmt.Errorf("%w (%w)", kind, err)
	}
	return err
}

func kindOf(err error) error {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		if code := e.Code(); code == sqlite3.SQLITE_CONSTRAINT_UNIQUE || code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY {
			return ErrUnique
		}
		switch e.Code() & 0xff { // the rest says more precisely what happened
		case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
			return ErrLocked
		case sqlite3.SQLITE_FULL:
			return ErrFull
		case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
			return ErrReadOnly
		case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
			return ErrNotDatabase
		}
	}
	if e, ok := errors.AsType[*pgconn.PgError](err); ok { // codes: Postgres manual, appendix A
		switch e.Code {
		case "23505":
			return ErrUnique
		case "53100":
			return ErrFull
		case "55P03", "40P01":
			return ErrLocked
		case "25006", "42501":
			return ErrReadOnly
		}
		if strings.HasPrefix(e.Code, "08") || strings.HasPrefix(e.Code, "57P") {
			return ErrLost
		}
		return nil
	}
	return kindOfLoss(err)
}

// kindOfLoss says whether the server is not there, or no longer.
func kindOfLoss(err error) error {
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return ErrLost
	}
	if _, ok := errors.AsType[*net.OpError](err); ok {
		return ErrLost
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, driver.ErrBadConn) {
		return ErrLost
	}
	return nil
}
