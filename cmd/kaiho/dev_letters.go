package main

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"slices"
	"strconv"

	"kaiho/generator"
	"kaiho/generator/member"
	"kaiho/generator/newsletter"
	"kaiho/generator/preview"
)

// letters shows an issue's letter: of a variant to an invented reader, or that of one
// member. Their links open nothing, whoever looks.
func (d *development) letters(p *generator.Project, live *generator.Live, id, variant, who string) (preview.Letters, error) {
	desk := p.Desk()
	var shown preview.Letters
	shown.Issues = d.issueChoices(desk)
	if len(shown.Issues) == 0 {
		return shown, nil
	}
	if shown.Issue = id; id == "" {
		shown.Issue = shown.Issues[0].Name
	}
	found, letters, problems, err := live.Issue(shown.Issue)
	switch {
	case err != nil:
		return shown, err
	case found == nil:
		return shown, fs.ErrNotExist
	}
	i := &issue{found, p, letters}
	shown.Locked, shown.Marks = i.Lock != nil, d.issueMarks(i)
	shown.Problems = d.previewProblems(append(problems, i.Preflight(letters, nil)...))
	for _, difference := range i.Differences(letters) {
		shown.Problems = append(shown.Problems, preview.Problem{Path: newsletter.LockPath(i.ID), Line: 1, Col: 1, Severity: "warning",
			Message: d.say("Not as it was locked: ", "lock したときと変わっています：") + d.difference(difference)})
	}
	if len(letters) == 0 || p.Config.Mail.From.Address == "" { // which is among the problems
		return shown, nil
	}
	var members []member.Member
	isKnown := false
	if host, _, _ := net.SplitHostPort(d.flags.addr); isLoopback(host) { // names of members are not for whoever reaches the preview
		if members, isKnown, err = d.people(context.Background()); err != nil {
			return shown, err
		}
	}
	d.choices(i, members, isKnown, &shown)
	reader, place, err := d.readerOf(i, members, who)
	if err != nil {
		return shown, err
	}
	if place.Variant != nil {
		variant, shown.Member = place.Variant.Name, who
	}
	at := 0
	if variant != "" {
		if at = slices.IndexFunc(letters, func(l newsletter.Letter) bool { return l.Variant.Name == variant }); at < 0 {
			return shown, fs.ErrNotExist
		}
	}
	return shown, i.show(&letters[at], reader, &shown)
}

// show fills in one letter.
func (i *issue) show(l *newsletter.Letter, reader *newsletter.Person, shown *preview.Letters) error {
	t, err := i.Template(*l)
	if err != nil {
		return err
	}
	p := newsletter.Person{Member: inventedReader(l.Variant), Date: i.Now}
	if reader != nil {
		p = *reader
		p.Date = i.Now
	}
	shown.Variant, shown.Reader, shown.Subject, shown.Preheader = l.Variant.Name, string(l.Variant.Audience), l.Subject, l.Preheader
	from := i.project.Config.Mail.From
	shown.From = fmt.Sprintf("%s <%s>", from.Name.In(l.Variant.Lang), from.Address)
	shown.HTML, shown.Text, err = t.Parts(p, newsletter.Specimen{})
	return err
}

// issueChoices is all issues: the next one first, then the newest.
func (d *development) issueChoices(desk *newsletter.Desk) []preview.Choice {
	ids := desk.IDs()
	slices.Reverse(ids)
	if next := desk.Next(); len(next) > 0 {
		ids = append([]string{next[0]}, slices.DeleteFunc(ids, func(id string) bool { return id == next[0] })...)
	}
	titles := map[string]string{}
	for _, page := range desk.Library.Pages {
		if page.Translations[0] == page {
			titles[newsletter.ID(page)] = page.Title
		}
	}
	choices := make([]preview.Choice, len(ids))
	for n, id := range ids {
		choices[n] = preview.Choice{Name: id, Title: titles[id]}
	}
	return choices
}

func (d *development) issueMarks(i *issue) []string {
	marks := d.marks(i.Editions[0])
	if i.Lock != nil {
		at := i.Lock.Locked.Format("2006-01-02 15:04")
		marks = append(marks, d.say("locked "+at, at+" に lock"))
	}
	return marks
}

// choices is the variants of an issue, and the members who get a letter of it.
func (d *development) choices(i *issue, members []member.Member, isKnown bool, shown *preview.Letters) {
	counts, _ := d.counts(i, members)
	for n := range i.letters {
		l := &i.letters[n]
		c := preview.LetterChoice{Name: l.Variant.Name, Subject: l.Subject, Bytes: l.Size(), Readers: -1, Items: len(l.Variant.Pages())}
		if isKnown {
			c.Readers = counts[l.Variant.Name]
		}
		shown.Variants = append(shown.Variants, c)
	}
	for _, m := range members {
		if place := i.Assign(m, d.now()); place.Variant != nil {
			shown.Members = append(shown.Members, preview.Choice{Name: fmt.Sprint(m.ID), Title: m.Name.String() + " (" + place.Variant.Name + ")"})
		}
	}
}

// readerOf is the member that somebody asks for, with what is written to them; nil if
// nobody is asked for, or they get no letter.
func (d *development) readerOf(i *issue, members []member.Member, who string) (*newsletter.Person, newsletter.Place, error) {
	id, err := strconv.ParseUint(who, 10, 32)
	at := slices.IndexFunc(members, func(m member.Member) bool { return uint64(m.ID) == id })
	if err != nil || at < 0 {
		return nil, newsletter.Place{}, nil
	}
	place := i.Assign(members[at], d.now())
	if place.Variant == nil {
		return nil, place, nil
	}
	p := &newsletter.Person{Member: members[at]}
	err = d.withBook(context.Background(), func(b *member.Book) error {
		notes, err := b.LetterNotes(context.Background(), i.ID)
		p.Note = notes[p.Member.ID]
		return err
	})
	return p, place, err
}
