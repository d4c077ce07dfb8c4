package diag

// Rules of files of members.
const (
	MemberEncoding     Rule = "member-encoding"
	MemberCSV          Rule = "member-csv"
	MemberNoRows       Rule = "member-no-rows"
	MemberColumn       Rule = "member-column"
	MemberColumnTwice  Rule = "member-column-twice"
	MemberColumnNeeded Rule = "member-column-needed"
	MemberNoHeading    Rule = "member-no-heading"
	MemberRefused      Rule = "member-refused"
	MemberCells        Rule = "member-cells"
	MemberAddress      Rule = "member-address"
	MemberTwice        Rule = "member-twice"
	MemberName         Rule = "member-name"
	MemberYear         Rule = "member-year"
	MemberYears        Rule = "member-years"
	MemberTenure       Rule = "member-tenure"
	MemberChoice       Rule = "member-choice"
	MemberLanguage     Rule = "member-language"
	MemberDate         Rule = "member-date"
	MemberList         Rule = "member-list"
	MemberText         Rule = "member-text"
	MemberErased       Rule = "member-erased"
)

var memberRules = map[Rule]entry{
	MemberEncoding: {Error,
		text{`the file is neither UTF-8 nor Shift_JIS.`, `Save it as "CSV UTF-8".`},
		text{`文字コードが UTF-8 でも Shift_JIS でもありません。`, `「CSV UTF-8（コンマ区切り）」で保存し直してください。`}},
	MemberCSV: {Error,
		text{`this is not CSV: {reason}.`, `Put cells that have commas, quotes or line breaks between double quotes, and double the quotes inside.`},
		text{`CSV として読めません（{reason}）。`, `カンマ・引用符・改行を含むセルは " で囲み、中の " は二つ重ねて書いてください。`}},
	MemberNoRows: {Error,
		text{`the file has no members.`, `The first line names the columns; each further line is a member.`},
		text{`会員が一人も書かれていません。`, `一行目に列の名前、二行目から一行に一人ずつ書いてください。`}},
	MemberColumn: {Error,
		text{`unknown column "{column}".`, `[[Did you mean "{nearest}"?]] Give it a meaning with --map '{column}=note', or leave it out with --map '{column}='.`},
		text{`「{column}」という列は知られていません。`, `[[「{nearest}」ではありませんか。]]--map '{column}=note' のように対応を指定するか、--map '{column}=' で除いてください。`}},
	MemberColumnTwice: {Error,
		text{`two columns are for {column}.`, `Keep one of them, or leave the other out with --map 'NAME='.`},
		text{`{column} にあたる列が二つあります。`, `一つだけにするか、--map '列名=' で片方を除いてください。`}},
	MemberColumnNeeded: {Error,
		text{`there is no column for {column}.`, `Add it, or name the column that has it: --map 'NAME={column}'.`},
		text{`{column} にあたる列がありません。`, `列を加えるか、--map '列名={column}' で指定してください。`}},
	MemberNoHeading: {Error,
		text{`--map speaks of a column "{heading}", which the file does not have.`, `Write it as in the first line of the file.`},
		text{`--map に書かれた「{heading}」という列が、ファイルにありません。`, `一行目のとおりに書いてください。`}},
	MemberRefused: {Error,
		text{`the column "{column}" may not be stored ({kind}): a network of former colleagues has no need of it.`, `Delete the column from the file.`},
		text{`「{column}」の列は取り込めません（{kind}）。会の運営に必要のない情報です。`, `ファイルからこの列を消してください。`}},
	MemberCells: {Error,
		text{`this row has {got} cells, and the first line has {want}.`, `Look for a comma too many or too few, or a cell that needs quotes.`},
		text{`この行のセルは {got} 個ですが、一行目は {want} 個です。`, `カンマの過不足や、引用符で囲むべきセルがないか確かめてください。`}},
	MemberAddress: {Error,
		text{`{column}: this is not a mail address.`, `Write it as name@example.com.`},
		text{`{column}：メールアドレスではありません。`, `name@example.com の形で書いてください。`}},
	MemberTwice: {Error,
		text{`{column}: line {line} has this address already.`, `Keep one row a person.`},
		text{`{column}：このアドレスは {line} 行目にもあります。`, `一人につき一行にしてください。`}},
	MemberName: {Error,
		text{`the row has no name.`, `Fill in family and given, or latin.`},
		text{`氏名がありません。`, `family と given（姓と名）、または latin を書いてください。`}},
	MemberYear: {Error,
		text{`{column}: "{value}" is not a year.`, `Write it with four digits, such as 2009.`},
		text{`{column}：「{value}」は年として読めません。`, `2009 のように四桁の西暦で書いてください。`}},
	MemberYears: {Error,
		text{`{column}: {left} is before {joined}, the year of joining.`, `One of the two is wrong.`},
		text{`{column}：退社年 {left} が入社年 {joined} より前です。`, `どちらかを直してください。`}},
	MemberTenure: {Error,
		text{`{column}: members have been at the company for at least {least} years (gate.eligibility in site.yaml)[[; this is {years}]].`, `Leave the row out with --skip-bad, or look at the years.`},
		text{`{column}：会員になれるのは在籍 {least} 年以上の人です（site.yaml の gate.eligibility）。[[この行は {years} 年です。]]`, `年を確かめるか、--skip-bad でこの行を除いてください。`}},
	MemberChoice: {Error,
		text{`{column}: "{value}" is none of {choices}.`, `[[Did you mean "{nearest}"?]]`},
		text{`{column}：「{value}」は {choices} のどれでもありません。`, `[[「{nearest}」ではありませんか。]]`}},
	MemberLanguage: {Error,
		text{`{column}: "{value}" is not a language tag.`, `Write it as ja or en.`},
		text{`{column}：「{value}」は言語の符号ではありません。`, `ja や en のように書いてください。`}},
	MemberDate: {Error,
		text{`{column}: "{value}" is not a date.`, `Write it as 2026-11-20.`},
		text{`{column}：「{value}」は日付として読めません。`, `2026-11-20 の形で書いてください。`}},
	MemberList: {Error,
		text{`{column}: "{value}" is no number of a list.`, `Write numbers separated by semicolons; 0 is all mail.`},
		text{`{column}：「{value}」は配信リストの番号ではありません。`, `番号をセミコロンで区切って書いてください。0 はすべてのメールです。`}},
	MemberText: {Error,
		text{`{column}: the text has characters that cannot be shown, or is longer than {most} bytes.`, `Write it anew.`},
		text{`{column}：表示できない文字があるか、{most} バイトを超えています。`, `書き直してください。`}},
	MemberErased: {Warning,
		text{`this person was erased; the row is left out.`, `If the person wishes to come back, import the row with --readmit.`},
		text{`この人は以前に消去されているため、この行は取り込みません。`, `本人が再び加わりたいと望むときは、--readmit を付けて取り込んでください。`}},
}
