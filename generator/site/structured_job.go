package site

import (
	"html"
	"regexp"
	"slices"
	"strings"
)

// jobData is JobPosting, for jobs that are public and open and have what Google
// requires: a title, a description, the day of posting, who hires, and where.
// Marking up a job that is closed may cost a site its place in the search.
func jobData(p JobPage) string {
	card, line := p.Article.Card, p.Job.Line
	locations := jobLocations(p.Job)
	description := jobDescription(p)
	remote := line.Remote == "full"
	if card.Seal != "" || line.Closed || p.Job.Posted.IsZero() || description == "" || len(locations) == 0 && !remote {
		return scripts(breadcrumbThing(p.Head))
	}
	data := newThing("JobPosting")
	data.add("title", card.Title)
	data.add("description", description)
	data.add("url", p.Head.Canonical)
	data.add("datePosted", dataTime(p.Job.Posted))
	data.add("validThrough", dataTime(line.Until))
	data.add("employmentType", employmentTypes(line.EmploymentType))
	employer := jobEmployer(p)
	data.add("hiringOrganization", employer)
	identifier := newThing("PropertyValue")
	identifier.add("name", feedFirst(line.Organization, p.Site.Organization.Name, p.Site.Title))
	identifier.add("value", p.Head.Canonical)
	data.add("identifier", identifier)
	data.add("jobLocation", locations)
	if remote {
		country := newThing("Country")
		country.add("name", "JP")
		data.add("jobLocationType", "TELECOMMUTE")
		data.add("applicantLocationRequirements", country)
	}
	data.add("baseSalary", jobSalary(p.Job.Salary))
	if p.Job.ApplyURL != "" || p.Job.ApplyEmail != "" {
		data.add("directApply", true) // the page leads to the application itself
	}
	data.add("workHours", p.Job.Hours)
	return scripts(data, breadcrumbThing(p.Head))
}

// jobDescription is the body in HTML, or the duties if there is no body.
func jobDescription(p JobPage) string {
	if body := strings.TrimSpace(string(p.Article.Body)); body != "" {
		return body
	}
	if duties := strings.TrimSpace(p.Job.Duties.Initial); duties != "" {
		return "<p>" + strings.ReplaceAll(html.EscapeString(duties), "\n", "<br>") + "</p>"
	}
	return ""
}

// jobEmployer is who hires: the job's organization, or else the site's.
func jobEmployer(p JobPage) thing {
	name := p.Job.Line.Organization
	if name == "" || name == p.Site.Organization.Name {
		return publisherThing(p.Site, p.Head)
	}
	employer := newThing("Organization")
	employer.add("name", name)
	employer.add("sameAs", dataURL(p.Head, p.Job.OrganizationURL))
	employer.add("logo", dataURL(p.Head, p.Job.Logo.URL))
	return employer
}

// jobLocations is the places of work whose country is known, which Google
// requires; without any, the place of the conditions, if it is an address.
func jobLocations(job Job) []thing {
	var places []thing
	for _, location := range job.Locations {
		if address := locationAddress(location); address != nil {
			place := newThing("Place")
			place.add("address", address)
			places = append(places, place)
		}
	}
	if len(places) == 0 && job.Line.Remote != "full" {
		if region, _, _ := splitAddress(job.Place.Initial); region != "" {
			place := newThing("Place")
			place.add("address", addressThing("", job.Place.Initial))
			places = append(places, place)
		}
	}
	return places
}

// jobSalary is MonetaryAmount; nothing unless the unit and the least are known,
// since "up to" alone is no salary.
func jobSalary(salary Salary) thing {
	units := map[string]string{"year": "YEAR", "month": "MONTH", "week": "WEEK", "day": "DAY", "hour": "HOUR"}
	unit := units[strings.ToLower(salary.Unit)]
	if unit == "" || salary.Min <= 0 {
		return nil
	}
	value := newThing("QuantitativeValue")
	if salary.Max == salary.Min {
		value.add("value", salary.Min)
	} else {
		value.add("minValue", salary.Min)
		value.add("maxValue", max(salary.Max, 0))
	}
	value.add("unitText", unit)
	amount := newThing("MonetaryAmount")
	amount.add("currency", feedFirst(salary.Currency, "JPY"))
	amount.add("value", value)
	return amount
}

// employmentWords maps words of job pages to Google's values, which are
// case-sensitive. Those of the second list count only if none of the first
// occurs: they say how long somebody works, not under which contract.
var (
	employmentWords = []employmentWord{
		{"TEMPORARY", regexp.MustCompile(`契約|嘱託|有期|派遣|(?i:\btemp(orary)?\b|fixed[- ]term|contract (employee|staff|worker)|^contract$)`)},
		{"FULL_TIME", regexp.MustCompile(`正社員|正職員|(?i:full[-_ ]?time|permanent|^regular( employee)?$)`)},
		{"PART_TIME", regexp.MustCompile(`パート|アルバイト|短時間|(?i:part[-_ ]?time)`)},
		{"CONTRACTOR", regexp.MustCompile(`業務委託|請負|フリーランス|副業|(?i:contractor|freelance)`)},
		{"INTERN", regexp.MustCompile(`インターン|(?i:\bintern(ship)?\b)`)},
		{"VOLUNTEER", regexp.MustCompile(`ボランティア|プロボノ|(?i:volunteer|pro bono)`)},
		{"PER_DIEM", regexp.MustCompile(`日雇|単発|(?i:per[-_ ]diem|day labou?r)`)},
		{"OTHER", regexp.MustCompile(`^(?i:other)$`)},
	}
	fullTime             = regexp.MustCompile(`フルタイム|常勤|無期`)
	employmentAside      = regexp.MustCompile(`\([^)]*\)|（[^）]*）`)
	employmentSeparators = regexp.MustCompile(`[、,，/／|・;+＋]|または|又は|もしくは|\bor\b|\band\b`)
)

type employmentWord struct {
	value   string
	pattern *regexp.Regexp
}

// employmentTypes maps the terms of employment as a page names them to Google's
// values, each once, in their order; what is not known is OTHER. What stands in
// brackets is an aside: 契約社員(正社員登用あり) is a fixed term.
func employmentTypes(text string) []string {
	var types []string
	for _, part := range employmentSeparators.Split(employmentAside.ReplaceAllString(text, ""), -1) {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		if value := employmentType(part); !slices.Contains(types, value) {
			types = append(types, value)
		}
	}
	if len(types) > 1 {
		types = slices.DeleteFunc(types, func(value string) bool { return value == "OTHER" })
	}
	return types
}

// employmentType maps one term: the word that comes first decides.
func employmentType(text string) string {
	value, first := "", len(text)
	for _, word := range employmentWords {
		if at := word.pattern.FindStringIndex(text); at != nil && at[0] < first {
			value, first = word.value, at[0]
		}
	}
	switch {
	case value != "":
		return value
	case fullTime.MatchString(text):
		return "FULL_TIME"
	}
	return "OTHER"
}
