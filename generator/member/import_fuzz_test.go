package member_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"kaiho/generator/member"
)

// A file of any kind never panics, and stores all or nothing; what is stored is
// exported and imported to the same.
func FuzzImport(f *testing.F) {
	f.Add([]byte(head+"a@example.jp,a,b,,,,alumni,ja,2000,2010,,,x;y,,,no,-\n"), false)
	f.Add(member.Sample(), true)
	f.Add([]byte("email,family,note\na@example.jp,'=a,'\nx,\"\n"), true)
	f.Add([]byte("メール,氏名\na@example.jp,あ　い\n"), false)
	f.Add([]byte("email,family,visibility,paused_until,unsubscribed\na@example.jp,あ,name=hidden,2026-11-20T00:00:00.001+09:00,0;4294967295\n"), false)
	b, again := fileBook(f), fileBook(f)
	f.Fuzz(func(t *testing.T, data []byte, skip bool) {
		for _, b := range []*member.Book{b, again} {
			if err := member.Empty(t.Context(), b); err != nil {
				t.Fatal(err)
			}
		}
		o := options()
		o.SkipBad = skip
		report, err := b.Import(t.Context(), data, o)
		if err != nil {
			t.Fatal(err)
		}
		all, err := b.List(t.Context(), member.Filter{})
		want := report.New
		if !report.Stored {
			want = 0
		}
		if err != nil || len(all) != want || report.New+report.Bad > report.Rows || report.Stored && report.Problems.HasErrors() && !skip {
			t.Fatalf("got %d members, %v, of %+v", len(all), err, report)
		}
		var first, second bytes.Buffer
		if err := member.WriteCSV(&first, all); err != nil {
			t.Fatal(err)
		}
		if report, err = again.Import(t.Context(), first.Bytes(), o); err != nil || report.New != want {
			t.Fatalf("exported and imported: %+v, %v\n%s", report, err, &first)
		}
		if all, err = again.List(t.Context(), member.Filter{}); err != nil {
			t.Fatal(err)
		}
		if err := member.WriteCSV(&second, all); err != nil {
			t.Fatal(err)
		}
		if got, want := sorted(second.String()), sorted(first.String()); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	})
}

func sorted(s string) string {
	rows := strings.Split(s, "\n")
	slices.Sort(rows)
	return strings.Join(rows, "\n")
}
