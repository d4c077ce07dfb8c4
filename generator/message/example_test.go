package message_test

import (
	"fmt"
	"strings"
	"time"

	"kaiho/generator/message"
)

func Example() {
	template, err := message.Compile(message.Spec{
		From:    message.Mailbox{Name: "凪だより", Address: "letter@nagi.example"},
		Subject: "11月号", Language: "ja",
		Fields: []message.Field{{Name: "List-Id", Value: message.Phrase("凪だより") + " <letter.nagi.example>"}},
		Plain:  message.Text{{Slot: 1}, {Text: " 様\n"}},
		HTML:   message.Text{{Text: "<p>"}, {Slot: 1}, {Text: " 様</p>\n"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	letter, err := template.Append(nil, message.Letter{
		To:        message.Mailbox{Name: "髙梨 湊", Address: "foo..bar@docomo.ne.jp"},
		MessageID: "mzxw6ytb@nagi.example", Date: time.Date(2026, 11, 20, 9, 0, 0, 0, time.FixedZone("JST", 9*3600)),
		Fields: []message.Field{{Name: "List-Unsubscribe", Value: "<https://nagi.example/u/AAAA>"}},
		Plain:  []string{"髙梨"}, HTML: []string{"髙梨"},
	})
	fmt.Print(strings.ReplaceAll(string(letter), "\r\n", "\n"), err)
	// Output:
	// Date: Fri, 20 Nov 2026 09:00:00 +0900
	// From: =?UTF-8?B?5Yeq44Gg44KI44KK?= <letter@nagi.example>
	// To: =?UTF-8?B?6auZ5qKoIOa5ig==?= <"foo..bar"@docomo.ne.jp>
	// Subject: =?UTF-8?B?MTHmnIjlj7c=?=
	// Message-ID: <mzxw6ytb@nagi.example>
	// List-Id: =?UTF-8?B?5Yeq44Gg44KI44KK?= <letter.nagi.example>
	// List-Unsubscribe: <https://nagi.example/u/AAAA>
	// Content-Language: ja
	// MIME-Version: 1.0
	// Content-Type: multipart/alternative;
	//  boundary="part-1e6209fcde73c91402fb085b9afc4c8c"
	//
	// --part-1e6209fcde73c91402fb085b9afc4c8c
	// Content-Type: text/plain; charset=utf-8
	// Content-Transfer-Encoding: base64
	//
	// 6auZ5qKoIOanmA0K
	// --part-1e6209fcde73c91402fb085b9afc4c8c
	// Content-Type: text/html; charset=utf-8
	// Content-Transfer-Encoding: base64
	//
	// PHA+6auZ5qKoIOanmDwvcD4NCg==
	// --part-1e6209fcde73c91402fb085b9afc4c8c--
	// <nil>
}
