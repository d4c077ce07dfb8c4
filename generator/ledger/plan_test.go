package ledger_test

import (
	"strings"
	"testing"

	"kaiho/generator/ledger"
	"kaiho/generator/store/storetest"
)

// SQLite finds the rows of each statement by an index, however many they are: it reads
// no more of an issue of a million than of one of ten.
func TestNoStatementReadsTheWholeLedger(t *testing.T) {
	db := storetest.Open(t, storetest.SQLite(t))
	for _, n := range []int{1, 64, ledger.MaxRows, 2000} {
		for name, statement := range ledger.Statements(n) {
			if n > ledger.MaxRows && !strings.HasPrefix(name, "claim") {
				continue
			}
			rows, err := db.Query(t.Context(), `EXPLAIN QUERY PLAN `+statement, make([]any, strings.Count(statement, "?"))...)
			if err != nil {
				t.Fatal(err)
			}
			searches := 0
			for rows.Next() {
				var id, parent, unused int
				step := ""
				if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
					t.Fatal(err)
				}
				if strings.HasPrefix(step, "SEARCH delivery USING") {
					searches++
				}
				if strings.HasPrefix(step, "SCAN delivery") || strings.Contains(step, "AUTOMATIC") {
					t.Errorf("%s of %d rows: got the step %s", name, n, step)
				}
			}
			if err := rows.Close(); err != nil || searches == 0 {
				t.Errorf("%s of %d rows: got %d searches, %v", name, n, searches, err)
			}
		}
	}
}
