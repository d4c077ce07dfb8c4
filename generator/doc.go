// Package generator is the pipeline: a project folder goes in, its outputs come
// out. This comment is for whoever changes the code.
//
// # The house
//
// Every package is a folder of generator/ and stands on a floor; a package
// imports only from lower floors. TestFloors holds the table, and with it which
// package alone may import each outside library.
//
//	  cmd/kaiho                                 flags, environment, wiring; one file a command
//	5 generator                                 the pipeline: Open → Build, or Open → Live
//	4 newsletter                                an issue in, letters out; pure
//	3 site                                      library in, plan of outputs out; pure
//	  dispatch                                  an issue on its way: row by row, once
//	  doctor                                    what would stop a send or leak a page
//	  schema                                    which keys there are, for editors' tools and the CMS
//	2 config      content                       the project's files: decoded, checked, joined
//	  gate          mailer                      the network: readers in, letters out
//	1 frontmatter markdown layout picture       work of one kind, on values
//	  card preview search
//	  segment                                   ... expressions over what is known of a member
//	  member ledger                             ... and on the database: people, and who gets which letter
//	0 diag audience publish cache signedlink    know nothing of pages, members or each other
//	  store message bounce theme phrase
//	  parallel                                  the ground: a worker pool
//	  store/storetest mailer/mailertest         a database and a mail server for tests; not in the program
//
// # Five rules
//
// Closed views. A layout gets a plain struct (site/view.go) that holds all the
// output depends on and leads nowhere. So two outputs with equal views have
// equal bytes, and nobody tracks dependencies. TestViewsAreClosed walks the
// types.
//
// One build path. `build`, `dev` and `check` run the same functions; `dev` makes
// only the outputs that a browser asks for (Live). What was computed before makes
// them fast and decides nothing: see below.
//
// A pure middle. content reads files and site makes values of them; only
// publish writes. The clock is read once, in cmd, and handed down as a value.
//
// A body cannot leak, by type. Lists, feeds and calendars see a Card, which has
// no body; a body is had only from Library.Body, which asks who reads. A
// members' part is cut from the source text before it is converted for others.
// Members' files go to another tree. TestNothingLeaks plants a word in every
// field and looks for it in every byte.
//
// The architecture is a test.
//
// # The way of one file
//
// content/events/winter.md, `audience: alumni`, `teaser: true`:
//
//	content.Load        place: section events, kind event, URL /events/winter/
//	  frontmatter       YAML → content.Event; a wrong key → content/events/winter.md:4:1: ...
//	  markdown          body → Facts (headings, links, a hash), which stay in memory, and Body (HTML
//	                    in fixed pieces, with a slot for every link and picture), which goes to
//	                    a file of the cache until the page is written
//	  join              sorted into the Library; two pages for one URL, dead links and unknown
//	                    names are problems
//	site.NewPlan        once for the public and once for each audience, by the same code:
//	                    Library.Sees says Teaser to the public (title, summary, cover) and All to
//	                    alumni (body, facts, event.ics)
//	Project.Outputs     the public plan, and of each audience's plan what differs from it:
//	                    views are compared by fingerprint
//	publish.Apply       layouts execute views into a staging folder; if all went well, what is no
//	                    longer wanted is removed, and then what is new is renamed into place:
//	                    dist/public/events/winter/index.html            the teaser
//	                    dist/members/alumni/events/winter/index.html    the page
//
//	                    search/words/, search/texts/ of each tree: of every page what its reader
//	                    sees, in the files that the script of the search page reads (package
//	                    search); the index of an overlay is one of its own
//
// A reader opens /k/TOKEN/events/winter/ (package gate):
//
//	signedlink          signed by us, for this site, for reading, and not too old?
//	member.Roster       active, and the link not revoked? (in memory, half a second old at most)
//	gate                cookie, and 303 to /events/winter/, which the manifest of dist has for
//	                    one of the reader's audiences; there the overlay's file, or else the
//	                    public one, through an os.Root of that tree alone
//
// # The way of an issue
//
// content/newsletters/2026-11-18.md, and the .lock files of the issues before it:
//
//	Project.Desk        library, site.yaml, locks, clock
//	newsletter.Desk     what is in the issue: page by page a Decision, and so the
//	                    variants: audience, language, segments that make a difference
//	Issue.Letters       each variant once: site.Cards for its items, Library.Mail for the
//	                    greeting (Markdown's tree again, in the letter edition), letter.html
//	                    and letter.txt of layouts; marks where a person's own things go
//	Issue.Preflight     what must not go out, as problems
//	Issue.Freeze        the lock: items, variants, hashes; Issue.Differences compares later
//	Issue.Template      the letter compiled by package message
//	Template.Append     one person's letter: tokens signed, slots filled, the rest copied
//
//	ledger.Queue        a row for every member, with the letter that is theirs, or why none
//	dispatch.Run        rows leased → written → handed to a carrier → settled:
//	  Ledger.Claim        leased, for two minutes at a time, with an epoch as the fence
//	  Writer.Write        what the member wishes now: suppressed, or the letter
//	    Signer.Append       DKIM: the same letter, the same bytes (package mailer)
//	  Committer.InFlight  on the disk before the final dot goes out
//	  Session.Run         SMTP, one round trip a letter: sent | deferred | failed | unknown;
//	                      or Outbox.Run: .eml files
//	bounce.Parse        what comes back, by its return path or Message-ID → Ledger.Bounce
//
// A sender may die at any moment: what was in flight is unknown, and nobody gets it
// again unless the policy says so.
//
// A locked issue is what its lock says; the web archive of it is, too.
//
// # What is not done twice
//
// Five things are kept in .kaiho/cache. With none of them, with damaged ones or
// with those of another program, every byte is the same, only later:
//
//	content         (content.Store) what each file was parsed to. A file whose size, times (that
//	                of the inode, which nobody can set, among them) and inode are as they were
//	                is not opened, unless it was so new when it was read that its next change
//	                may not show; then, and where the system has no such time, its bytes count.
//	pack-*          (cache.Packs) the HTML of bodies, each with a checksum; a lost one is parsed
//	                again, and refused if its file has changed meanwhile.
//	pictures/*      (picture.Workshop) what was made of pictures, and cards, found by a hash of
//	                what they are made of. Their names are known without them (picture.Settings.Plan
//	                needs the header alone), so that views refer to them and nothing is decoded
//	                until a file is missing here and in dist.
//	outputs-*       (ledger) for each file of dist: the fingerprint of its view, and what it looks
//	                like. If neither has changed it is neither rendered nor read.
//	outputs-*.stamp what the whole project, dist, the options and the clock were like after a
//	                build. If all are as they were, nothing is even loaded.
//
// While dev runs, an edit of the words of a page replaces its body and leaves the
// rest of the library alone (Library.Reread), if nothing that another page can
// see of it is different. TestAnyEditGivesWhatACleanBuildGives makes hundreds of
// random edits and compares all three ways byte by byte.
//
// # Where to change what
//
// A new key of front matter: content/meta.go, its check in content/check*.go, its
// field in site/view_page.go and site/pages.go, and the layout that shows it. A
// new kind: the same, and content/decode.go. A new message: the catalogue of
// package diag, in both languages. A new list or format: site/lists.go or
// site/emit.go, and content/made.go, which knows where links may lead. A new
// package: its floor in floors_test.go.
//
// A new key of any file, or new words of one: its label in schema/words*.go.
package generator
