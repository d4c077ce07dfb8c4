package member_test

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"kaiho/generator/member"
)

func signup(address string) member.Signup {
	return member.Signup{Address: address, Language: "ja", Version: "subscribe-ja-1", Text: "お便りをお届けします。\nいつでも止められます。",
		Network: "203.0.113.0/24", Asked: now().Add(-time.Hour), At: now()}
}

func join(t *testing.T, b *member.Book, s member.Signup) (member.Member, member.Joining) {
	t.Helper()
	m, did, err := b.Join(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	return m, did
}

func TestASubscriberIsAMemberWithoutAudiences(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		b := open()
		s := signup(" Foo..Bar+news@DOCOMO.ne.jp ")
		m, did := join(t, b, s)
		if did != member.Joined || m.Status != member.Active || len(m.Audiences) != 0 || !m.Mailable || m.Language != "ja" ||
			m.Agreed != s.Version || m.SMTP != "Foo..Bar+news@DOCOMO.ne.jp" || m.Email != "foo..bar+news@docomo.ne.jp" {
			t.Errorf("got %d: %+v, want an active subscriber", did, m)
		}
		got, err := open().Consents(t.Context(), m.ID)
		want := member.Consent{Purpose: member.Newsletter, Version: s.Version, Given: true, At: now(), By: "member", Channel: "web", Network: "203.0.113.0/24"}
		if err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
		if text, err := open().ConsentText(t.Context(), s.Version); err != nil || text != s.Text {
			t.Errorf("got %q, %v, want the text that was shown", text, err)
		}
		if text, err := b.ConsentText(t.Context(), "paper"); err != nil || text != "" {
			t.Errorf("got %q, %v, want nothing of a text that lies elsewhere", text, err)
		}
		for range 2 {
			s.At = s.At.Add(time.Minute)
			if again, did := join(t, b, s); did != member.Already || again.ID != m.ID {
				t.Errorf("the same link again: got %d, want %d", did, member.Already)
			}
		}
		if got, err := b.Consents(t.Context(), m.ID); err != nil || len(got) != 1 {
			t.Errorf("got %d consents (%v), want one", len(got), err)
		}
		changed, err := b.Update(t.Context(), m.ID, now(), func(m *member.Member) error { m.Preferences.Format = "text"; return nil })
		if err != nil || changed.Preferences.Format != "text" {
			t.Errorf("got %+v, %v, want preferences of somebody without a name", changed, err)
		}
		if _, err := b.Update(t.Context(), m.ID, now(), func(m *member.Member) error { m.Audiences = []string{"alumni"}; return nil }); !errors.Is(err, member.ErrInvalid) {
			t.Errorf("got %v, want no reader of members' pages without a name", err)
		}
	})
}

func TestWhoIsKnownComesBackByTheirOwnConfirmation(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		for _, c := range []struct {
			name string
			do   func(b *member.Book, id uint32) error // at the time before, of somebody with a consent
			then func(b *member.Book, id uint32) error // after they asked
			want member.Joining
		}{
			{"who gets letters gets them as before", nil, nil, member.Already},
			{"who unsubscribed from all mail", func(b *member.Book, id uint32) error {
				return b.Unsubscribe(t.Context(), id, 0, before(), "header")
			}, nil, member.Returned},
			{"who took the consent back", func(b *member.Book, id uint32) error {
				return b.RecordConsent(t.Context(), id, member.Consent{Purpose: member.Newsletter, Version: "1", At: before(), Channel: "page"})
			}, nil, member.Returned},
			{"who paused letters", set(t, func(m *member.Member) { m.Preferences.PausedUntil = now().AddDate(0, 1, 0) }), nil, member.Returned},
			{"who has left the network", set(t, func(m *member.Member) { m.Status = member.Left }), nil, member.Returned},
			{"whom the office has paused", set(t, func(m *member.Member) { m.Status = member.Paused }), nil, member.OnHold},
			{"who unsubscribed after they asked", nil, func(b *member.Book, id uint32) error {
				return b.Unsubscribe(t.Context(), id, 0, now().Add(-time.Minute), "page")
			}, member.Stale},
			{"who took the consent back after they asked", nil, func(b *member.Book, id uint32) error {
				return b.RecordConsent(t.Context(), id, member.Consent{Purpose: member.Newsletter, Version: "1", At: now().Add(-time.Minute), Channel: "page"})
			}, member.Stale},
			{"who left after they asked", nil, func(b *member.Book, id uint32) error {
				_, err := b.Update(t.Context(), id, now().Add(-time.Minute), func(m *member.Member) error { m.Status = member.Left; return nil })
				return err
			}, member.Stale},
		} {
			t.Run(c.name, func(t *testing.T) {
				b := open()
				m := person(strings.ReplaceAll(c.name, " ", ".") + "@example.jp")
				m, err := b.Add(t.Context(), m, before())
				if err != nil {
					t.Fatal(err)
				}
				consent := member.Consent{Purpose: member.Newsletter, Version: "import", Given: true, At: before(), Channel: "import"}
				if err := b.RecordConsent(t.Context(), m.ID, consent); err != nil {
					t.Fatal(err)
				}
				for _, step := range []func(*member.Book, uint32) error{c.do, c.then} {
					if step != nil {
						if err := step(b, m.ID); err != nil {
							t.Fatal(err)
						}
					}
				}
				was, err := b.Member(t.Context(), m.ID)
				if err != nil {
					t.Fatal(err)
				}
				s := signup(strings.ToUpper(m.SMTP))
				s.Name, s.Language = "Somebody Else", "en"
				got, did := join(t, b, s)
				if did != c.want || got.ID != m.ID || got.Name != was.Name || got.SMTP != was.SMTP {
					t.Fatalf("got %d: %+v, want %d and nothing of the form", did, got, c.want)
				}
				isMailed := got.Mailable && got.Preferences.Gets(0, now())
				if isMailed != (did == member.Returned || did == member.Already) {
					t.Errorf("got %+v after %d", got, did)
				}
				if did == member.Stale || did == member.OnHold {
					if !reflect.DeepEqual(got, was) {
						t.Errorf("got %+v, want nothing changed of %+v", got, was)
					}
				}
				if was.Status == member.Left && len(got.Audiences) != 0 && did == member.Returned {
					t.Errorf("got the audiences %v of somebody who had left, want none", got.Audiences)
				}
				if was.Status == member.Active && len(got.Audiences) != 1 {
					t.Errorf("got the audiences %v, want those there were", got.Audiences)
				}
				if err := b.Unsubscribe(t.Context(), m.ID, 0, now().Add(time.Minute), "page"); err != nil {
					t.Fatal(err)
				}
				s.At = now().Add(time.Hour)
				if _, did := join(t, b, s); did != member.Stale && c.want != member.OnHold {
					t.Errorf("the old link after they left once more: got %d, want %d", did, member.Stale)
				}
			})
		}
	})
}

// before is long before anybody asked.
func before() time.Time { return now().Add(-1000 * time.Hour) }

func set(t *testing.T, f func(*member.Member)) func(*member.Book, uint32) error {
	return func(b *member.Book, id uint32) error {
		_, err := b.Update(t.Context(), id, before(), func(m *member.Member) error { f(m); return nil })
		return err
	}
}

func TestAnErasedAddressComesBackByItsOwnConfirmationAlone(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		b := open()
		first, _ := join(t, b, signup("m@example.jp"))
		if err := b.Erase(t.Context(), first.ID, now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if cs, err := b.Consents(t.Context(), first.ID); err != nil || len(cs) != 1 || cs[0].Network != "" || cs[0].By != "" {
			t.Errorf("got %+v, %v, want the consent without where it came from", cs, err)
		}
		s := signup("M@example.jp")
		s.At = now().Add(time.Hour)
		if m, did := join(t, b, s); did != member.Stale || m.ID != 0 {
			t.Errorf("by the link from before: got %d, want %d", did, member.Stale)
		}
		if _, err := b.Add(t.Context(), person("m@example.jp"), now()); !errors.Is(err, member.ErrSuppressed) {
			t.Errorf("by the office: got %v, want %v", err, member.ErrSuppressed)
		}
		s.Asked, s.At = now().Add(2*time.Hour), now().Add(3*time.Hour)
		m, did := join(t, b, s)
		if did != member.Joined || m.ID == first.ID || !m.Mailable {
			t.Errorf("got %d: %+v, want a new subscriber", did, m)
		}
	})
}

func TestOfManyConfirmationsAtOnceOneCounts(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		b, did := open(), make([]member.Joining, 8)
		var all sync.WaitGroup
		for i := range did {
			all.Go(func() {
				var err error
				if _, did[i], err = b.Join(t.Context(), signup("m@example.jp")); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		joined := 0
		for _, d := range did {
			if d == member.Joined {
				joined++
			} else if d != member.Already {
				t.Errorf("got %d, want %d", d, member.Already)
			}
		}
		m, err := b.ByAddress(t.Context(), "m@example.jp")
		if err != nil || joined != 1 {
			t.Fatalf("got %d who joined (%v), want one", joined, err)
		}
		if cs, err := b.Consents(t.Context(), m.ID); err != nil || len(cs) != 1 {
			t.Errorf("got %d consents (%v), want one", len(cs), err)
		}
	})
}

func TestNamesOfSubscribers(t *testing.T) {
	b := fileBook(t)
	for i, c := range []struct {
		name string
		want member.Name
		bad  bool
	}{
		{"", member.Name{}, false},
		{" 髙梨　湊 ", member.Name{Family: "髙梨", Given: "湊"}, false},
		{"たかなし", member.Name{Family: "たかなし"}, false},
		{"TRẦN Linh", member.Name{Latin: "TRẦN Linh"}, false},
		{"O'Neil, \"Jo\" <x>", member.Name{Latin: "O'Neil, \"Jo\" <x>"}, false},
		{strings.Repeat("凪", member.MaxSignupName), member.Name{Family: strings.Repeat("凪", member.MaxSignupName)}, false},
		{strings.Repeat("凪", member.MaxSignupName+1), member.Name{}, true},
		{"Minato\r\nBcc: all@mail.example", member.Name{}, true},
		{"Minato\nX", member.Name{}, true},
		{"Minato\u2028X", member.Name{}, true},
		{"Minato\x00", member.Name{}, true},
		{"Minato\u202Egnp", member.Name{}, true},
		{"Minato\xff", member.Name{}, true},
	} {
		s := signup(string(rune('a'+i)) + "@example.jp")
		s.Name = c.name
		m, _, err := b.Join(t.Context(), s)
		if errors.Is(err, member.ErrInvalid) != c.bad || m.Name != c.want {
			t.Errorf("%q: got %+v, %v, want %+v", c.name, m.Name, err, c.want)
		}
		if err != nil {
			if _, err := b.ByAddress(t.Context(), s.Address); !errors.Is(err, member.ErrNotFound) {
				t.Errorf("%q: got %v, want nobody stored", c.name, err)
			}
		}
	}
	s := signup("no address")
	if _, _, err := b.Join(t.Context(), s); !errors.Is(err, member.ErrAddress) {
		t.Errorf("got %v, want %v", err, member.ErrAddress)
	}
}

func TestSubscribersWithoutANameAreExportedAndImported(t *testing.T) {
	b := fileBook(t)
	join(t, b, signup("m@example.jp"))
	all, err := b.List(t.Context(), member.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	var file bytes.Buffer
	if err := member.WriteCSV(&file, all); err != nil {
		t.Fatal(err)
	}
	again := fileBook(t)
	if report, err := again.Import(t.Context(), file.Bytes(), member.ImportOptions{File: "members.csv", Now: now()}); err != nil || len(report.Problems) > 0 {
		t.Fatalf("got %v, %v, want the file taken", report.Problems, err)
	}
	if m, err := again.ByAddress(t.Context(), "m@example.jp"); err != nil || !m.Mailable {
		t.Errorf("got %+v, %v, want the subscriber", m, err)
	}
}
