package generator_test

import (
	"fmt"
	"strings"
	"testing/fstest"
)

// gatedFrontMatter has, for each kind, its own keys with a place for a word in
// every text.
var gatedFrontMatter = map[string]string{
	"news":      "date: 2026-11-01\ncategory: {category}\nsource: {title: {sourcetitle}, url: https://example.com/{sourceurl}}\n",
	"column":    "date: 2026-11-02\ncategory: {category}\n",
	"interview": "date: 2026-11-03\ninterviewer: {interviewer}\nphotographer: {photographer}\ntimeline: [{when: {when}, what: {what}}]\nconsent: {by: {consentby}, on: 2026-10-01}\n",
	"report":    "date: 2026-11-04\nheld: 2026-10-01\nnumbers: [{label: {numberlabel}, value: {numbervalue}}]\nvoices: [{who: {voicewho}, text: {voicetext}}]\n",
	"event": "start: 2026-12-04 18:30\nend: 2026-12-04 20:30\ndate: 2026-11-05\nmode: hybrid\ntype: {eventtype}\nvenue: {name: {venuename}, address: {venueaddress}, access: {venueaccess}, map: https://example.com/{venuemap}}\n" +
		"online: {service: {onlineservice}, url: https://example.com/{onlineurl}, note: {onlinenote}}\nfee: {amount: 3000, note: {feenote}}\ncapacity: 60\ncapacity_mode: lottery\nagenda: [{agenda}]\nspeakers: [{Speaker} さん]\nbring: [{bring}]\ndress: {dress}\ncompanions: {companions}\ncontact: {contact}\n",
	"job": "posted: 2026-11-06\ncloses: 2026-12-25\norganization: {name: {employer}, url: https://example.com/{employerurl}}\nemployment_type: {employment}\nduties: {initial: {duties}, scope_of_change: {dutieschange}}\nplace: {initial: {place}, scope_of_change: {placechange}}\n" +
		"locations: [{region: {region}, locality: {locality}, address: {address}, postal_code: 100-0001}]\nsalary: {min: 1, max: 2, unit: year, note: {salarynote}}\ncontract: {fixed_term: {fixedterm}, renewal: {renewal}, limit: {limit}}\nhours: {hours}\ntrial: {trial}\nsmoking: {smoking}\napply: {url: https://example.com/{applyurl}, email: {applymail}@example.com}\ncontact: {contact}\n",
	"notes":      "date: 2026-11-07\nentries: [{person: {Noteperson} さん, text: {notetext}, confirmed: true}]\n",
	"newsletter": "date: 2026-11-08\nnumber: 3\neditor: {editor}\n",
}

// memberParts adds a public page with a part for members, and files that only
// the part shows.
func memberParts(add func(name, text string), files fstest.MapFS, picture []byte, id, audience string, w func(string) string, c canaries) {
	name := "part-" + id
	image := w(name + " image")
	attribute := "{audience=" + strings.ReplaceAll(strings.Trim(audience, "[]"), " ", "") + "}"
	add("content/columns/"+name+"/index.md", fmt.Sprintf(
		"---\ntitle: だれでも読めるページ %s\ndate: 2026-10-01\n---\n前。\n\n:::members%s\n## %s\n\n%s[^1]\n\n![%s](%s.png)\n\n[%s]: /about/\n\n[^1]: %s\n\n[会員のページ](/columns/column-%s/)\n:::\n\n後。\n",
		id, attribute, w(name+" heading"), w(name+" text"), w(name+" alt"), image, c.word(name+" label"), w(name+" footnote"), id))
	files["content/columns/"+name+"/"+image+".png"] = &fstest.MapFile{Data: picture}
	add("content/events/online-"+id+".md", fmt.Sprintf(
		"---\ntitle: だれでも来られる集い %s\nstart: 2026-12-16 19:00\nend: 2026-12-16 20:30\nmode: online\nonline: {service: 会議, url: https://example.com/%s}\n---\n本文。\n",
		id, c.word("online "+id, "members/alumni", "members/staff")))
}

// publicReferences adds public pages that refer to members' pages in every way
// that front matter knows.
func publicReferences(add func(name, text string)) {
	add("content/about/index.md", "---\ntitle: この会について\n---\n")
	for _, id := range []string{"alumni", "staff", "staff-alumni"} {
		add("content/reports/public-"+id+".md", "---\ntitle: 公開の報告 "+id+"\ndate: 2026-11-09\nevent: events/event-"+id+"\n---\n本文。\n")
		add("content/events/public-"+id+".md", "---\ntitle: 公開の集い "+id+"\nstart: 2026-12-01 10:00\nend: 2026-12-01 11:00\nmode: offline\nreport: reports/report-"+id+"\n---\n本文。\n")
		add("content/newsletters/public-"+id+".md", "---\ntitle: 便り "+id+"\ndate: 2026-11-10\nlead: interviews/interview-"+id+"\ninclude: [jobs/job-"+id+"]\n---\n本文。\n")
		add("content/people/person-"+id+".md", "---\nname: {family: 山, given: 川, family_kana: やま, given_kana: かわ}\n---\n")
	}
}

// gatedPeople adds somebody whom only members may know of, and a public page
// that names them in every way.
func gatedPeople(add func(name, text string), files fstest.MapFS, picture []byte, id, audience string, w func(string) string) {
	who := "person " + id + " "
	portrait := w(who + "portrait")
	add("content/people/hidden-"+id+"/index.md", fmt.Sprintf(
		"---\nname: {family: %s, given: %s, family_kana: かくれ, given_kana: びと, latin: %s, former: %s}\nrole: %s\nwas: {department: %s, joined: 1999, left: 2011}\nnow: {organization: %s, title: %s}\nportrait: {src: %s.png, alt: %s}\nlinks: [{title: %s, url: https://example.com/%s}]\nparams: {free: %s}\nconsent: {by: 本人, on: 2026-01-01}\naudience: %s\n---\n%s\n",
		w(who+"family"), w(who+"given"), w(who+"latin"), w(who+"former"), w(who+"role"), w(who+"department"), w(who+"org"), w(who+"title"),
		portrait, w(who+"alt"), w(who+"linktitle"), w(who+"linkurl"), w(who+"param"), audience, w(who+"body")))
	files["content/people/hidden-"+id+"/"+portrait+".png"] = &fstest.MapFile{Data: picture}
	add("content/interviews/names-"+id+".md", "---\ntitle: 公開の聞き書き "+id+"\ndate: 2026-09-01\nauthors: [hidden-"+id+"]\npeople: [hidden-"+id+
		"]\ninterviewer: hidden-"+id+"\nphotographer: hidden-"+id+"\n---\n本文。\n")
	add("content/newsletters/names-"+id+".md", "---\ntitle: 公開の便り "+id+"\ndate: 2026-09-03\neditor: hidden-"+id+"\n---\n")
	add("content/notes/names-"+id+".md", "---\ntitle: 公開の近況 "+id+"\ndate: 2026-09-02\nentries: [{person: hidden-"+id+", text: 元気です, confirmed: true}]\n---\n")
	add("content/events/names-"+id+".md", "---\ntitle: 公開の講演 "+id+"\nstart: 2026-12-02 10:00\nend: 2026-12-02 11:00\nmode: offline\nspeakers: [hidden-"+id+"]\n---\n")
}

// gatedWords adds a section whose words and pages are all for members.
func gatedWords(add func(name, text string), id, audience string, w func(string) string) {
	add("content/secret-"+id+"/index.md", fmt.Sprintf("---\ntitle: %s\nsummary: %s\naudience: %s\n---\n%s\n",
		w("section "+id+" title"), w("section "+id+" summary"), audience, w("section "+id+" body")))
	add("content/secret-"+id+"/page.md", fmt.Sprintf("---\ntitle: %s\naudience: %s\nmenu: {weight: 1, label: %s}\n---\n%s\n",
		w("standing "+id+" title"), audience, w("standing "+id+" label"), w("standing "+id+" body")))
}

// heldBack adds pages that nobody sees now.
func heldBack(add func(name, text string), files fstest.MapFS, picture []byte, c canaries) {
	for reason, keys := range map[string]string{"draft": "draft: true", "embargo": "publish: 2026-11-20 09:01", "expired": "expires: 2026-11-20 08:59"} {
		for _, extra := range []string{"", "\naudience: alumni\nteaser: true"} {
			name := "held-" + reason + strings.Repeat("-gated", len(extra)/30)
			w := func(field string) string { return c.word(name + field) }
			image := w("image")
			add("content/news/"+name+"/index.md", fmt.Sprintf("---\ntitle: %s\ndate: 2026-01-01\nsummary: %s\ntags: [%s]\naliases: [/old/%s/]\ncover: {src: %s.png, alt: %s}\n%s%s\n---\n%s\n",
				w("title"), w("summary"), w("tag"), w("alias"), image, w("alt"), keys, extra, w("body")))
			files["content/news/"+name+"/"+image+".png"] = &fstest.MapFile{Data: picture}
			files["content/news/"+name+"/"+w("loose")+".txt"] = &fstest.MapFile{Data: []byte(w("text"))}
			add("content/columns/to-"+name+".md", "---\ntitle: "+name+" を指す\ndate: 2026-02-02\n---\n[ここ](/news/"+name+"/)\n")
		}
	}
}
