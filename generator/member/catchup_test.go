package member_test

import (
	"path/filepath"
	"testing"
	"time"

	"kaiho/generator/member"
)

// A backup is restored; what was done since then and must last is done again, and
// nothing else.
func TestGoingBackDoesNotUndoErasingAndWithdrawing(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	old := book(t, "sqlite:"+filepath.Join(dir, "kaiho.db"))
	yes := member.Consent{Purpose: member.Newsletter, Version: "v1", Given: true, At: now()}
	ids := map[string]uint32{}
	for _, name := range []string{"erased", "revoked", "withdrawn", "unsubscribed", "moved"} {
		ids[name] = add(t, old, person(name+"@example.jp")).ID
		if err := old.RecordConsent(ctx, ids[name], yes); err != nil {
			t.Fatal(err)
		}
	}
	if err := member.Database(old).Backup(ctx, filepath.Join(dir, "backup")); err != nil {
		t.Fatal(err)
	}
	late := add(t, old, person("late@example.jp")).ID // added and erased since
	no := member.Consent{Purpose: member.Newsletter, Version: "v1", At: now()}
	for _, err := range []error{old.RecordConsent(ctx, late, yes), old.Erase(ctx, late, now()), old.Erase(ctx, ids["erased"], now()), old.Revoke(ctx, ids["revoked"], now()),
		old.RecordConsent(ctx, ids["withdrawn"], no), old.Unsubscribe(ctx, ids["unsubscribed"], 0, now(), "header")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	change(t, old, ids["moved"], func(m *member.Member) { m.Region = "大阪府" })

	b := book(t, "sqlite:"+filepath.Join(dir, "backup"))
	for range 2 { // a second time changes nothing
		if _, err := b.CatchUp(ctx, old, now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
	}
	got := func(name string) member.Member {
		m, err := b.Member(ctx, ids[name])
		if err != nil {
			t.Error(name, err)
		}
		return m
	}
	if all, err := b.List(ctx, member.Filter{}); err != nil || len(all) != 4 {
		t.Errorf("got %d members, %v, want 4", len(all), err)
	}
	if search(t, dir, "erased@example.jp") {
		t.Error("the address of somebody erased is in a file")
	}
	if !got("revoked").ValidAfter.Equal(now()) || got("withdrawn").Mailable || got("unsubscribed").Mailable || !got("moved").Mailable || got("moved").Region != "" {
		t.Errorf("got %+v", ids)
	}
	if cs, err := b.Consents(ctx, late); err != nil || len(cs) != 1 {
		t.Errorf("got the evidence %v, %v, want one", cs, err)
	}
	for _, address := range []string{"late@example.jp", "erased@example.jp"} {
		if _, err := b.Add(ctx, person(address), now()); err == nil {
			t.Errorf("%s is added again", address)
		}
	}
	r := roster(t, b)
	if _, ok := r.Reader(ids["erased"]); ok {
		t.Error("somebody erased may read")
	}
}
