package member_test

import (
	"testing"

	"kaiho/generator/member"
	"kaiho/generator/store/storetest"
)

// each runs f with an empty database of each kind; open opens it once more.
func each(t *testing.T, f func(t *testing.T, open func() *member.Book)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, url string) {
		f(t, func() *member.Book { return book(t, url) })
	})
}

// book opens the people of a database.
func book(t testing.TB, url string) *member.Book {
	t.Helper()
	return member.Open(storetest.Open(t, url))
}

// fileBook opens the people of a new SQLite file.
func fileBook(t testing.TB) *member.Book {
	t.Helper()
	return book(t, storetest.SQLite(t))
}
