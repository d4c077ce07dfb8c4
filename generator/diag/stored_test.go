package diag

import (
	"reflect"
	"strings"
	"testing"
)

// pause is a problem with a cause.
func pause(reply string) Problem {
	p := New(Pos{}, BreakerOpen, "count", "5", "of", "20")
	cause := New(Pos{}, RelayPolicy, "reply", reply, "reason", "")
	p.Cause = &cause
	return p
}

func TestAProblemIsStoredForReadersOfEveryLanguage(t *testing.T) {
	p := pause(`550 5.7.26 "unauthenticated" <https://mail.example/help>`)
	text := p.Encode()
	got, ok := Decode(text)
	if !ok || !reflect.DeepEqual(got, p) || strings.ContainsAny(text, "\r\n") {
		t.Fatalf("got %+v, %v from %s, want %+v", got, ok, text, p)
	}
	for lang, want := range map[Lang]string{
		English:  `The last one: the letter was refused, not for its address but for us: 550 5.7.26 "unauthenticated" <https://mail.example/help>. "kaiho doctor"`,
		Japanese: `最後の理由：宛先ではなく、送り手の側の理由で断られました（550 5.7.26 "unauthenticated" <https://mail.example/help>）。「kaiho doctor」`,
	} {
		if text := got.Message(lang); !strings.Contains(text, want) {
			t.Errorf("got %q, want %q in it", text, want)
		}
	}
}

func TestWhatIsNoStoredProblem(t *testing.T) {
	deep := pause("x")
	for range maxCauses {
		outer := New(Pos{}, BreakerOpen)
		inner := deep
		outer.Cause = &inner
		deep = outer
	}
	for _, test := range []struct{ name, text string }{
		{"a sentence of an earlier program", "sending is paused: 5 of the last 20 letters failed"},
		{"nothing", ""},
		{"a number", "550"},
		{"a list", `["breaker-open"]`},
		{"no rule", `{"args":["count","5"]}`},
		{"a rule of a later program", `{"rule":"moon-phase"}`},
		{"a cause of a later program", `{"rule":"breaker-open","cause":{"rule":"moon-phase"}}`},
		{"a part of one", pause("x").Encode()[:30]},
		{"causes without end", deep.Encode()},
	} {
		t.Run(test.name, func(t *testing.T) {
			if p, ok := Decode(test.text); ok {
				t.Errorf("got %+v, want none", p)
			}
		})
	}
}

// FuzzDecode holds that what is read can be said and stored again, and stays bounded.
func FuzzDecode(f *testing.F) {
	f.Add(pause(strings.Repeat(`"\`, 1000)).Encode())
	f.Add(`{"rule":"breaker-open","args":["count"],"cause":{"rule":"relay-lost","args":["reason","\u2028\u0000"]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		p, ok := Decode(text)
		if !ok {
			return
		}
		for _, lang := range []Lang{English, Japanese} {
			if p.Text(lang) == "" {
				t.Errorf("%s: nothing is said of %q", lang, text)
			}
		}
		again, ok := Decode(p.Encode())
		if !ok || again.Encode() != p.Encode() {
			t.Errorf("got %q, want %q", again.Encode(), p.Encode())
		}
	})
}

func TestAStoredProblemIsBounded(t *testing.T) {
	worst := pause(strings.Repeat(`"`, 100_000))
	worst.Cause.Args[3] = strings.Repeat("\u2028\x00\xff", 50_000)
	if n := len([]rune(worst.Encode())); n > 5000 {
		t.Errorf("got %d characters, want at most 5000", n)
	}
}

func TestProblemsOfTwoCausesAreTwo(t *testing.T) {
	none := New(Pos{}, BreakerOpen, "count", "5", "of", "20")
	problems := Problems{pause("a"), pause("b"), none, pause("a")}
	problems.Sort()
	if want := (Problems{none, pause("a"), pause("b")}); !reflect.DeepEqual(problems, want) {
		t.Errorf("got %+v, want %+v", problems, want)
	}
}
