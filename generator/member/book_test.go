package member_test

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"kaiho/generator/member"
)

// now is the time of all tests.
func now() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }

func person(address string) member.Member {
	return member.Member{SMTP: address, Audiences: []string{"alumni"}, Name: member.Name{Family: "髙梨", Given: "湊", FamilyKana: "たかなし", GivenKana: "みなと"}}
}

func add(t testing.TB, b *member.Book, m member.Member) member.Member {
	t.Helper()
	m, err := b.Add(t.Context(), m, now())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAMemberIsReadAsStored(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		b := open()
		want := member.Member{
			SMTP: "Minato@Ikesu-Lab.example", Audiences: []string{"alumni", "staff"}, Status: member.Paused,
			Name:     member.Name{Family: "髙梨", Given: "湊", FamilyKana: "たかなし", GivenKana: "みなと", Former: "﨑", Latin: "TAKANASHI Minato"},
			Language: "ja", Joined: 2009, Left: 2018, Department: "光学設計部", Title: "主任", Skills: []string{"光学", "a,b"}, Interests: []string{"𠮷"},
			Region: "青波県", Note: "一行目\n二行目 ' \" ? $1", Visibility: member.Visibility{member.FieldName: member.Alumni},
			Preferences: member.Preferences{Format: "text", Frequency: "main", PausedUntil: now().AddDate(0, 1, 0)}, ValidAfter: now(),
		}
		want = add(t, b, want)
		if want.Email != "minato@ikesu-lab.example" || want.ID == 0 || !want.Created.Equal(now()) {
			t.Fatalf("got %+v", want)
		}
		got, err := open().Member(t.Context(), want.ID)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v\nwant %+v", got, err, want)
		}
		if got, err = b.ByAddress(t.Context(), " MINATO@ikesu-lab.EXAMPLE "); err != nil || got.ID != want.ID {
			t.Errorf("by address: got %d, %v, want %d", got.ID, err, want.ID)
		}
		if _, err := b.Member(t.Context(), want.ID+1); !errors.Is(err, member.ErrNotFound) {
			t.Errorf("got %v, want %v", err, member.ErrNotFound)
		}
		if _, err := b.ByAddress(t.Context(), "no address"); !errors.Is(err, member.ErrAddress) {
			t.Errorf("got %v, want %v", err, member.ErrAddress)
		}
	})
}

func TestWhatCannotBeStored(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		b := open()
		add(t, b, person("taken@example.jp"))
		for name, test := range map[string]struct {
			change func(*member.Member)
			want   error
		}{
			"the address of another member":   {func(m *member.Member) { m.SMTP = "TAKEN@EXAMPLE.JP" }, member.ErrTaken},
			"something that is no address":    {func(m *member.Member) { m.SMTP = "taro" }, member.ErrAddress},
			"nobody's name":                   {func(m *member.Member) { m.Name = member.Name{Former: "東"} }, member.ErrInvalid},
			"an unknown status":               {func(m *member.Member) { m.Status = "gone" }, member.ErrInvalid},
			"an unknown format":               {func(m *member.Member) { m.Preferences.Format = "pdf" }, member.ErrInvalid},
			"an unknown frequency":            {func(m *member.Member) { m.Preferences.Frequency = "often" }, member.ErrInvalid},
			"an unknown field of visibility":  {func(m *member.Member) { m.Visibility = member.Visibility{"phone": member.Alumni} }, member.ErrInvalid},
			"an unknown level of visibility":  {func(m *member.Member) { m.Visibility = member.Visibility{member.FieldName: "world"} }, member.ErrInvalid},
			"a NUL in a name":                 {func(m *member.Member) { m.Name.Given = "a\x00b" }, member.ErrInvalid},
			"bytes that are no text":          {func(m *member.Member) { m.Note = "\xff" }, member.ErrInvalid},
			"a list entry with the separator": {func(m *member.Member) { m.Skills = []string{"a;b"} }, member.ErrInvalid},
			"an endless note":                 {func(m *member.Member) { m.Note = string(make([]byte, 5000)) }, member.ErrInvalid},
		} {
			t.Run(name, func(t *testing.T) {
				m := person("new@example.jp")
				test.change(&m)
				if _, err := b.Add(t.Context(), m, now()); !errors.Is(err, test.want) {
					t.Errorf("got %v, want %v", err, test.want)
				}
			})
		}
		if all, err := b.List(t.Context(), member.Filter{}); err != nil || len(all) != 1 {
			t.Errorf("got %d members, %v, want 1", len(all), err)
		}
	})
}

func TestAListIsInTheOrderOfKana(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		b := open()
		for i, kana := range []string{"わたなべ", "アサヒナ", "さとう", ""} {
			m := person(fmt.Sprintf("m%d@example.jp", i))
			m.Name = member.Name{Family: fmt.Sprint("姓", i), FamilyKana: kana}
			m.Joined = 2000 + i
			if i == 2 {
				m.Status, m.Audiences = member.Left, []string{"staff"}
			}
			add(t, b, m)
		}
		for name, test := range map[string]struct {
			filter member.Filter
			want   []string
		}{
			"all":            {member.Filter{}, []string{"姓1", "姓2", "姓0", "姓3"}},
			"of an audience": {member.Filter{Audience: "alumni"}, []string{"姓1", "姓0", "姓3"}},
			"of a status":    {member.Filter{Status: member.Left}, []string{"姓2"}},
			"of a cohort":    {member.Filter{Joined: 2001}, []string{"姓1"}},
			"of nobody":      {member.Filter{Audience: "alum"}, nil},
		} {
			t.Run(name, func(t *testing.T) {
				all, err := b.List(t.Context(), test.filter)
				var got []string
				for _, m := range all {
					got = append(got, m.Name.Family)
				}
				if err != nil || !slices.Equal(got, test.want) {
					t.Errorf("got %v, %v, want %v", got, err, test.want)
				}
			})
		}
	})
}

// Several processes change one member at the same time; no change is lost.
func TestUpdatesDoNotOverwriteEachOther(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		const writers, steps = 4, 10
		m := add(t, open(), person("m@example.jp"))
		failures := make([]error, writers)
		var wg sync.WaitGroup
		for w := range writers {
			b := open()
			wg.Go(func() {
				for s := range steps {
					_, err := b.Update(t.Context(), m.ID, now(), func(m *member.Member) error {
						m.Skills = append(m.Skills, fmt.Sprint(w, " ", s))
						return nil
					})
					failures[w] = errors.Join(failures[w], err)
				}
			})
		}
		wg.Wait()
		got, err := open().Member(t.Context(), m.ID)
		if err = errors.Join(err, errors.Join(failures...)); err != nil || len(got.Skills) != writers*steps {
			t.Errorf("got %d skills, %v, want %d", len(got.Skills), err, writers*steps)
		}
	})
}

func TestUpdateKeepsWhatIsNotItsOwn(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		b := open()
		m := add(t, b, person("m@example.jp"))
		later := now().Add(time.Hour)
		got, err := b.Update(t.Context(), m.ID, later, func(m *member.Member) error {
			m.ID, m.Email, m.SMTP, m.Created = 1, "other@example.jp", "New@example.jp", later
			return nil
		})
		if err != nil || got.ID != m.ID || got.Email != "new@example.jp" || !got.Created.Equal(now()) || !got.Updated.Equal(later) {
			t.Errorf("got %+v, %v", got, err)
		}
		stop := errors.New("stop")
		if _, err := b.Update(t.Context(), m.ID, later, func(*member.Member) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("got %v, want %v", err, stop)
		}
	})
}

func TestRevokingNeverGoesBack(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		b := open()
		m, other := add(t, b, person("m@example.jp")), add(t, b, person("o@example.jp"))
		revoke := func(at time.Time, want, wantOther time.Time) {
			t.Helper()
			if err := b.Revoke(t.Context(), m.ID, at); err != nil {
				t.Fatal(err)
			}
			got, _ := b.Member(t.Context(), m.ID)
			others, _ := b.Member(t.Context(), other.ID)
			if !got.ValidAfter.Equal(want) || !others.ValidAfter.Equal(wantOther) {
				t.Errorf("got %v and %v, want %v and %v", got.ValidAfter, others.ValidAfter, want, wantOther)
			}
		}
		revoke(now(), now(), time.Time{})
		revoke(now().Add(-time.Hour), now(), time.Time{})
		if err := b.RevokeAll(t.Context(), now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		revoke(now(), now().Add(time.Minute), now().Add(time.Minute))
		if err := b.Revoke(t.Context(), m.ID^1, now()); !errors.Is(err, member.ErrNotFound) {
			t.Errorf("got %v, want %v", err, member.ErrNotFound)
		}
	})
}

func TestUnsubscribingTwiceIsOnce(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		b, ctx := open(), t.Context()
		m := add(t, b, person("m@example.jp"))
		if err := b.RecordConsent(ctx, m.ID, member.Consent{Purpose: member.Newsletter, Version: "2026-04", Given: true, At: now(), By: "member", Channel: "page"}); err != nil {
			t.Fatal(err)
		}
		steps := []struct {
			do       func() error
			mailable bool
			gets     bool
			events   int
		}{
			{func() error { return b.Resubscribe(ctx, m.ID, 0, now(), "page") }, true, true, 0},
			{func() error { return b.Unsubscribe(ctx, m.ID, 3, now(), "page") }, true, true, 1},
			{func() error { return b.Unsubscribe(ctx, m.ID, 0, now(), "header") }, false, false, 2},
			{func() error { return b.Unsubscribe(ctx, m.ID, 0, now(), "header") }, false, false, 2},
			{func() error { return b.Resubscribe(ctx, m.ID, 0, now(), "page") }, true, true, 3},
			{func() error { return b.Resubscribe(ctx, m.ID, 0, now(), "page") }, true, true, 3},
			{func() error { return b.Unsubscribe(ctx, m.ID, 7, now(), "page") }, true, false, 4},
		}
		for i, step := range steps {
			if err := step.do(); err != nil {
				t.Fatal(err)
			}
			got, err := b.Member(ctx, m.ID)
			events, err2 := b.Subscriptions(ctx, m.ID)
			if err := errors.Join(err, err2); err != nil {
				t.Fatal(err)
			}
			if got.Mailable != step.mailable || got.Preferences.Gets(7, now()) != step.gets || len(events) != step.events {
				t.Errorf("step %d: got mailable %v, list 7 %v, %d events, want %v, %v, %d",
					i, got.Mailable, got.Preferences.Gets(7, now()), len(events), step.mailable, step.gets, step.events)
			}
		}
		if err := b.Unsubscribe(ctx, m.ID^1, 0, now(), "page"); !errors.Is(err, member.ErrNotFound) {
			t.Errorf("got %v, want %v", err, member.ErrNotFound)
		}
	})
}

func TestTheLastConsentCountsAndAllAreKept(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		b, ctx := open(), t.Context()
		m := add(t, b, person("m@example.jp"))
		if m.Mailable {
			t.Error("somebody who never agreed is mailable")
		}
		var want []member.Consent
		for i, given := range []bool{true, false, true} {
			c := member.Consent{Purpose: member.Newsletter, Version: fmt.Sprint("v", i), Given: given, At: now().Add(time.Duration(i) * time.Hour), By: "member", Channel: "page"}
			want = append(want, c)
			if err := b.RecordConsent(ctx, m.ID, c); err != nil {
				t.Fatal(err)
			}
			got, err := b.Member(ctx, m.ID)
			if err != nil || got.Mailable != given || (got.Agreed == c.Version) != given {
				t.Errorf("after %d: got mailable %v by %q, %v, want %v", i, got.Mailable, got.Agreed, err, given)
			}
		}
		if err := b.RecordConsent(ctx, m.ID, member.Consent{Purpose: member.Directory, Version: "d", Given: false, At: now()}); err != nil {
			t.Fatal(err)
		}
		got, err := b.Consents(ctx, m.ID)
		if err != nil || len(got) != 4 || !reflect.DeepEqual(got[:3], want) {
			t.Errorf("got %+v, %v, want %+v and one more", got, err, want)
		}
		if err := b.RecordConsent(ctx, m.ID, member.Consent{Purpose: member.Directory, At: now()}); !errors.Is(err, member.ErrInvalid) {
			t.Errorf("got %v, want %v", err, member.ErrInvalid)
		}
	})
}

func TestAPauseEnds(t *testing.T) {
	p := member.Preferences{PausedUntil: now()}
	if p.Gets(1, now().Add(-time.Second)) || !p.Gets(1, now()) {
		t.Error("the pause ends at another time than it says")
	}
}

func TestVisibility(t *testing.T) {
	v := member.Visibility{"name": member.Everyone, "email": member.Hidden, "region": member.Alumni}
	for name, test := range map[string]struct {
		field string
		at    member.Level
		want  bool
	}{
		"a stranger sees what is for everyone":        {"name", member.Everyone, true},
		"a stranger does not see what is for members": {"region", member.Everyone, false},
		"a member sees what is for members":           {"region", member.Alumni, true},
		"a member does not see what nobody spoke of":  {"skills", member.Alumni, false},
		"the office sees what nobody spoke of":        {"skills", member.Office, true},
		"the office does not see what is hidden":      {"email", member.Office, false},
		"nobody at all sees what is hidden":           {"email", member.Hidden, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := v.Shows(test.field, test.at); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}
