package store_test

import (
	"testing"

	"kaiho/generator/store"
	"kaiho/generator/store/storetest"
)

// each runs f with an empty database of each kind; open opens it once more.
func each(t *testing.T, f func(t *testing.T, open func() *store.DB)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, url string) {
		f(t, func() *store.DB { return storetest.Open(t, url) })
	})
}
