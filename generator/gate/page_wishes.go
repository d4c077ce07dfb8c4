package gate

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"time"

	"kaiho/generator/member"
)

// wishes are what a form of preferences asks for; what it does not name is nil.
type wishes struct {
	undo        bool
	language    *string
	often       *string
	format      *string
	paused      *time.Time
	pausedText  string
	pausedWrong bool
	lists       map[uint32]bool
	levels      member.Visibility
}

func frequencies() []string { return []string{"every", "main"} }
func formats() []string     { return []string{"html", "text"} }

func oftenOf(m member.Member) string {
	if m.Preferences.Frequency == "" {
		return "every"
	}
	return m.Preferences.Frequency
}

func formatOf(m member.Member) string {
	if m.Preferences.Format == "" {
		return "html"
	}
	return m.Preferences.Format
}

// readWishes reads a form; false if it holds what the page does not offer. A date
// that cannot be is a wish that is wrong: people type dates.
func (g *Gate) readWishes(form url.Values, m member.Member) (wishes, bool) {
	want := wishes{undo: form.Has("undo"), lists: map[uint32]bool{}, levels: member.Visibility{}}
	for name, values := range form {
		if len(values) != 1 && name != "list" {
			return want, false
		}
		value := values[0]
		ok := true
		switch name {
		case "language":
			if ok = slices.Contains(g.offered(), value); value != g.letterLanguage(m) {
				want.language = &value
			}
		case "often":
			want.often, ok = &value, slices.Contains(frequencies(), value)
		case "format":
			want.format, ok = &value, slices.Contains(formats(), value)
		case "paused":
			g.readPause(&want, value, m)
		case "lists": // says that boxes were shown, of which only the ticked ones are sent
			for _, list := range g.lists() {
				want.lists[list.ID] = slices.Contains(form["list"], listValue(list.ID))
			}
		case "list", "undo":
		default:
			want.levels[name] = member.Level(value)
			ok = isReader(m.Audiences) && slices.Contains(member.Fields(), name) && slices.Contains(member.Levels(), member.Level(value))
		}
		if !ok {
			return want, false
		}
	}
	for _, id := range form["list"] {
		n, err := strconv.ParseUint(id, 10, 32)
		if err != nil || !slices.ContainsFunc(g.lists(), func(l List) bool { return uint64(l.ID) == n }) {
			return want, false
		}
	}
	return want, true
}

func (g *Gate) readPause(want *wishes, value string, m member.Member) {
	now := g.o.Now()
	want.pausedText = value
	if value == pausedDay(m, now, g.zone()) {
		return // as it was
	}
	if value == "" {
		want.paused = &time.Time{}
		return
	}
	until, err := time.ParseInLocation(time.DateOnly, value, g.zone())
	want.pausedWrong = err != nil || !until.After(now) || until.After(now.Add(maxPause))
	want.paused = &until
}

// on returns m with what is wished for, lists aside.
func (want wishes) on(m member.Member) member.Member {
	if want.language != nil && *want.language != m.Language {
		m.Language = *want.language
	}
	if want.often != nil && *want.often != oftenOf(m) {
		m.Preferences.Frequency = *want.often
	}
	if want.format != nil && *want.format != formatOf(m) {
		m.Preferences.Format = *want.format
	}
	if want.paused != nil {
		m.Preferences.PausedUntil = *want.paused
	}
	visibility := maps.Clone(m.Visibility)
	for field, level := range want.levels {
		if m.Visibility.Of(field) == level {
			continue
		}
		if visibility == nil {
			visibility = member.Visibility{}
		}
		visibility[field] = level
	}
	m.Visibility = visibility
	return m
}

// pausedDay is the day on which letters start again, as a form writes it; "" if
// they are not paused.
func pausedDay(m member.Member, now time.Time, zone *time.Location) string {
	if !m.Preferences.PausedUntil.After(now) {
		return ""
	}
	return m.Preferences.PausedUntil.In(zone).Format(time.DateOnly)
}

// changes says in words what is otherwise than before, and gives the fields of a
// form that takes it back.
func (g *Gate) changes(before, after member.Member, lang string) (said []string, undo []hidden) {
	words, now, zone := g.desk.words[lang], g.o.Now(), g.zone()
	say := func(field, was, name, value string) {
		said = append(said, words.say("preferences.change", name, value))
		undo = append(undo, hidden{field, was})
	}
	if was, is := g.letterLanguage(before), g.letterLanguage(after); was != is {
		say("language", was, words.say("preferences.language"), g.desk.words[is].say("language"))
	}
	said, undo = g.listChanges(before, after, lang, said, undo)
	if was, is := oftenOf(before), oftenOf(after); was != is {
		say("often", was, words.say("preferences.often"), words.say("preferences.often."+is))
	}
	if was, is := formatOf(before), formatOf(after); was != is {
		say("format", was, words.say("preferences.format"), words.say("preferences.format."+is))
	}
	if was, is := pausedDay(before, now, zone), pausedDay(after, now, zone); was != is {
		value := words.say("preferences.none")
		if is != "" {
			value = words.say("preferences.until", words.date(after.Preferences.PausedUntil.In(zone)))
		}
		say("paused", was, words.say("preferences.paused"), value)
	}
	for _, field := range member.Fields() {
		if was, is := before.Visibility.Of(field), after.Visibility.Of(field); was != is {
			say(field, string(was), words.say("field."+field), words.say("level."+string(is)))
		}
	}
	if len(undo) > 0 {
		undo = append(undo, hidden{"undo", "yes"})
	}
	return said, undo
}

func (g *Gate) listChanges(before, after member.Member, lang string, said []string, undo []hidden) ([]string, []hidden) {
	words, differ := g.desk.words[lang], false
	var ticked []hidden
	for _, list := range g.lists() {
		was, is := getsList(before, list.ID), getsList(after, list.ID)
		if was {
			ticked = append(ticked, hidden{"list", listValue(list.ID)})
		}
		if was == is {
			continue
		}
		differ = true
		value := words.say("preferences.change.off")
		if is {
			value = words.say("preferences.change.on")
		}
		said = append(said, words.say("preferences.change", g.in(list.Title, lang), value))
	}
	if differ {
		undo = append(append(undo, hidden{"lists", "shown"}), ticked...)
	}
	return said, undo
}
