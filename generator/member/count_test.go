package member_test

import (
	"testing"

	"kaiho/generator/member"
	"kaiho/generator/store/storetest"
)

// What Count says is what reading everybody and counting gives.
func TestCountIsWhatTheMembersSay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, url string) {
		b := member.Open(storetest.Open(t, url))
		if got, err := b.Count(t.Context()); err != nil || got != (member.Counts{}) {
			t.Fatalf("of nobody: got %+v, %v, want none", got, err)
		}
		for i, m := range []struct {
			address, status string
			consents        []bool
			unsubscribed    bool
		}{
			{"a@x.example", member.Active, []bool{true}, false},
			{"b@x.example", member.Active, []bool{false, true}, false},
			{"c@x.example", member.Active, []bool{true, false}, false}, // took it back
			{"d@x.example", member.Active, nil, false},
			{"e@x.example", member.Active, []bool{true}, true},
			{"f@x.example", member.Left, []bool{true}, false},
			{"g@x.example", member.Paused, nil, false},
		} {
			added, err := b.Add(t.Context(), member.Member{SMTP: m.address, Status: m.status, Name: member.Name{Family: "浜"}}, now())
			if err != nil {
				t.Fatal(err)
			}
			for _, given := range m.consents {
				c := member.Consent{Purpose: member.Newsletter, Version: "1", Given: given, At: now(), Channel: "import"}
				if err := b.RecordConsent(t.Context(), added.ID, c); err != nil {
					t.Fatal(i, err)
				}
			}
			if m.unsubscribed {
				if err := b.Unsubscribe(t.Context(), added.ID, 0, now(), "page"); err != nil {
					t.Fatal(i, err)
				}
			}
		}
		all, err := b.List(t.Context(), member.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		want := member.Counts{}
		for _, m := range all {
			if m.Mailable {
				want.Mailable++
			}
			if m.Status == member.Active && m.Agreed == "" {
				want.Silent++
			}
		}
		got, err := b.Count(t.Context())
		if err != nil || got != want || got != (member.Counts{Mailable: 2, Silent: 2}) {
			t.Errorf("got %+v, %v, want %+v, which is 2 and 2", got, err, want)
		}
	})
}
