package store_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"kaiho/generator/store"
)

func Example() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	ctx := context.Background()
	db, err := store.Open(ctx, "sqlite:"+filepath.Join(dir, "kaiho.db"))
	if err != nil {
		log.Fatal(err)
	}
	defer db.Close()

	err = db.Tx(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE change SET number = number + ? WHERE one = 1`, 2)
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	number := 0
	if err := db.Scan(ctx, `SELECT number FROM change WHERE one = ?`, []any{1}, &number); err != nil {
		log.Fatal(err)
	}
	fmt.Println(number)
	// Output: 2
}
