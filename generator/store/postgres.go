package store

import (
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

const connections = 16 // to Postgres, of one process

// openPostgres prepares a pool; the first query connects.
func openPostgres(url string) (*DB, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("%w (%s)", ErrURL, "postgres") // the error of the driver may hold the password
	}
	var pool *sql.DB = stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return &DB{write: pool, read: pool, postgres: true}, nil
}
