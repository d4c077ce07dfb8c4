package bounce

import (
	"bytes"
	"regexp"
	"strings"
	"unicode"
)

var (
	failureSubject = regexp.MustCompile(`(?i)undeliver(?:ed|able)|returned? (?:mail|message|to sender)|returning (?:mail|message)|delivery (?:status|notification|failure|failed|problem|error|report|unsuccessful)|failure notice|` +
		`mail (?:delivery )?(?:failed|failure|error|system error)|message (?:not delivered|delivery failure)|(?:could not|cannot) be delivered|non[- ]?delivery|not delivered|delay(?:ed)?\b|could not send|` +
		`宛先不明|(?:配信|配送|送信)(?:不能|エラー|失敗|遅延|できません|に失敗|が遅)|エラーメール|メールエラー|不達|未達|届(?:けられ|きません|けでき)|返送`)

	failureWords = regexp.MustCompile(`(?i)hi\. this is the .{1,200}|this is the (?:mail system|postfix program|mail delivery agent|machine generated)|(?:could not|cannot|can't|couldn't|was not|wasn't|not) be(?:en)? delivered|was(?: not|n't) delivered|` +
		`(?:unable|not able|wasn't able) to deliver|undeliverable|permanent fatal errors|transient non-fatal errors|delivery to the following recipients?|did not (?:reach|receive)|could not be sent|` +
		`(?:配信|配送|送信|お届け|届ける?こと)(?:が)?(?:できません|できなかった|出来ません|不能|に失敗|エラー)|届けられません`)

	delayWords = regexp.MustCompile(`(?i)delay(?:ed)?\b|still being retried|will be retried|will (?:keep|continue)|has not (?:yet )?been delivered|not yet been delivered|no action is required|do not need to resend|this is a warning|warning: (?:could not send|message)|` +
		`(?:配信|配送|送信)(?:が|の)?遅|まだ(?:配信|配送|送信|お?届)|再送(?:を試み|を続|します|いたします)|再配送`)

	// gaveUp overrules words of delay in the text: what was retried is over.
	gaveUp = regexp.MustCompile(`(?i)(?:given|giving|gave) up|no longer be retried|permanent (?:error|failure|fatal)|will not be retried|再送(?:は|を)?(?:行いません|しません|中止|終了)`)

	daemons = regexp.MustCompile(`(?i)^(?:mailer-daemon|postmaster|mail-daemon|mailerdaemon|mdaemon|maildaemon|mail-delivery|mail_delivery|mailer)@`)
)

// freeForm reads a bounce that is no report.
func freeForm(m *message) (Report, bool) {
	if !m.isFromDaemon() {
		return Report{}, false
	}
	subject, text := words(m.header.get("subject")), beforeCopy(m.said)
	if !failureSubject.MatchString(subject) && !failureWords.MatchString(text) {
		return Report{}, false
	}
	if at := strings.Index(text, "Final-Recipient:"); at >= 0 { // a report in the text
		if r := readStatus([]byte(text[startOfGroup(text, at):]), &message{}); r.Kind != Other {
			return r, true
		}
	}
	results := resultsIn(text)
	if results == nil {
		results = []Result{judge("", "", text)}
	}
	named := m.failedRecipients()
	for i := range results {
		if len(results) == 1 && results[0].Address == "" && len(named) > 0 {
			results[0].Address = named[0]
		}
		if results[i].Class == Unsure && len(results) == 1 { // what it says elsewhere
			results[i].Class = judge("", results[i].Enhanced, text).Class
		}
	}
	doubt(results, text)
	if delayWords.MatchString(subject) || delayWords.MatchString(text) && !gaveUp.MatchString(text) && !failureSubjectIsFinal(subject) {
		return Report{Kind: Delay, Results: results}, true
	}
	return Report{Kind: Bounce, Results: results}, true
}

func failureSubjectIsFinal(subject string) bool {
	return failureSubject.MatchString(subject) && !delayWords.MatchString(subject)
}

// startOfGroup returns where the lines without an empty one around text[at] begin.
func startOfGroup(text string, at int) int {
	if i := strings.LastIndex(text[:at], "\n\n"); i >= 0 {
		return i + 2
	}
	return 0
}

// isFromDaemon reports whether a mail system seems to have sent the message.
func (m *message) isFromDaemon() bool {
	returnPath := m.header.get("return-path")
	switch {
	case m.isMbox, returnPath == "<>", m.header.get("x-failed-recipients") != "":
		return true
	}
	return daemons.MatchString(firstAddress(returnPath)) || daemons.MatchString(firstAddress(m.header.get("from")))
}

// failedRecipients returns those of X-Failed-Recipients, which Exim and Gmail write.
func (m *message) failedRecipients() (list []string) {
	for value := range m.header.all("x-failed-recipients") {
		for _, found := range address.FindAllString(value, maxResults) {
			list = append(list, unquote(found))
		}
	}
	return list
}

// copyMarks are the lines that stand before the copy of the letter.
var copyMarks = regexp.MustCompile(`(?im)^(?:[-=*_+ ]*(?:below this line is a copy of the message|this is a copy of (?:the|your) message|original message|original mail as follows|the header of the original message|` +
	`unsent message follows|original message follows|returned message|message header follows|message headers? follow|returned message follows|元のメッセージ|元のメール|オリジナルメッセージ|送信されたメール|以下は送信)` +
	`|received: from |return-path: ?<|message-id: ?<|-----BEGIN MESSAGE)`)

// beforeCopy returns the text that comes before the copy of the letter.
func beforeCopy(text string) string {
	if at := copyMarks.FindStringIndex(text); at != nil {
		return text[:at[0]]
	}
	return text
}

var (
	recipientLine = regexp.MustCompile(`(?i)^[\s>*・●■◆\-]*(?:(?:failed |final |original )?(?:recipient|to|address|could not be delivered to|rcpt to|宛先|宛先アドレス|宛先メールアドレス|送信先|送信先アドレス|受信者|受取人|メールアドレス|e-?mail)\s*[:：は]\s*)?` +
		`<?((?:"[^"\s<>@]{1,64}"|` + localForm + `)@` + domainForm + `)>?(.*)$`)
	inWords   = regexp.MustCompile(`(?i)unknown user:? *<?(` + localForm + `@` + domainForm + `)`)
	contact   = regexp.MustCompile(`(?i)^(?:postmaster|mailer-daemon|support|abuse|help|webmaster|info)@`)
	smtpLines = regexp.MustCompile(`^\s*(?:>>>|<<<|\.\.\. while talking)`)
)

// resultsIn finds the recipients in a free form: lines that begin with an address,
// perhaps after a word like "Recipient:", and what is said up to the next one.
func resultsIn(text string) (results []Result) {
	var found string
	var said strings.Builder
	flush := func() {
		if found != "" && len(results) < maxResults {
			results = append(results, judge(found, "", said.String()))
		}
		found = ""
		said.Reset()
	}
	var before strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		if line = line[:min(len(line), maxFieldBytes)]; !strings.ContainsFunc(line, unicode.IsLetter) {
			continue // a rule, or nothing
		}
		begin := recipientLine.FindStringSubmatch(line)
		if begin == nil || smtpLines.MatchString(line) || contact.MatchString(begin[1]) {
			appendTo := &said
			if found == "" {
				appendTo = &before
			}
			appendTo.WriteString(line + " ")
			continue
		}
		if name := unquote(begin[1]); !strings.EqualFold(name, found) {
			flush()
			found, line = name, strings.TrimLeft(begin[2], " :：>")
		}
		said.WriteString(line + " ")
	}
	flush()
	if results == nil {
		if at := inWords.FindStringSubmatch(text); at != nil {
			return []Result{judge(at[1], "", text)}
		}
	}
	if len(results) == 1 && results[0].Diagnostic == "" { // the reason comes first
		results[0] = judge(results[0].Address, "", before.String())
	}
	return results
}

// copyOf returns the header of the returned letter; where it is no part of its own,
// what follows the mark in the text.
func (m *message) copyOf() header {
	p, ok := m.part("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global", "message/global-headers")
	if ok {
		h, _ := readHeader(bytes.TrimLeft(p.decoded(), "\r\n"))
		return h
	}
	text := m.said
	rest := []byte(text[len(beforeCopy(text)):])
	for range 4 { // the mark, an empty line, the fields
		h, after := readHeader(bytes.TrimLeft(rest, "\r\n"))
		if h.get("message-id") != "" || h.get("return-path") != "" || h.get("to") != "" {
			return h
		}
		rest = after
	}
	return nil
}
