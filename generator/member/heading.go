package member

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Columns returns the columns of a CSV file of members, in the order in which they
// are exported. Only email and a name are required.
func Columns() []string {
	return []string{"email", "family", "given", "family_kana", "given_kana", "former", "audiences", "language", "joined", "left",
		"department", "title", "skills", "interests", "region", "consent", "note",
		// and these, for what members set themselves:
		"latin", "status", "visibility", "format", "frequency", "paused_until", "unsubscribed"}
}

// Columns that are split in two when they are read.
const (
	wholeName = "name"
	wholeKana = "name_kana"
)

// otherHeadings are the further names of a column, as staff departments and address
// books write them.
var otherHeadings = map[string]string{
	"email":        "e-mail,mail,mail address,email address,メール,メールアドレス,eメール,電子メール,アドレス",
	"family":       "姓,氏,苗字,名字,last name,family name,surname",
	"given":        "名,first name,given name",
	wholeName:      "name,氏名,姓名,名前,お名前,full name",
	"family_kana":  "せい,姓かな,姓カナ,姓（かな）,姓フリガナ,姓ふりがな,セイ,last name kana",
	"given_kana":   "めい,名かな,名カナ,名（かな）,名フリガナ,名ふりがな,メイ,first name kana",
	wholeKana:      "name kana,ふりがな,フリガナ,よみ,読み,よみがな,かな,カナ,氏名かな,氏名カナ,氏名フリガナ,氏名ふりがな",
	"former":       "旧姓,在籍時姓,在籍時の姓,在籍時氏名,在籍時の氏名,maiden name,former name",
	"latin":        "ローマ字,氏名ローマ字,英字,英字氏名,英語名,romaji,latin name",
	"audiences":    "audience,会員区分,区分,対象",
	"language":     "lang,言語,使用言語",
	"joined":       "入社,入社年,入社年度,入社年月,入社年月日,入社日,year joined,joined year",
	"left":         "退社,退社年,退社年度,退社年月,退社年月日,退社日,退職,退職年,退職年度,退職年月,退職年月日,退職日,year left",
	"department":   "部署,部署名,所属,所属部署,最終所属,最終部署",
	"title":        "役職,役職名,職位,肩書,肩書き,最終役職,position,job title",
	"skills":       "skill,スキル,資格,スキル・資格,保有資格",
	"interests":    "interest,関心,興味,興味・関心,興味関心,関心分野",
	"region":       "地域,居住地,居住地域,お住まい,都道府県",
	"consent":      "同意,配信同意,メール同意,メール配信",
	"note":         "notes,備考,メモ,memo",
	"status":       "状態,ステータス,会員ステータス",
	"visibility":   "公開範囲,公開",
	"format":       "配信形式",
	"frequency":    "配信頻度",
	"paused_until": "配信休止,配信休止まで",
	"unsubscribed": "配信停止,配信停止リスト",
}

// headings leads from every heading, as fold writes it, to its column.
var headings = func() map[string]string {
	all := map[string]string{}
	for _, column := range append(Columns(), wholeName, wholeKana) {
		for _, heading := range append(strings.Split(otherHeadings[column], ","), column) {
			all[fold(heading)] = column
		}
	}
	return all
}()

// refused are kinds of columns that are not stored, and words in their headings: of
// English ones the beginning. A
// network of people who have left a company has no use for any of it; some of it may
// not even be had without a consent of its own (Act on the Protection of Personal
// Information, article 2(3)) or at all (My Number Act, article 20).
var refused = []struct{ kind, words string }{
	{"why somebody left / 退職理由", "理由,退職事由,退社事由,離職事由,reason,termination,resignation"},
	{"assessment of work / 人事評価", "評価,査定,考課,懲戒,処分,evaluation,appraisal,performance,rating,disciplin"},
	{"pay / 給与", "給与,給料,賃金,年収,月収,賞与,報酬,salary,wage,income,bonus,compensation"},
	{"health / 健康", "健康,病歴,病名,既往,疾病,疾患,障害,障がい,障碍,診断,治療,服薬,血液型,妊娠,health,medical,illness,disease,disabilit,disorder,blood,pregnan"},
	{"family / 家族", "家族,配偶,扶養,婚姻,結婚,未婚,既婚,離婚,子供,子ども,こども,お子,続柄,family member,spouse,husband,wife,child,marital,marriage,dependent,next of kin"},
	{"beliefs / 思想・信条", "思想,信条,信仰,宗教,宗派,政治,政党,支持,組合,religio,belief,creed,faith,politic,union"},
	{"origin / 出自", "人種,民族,本籍,門地,国籍,社会的身分,race,ethnic,nationality,caste"},
	{"criminal record / 犯罪歴", "犯罪,前科,前歴,逮捕,criminal,conviction,arrest"},
	{"date of birth, age, sex / 生年月日・年齢・性別", "生年,誕生,生まれ,年齢,満年,性別,birth,date of birth,gender"},
	{"number of a person / マイナンバー・番号", "マイナンバー,個人番号,基礎年金,保険証,被保険者,免許証番号,旅券,パスポート,my number,mynumber,social security,national id,passport"},
	{"money and secrets / 口座・暗証", "口座,銀行,クレジット,暗証,パスワード,bank,iban,credit card,password,passwd"},
}

// refusedWhole are headings that are refused if they stand alone.
var refusedWhole = map[string]string{
	"age": "date of birth, age, sex / 生年月日・年齢・性別", "sex": "date of birth, age, sex / 生年月日・年齢・性別",
	"dob": "date of birth, age, sex / 生年月日・年齢・性別", "ssn": "number of a person / マイナンバー・番号",
	"pay": "pay / 給与", "pin": "money and secrets / 口座・暗証", "病": "health / 健康", "子": "family / 家族",
}

// refusal returns why a heading is refused; "" if it is not.
func refusal(heading string) string {
	folded := fold(heading)
	if _, known := headings[folded]; known {
		return ""
	}
	if kind := refusedWhole[folded]; kind != "" {
		return kind
	}
	words := " " + strings.Join(strings.FieldsFunc(strings.ToLower(norm.NFKC.String(heading)), func(r rune) bool { return !unicode.IsLetter(r) }), " ")
	for _, r := range refused {
		for word := range strings.SplitSeq(r.words, ",") {
			english := isASCII(word)
			if english && strings.Contains(words, " "+word) || !english && strings.Contains(folded, fold(word)) {
				return r.kind
			}
		}
	}
	return ""
}

// fold writes a heading for comparing: in one width and case, katakana as hiragana,
// and without spaces and marks.
func fold(heading string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != 'ー' {
			return -1
		}
		return unicode.ToLower(r)
	}, hiragana(norm.NFKC.String(heading)))
}
