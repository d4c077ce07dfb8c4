package member_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/japanese"

	"kaiho/generator/diag"
	"kaiho/generator/member"
)

func options() member.ImportOptions {
	return member.ImportOptions{File: "m.csv", Audiences: []string{"alumni", "staff"}, Audience: "alumni", Language: "ja", By: "office", Now: now()}
}

func imported(t testing.TB, b *member.Book, csv string, o member.ImportOptions) member.ImportReport {
	t.Helper()
	report, err := b.Import(t.Context(), []byte(csv), o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// lines returns the places and rules of problems.
func lines(ps diag.Problems) []string {
	var out []string
	for _, p := range ps {
		out = append(out, fmt.Sprintf("%s:%d:%d: %s", p.Path, p.Pos.Line, p.Col, p.Rule))
	}
	return out
}

const head = "email,family,given,family_kana,given_kana,former,audiences,language,joined,left,department,title,skills,interests,region,consent,note\n"

func TestImportTakesEveryField(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		b := open()
		report := imported(t, b, head+`M@example.jp,髙梨, 湊 ,たかなし,みなと,﨑山,staff;alumni,en,2009,2018,"設計,一課",主任,光学; 水中;光学,釣り,青波県,v3,"二行の
メモ"`+"\n", options())
		if !report.Stored || report.New != 1 || len(report.Problems) > 0 {
			t.Fatalf("got %+v", report)
		}
		m, err := b.ByAddress(t.Context(), "m@example.jp")
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprint(m.SMTP, m.Name, m.Name.Kana(), m.Name.Former, m.Audiences, m.Language, m.Joined, m.Left, m.Department, m.Title,
			m.Skills, m.Interests, m.Region, m.Agreed, m.Note, m.Mailable, m.Status)
		want := "M@example.jp髙梨 湊たかなし みなと﨑山[staff alumni]en2009 2018設計,一課主任[光学 水中] [釣り]青波県v3二行の\nメモtrueactive"
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		consents, err := b.Consents(t.Context(), m.ID)
		want2 := member.Consent{Purpose: member.Newsletter, Version: "v3", Given: true, At: now(), By: "office", Channel: "import"}
		if err != nil || !slices.Equal(consents, []member.Consent{want2}) {
			t.Errorf("got %+v, %v, want %+v", consents, err, want2)
		}
	})
}

func TestHeadingsAndEncodings(t *testing.T) {
	japaneseHead := "メール,姓,名,せい,めい,旧姓,会員区分,入社年,退社年,部署,役職,資格,関心,地域,備考\n"
	body := "m@example.jp,髙梨,湊,たかなし,みなと,山﨑,alumni,2009年,平成30年3月,光学設計部,主任,光学,釣り,青波県,―\n"
	shiftJIS, err := japanese.ShiftJIS.NewEncoder().String(japaneseHead + body)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		csv  string
		maps map[string]string
	}{
		"Japanese headings":             {csv: japaneseHead + body},
		"a byte order mark":             {csv: "\ufeff" + japaneseHead + body},
		"lines as on Windows":           {csv: strings.ReplaceAll(japaneseHead+body, "\n", "\r\n")},
		"Shift_JIS":                     {csv: shiftJIS},
		"tabs":                          {csv: strings.ReplaceAll(japaneseHead+body, ",", "\t")},
		"full-width headings":           {csv: strings.Replace(japaneseHead, "メール", "Ｅ－ｍａｉｌ", 1) + body},
		"half-width headings":           {csv: strings.Replace(japaneseHead, "メール", "ﾒｰﾙ ｱﾄﾞﾚｽ", 1) + body},
		"a whole name in one column":    {csv: strings.NewReplacer("姓,名,せい,めい,旧姓", "氏名,ふりがな,旧姓", "髙梨,湊,たかなし,みなと", "髙梨　湊,たかなし みなと").Replace(japaneseHead + body)},
		"headings of one's own":         {csv: strings.NewReplacer("メール", "連絡先", "部署", "最終配属").Replace(japaneseHead) + body, maps: map[string]string{"連絡先": "email", "最終配属": "department"}},
		"a column that is left out":     {csv: strings.Replace(japaneseHead, "\n", ",社員番号\n", 1) + strings.Replace(body, "\n", ",12345\n", 1), maps: map[string]string{"社員番号": ""}},
		"empty rows and columns at end": {csv: strings.ReplaceAll(japaneseHead+body, "\n", ",,\n") + ",,,,,,,,,,,,,,,,\n\n"},
	} {
		t.Run(name, func(t *testing.T) {
			b, o := fileBook(t), options()
			o.Map = test.maps
			report := imported(t, b, test.csv, o)
			if !report.Stored || report.New != 1 || len(report.Problems) > 0 {
				t.Fatalf("got %+v", report)
			}
			m, err := b.ByAddress(t.Context(), "m@example.jp")
			got := fmt.Sprint(err, m.Name, m.Name.Kana(), m.Name.Former, m.Joined, m.Left, m.Department, m.Title, m.Skills, m.Interests, m.Region)
			if want := "<nil> 髙梨 湊たかなし みなと山﨑2009 2018光学設計部主任[光学] [釣り]青波県"; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func TestEveryMistakeIsNamedAndNothingStored(t *testing.T) {
	for name, test := range map[string]struct {
		csv  string
		want []string
	}{
		"an empty file":                     {"", []string{"m.csv:1:1: member-no-rows"}},
		"a first line alone":                {head, []string{"m.csv:1:1: member-no-rows"}},
		"bytes in no encoding":              {"email,family\n\x80\xff,a\n", []string{"m.csv:1:1: member-encoding"}},
		"UTF-16":                            {"e\x00m\x00", []string{"m.csv:1:1: member-encoding"}},
		"no column for the address":         {"family,given\na,b\n", []string{"m.csv:1:1: member-column-needed"}},
		"no column for a name":              {"email,note\na@example.jp,b\n", []string{"m.csv:1:1: member-column-needed"}},
		"an unknown column":                 {"email,family,shoe\na@example.jp,b,41\n", []string{"m.csv:1:14: member-column"}},
		"a column twice":                    {"email,family,メール\na@example.jp,b,c@example.jp\n", []string{"m.csv:1:14: member-column-twice"}},
		"a reason for leaving":              {"email,氏名,退職理由\na@example.jp,b,c\n", []string{"m.csv:1:10: member-refused"}},
		"no address and no name":            {head + ",,,,,,,,2009,,,,,,,,\n", []string{"m.csv:2:1: member-address"}},
		"an address and no name":            {"email,family,given\na@example.jp,,\n", []string{"m.csv:2:14: member-name"}},
		"wrong addresses, each by its line": {"email,family\nx,a\na@example.jp,b\ny@,c\n", []string{"m.csv:2:1: member-address", "m.csv:4:1: member-address"}},
		"an address twice":                  {"email,family\na@example.jp,a\nA@example.JP,b\n", []string{"m.csv:3:1: member-twice"}},
		"too few cells":                     {"email,family,given\na@example.jp,a\n", []string{"m.csv:2:1: member-cells"}},
		"too many cells":                    {"email,family\na@example.jp,a,b\n", []string{"m.csv:2:1: member-cells"}},
		"years that are none":               {"email,family,joined,left\na@example.jp,姓,soon,09\n", []string{"m.csv:2:16: member-year", "m.csv:2:21: member-year"}},
		"leaving before joining":            {"email,family,joined,left\na@example.jp,姓,2009,2008\n", []string{"m.csv:2:21: member-years"}},
		"an unknown audience":               {"email,family,audiences\na@example.jp,姓,alumni;alumnus\n", []string{"m.csv:2:16: member-choice"}},
		"an unknown language":               {"email,family,language\na@example.jp,姓,Klingon?\n", []string{"m.csv:2:16: member-language"}},
		"an unknown status":                 {"email,family,status\na@example.jp,姓,dead\n", []string{"m.csv:2:16: member-choice"}},
		"unknown visibility":                {"email,family,visibility\na@example.jp,姓,name=world\n", []string{"m.csv:2:16: member-choice"}},
		"no day":                            {"email,family,paused_until\na@example.jp,姓,2026-02-30\n", []string{"m.csv:2:16: member-date"}},
		"no number of a list":               {"email,family,unsubscribed\na@example.jp,姓,1;all\n", []string{"m.csv:2:16: member-list"}},
		"a control character":               {"email,family\na@example.jp,a\x07\n", []string{"m.csv:2:14: member-text"}},
		"a quote inside of a cell":          {"email,family\na@example.jp,姓\"名\nb@example.jp,b\nc,d\n", []string{"m.csv:2:15: member-csv", "m.csv:4:1: member-address"}},
		"a quote that does not end":         {"email,family\nb@example.jp,b\na@example.jp,\"姓\n", []string{"m.csv:3:16: member-csv"}},
		"a row of several lines":            {"email,family,note\na@example.jp,a,\"1\n2\"\nx,b,c\n", []string{"m.csv:4:1: member-address"}},
	} {
		t.Run(name, func(t *testing.T) {
			b := fileBook(t)
			report := imported(t, b, test.csv, options())
			if got := lines(report.Problems); !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
			for _, p := range report.Problems {
				for _, lang := range []diag.Lang{diag.English, diag.Japanese} {
					if line := p.Line(lang); strings.Contains(line, "@example.jp") || strings.Contains(line, "{") {
						t.Errorf("got %s", line)
					}
				}
			}
			if all, err := b.List(t.Context(), member.Filter{}); err != nil || len(all) > 0 || report.Stored {
				t.Errorf("got %d members, %v, want none", len(all), err)
			}
		})
	}
}

func TestColumnsThatAreNotStored(t *testing.T) {
	words := "退職理由,退社の理由,備考（離職事由）,人事評価,査定結果,懲戒歴,健康状態,病歴,障がいの有無,血液型,家族構成,配偶者,扶養人数,既婚,思想,信条,宗教,支持政党,労働組合," +
		"国籍,本籍地,人種,犯罪歴,マイナンバー,個人番号,生年月日,生年,誕生日,年齢,性別,年収,給与,口座番号,パスワード," +
		"reason for leaving,Reason_Leaving,Leaving Reason,performance rating,Health,medical notes,Spouse,children,Marital status,religion,political views," +
		"union member,nationality,Race,criminal record,My Number,SSN,birthday,Date of Birth,DOB,age,Gender,Salary,password"
	for word := range strings.SplitSeq(words, ",") {
		t.Run(word, func(t *testing.T) {
			o := options()
			o.Map = map[string]string{word: "note"} // even if it is called something else
			report := imported(t, fileBook(t), "email,family,\""+word+"\"\na@example.jp,姓,x\n", o)
			if got := lines(report.Problems); !slices.Equal(got, []string{"m.csv:1:14: member-refused"}) || report.Stored {
				t.Errorf("got %q, want it to be refused", got)
			}
		})
	}
	for _, word := range []string{"Reunion", "Operating systems", "Grace", "年度", "出身校", "役割"} {
		t.Run(word, func(t *testing.T) {
			o := options()
			o.Map = map[string]string{word: "note"}
			if report := imported(t, fileBook(t), "email,family,"+word+"\na@example.jp,姓,x\n", o); !report.Stored {
				t.Errorf("got %q, want it to be taken", lines(report.Problems))
			}
		})
	}
}

func TestSkippingBadRows(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		b, o := open(), options()
		csv := "email,family\na@example.jp,a\nx,b\nc@example.jp,c\nc@example.jp,d\n"
		report := imported(t, b, csv, o)
		if report.Stored || report.Rows != 4 || report.New != 2 || report.Bad != 2 {
			t.Errorf("got %+v", report)
		}
		o.SkipBad, o.DryRun = true, true
		if report := imported(t, b, csv, o); report.Stored || report.New != 2 {
			t.Errorf("got %+v", report)
		}
		if all, _ := b.List(t.Context(), member.Filter{}); len(all) != 0 {
			t.Errorf("got %d members of a dry run, want none", len(all))
		}
		o.DryRun = false
		if report := imported(t, b, csv, o); !report.Stored || report.New != 2 || report.Bad != 2 || len(report.Problems) != 2 {
			t.Errorf("got %+v", report)
		}
		if all, _ := b.List(t.Context(), member.Filter{}); len(all) != 2 {
			t.Errorf("got %d members, want 2", len(all))
		}
	})
}

func TestImportingAgainChangesWhatHasChanged(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		b := open()
		imported(t, b, "email,family,region,joined\na@example.jp,a,東京都,2000\nb@example.jp,b,京都府,2001\n", options())
		before, _ := b.ByAddress(t.Context(), "a@example.jp")
		o := options()
		o.Now = now().AddDate(0, 1, 0)
		report := imported(t, b, "email,family,region,joined\nA@example.jp,a,大阪府,\nb@example.jp,b,,2001\nc@example.jp,c,,\n", o)
		if report.New != 1 || report.Changed != 1 || report.Unchanged != 1 {
			t.Errorf("got %+v", report)
		}
		after, err := b.ByAddress(t.Context(), "a@example.jp")
		if err != nil || after.ID != before.ID || after.Region != "大阪府" || after.Joined != 2000 || after.SMTP != "A@example.jp" || !after.Created.Equal(now()) || !after.Updated.Equal(o.Now) {
			t.Errorf("got %+v, %v", after, err)
		}
	})
}

func TestAFileDoesNotTakeBackAWithdrawal(t *testing.T) {
	for name, test := range map[string]struct {
		cells []string // of consent, in one import after another
		want  string   // what is recorded
		mail  bool
	}{
		"the file is the consent": {[]string{""}, "+import", true},
		"yes is the same":         {[]string{"yes", "import"}, "+import", true},
		"no is no":                {[]string{"no"}, "-import", false},
		"no stays no when the next file is empty": {[]string{"no", ""}, "-import", false},
		"a text is named once":                    {[]string{"v1", "v1", ""}, "+v1", true},
		"a withdrawal stays":                      {[]string{"v1", "no", "v1", "import", ""}, "+v1-import", false},
		"a new text is a new consent":             {[]string{"v1", "no", "v2"}, "+v1-import+v2", true},
	} {
		t.Run(name, func(t *testing.T) {
			b := fileBook(t)
			for _, cell := range test.cells {
				imported(t, b, "email,family,consent\na@example.jp,a,"+cell+"\n", options())
			}
			m, _ := b.ByAddress(t.Context(), "a@example.jp")
			history, err := b.Consents(t.Context(), m.ID)
			got := ""
			for _, c := range history {
				got += map[bool]string{true: "+", false: "-"}[c.Given] + c.Version
			}
			if err != nil || got != test.want || m.Mailable != test.mail {
				t.Errorf("got %s, mailable %v, %v, want %s, %v", got, m.Mailable, err, test.want, test.mail)
			}
		})
	}
}

func TestTheErasedAreLeftOut(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		b, o := open(), options()
		csv := "email,family\na@example.jp,a\nb@example.jp,b\n"
		imported(t, b, csv, o)
		m, _ := b.ByAddress(t.Context(), "a@example.jp")
		if err := b.Erase(t.Context(), m.ID, now()); err != nil {
			t.Fatal(err)
		}
		report := imported(t, b, strings.Replace(csv, "a@example.jp", "A@Example.jp", 1), o)
		if got := lines(report.Problems); !report.Stored || report.Erased != 1 || report.Unchanged != 1 || !slices.Equal(got, []string{"m.csv:2:1: member-erased"}) {
			t.Errorf("got %+v", report)
		}
		o.Readmit = true
		if report := imported(t, b, csv, o); !report.Stored || report.New != 1 || len(report.Problems) > 0 {
			t.Errorf("got %+v", report)
		}
		if again, err := b.ByAddress(t.Context(), "a@example.jp"); err != nil || again.ID == m.ID {
			t.Errorf("got the id %d again, %v", again.ID, err)
		}
	})
}

func TestWhoMayBeAMember(t *testing.T) {
	for name, test := range map[string]struct {
		years string
		want  string
	}{
		"one year is enough":                    {"2009,2010", ""},
		"less is not":                           {"2009,2009", "m.csv:2:21: member-tenure"},
		"who is still there may be":             {"2026,", ""},
		"of whom nothing is known is not taken": {",", "m.csv:2:17: member-tenure"},
		"nor who has only left":                 {",2010", "m.csv:2:17: member-tenure"},
	} {
		t.Run(name, func(t *testing.T) {
			o := options()
			o.MinYears = 1
			report := imported(t, fileBook(t), "email,family,joined,left\na@example.jp,姓,"+test.years+"\n", o)
			got := strings.Join(lines(report.Problems), "\n")
			if got != test.want || report.Stored != (test.want == "") {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestYears(t *testing.T) {
	for in, want := range map[string]int{
		"2009": 2009, "２００９": 2009, "2009年": 2009, "2009年度": 2009, "2009/4/1": 2009, "2009-04": 2009, "2009.4": 2009, "2009年4月1日": 2009,
		"昭和49年": 1974, "昭和49年4月": 1974, "S49": 1974, "s49.4.1": 1974, "平成元年": 1989, "H30": 2018, "令和8年11月": 2026, "R元": 2019, "大正15": 1926,
		"": 0, "09": 0, "20091": 0, "soon": 0, "明治40年": 0, "平成0年": 0, "1066": 0, "9999": 0, "2009x": 0,
	} {
		if got, ok := member.ParseYear(in); ok != (want != 0) || ok && got != want {
			t.Errorf("%q: got %d, %v, want %d", in, got, ok, want)
		}
	}
}

func TestTheSampleIsRight(t *testing.T) {
	each(t, func(t *testing.T, open func() *member.Book) {
		b, o := open(), options()
		o.MinYears = 1
		report := imported(t, b, string(member.Sample()), o)
		if !report.Stored || report.New != 40 || len(report.Problems) > 0 {
			t.Fatalf("got %+v", report)
		}
		if report := imported(t, b, string(member.Sample()), o); report.Unchanged != 40 {
			t.Errorf("once more: got %+v", report)
		}
		all, err := b.List(t.Context(), member.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		count := map[string]int{}
		for _, m := range all {
			count[m.Status]++
			if domain := m.Email[strings.LastIndexByte(m.Email, '.')+1:]; domain != "example" && !strings.HasSuffix(m.Email, "@example.jp") {
				t.Errorf("%s is not of a reserved domain (RFC 2606)", m.Email)
			}
			if m.Name.Kana() == "" || m.Joined < 1971 || m.Joined > 2022 {
				t.Errorf("%s has no kana, or joined in %d", m.Name, m.Joined)
			}
			if !m.Mailable {
				count["silent"]++
			}
		}
		if count[member.Paused] != 1 || count["silent"] != 2 {
			t.Errorf("got %v, want one who pauses, and one more without mail", count)
		}
	})
}
