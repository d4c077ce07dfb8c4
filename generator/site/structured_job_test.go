package site

import (
	"slices"
	"testing"
	"time"
)

func samplePublicJob() JobPage {
	p := JobPage{Site: dataSite, Head: dataHead, Article: dataArticle}
	p.Job = Job{
		Line: JobLine{
			Organization: "株式会社別社", EmploymentType: "正社員", Remote: "partial",
			Until: time.Date(2026, 6, 30, 23, 59, 59, 0, tokyoTime),
		},
		OrganizationURL: "https://betsu.example/", Posted: time.Date(2026, 5, 1, 0, 0, 0, 0, tokyoTime),
		Locations: []Location{{Region: "東京都", Locality: "港区", Street: "芝1-2-3", PostalCode: "105-0014"}},
		Salary:    Salary{Min: 5_000_000, Max: 7_000_000, Unit: "year", Currency: "JPY"},
		ApplyURL:  "https://betsu.example/apply",
	}
	return p
}

var jobDataTests = []struct {
	name   string
	change func(*JobPage)
	wants  []dataWant // nil: no JobPosting at all
}{
	{"a job with all that Google asks for", func(*JobPage) {}, []dataWant{
		{keys("title"), "新工場が動く"}, {keys("description"), "<p>本文</p>"},
		{keys("datePosted"), "2026-05-01T00:00:00+09:00"}, {keys("validThrough"), "2026-06-30T23:59:59+09:00"},
		{keys("employmentType"), []any{"FULL_TIME"}},
		{keys("hiringOrganization", "name"), "株式会社別社"}, {keys("hiringOrganization", "sameAs"), "https://betsu.example/"},
		{keys("jobLocation", "address", "addressRegion"), "東京都"}, {keys("jobLocation", "address", "addressLocality"), "港区"},
		{keys("jobLocation", "address", "streetAddress"), "芝1-2-3"}, {keys("jobLocation", "address", "addressCountry"), "JP"},
		{keys("baseSalary", "currency"), "JPY"}, {keys("baseSalary", "value", "minValue"), 5_000_000},
		{keys("baseSalary", "value", "maxValue"), 7_000_000}, {keys("baseSalary", "value", "unitText"), "YEAR"},
		{keys("directApply"), true}, {keys("identifier", "value"), "https://example.jp/alumni/news/a/"},
		{keys("jobLocationType"), nil},
	}},
	{"a job at home has no place", func(p *JobPage) { p.Job.Line.Remote, p.Job.Locations = "full", nil }, []dataWant{
		{keys("jobLocationType"), "TELECOMMUTE"}, {keys("applicantLocationRequirements", "name"), "JP"}, {keys("jobLocation"), nil},
	}},
	{"the publisher hires if nobody else is named", func(p *JobPage) { p.Job.Line.Organization = "" }, []dataWant{
		{keys("hiringOrganization", "@id"), "https://example.jp/alumni/#organization"},
	}},
	{"the place of the conditions is one if it is an address", func(p *JobPage) {
		p.Job.Locations, p.Job.Place.Initial = nil, "東京都千代田区丸の内1-2-3"
	}, []dataWant{{keys("jobLocation", "address", "addressLocality"), "千代田区"}}},
	{"several places", func(p *JobPage) {
		p.Job.Locations = append(p.Job.Locations, Location{Region: "Osaka", Locality: "Kita-ku"})
	}, []dataWant{
		{keys("jobLocation", 1, "address", "addressRegion"), "Osaka"}, {keys("jobLocation", 1, "address", "addressCountry"), "JP"},
	}},
	{"an address in one piece is split", func(p *JobPage) {
		p.Job.Locations = []Location{{Street: "〒105-0014 東京都港区芝1-2-3"}}
	}, []dataWant{
		{keys("jobLocation", "address", "postalCode"), "105-0014"}, {keys("jobLocation", "address", "addressLocality"), "港区"},
	}},
	{"a place whose country is not known lacks what is required", func(p *JobPage) {
		p.Job.Locations = []Location{{Region: "California", Locality: "Cupertino", PostalCode: "95014"}}
	}, nil},
	{"one salary is one value", func(p *JobPage) { p.Job.Salary = Salary{Min: 1500, Max: 1500, Unit: "hour"} }, []dataWant{
		{keys("baseSalary", "value", "value"), 1500}, {keys("baseSalary", "currency"), "JPY"},
	}},
	{"a salary without a unit is left out", func(p *JobPage) { p.Job.Salary.Unit = "" }, []dataWant{{keys("baseSalary"), nil}}},
	{"the duties are the description if there is no body", func(p *JobPage) {
		p.Article.Body, p.Job.Duties.Initial = "", "設計 & 開発\n運用"
	}, []dataWant{{keys("description"), "<p>設計 &amp; 開発<br>運用</p>"}}},
	{"members' jobs are not described", func(p *JobPage) { p.Article.Card.Seal = "同窓生" }, nil},
	{"closed jobs are not described", func(p *JobPage) { p.Job.Line.Closed = true }, nil},
	{"a job nowhere lacks what is required", func(p *JobPage) { p.Job.Locations = nil }, nil},
	{"a job without a text lacks what is required", func(p *JobPage) { p.Article.Body = "" }, nil},
}

func TestJobsAreDescribed(t *testing.T) {
	for _, test := range jobDataTests {
		t.Run(test.name, func(t *testing.T) {
			p := samplePublicJob()
			test.change(&p)
			kind := "JobPosting"
			if test.wants == nil {
				kind = ""
			}
			checkData(t, jobData(p), kind, test.wants)
		})
	}
}

func TestTermsOfEmploymentAreGooglesValues(t *testing.T) {
	tests := map[string][]string{
		"正社員": {"FULL_TIME"},
		"契約社員(正社員登用あり・更新あり)": {"TEMPORARY"},
		"正社員（試用期間は契約社員）":     {"FULL_TIME"},
		"パート・アルバイト":          {"PART_TIME"},
		"正社員、契約社員":           {"FULL_TIME", "TEMPORARY"},
		"派遣社員":               {"TEMPORARY"},
		"業務委託":               {"CONTRACTOR"},
		"インターン":              {"INTERN"},
		"ボランティア":             {"VOLUNTEER"},
		"日雇い":                {"PER_DIEM"},
		"フルタイム":              {"FULL_TIME"},
		"Full-time":          {"FULL_TIME"},
		"PART_TIME":          {"PART_TIME"},
		"Contractor":         {"CONTRACTOR"},
		"Contract":           {"TEMPORARY"},
		"Temporary":          {"TEMPORARY"},
		"Internship":         {"INTERN"},
		"volunteer":          {"VOLUNTEER"},
		"per diem":           {"PER_DIEM"},
		"Part-time or intern": {
			"PART_TIME", "INTERN"},
		"International": {"OTHER"},
		"その他":           {"OTHER"},
		"":              nil,
	}
	for text, want := range tests {
		if got := employmentTypes(text); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}
