package generator

import (
	"fmt"
	"io/fs"
	"path"

	"kaiho/generator/content"
	"kaiho/generator/diag"
	"kaiho/generator/newsletter"
	"kaiho/generator/parallel"
)

// readLocks reads the record of the newsletter. A lock that cannot be read is a
// mistake that stops everything: without it nobody knows what was mailed.
func (p *Project) readLocks() error {
	locks := make([]newsletter.Lock, len(p.Library.Locks))
	problems := make([]diag.Problems, len(locks))
	failures := make([]error, len(locks))
	parallel.Each(len(locks), func(n int) {
		name := p.Library.Locks[n]
		if path.Dir(name) != "content/"+newsletter.Section {
			problems[n] = diag.Problems{diag.New(diag.Pos{Path: name, Line: 1, Col: 1}, diag.LockPlace)}
			return
		}
		src, err := fs.ReadFile(p.source, name)
		if err != nil {
			failures[n] = fmt.Errorf("read %s: %w", name, err)
			return
		}
		locks[n], problems[n] = newsletter.ReadLock(name, src, p.Config.Zone)
	})
	for n := range locks {
		if failures[n] != nil {
			return failures[n]
		}
		p.Problems = append(p.Problems, problems[n]...)
		if len(problems[n]) == 0 {
			p.locks = append(p.locks, locks[n])
		}
	}
	return nil
}

// Desk returns the desk at which the project's issues are made.
func (p *Project) Desk() *newsletter.Desk {
	return &newsletter.Desk{Library: p.Library, Config: p.Config, Locks: p.locks, Now: p.o.Now}
}

// Issue returns an issue with its letters; without letters if the problems say that
// there are none to be had.
func (p *Project) Issue(id string) (*newsletter.Issue, []newsletter.Letter, diag.Problems, error) {
	issue, problems := p.Desk().Issue(id)
	return p.letters(issue, problems)
}

// FreshIssue is as Issue, and takes no notice of the issue's lock.
func (p *Project) FreshIssue(id string) (*newsletter.Issue, []newsletter.Letter, diag.Problems, error) {
	issue, problems := p.Desk().Fresh(id)
	return p.letters(issue, problems)
}

func (p *Project) letters(issue *newsletter.Issue, problems diag.Problems) (*newsletter.Issue, []newsletter.Letter, diag.Problems, error) {
	if issue == nil {
		return nil, nil, problems, nil
	}
	letters, found, err := issue.Letters(p.Layouts)
	return issue, letters, append(problems, found...), err
}

// CheckLetters adds to the project's problems those of the letters that are to be
// sent next, drafts aside, if the site sends letters at all.
func (p *Project) CheckLetters() error {
	if p.Problems.HasErrors() || p.Config.Mail.From.Address == "" {
		return nil
	}
	desk := p.Desk()
	for _, page := range p.Library.Pages {
		if page.Kind == content.KindNewsletter && !page.Index && page.Section == newsletter.Section && newsletter.ID(page) == "" {
			p.Problems = append(p.Problems, diag.New(p.Library.Place(page), diag.IssuePlace))
		}
	}
	for _, id := range desk.Next() {
		issue, problems := desk.Issue(id)
		if issue == nil || isHeld(issue.Editions) {
			continue
		}
		issue, letters, problems, err := p.letters(issue, problems)
		if err != nil {
			return err
		}
		p.Problems = append(append(p.Problems, problems...), issue.Preflight(letters, nil)...)
	}
	p.Problems.Sort()
	return nil
}

// isHeld reports whether an issue is not meant to go out yet.
func isHeld(editions []*content.Page) bool { return editions[0].Draft || !editions[0].Live() }
