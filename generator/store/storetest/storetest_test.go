package storetest

import (
	"errors"
	"io/fs"
	"os"
	"testing"

	"kaiho/generator/store"
)

func TestEveryTestHasADatabaseOfItsOwn(t *testing.T) {
	for name, database := range map[string]func(testing.TB) string{"SQLite": SQLite, "Postgres": Postgres} {
		t.Run(name, func(t *testing.T) {
			one, other := database(t), database(t)
			err := Open(t, one).Tx(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Exec(t.Context(), `INSERT INTO salt (purpose, hex) VALUES ('a', 'b')`)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			for url, want := range map[string]int{one: 1, other: 0} {
				got := 0
				if err := Open(t, url).Scan(t.Context(), `SELECT count(*) FROM salt`, nil, &got); err != nil || got != want {
					t.Errorf("%s: got %d rows, %v, want %d", url, got, err, want)
				}
			}
		})
	}
}

// When the pipe of the process is closed, as the system does at its end, the server
// ends and leaves no folder.
func TestNothingIsLeftOfAServer(t *testing.T) {
	Postgres(t) // or skip
	s, err := start()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(s.dir); err != nil {
		t.Fatal(err)
	}
	if err := s.stop(); err != nil {
		t.Errorf("got %v, want a shell that ended well", err)
	}
	if _, err := os.Stat(s.dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want no folder", err)
	}
	if db, err := store.Open(t.Context(), s.url("postgres")); err == nil {
		db.Close()
		t.Error("the server answers, want none")
	}
}
