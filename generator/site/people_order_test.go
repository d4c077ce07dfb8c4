package site

import (
	"slices"
	"strings"
	"testing"

	"kaiho/generator/content"
)

func TestPeopleStandInTheOrderOfTheFiftySounds(t *testing.T) {
	names := []content.Name{ // in the order that they shall have
		{Family: "大江", FamilyKana: "おおえ", GivenKana: "ゆり"},
		{Family: "オーツカ", FamilyKana: "オーツカ", GivenKana: "あき"}, // おおつか
		{Latin: "Daniel OKAFOR", FamilyKana: "オカフォー", GivenKana: "ダニエル"},
		{Family: "加納", FamilyKana: "かのう", GivenKana: "あや"},
		{Family: "加納", FamilyKana: "かのう", GivenKana: "けいすけ"},
		{Family: "狩野", FamilyKana: "がのう", GivenKana: "あい"}, // after all of かのう
		{Family: "髙梨", FamilyKana: "たかなし", GivenKana: "あおい"},
		{Family: "高梨", FamilyKana: "タカナシ", GivenKana: "みなと"},
		{Family: "髙梨", FamilyKana: "たかなし", GivenKana: "ゆう"},
		{Family: "服部", FamilyKana: "はっとり", GivenKana: "れい"},
		{Family: "渡邉", FamilyKana: "わたなべ", GivenKana: "さとこ"},
		{Family: "渡邊", FamilyKana: "わたなべ", GivenKana: "たくま"},
		{Family: "渡辺", FamilyKana: "ﾜﾀﾅﾍﾞ", GivenKana: "なつ"},
		{Latin: "Maria ÁLVAREZ"},
		{Latin: "Grace LINDQVIST"},
		{Family: "読みのない人"},
	}
	headings := "あ あ あ か か か た た た は わ わ わ A–Z A–Z 他"
	var got []string
	var keys []standing
	for _, n := range names {
		s := standingOf(n, "ja")
		got, keys = append(got, s.label), append(keys, s)
	}
	if strings.Join(got, " ") != headings {
		t.Errorf("got %s, want %s", strings.Join(got, " "), headings)
	}
	if !slices.IsSortedFunc(keys, func(a, b standing) int {
		if a.place != b.place {
			return a.place - b.place
		}
		return strings.Compare(a.key, b.key)
	}) {
		t.Errorf("got %v, want them sorted", keys)
	}
}

func TestPeopleStandByTheirFamilyNameElsewhere(t *testing.T) {
	for _, test := range []struct{ latin, label string }{
		{"TAKANASHI Minato", "T"}, {"Daniel OKAFOR", "O"}, {"Linh Đặng", "D"}, {"Maria ÁLVAREZ", "A"}, {"", "#"},
	} {
		if got := standingOf(content.Name{Family: "高", Latin: test.latin}, "en").label; got != test.label {
			t.Errorf("%s: got %s, want %s", test.latin, got, test.label)
		}
	}
}

func TestPlainKana(t *testing.T) {
	for _, test := range []struct{ reading, want string }{
		{"オーツカ", "おおつか"}, {"がっきょう", "かつきよう"}, {"ヴィーラ", "ういいら"}, {"いすゞ", "いすす"}, {"ー", "ー"}, {"ﾊﾟｰｸ", "はあく"},
	} {
		if got := plainKana(test.reading); got != test.want {
			t.Errorf("%s: got %s, want %s", test.reading, got, test.want)
		}
	}
}

func TestFormerNamesAreShownWithConsentAlone(t *testing.T) {
	p := content.Person{Name: content.Name{Former: "東"}}
	if got := former(&p); got != "" {
		t.Errorf("without consent: got %s", got)
	}
	p.Consent.By = "本人"
	if got := former(&p); got != "東" {
		t.Errorf("with consent: got %q", got)
	}
}
