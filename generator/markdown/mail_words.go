package markdown

// mailWords is what letters in Japanese and in Western languages write
// differently. The first group is of both editions, the second of HTML, the
// third of plain text.
type mailWords struct {
	reading, readingEnd   string // around ruby's
	question, who         string // before a question, before who speaks
	lineHeight, emphasis  string // of text; the style of <em>
	font                  string // of what does not get the letter's in Outlook: cells
	headings              [2]string
	bullet, indent        string // before items; before descriptions
	mark, markEnd         string // around the number of a link
	quote, button         string // before every line, before a label
	note, noteEnd         string // around the number of a note
	noteGap               string // between it and the text of the note
	address, addressEnd   string // around the address of mail or a telephone
	caption, captionEnd   string
	deleted, deletedEnd   string // around what is struck out
	voice, voiceEnd       string
	title, titleEnd       string // of a panel
	colon, rule, frame    string // after a cell's header; a line's letter; that of a panel's line
	sideBySide            string // between cells
	checked, notYetTicked string
}

var japaneseWords = mailWords{
	mark: "［", markEnd: "］",
	reading: "（", readingEnd: "）",
	question: "―― ", who: "―― ",
	lineHeight: "1.8",
	font:       "font-family:'Hiragino Sans','Hiragino Kaku Gothic ProN','Noto Sans JP','Yu Gothic',Meiryo,'MS PGothic',sans-serif;",
	// Japanese has no italics: the slanted letters of a screen are hard to read.
	emphasis: "font-style:normal;font-weight:bold;",
	headings: [2]string{"■ ", "● "},
	bullet:   "・", indent: "　",
	quote: "｜", button: "▶ ",
	note: "［注", noteEnd: "］",
	address: "（", addressEnd: "）",
	caption: "（写真：", captionEnd: "）",
	deleted: "（取消：", deletedEnd: "）",
	voice: "「", voiceEnd: "」",
	title: "【", titleEnd: "】",
	colon: "：", rule: "―", frame: "─",
	sideBySide: "／",
	checked:    "☑ ", notYetTicked: "☐ ",
}

var westernWords = mailWords{
	mark: "[", markEnd: "]",
	reading: " (", readingEnd: ")",
	question: "– ", who: "– ",
	lineHeight: "1.6",
	font:       "font-family:'Helvetica Neue','Segoe UI',Roboto,Arial,sans-serif;",
	emphasis:   "font-style:italic;",
	headings:   [2]string{"# ", "## "},
	bullet:     "* ", indent: "  ",
	quote: "> ", button: "-> ",
	note: "[note ", noteEnd: "]", noteGap: " ",
	address: " (", addressEnd: ")",
	caption: "(Photo: ", captionEnd: ")",
	deleted: "[deleted: ", deletedEnd: "]",
	voice: "“", voiceEnd: "”",
	colon: ": ", rule: "-", frame: "=",
	sideBySide: " / ",
	checked:    "[x] ", notYetTicked: "[ ] ",
}
