package main

import (
	"net/mail"
	"testing"

	"kaiho/generator/config"
)

func TestLettersComeFromWhomSiteYAMLNames(t *testing.T) {
	for _, test := range []struct{ name, yaml, from, address, replyTo string }{
		{"a sender in two languages", "mail: {from: {ja: 凪だより <letter@t.example>, en: Letter <letter@t.example>}, reply_to: re@t.example}", "凪だより", "letter@t.example", "re@t.example"},
		{"the office", "organization: {contact: office@t.example}", "", "office@t.example", "office@t.example"},
		{"nobody", "", "", "noreply@t.example", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			site, problems := config.Load([]byte("title: 会\nbase_url: https://t.example/\nlanguages: [ja, en]\n" + test.yaml))
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			c := letterFrom(site)
			from, err := mail.ParseAddress(c.sender)
			if err != nil || from.Name != test.from || from.Address != test.address || c.replyTo != test.replyTo {
				t.Errorf("got %+v (%v), want %s <%s>, %s", c, err, test.from, test.address, test.replyTo)
			}
		})
	}
}
