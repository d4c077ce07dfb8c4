package bounce

import (
	"regexp"
	"strings"
)

// complaint reads a feedback report. Those that say that a letter is no spam, or how
// a check of DKIM or DMARC went (RFC 6591), are Other.
func complaint(m *message) (Report, bool) {
	p, ok := m.part("message/feedback-report")
	if !ok {
		return hotmailComplaint(m)
	}
	fields, _ := readHeader(p.decoded())
	switch strings.ToLower(fields.get("feedback-type")) {
	case "abuse", "fraud", "virus", "other", "miscategorized", "opt-out", "opt-out-list", "":
	default:
		return Report{Kind: Other}, true
	}
	r := Report{Kind: Complaint}
	for value := range fields.all("original-rcpt-to") {
		if found := firstAddress(value); found != "" && len(r.Results) < maxResults {
			r.Results = append(r.Results, Result{Address: found})
		}
	}
	return r, true
}

// hotmailComplaint reads the form of Microsoft's Junk Mail Reporting Program: the
// letter as an attachment, and whom it was for in one of its fields.
func hotmailComplaint(m *message) (Report, bool) {
	_, hasLetter := m.part("message/rfc822")
	if !hasLetter || !strings.EqualFold(firstAddress(m.header.get("from")), "staff@hotmail.com") ||
		!strings.HasPrefix(m.header.get("subject"), "complaint about message from ") {
		return Report{}, false
	}
	r := Report{Kind: Complaint}
	if found := firstAddress(m.letter.get("x-hmxmroriginalrecipient")); found != "" {
		r.Results = []Result{{Address: found}}
	}
	return r, true
}

// link is the form of signed tokens: base64url, a whole subject. The caller checks the
// signature.
var link = regexp.MustCompile(`^[A-Za-z0-9_-]{40,400}$`)

// unsubscribeByLink reads what programs send to the mailto: of List-Unsubscribe.
func unsubscribeByLink(m *message) (Report, bool) {
	subject := strings.TrimSpace(words(m.header.get("subject")))
	return Report{Kind: Unsubscribe, Link: subject}, link.MatchString(subject)
}

var (
	answer = regexp.MustCompile(`(?i)^(?:re|fwd?|aw|返信|転送)\s*[:：]`)
	leave  = regexp.MustCompile(`(?i)\bunsubscribe\b|\bopt[- ]?out\b|(?:配信|購読|送信|登録|メルマガ|メール)(?:の|を)?(?:停止|解除|中止|不要|解約)`)
	away   = regexp.MustCompile(`(?i)^(?:auto(?:matic)?[- ]?(?:reply|response|answer)?\s*[:：]|auto(?:matic)?[- ]?(?:reply|response)\b|out of (?:the )?office|vacation (?:reply|response)|away from )|自動(?:応答|返信|回答|送信)|不在(?:通知|の(?:お知らせ|連絡|為|ため)|につき|連絡|です|にして|[:：】)）\]]|$)|休暇中`)
)

const maxWishBytes = 120 // of a subject that is a wish, and no title

// unsubscribeByWords reads a person's wish. An answer carries the subject of a letter,
// which may be about anything, so it is none.
func unsubscribeByWords(m *message) (Report, bool) {
	subject := strings.TrimSpace(words(m.header.get("subject")))
	return Report{Kind: Unsubscribe}, len(subject) <= maxWishBytes && !answer.MatchString(subject) && leave.MatchString(subject)
}

// autoReply reads the marks of machines: Auto-Submitted (RFC 3834, section 5), the fields
// that were used before it, and subjects.
func autoReply(m *message) (Report, bool) {
	h := m.header
	r := Report{Kind: AutoReply}
	if submitted := strings.ToLower(h.get("auto-submitted")); strings.HasPrefix(submitted, "auto-") {
		return r, true
	}
	for _, name := range []string{"x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply-from", "x-autoreply-from"} {
		if value := h.get(name); value != "" && !strings.EqualFold(value, "no") {
			return r, true
		}
	}
	isAnswer := h.get("in-reply-to") != "" || h.get("references") != ""
	switch precedence := strings.ToLower(h.get("precedence")); {
	case precedence == "auto_reply", precedence == "auto-reply":
		return r, true
	case (precedence == "bulk" || precedence == "junk") && isAnswer:
		return r, true
	case strings.EqualFold(h.get("x-apple-action"), "vacation"):
		return r, true
	}
	return r, away.MatchString(words(h.get("subject")))
}

// sentTo are the fields in which servers write the address of the envelope, the
// surest first.
var sentTo = []string{"delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "x-rcpt-to", "to", "cc"}

var receivedFor = regexp.MustCompile(`(?i)\bfor <([^<>\s]{3,320})>`)

// references gathers what tells which letter a message is about.
func (m *message) references() (tokens, ids []string) {
	for value := range m.header.all(sentTo...) {
		for _, found := range address.FindAllString(value, maxReferences) {
			tokens = appendNew(tokens, TokenOf(found))
		}
	}
	for value := range m.header.all("received") {
		if found := receivedFor.FindStringSubmatch(value); found != nil {
			tokens = appendNew(tokens, TokenOf(found[1]))
		}
	}
	for value := range m.letter.all("return-path", "x-envelope-from", "x-original-return-path") {
		tokens = appendNew(tokens, TokenOf(value))
	}
	for _, id := range idsIn(m.letter.get("message-id")) {
		ids = appendNew(ids, id)
	}
	for _, p := range m.parts {
		switch p.kind {
		case "message/delivery-status", "message/global-delivery-status", "message/feedback-report", "message/disposition-notification":
			fields, _ := readHeader(p.decoded()) // the group of the message
			for value := range fields.all("x-postfix-sender", "original-mail-from") {
				tokens = appendNew(tokens, TokenOf(value))
			}
			for value := range fields.all("original-message-id", "x-original-message-id") {
				for _, id := range idsIn(value) {
					ids = appendNew(ids, id)
				}
			}
		}
	}
	for value := range m.header.all("in-reply-to", "references") {
		for _, id := range idsIn(value) {
			ids = appendNew(ids, id)
		}
	}
	return tokens, ids
}

// returnedTo returns whom the returned letter was for.
func (m *message) returnedTo() string { return firstAddress(m.letter.get("to")) }
