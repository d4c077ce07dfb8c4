package store_test

import (
	"strings"
	"testing"
	"time"

	"kaiho/generator/store/storetest"
)

// On the machine of the test, the server's clock is this machine's.
func TestClockTellsTheTimeOfTheDatabase(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		db := storetest.Open(t, url)
		if got, want := db.IsServer(), strings.HasPrefix(url, "postgres"); got != want {
			t.Errorf("IsServer: got %t, want %t", got, want)
		}
		before := time.Now().Truncate(time.Millisecond)
		got, err := db.Clock(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if after := time.Now(); got.Before(before.Add(-time.Millisecond)) || got.After(after) {
			t.Errorf("got %v, want between %v and %v", got, before, after)
		}
	})
}
