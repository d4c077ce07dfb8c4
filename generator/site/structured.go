package site

import (
	"slices"
	"strings"
	"time"
)

// The functions of structured*.go describe a page to search engines: JSON-LD in
// the vocabulary of schema.org, as script elements for Head.Data. They say
// nothing that the page does not show. What a search engine requires of a type
// and the page does not have makes the whole object stay away, not be invented.

// newsData is NewsArticle.
func newsData(p NewsPage) string {
	data := articleThing("NewsArticle", p.Site, p.Head, p.Article)
	return scripts(data, breadcrumbThing(p.Head))
}

// columnData is Article.
func columnData(p ColumnPage) string {
	return scripts(articleThing("Article", p.Site, p.Head, p.Article), breadcrumbThing(p.Head))
}

// interviewData is Article about those who speak.
func interviewData(p InterviewPage) string {
	data := articleThing("Article", p.Site, p.Head, p.Article)
	data.add("about", personThings(p.Head, p.People))
	return scripts(data, breadcrumbThing(p.Head))
}

// reportData is Article about an event. The event itself is described on its
// own page only, as Google asks; here is its identifier.
func reportData(p ReportPage) string {
	data := articleThing("Article", p.Site, p.Head, p.Article)
	if event := dataURL(p.Head, p.Event.URL); event != "" {
		about := thing{}
		about.add("@id", event+"#event")
		about.add("name", p.Event.Title)
		about.add("url", event)
		data.add("about", about)
	}
	data.add("contentReferenceTime", dataTime(p.Held))
	return scripts(data, breadcrumbThing(p.Head))
}

// notesData is Article.
func notesData(p NotesPage) string {
	return scripts(articleThing("Article", p.Site, p.Head, p.Article), breadcrumbThing(p.Head))
}

// newsletterData is Article in an issue of a periodical.
func newsletterData(p NewsletterPage) string {
	data := articleThing("Article", p.Site, p.Head, p.Article)
	periodical := newThing("Periodical")
	periodical.add("name", p.Site.Title)
	issue := newThing("PublicationIssue")
	issue.add("issueNumber", p.Number)
	issue.add("datePublished", dataTime(p.Article.Card.Date))
	issue.add("isPartOf", periodical)
	data.add("isPartOf", issue)
	return scripts(data, breadcrumbThing(p.Head))
}

// teaserData is Article that is not for everybody: only what the card shows.
func teaserData(p TeaserPage) string {
	data := newThing("Article")
	data.add("headline", p.Card.Title)
	data.add("description", p.Card.Summary)
	data.add("url", p.Head.Canonical)
	data.add("mainEntityOfPage", p.Head.Canonical)
	data.add("inLanguage", dataLanguage(p.Site, p.Card))
	data.add("isAccessibleForFree", false)
	data.add("image", imageThing(p.Head, dataImage(p.Head, p.Card)))
	data.add("datePublished", dataTime(p.Head.Published))
	data.add("author", publisherThing(p.Site, p.Head))
	data.add("publisher", publisherThing(p.Site, p.Head))
	return scripts(data, breadcrumbThing(p.Head))
}

// plainData is WebPage.
func plainData(p PlainPage) string {
	data := pageThing("WebPage", p.Site, p.Head, p.Article.Card.Title)
	data.add("version", p.Version)
	data.add("datePublished", dataTime(p.Article.Card.Date))
	data.add("dateModified", dataTime(laterOf(p.Article.Card.Date, p.Article.Updated)))
	return scripts(data, breadcrumbThing(p.Head))
}

// personData is ProfilePage; nothing but the way to it for people without a
// page of their own, who have not agreed to one.
func personData(p PersonPage) string {
	if p.Person.URL == "" {
		return scripts(breadcrumbThing(p.Head))
	}
	person := personThing(p.Head, p.Person)
	person.add("alternateName", dataTexts(p.Person.Reading, p.Person.Latin))
	person.add("image", imageThing(p.Head, p.Person.Portrait))
	var same []string
	for _, link := range p.Links {
		if address := dataURL(p.Head, link.URL); address != "" {
			same = append(same, address)
		}
	}
	person.add("sameAs", same)
	data := pageThing("ProfilePage", p.Site, p.Head, p.Person.Name)
	data.add("dateModified", dataTime(laterOf(p.Head.Published, p.Head.Updated)))
	data.add("mainEntity", person)
	return scripts(data, breadcrumbThing(p.Head))
}

// homeData is WebSite and the Organization that publishes it.
func homeData(p HomePage) string {
	site := newThing("WebSite")
	site.add("@id", dataURL(p.Head, p.Site.Home)+"#website")
	site.add("name", p.Site.Title)
	site.add("url", dataURL(p.Head, p.Site.Home))
	site.add("description", p.Site.Description)
	site.add("inLanguage", p.Site.Lang)
	site.add("publisher", thing{{"@id", publisherID(p.Site, p.Head)}})
	organization := publisherThing(p.Site, p.Head)
	organization.add("address", addressThing(p.Site.Organization.PostalCode, p.Site.Organization.Address))
	return scripts(site, organization)
}

// listData is CollectionPage.
func listData(p ListPage) string { return collection(p.Site, p.Head, p.Title) }

// tagsData is CollectionPage.
func tagsData(p TagsPage) string { return collection(p.Site, p.Head, p.Title) }

// peopleData is CollectionPage.
func peopleData(p PeoplePage) string { return collection(p.Site, p.Head, p.Title) }

func collection(site Site, head Head, title string) string {
	return scripts(pageThing("CollectionPage", site, head, title), breadcrumbThing(head))
}

// pageThing is a WebPage of some kind.
func pageThing(kind string, site Site, head Head, title string) thing {
	data := newThing(kind)
	data.add("name", feedFirst(title, head.Heading))
	data.add("url", head.Canonical)
	data.add("description", head.Description)
	data.add("inLanguage", site.Lang)
	if home := dataURL(head, site.Home); home != "" {
		data.add("isPartOf", thing{{"@id", home + "#website"}})
	}
	data.add("publisher", publisherThing(site, head))
	return data
}

// articleThing is what pages that somebody wrote have in common. Google
// requires nothing of them and recommends headline, author, dates and image.
func articleThing(kind string, site Site, head Head, a Article) thing {
	data := newThing(kind)
	data.add("headline", a.Card.Title)
	data.add("description", feedFirst(a.Card.Summary, head.Description))
	data.add("url", head.Canonical)
	data.add("mainEntityOfPage", head.Canonical)
	data.add("inLanguage", dataLanguage(site, a.Card))
	data.add("image", imageThing(head, dataImage(head, a.Card)))
	published := a.Card.Date
	if published.IsZero() {
		published = head.Published
	}
	data.add("datePublished", dataTime(published))
	data.add("dateModified", dataTime(laterOf(published, a.Updated)))
	data.add("author", authorThings(site, head, a))
	data.add("publisher", publisherThing(site, head))
	data.add("articleSection", feedFirst(a.Card.Category, a.Card.Section.Title))
	var tags []string
	for _, tag := range a.Card.Tags {
		tags = append(tags, tag.Name)
	}
	data.add("keywords", dataTexts(tags...))
	if a.Series.Title != "" {
		series := newThing("CreativeWorkSeries")
		series.add("name", a.Series.Title)
		data.add("isPartOf", series)
	}
	if a.Card.Seal != "" {
		data.add("isAccessibleForFree", false)
	}
	return data
}

// authorThings is the page's authors, or the publisher if it names nobody.
func authorThings(site Site, head Head, a Article) []thing {
	authors := personThings(head, a.Authors)
	if len(authors) == 0 {
		for _, name := range dataTexts(a.Card.Authors...) {
			author := newThing("Person")
			author.add("name", name)
			authors = append(authors, author)
		}
	}
	if len(authors) == 0 {
		authors = append(authors, publisherThing(site, head))
	}
	return authors
}

func personThings(head Head, people []Person) []thing {
	var things []thing
	for _, person := range people {
		if person.Name != "" {
			things = append(things, personThing(head, person))
		}
	}
	return things
}

// personThing is what every page may say of a person: never the former name,
// the reading and the Latin form only on the person's own page.
func personThing(head Head, p Person) thing {
	person := newThing("Person")
	if address := dataURL(head, p.URL); address != "" {
		person.add("@id", address+"#person")
		person.add("name", p.Name)
		person.add("url", address)
	} else {
		person.add("name", p.Name)
	}
	person.add("jobTitle", p.Now.Title)
	if p.Now.Organization != "" {
		employer := newThing("Organization")
		employer.add("name", p.Now.Organization)
		person.add("worksFor", employer)
	}
	return person
}

// publisherThing is the site's organization, the same node on every page.
func publisherThing(site Site, head Head) thing {
	organization := newThing("Organization")
	organization.add("@id", publisherID(site, head))
	organization.add("name", feedFirst(site.Organization.Name, site.Title))
	organization.add("url", publisherURL(site, head))
	organization.add("logo", dataURL(head, site.Organization.Logo))
	return organization
}

func publisherID(site Site, head Head) string { return publisherURL(site, head) + "#organization" }

// publisherURL is the organization's own address, which is one in all editions,
// or else the home page.
func publisherURL(site Site, head Head) string {
	return feedFirst(dataURL(head, site.Organization.URL), dataURL(head, site.Home))
}

// breadcrumbThing is BreadcrumbList; nothing on the home page, from which no
// crumb leads on.
func breadcrumbThing(head Head) thing {
	var items []thing
	for _, crumb := range head.Breadcrumbs {
		address := dataURL(head, crumb.URL)
		if crumb.Title == "" || address == "" {
			continue
		}
		item := newThing("ListItem")
		item.add("position", len(items)+1)
		item.add("name", crumb.Title)
		item.add("item", address)
		items = append(items, item)
	}
	if len(items) < 2 {
		return nil
	}
	list := newThing("BreadcrumbList")
	list.add("itemListElement", items)
	return list
}

// dataImage is the page's picture for machines: that of the head, which falls
// back to the site's card, or else the cover.
func dataImage(head Head, card Card) Image {
	if head.Image.URL == "" {
		return card.Cover
	}
	return head.Image
}

func imageThing(head Head, image Image) thing {
	address := dataURL(head, image.URL)
	if address == "" {
		return nil
	}
	data := newThing("ImageObject")
	data.add("url", address)
	data.add("width", image.Width)
	data.add("height", image.Height)
	data.add("caption", feedFirst(image.Caption, image.Alt))
	data.add("creditText", image.Credit)
	return data
}

func dataLanguage(site Site, card Card) string { return feedFirst(card.Lang, site.Lang) }

// dataTime is a date with its offset (ISO 8601); empty for the zero time.
func dataTime(t time.Time) string { return feedStamp(t) }

func laterOf(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// dataTexts returns the texts that are not blank, each once.
func dataTexts(texts ...string) []string {
	out := make([]string, 0, len(texts))
	for _, text := range texts {
		if text = strings.TrimSpace(text); text != "" && !slices.Contains(out, text) {
			out = append(out, text)
		}
	}
	return out
}
