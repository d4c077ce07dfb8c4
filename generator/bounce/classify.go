package bounce

import (
	"regexp"
	"strconv"
	"strings"
)

// Class is what a failure means for further letters to the address.
type Class uint8

// The classes.
const (
	Unsure    Class = iota // refused, and nothing tells why
	Dead                   // nobody reads mail at this address, nor will
	Full                   // the mailbox has no room
	Temporary              // a fault that may be over at the next letter
	Policy                 // the sender or the letter was refused; says nothing about the address
)

// String returns the class in lower case.
func (c Class) String() string {
	return [...]string{"unsure", "dead", "full", "temporary", "policy"}[c]
}

// byCode are the codes of RFC 3463, section 3, and of the registry of RFC 5248 whose
// meaning is clear wherever they come from.
var byCode = map[string]Class{
	"5.1.1":  Dead, // bad destination mailbox
	"5.1.2":  Dead, // bad destination system
	"5.1.3":  Dead, // bad destination mailbox syntax
	"5.1.6":  Dead, // mailbox has moved, no forwarding address
	"5.1.10": Dead, // null MX (RFC 7505); of Microsoft: recipient not found
	"5.2.1":  Dead, // mailbox disabled
	"5.4.4":  Dead, // unable to route: the domain has no host
	"5.2.2":  Full,
	"4.2.2":  Full,
	"5.1.7":  Policy, // bad sender's mailbox
	"5.1.8":  Policy, // bad sender's system
	"5.4.7":  Temporary,
}

// Classify tells what a failure means. code is the SMTP reply code, 0 for none;
// enhanced the status code, "" for none; text what the server said, in any case.
//
// The enhanced code decides if its meaning is clear: 5.1.1, 5.1.2, 5.1.3, 5.1.6,
// 5.1.10, 5.2.1 and 5.4.4 are Dead, x.2.2 is Full, x.7.x, 5.1.7 and 5.1.8 are
// Policy, every other 4.x.x is Temporary. Three things overrule a Dead code: a reply
// code of 4xx; words of blocklists, which some servers answer 5.1.1 with; and a
// full mailbox.
// Other codes (5.0.0, 5.1.0, 5.2.0, 5.4.1, 5.5.0 and so on) leave it to words that
// mail systems are known for. Words of policy come first, and words of both a dead
// and a full mailbox are a general explanation: Unsure.
func Classify(code int, enhanced, text string) Class {
	said := normal(text)
	class, known := byCode[enhanced]
	switch {
	case isPolicyCode(enhanced):
		return Policy
	case known && class == Dead && code >= 400 && code < 500:
		return Temporary // the two contradict each other
	case known && class == Dead && blocklisted.MatchString(said):
		return Policy
	case known && class == Dead && saysFull(said) && !saysDead(said):
		return Full
	case known:
		return class
	case strings.HasPrefix(enhanced, "4.") || enhanced == "" && code >= 400 && code < 500:
		if saysFull(said) {
			return Full
		}
		return Temporary
	case enhanced == "5.5.0" && strings.Contains(said, "requested action not taken: mailbox unavailable"):
		return Dead // Outlook.com's answer to an unknown mailbox
	}
	return byWords(said)
}

func isPolicyCode(enhanced string) bool {
	return strings.HasPrefix(enhanced, "5.7.") || strings.HasPrefix(enhanced, "4.7.")
}

func byWords(said string) Class {
	dead, full := saysDead(said), saysFull(said)
	switch {
	case policyWords.MatchString(said):
		return Policy
	case dead && full:
		return Unsure
	case dead:
		return Dead
	case full:
		return Full
	case temporaryWords.MatchString(said):
		return Temporary
	}
	return Unsure
}

var (
	hostName = regexp.MustCompile(`[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*`)

	// blocklisted words say that the sender was refused, whatever the code.
	blocklisted = regexp.MustCompile(`blacklist|black list|blocklist|block list|blocked using|dnsbl|\brbl\b|spam|dmarc|reputation`)

	policyWords = regexp.MustCompile(`blacklist|black list|block ?list|blocked|dnsbl|\brbl\b|spam|dmarc|\bdkim\b|\bspf\b|reputation|policy|unauthenticated|not authori[sz]ed|` +
		`relay(?:ing)?(?: access)?(?: is)? (?:denied|not permitted|prohibited)|unable to relay|access denied|sender (?:address )?(?:was )?(?:rejected|denied|refused)|` +
		`content (?:was )?rejected|virus|malware|phish|rate limit|sending (?:quota|limit)|迷惑メール|スパム|受信拒否|受信を拒否|拒否設定`)

	deadWords = regexp.MustCompile(`user unknown|unknown user|user is unknown|no such (?:user|person|recipient|mailbox|address|account|domain|host)|no mailbox here by that name|` +
		`(?:user|recipient|mailbox|account|address)(?: [<>@().]+)?(?: (?:that )?you (?:entered|tried to reach))? (?:does not|doesn't|do not|don't) exist|` +
		`does not exist at the organization|` +
		`(?:user|recipient|mailbox|address)(?: [<>@().]+)?(?: was| is|is| could| couldn't)?(?: not be| be)? ?not ?found|address couldn't be found|address could not be found|` +
		`not a (?:known|valid) (?:user|mailbox|recipient)|invalid (?:recipient|mailbox|user)|unknown (?:recipient|mailbox|local[- ]part|address|domain|host)|` +
		`(?:unrouteable|unroutable) address|host or domain name not found|couldn't find any host|(?:host|domain) unknown|domain(?: [<>@.]+)? (?:does not|doesn't|doesnt) exist|` +
		`(?:does not|doesn't) have an? (?:[^ ]+ )?account|this address no longer accepts mail|account(?: [<>@.]+)? (?:is|has been) (?:disabled|closed|deleted|deactivated)|` +
		`is a deactivated mailbox|administrati?vely disabled|no account by that name|is not an active address|` +
		`宛先不明|(?:ユーザー?|宛先|アドレス|受信者|アカウント|ドメイン|メールボックス|ホスト)(?:名|様)?(?:が|は|も)?(?:存在しません|存在しない|見つかりません|見つからない|登録されていません|ありません)|現在使われて(?:い|お)`)

	fullWords = regexp.MustCompile(`over (?:the |their |his |its |disk |allowed |mailbox |storage )*quota|quota (?:was |is |has been |usage )?exceeded|exceed(?:s|ed|ing)? (?:its |the |their |his |your |allowed |mailbox |disk |storage |space |mail |local )*(?:quota|storage|limit on storage)|` +
		`mailbox(?: [<>@.]+)? (?:is )?(?:almost )?full|full mailbox|mailfolder is full|inbox is full|out of storage|not enough (?:disk |storage |free )*space|storage (?:limit|allocation) exceeded|quotaexceeded|` +
		`exceeded storage allocation|too much mail data|mailbox size limit exceeded|メールボックス(?:の容量)?(?:が|は)?(?:一杯|いっぱい|満杯|あふれ)|容量(?:が|を|の)?(?:超過|オーバー|超え|一杯|いっぱい|不足|制限を超)`)

	temporaryWords = regexp.MustCompile(`expired|in the queue too long|timed? ?out|retry timeout|connection (?:refused|reset|lost)|try again|temporar|not responding|no route to host|within \d+ days?|deferred|一時的|タイムアウト|応答(?:が|は)?(?:ありません|なし)`)

	// doubts after a word make it a guess: 存在しない可能性があります.
	doubts = regexp.MustCompile(`^(?:可能性|場合|おそれ|恐れ|か|など|とき|時)`)
)

func saysFull(said string) bool { return fullWords.MatchString(said) }

func saysDead(said string) bool {
	for _, at := range deadWords.FindAllStringIndex(said, -1) {
		if !doubts.MatchString(said[at[1]:]) {
			return true
		}
	}
	return false
}

// normal returns text as the tables have it: in small letters, with single
// spaces, an @ for every address and a dot for every host, since their names may
// be words of the tables (mx.antispam.example).
func normal(text string) string {
	s := strings.ToLower(strings.Join(strings.Fields(text), " "))
	s = strings.ReplaceAll(s, "resolver.adr.recipientnotfound", "recipient not found") // Exchange's names of errors
	s = strings.ReplaceAll(s, "resolver.adr.recipnotfound", "recipient not found")
	return hostName.ReplaceAllString(address.ReplaceAllString(s, "@"), ".")
}

var (
	replyCode    = regexp.MustCompile(`(?:^|[\s;:(<#"'])([45][0-5][0-9])(?:[\s\-:,;#)>."']|$)`)
	enhancedCode = regexp.MustCompile(`(?:^|[^0-9A-Za-z.])([45])\.([0-9]{1,3})\.([0-9]{1,3})(?:[^0-9.]|\.(?:[^0-9]|$)|$)`)
	bareStatus   = regexp.MustCompile(`^\s*([245]\.[0-9]{1,3}\.[0-9]{1,3})`)
)

// codesIn returns the reply code and the enhanced code that a server's words begin
// with or have in them; 0 and "" for none.
func codesIn(text string) (code int, enhanced string) {
	text = address.ReplaceAllString(text, "@")
	if found := replyCode.FindStringSubmatch(text); found != nil {
		code, _ = strconv.Atoi(found[1]) // three digits
	}
	if found := enhancedCode.FindStringSubmatch(text); found != nil {
		enhanced = found[1] + "." + found[2] + "." + found[3]
	}
	return code, enhanced
}

// tells reports whether an enhanced code is more than "failed" (RFC 3463: x.0.0 and
// x.y.0 are for what has no code of its own).
func tells(enhanced string) bool {
	return enhanced != "" && !strings.HasSuffix(enhanced, ".0")
}

// judge makes a result of the status that a report gives and what the server said.
// The server's own code goes before the reporter's, which may have been made up for
// want of one; of two that differ, one of policy goes before the other.
func judge(address, status, said string) Result {
	code, own := codesIn(said)
	enhanced := status
	if isPolicyCode(own) || tells(own) && !isPolicyCode(status) || status == "" {
		enhanced = own
	}
	return Result{Address: address, Class: Classify(code, enhanced, said), Code: code, Enhanced: enhanced, Diagnostic: clean(said)}
}

var (
	carrier     = regexp.MustCompile(`(?i)@(?:[a-z0-9-]+\.)*(?:docomo\.ne\.jp|ezweb\.ne\.jp|au\.com|softbank\.ne\.jp|vodafone\.ne\.jp)$`)
	afterLetter = regexp.MustCompile(`(?i)in reply to end of data|^>>> data\b|\n>>> data\b`)
)

// doubt makes Unsure of Dead if a Japanese carrier says "Unknown user" only after it has
// taken the whole letter: then the mailbox exists, and its owner's filter does not
// like the sender. Only the transcript for people tells when it was said.
func doubt(results []Result, transcript string) {
	for i, r := range results {
		if r.Class == Dead && carrier.MatchString(r.Address) && afterLetter.MatchString(transcript) {
			results[i].Class = Unsure
		}
	}
}
