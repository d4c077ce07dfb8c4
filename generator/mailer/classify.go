package mailer

import (
	"strings"

	"kaiho/generator/diag"
)

// stage is the command that a reply answers.
type stage int

const (
	atMail stage = iota // MAIL: about us, not about who gets the letter
	atRcpt
	atData // DATA
	atDot  // the terminator
)

// What the enhanced codes (RFC 3463, and the IANA registry) of a permanent refusal
// say of an address. What is not here says nothing of it; subject 7 is policy.
var addressCodes = map[string]Mark{
	"5.1.1":  Dead, // bad destination mailbox address
	"5.1.2":  Dead, // bad destination system address: no such domain
	"5.1.3":  Dead, // bad destination mailbox address syntax
	"5.1.6":  Dead, // destination mailbox has moved, no forwarding address
	"5.1.10": Dead, // recipient address has null MX (RFC 7505)
	"5.2.1":  Dead, // mailbox disabled, not accepting messages
	"5.4.4":  Dead, // unable to route
	"5.2.2":  Full, // mailbox full
	"5.2.0":  Full, // other mailbox status: large providers say this of a full one
}

// Words that tell what a refusal without a usable enhanced code is about. They are
// those that servers have in their sources, in lower case; a word that stands in
// refusals of more than one kind is in none of the lists. So "mailbox unavailable"
// is not here: it is RFC 5321's own text of 550, whatever the reason.
var (
	policyWords = []string{"spam", "blocked", "blacklist", "block list", "blocklist", "dnsbl", "spamhaus", "reputation",
		"dmarc", "dkim", " spf", "policy", "relay access denied", "relaying denied", "relay not permitted", "not permitted to relay",
		"authentication required", "unauthenticated", "rate limit", "too many", "access denied", "banned", "ptr record", "reverse dns"}
	deadWords = []string{"user unknown", "unknown user", "no such user", "no such mailbox", "no mailbox here by that name",
		"no such recipient", "unknown recipient", "recipient unknown", "recipient not found", "user not found", "mailbox not found",
		"invalid recipient", "user does not exist", "mailbox does not exist", "account does not exist", "address does not exist",
		"unrouteable address", "account has been disabled", "account is disabled", "mailbox is disabled"}
	fullWords = []string{"mailbox full", "mailbox is full", "over quota", "quota exceeded", "exceeded storage", "out of storage", "insufficient storage"}
	greyWords = []string{"greylist", "graylist", "grey-list", "gray-list", "greylisted"}
)

// classify says what a refusal (4xx or 5xx) of a letter means.
//
// The first digit of the reply says whether it is for ever; the enhanced code says
// what it is about, and where it has none, the text, if it is clear. What is about
// us (policy, protocol, anything that MAIL is answered with) never marks an address:
// a mistake in our DNS would otherwise mark every one.
func classify(at stage, a *reply) Outcome {
	o := Outcome{Code: a.code, Reply: shown(a.text), Enhanced: a.enhanced}
	text := strings.ToLower(string(a.text))
	if o.Enhanced == "" {
		o.Enhanced = enhancedWithin(text)
	}
	subject := subjectOf(o.Enhanced)
	switch {
	case a.code/100 == 4:
		o.State, o.Reason = Deferred, diag.RelayLater
		if (subject == "7" || a.code == 454 || a.code == 432) && !anyIn(text, greyWords) { // 454, 432: RFC 4954
			o.State, o.Reason = Policy, diag.RelayPolicy
		}
	case isPolicy(at, a.code, o.Enhanced, subject, text):
		o.State, o.Reason = Policy, diag.RelayPolicy
	default:
		o.State, o.Reason = Failed, diag.LetterRefused
		switch o.Mark = markOf(at, a.code, o.Enhanced, text); o.Mark {
		case Dead:
			o.Reason = diag.AddressDead
		case Full:
			o.Reason = diag.MailboxFull
		}
	}
	return o
}

// isPolicy reports whether a permanent refusal is about us and not about the letter.
func isPolicy(at stage, code int, enhanced, subject, text string) bool {
	switch {
	case at == atMail:
		return true
	case at == atRcpt && code == 501: // what is wrong in the command is the address
		return subject == "7"
	case subject == "7" || subject == "5": // security or policy; mail delivery protocol
		return true
	case addressCodes[enhanced] != Unmarked:
		return false
	case code >= 500 && code <= 504, code == 530, code == 534, code == 535, code == 538: // syntax, sequence; authentication
		return true
	case enhanced == "5.3.4": // message too big for the system: so are the others of the issue
		return true
	}
	return (enhanced == "" || enhanced == "5.0.0") && anyIn(text, policyWords)
}

// markOf says what a permanent refusal tells of the address.
func markOf(at stage, code int, enhanced, text string) Mark {
	if m := addressCodes[enhanced]; m != Unmarked {
		if enhanced == "5.2.0" && !anyIn(text, fullWords) {
			return Unmarked
		}
		return m
	}
	if enhanced != "" && enhanced != "5.0.0" {
		return Unmarked
	}
	switch {
	case anyIn(text, fullWords):
		return Full
	case anyIn(text, deadWords):
		return Dead
	case at == atRcpt && code == 556: // RFC 7504: the domain takes no mail
		return Dead
	case at == atRcpt && code == 552: // RFC 5321: exceeded storage allocation; behind the text it may be the letter's size
		return Full
	}
	return Unmarked
}

// subjectOf returns the middle part of an enhanced code.
func subjectOf(enhanced string) string {
	_, rest, _ := strings.Cut(enhanced, ".")
	subject, _, _ := strings.Cut(rest, ".")
	return subject
}

// enhancedWithin returns a code that stands in brackets within the text, as qmail
// writes it: "sorry, no mailbox here by that name. (#5.1.1)".
func enhancedWithin(text string) string {
	_, rest, found := strings.Cut(text, "(#")
	if !found {
		return ""
	}
	rest, _, _ = strings.Cut(rest, ")")
	code, _ := cutEnhanced([]byte(rest))
	return string(code)
}

func anyIn(text string, words []string) bool {
	for _, w := range words {
		if strings.Contains(text, w) {
			return true
		}
	}
	return false
}

// queueID returns the name that a server gives a letter in its reply 250: what is
// looked for in its log. "" where the reply tells none that is known.
func queueID(text string) string {
	lower := lowerASCII(text)                                                                             // as long as text, whatever is in it
	for _, before := range []string{"queued as ", "ok id=", "queued mail for delivery id=", "queued ("} { // Postfix, Exim, others; Haraka
		if i := strings.Index(lower, before); i >= 0 {
			return word(text[i+len(before):])
		}
	}
	if i := strings.Index(lower, " message accepted for delivery"); i > 0 { // Sendmail, OpenSMTPD
		return word(text[strings.LastIndexByte(text[:i], ' ')+1:])
	}
	if words := strings.Fields(text); len(words) > 1 && strings.EqualFold(words[0], "ok") { // "Ok 0100018c...", "OK  1700000000 a1b2 - gsmtp", "ok 1700000000 qp 123"
		switch {
		case len(words) >= 5 && words[len(words)-1] == "gsmtp":
			return word(words[2])
		case len(words) >= 4 && words[2] == "qp":
			return word(words[3])
		case len(words) == 2 && len(words[1]) >= 8:
			return word(words[1])
		}
	}
	return ""
}

func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// word returns the first word of s, if it may be the name of a letter.
func word(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), " ")
	s = strings.Trim(s, "<>().;,")
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f || s[i] == '@' {
			return ""
		}
	}
	if len(s) > 100 {
		return ""
	}
	return s
}
