package newsletter

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"html"
	"strconv"
	"strings"
	"time"
	"unicode"

	"kaiho/generator/config"
	"kaiho/generator/markdown"
	"kaiho/generator/member"
	"kaiho/generator/message"
	"kaiho/generator/signedlink"
)

// Signer signs the tokens of letters: a signedlink.Ring with a mail key.
type Signer interface {
	Sign(c signedlink.Claims) (string, error)
}

// Person is a reader with what a letter says to them alone.
type Person struct {
	Member member.Member
	Note   string    // a line that the office wrote to this reader; may be empty
	Date   time.Time // of the letter: that of the first attempt to send it
	// Trial makes the message ID of a letter that is only tried another one than that of
	// the issue: there are servers that drop a second letter of the same ID, and that
	// would be the issue's. "": the letter is the issue's.
	Trial string
}

// Template is a letter ready for any number of readers. It does not change, and may
// be used by several goroutines at once.
type Template struct {
	Variant string
	Lang    string

	both                   *message.Template
	plainOnly              *message.Template // for those who want letters without HTML
	plain                  []piece           // of slots, in their order
	html                   []piece
	textPieces, htmlPieces message.Text
	base                   string // of the site, with a slash at its end
	issue                  string
	issued                 time.Time     // when the tokens are issued: the time of the lock
	lifetime               time.Duration // of the token that opens pages
	honorific              string
	domain                 string // of message IDs
	leaveBy                string // a mailbox that reads requests to leave; may be empty
}

// listRef is what tokens of unsubscribing refer to: all mail. A site has one letter.
const listRef = 0

// unsubscribeLifetime is how long one can leave by a letter: what keys of letters
// allow at most. People unsubscribe from old letters.
const unsubscribeLifetime = 400 * 24 * time.Hour

// Template compiles a letter of the issue. The error says what the sender's data
// lack, as pre-flight has told before.
func (i *Issue) Template(l Letter) (*Template, error) {
	conf := i.desk.Config
	from := message.Mailbox{Name: conf.Mail.From.Name.In(l.Variant.Lang), Address: conf.Mail.From.Address}
	t := &Template{Variant: l.Variant.Name, Lang: l.Variant.Lang, base: conf.BaseURL, issue: i.ID, issued: i.Now.Truncate(time.Second),
		lifetime: conf.Gate.LinkTTL.Truncate(signedlink.Quarter), honorific: conf.Newsletter.Honorific, leaveBy: conf.Mail.Unsubscribe,
		domain: from.Address[strings.LastIndexByte(from.Address, '@')+1:]}
	spec := message.Spec{From: from, ReplyTo: message.Mailbox{Address: conf.Mail.ReplyTo}, Subject: l.Subject, Language: l.Variant.Lang,
		Fields: fields(conf, i, l)}
	t.textPieces, t.plain = slots(l.marks.split(l.Text))
	t.htmlPieces, t.html = slots(l.marks.split(l.HTML))
	spec.Plain = t.textPieces
	var err error
	if t.plainOnly, err = message.Compile(spec); err != nil {
		return nil, fmt.Errorf("compile the letter %s: %w", t.Variant, err)
	}
	spec.HTML = t.htmlPieces
	if t.both, err = message.Compile(spec); err != nil {
		return nil, fmt.Errorf("compile the letter %s: %w", t.Variant, err)
	}
	return t, nil
}

// fields returns the header fields that are the same for all readers: RFC 2369 and
// 2919, what keeps vacation notices away (RFC 3834), and Gmail's Feedback-ID.
func fields(conf *config.Site, i *Issue, l Letter) []message.Field {
	mailto := func(address string) string { return "<mailto:" + address + ">" }
	masthead := l.View.Masthead
	all := []message.Field{
		{Name: "List-Id", Value: strings.TrimSpace(message.Phrase(masthead) + " <" + conf.Mail.ListID + ">")},
		{Name: "List-Archive", Value: "<" + strings.TrimSuffix(l.View.Home, "/") + "/" + Section + "/>"},
	}
	if owner := or(conf.Mail.Owner, conf.Organization.Contact); owner != "" {
		all = append(all, message.Field{Name: "List-Help", Value: mailto(owner)}, message.Field{Name: "List-Owner", Value: mailto(owner)})
	}
	return append(all,
		message.Field{Name: "Feedback-ID", Value: i.ID + ":" + l.Variant.Name + ":newsletter:" + conf.Mail.FeedbackID},
		message.Field{Name: "Precedence", Value: "bulk"},
		message.Field{Name: "Auto-Submitted", Value: "auto-generated"},
		message.Field{Name: "X-Auto-Response-Suppress", Value: "All"})
}

// slots gives every mark a slot, the same ones to the same marks; a block has a slot
// for itself.
func slots(pieces []piece) (message.Text, []piece) {
	text := make(message.Text, 0, len(pieces))
	var places []piece
	known := map[mark]int{}
	for _, p := range pieces {
		if !p.isMark {
			text = append(text, message.Piece{Text: p.fixed})
			continue
		}
		isBlock := p.mark == markFact || p.mark == markNote
		if n := known[p.mark]; n > 0 && !isBlock {
			text = append(text, message.Piece{Slot: n})
			continue
		}
		places = append(places, p)
		if !isBlock {
			known[p.mark] = len(places)
		}
		text = append(text, message.Piece{Slot: len(places)})
	}
	return text, places
}

// own is what stands for each mark in one person's letter.
type own [markCount]string

// Append appends the letter of p, a complete message, to dst. Its tokens are as old
// as the lock, or as the member's last revocation if that is later. Errors are those
// of signing, and message.ErrAddress for a member whose address cannot be written.
func (t *Template) Append(dst []byte, p Person, s Signer) ([]byte, error) {
	var values own
	leave, err := t.sign(p.Member, s, &values)
	if err != nil {
		return dst, fmt.Errorf("sign the links of a letter: %w", err)
	}
	t.write(p, &values)
	unsubscribe := "<" + t.base + "u/" + leave + ">"
	if t.leaveBy != "" {
		unsubscribe += ", <mailto:" + t.leaveBy + "?subject=" + leave + ">"
	}
	letter := message.Letter{
		To: message.Mailbox{Name: nameIn(p.Member, t.Lang), Address: p.Member.SMTP}, MessageID: t.messageID(leave + p.Trial), Date: p.Date,
		Fields: []message.Field{{Name: "List-Unsubscribe", Value: unsubscribe}, {Name: "List-Unsubscribe-Post", Value: "List-Unsubscribe=One-Click"}},
		Plain:  fill(t.plain, &values, asText),
	}
	if p.Member.Preferences.Format == "text" {
		return t.plainOnly.Append(dst, letter)
	}
	letter.HTML = fill(t.html, &values, asHTML)
	return t.both.Append(dst, letter)
}

// write fills in what the letter says to p alone.
func (t *Template) write(p Person, values *own) {
	values[markName], values[markFact], values[markNote] = t.addressee(p.Member), Fact(p.Member, t.Lang), paragraphs(p.Note)
}

// join puts a text together from its pieces and the values of its slots.
func join(text message.Text, values []string) string {
	var b strings.Builder
	for _, p := range text {
		if p.Slot > 0 {
			b.WriteString(values[p.Slot-1])
		} else {
			b.WriteString(p.Text)
		}
	}
	return b.String()
}

// sign makes the tokens, and returns that of the List-Unsubscribe header. The one
// in the header is issued with the lock, whatever was revoked since: so it, and the
// message ID with it, is the same however often the letter is written.
func (t *Template) sign(m member.Member, s Signer, values *own) (leave string, err error) {
	issued := t.issued
	if c := (signedlink.Claims{Issued: issued}); c.IsRevoked(m.ValidAfter) {
		issued = signedlink.NextSecond(m.ValidAfter)
	}
	for _, token := range []struct {
		to       *string
		purpose  signedlink.Purpose
		lifetime time.Duration
		ref      uint32
	}{
		{&values[markView], signedlink.View, t.lifetime, issueRef(t.issue)},
		{&values[markUnsubscribe], signedlink.Unsubscribe, unsubscribeLifetime, listRef},
		{&values[markPreferences], signedlink.Preferences, t.lifetime, listRef},
	} {
		*token.to, err = s.Sign(signedlink.Claims{Purpose: token.purpose, Issued: issued, Lifetime: token.lifetime, Member: m.ID, Ref: token.ref})
		if err != nil {
			return "", err
		}
	}
	return s.Sign(t.leaving(m))
}

// issueRef is what the tokens of an issue refer to, for who looks at a token later.
func issueRef(issue string) uint32 {
	sum := sha256.Sum256([]byte("issue\x00" + issue))
	return binary.BigEndian.Uint32(sum[:])
}

// messageID returns the ID of a letter: a hash of a token that only this issue, this
// member and this key give, and from which nobody finds the token.
func (t *Template) messageID(token string) string {
	sum := sha256.Sum256([]byte("message-id\x00" + t.issue + "\x00" + token))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:20])) + "@" + t.domain
}

// MessageID returns the ID that the letter of m has whenever it is written.
func (t *Template) MessageID(m member.Member, s Signer) (string, error) {
	leave, err := s.Sign(t.leaving(m))
	if err != nil {
		return "", fmt.Errorf("sign the links of a letter: %w", err)
	}
	return t.messageID(leave), nil
}

// leaving is what the token of the List-Unsubscribe header says.
func (t *Template) leaving(m member.Member) signedlink.Claims {
	return signedlink.Claims{Purpose: signedlink.UnsubscribeHeader, Issued: t.issued, Lifetime: unsubscribeLifetime, Member: m.ID, Ref: listRef}
}

// fill returns the values of slots.
func fill(places []piece, values *own, escape func(string) string) []string {
	filled := make([]string, len(places))
	for n, p := range places {
		value := values[p.mark]
		isBlock := p.mark == markFact || p.mark == markNote
		switch {
		case !isBlock:
			filled[n] = escape(value)
		case value != "":
			filled[n] = p.before + escape(value) + p.after
		}
	}
	return filled
}

// asText breaks what people write into the lines of the text edition.
func asText(s string) string {
	if len(s) <= 2*textColumns || isToken(s) { // most names are so short, and no token is broken
		return s
	}
	return strings.Join(markdown.Wrap(s, textColumns), "\n")
}

// asHTML escapes what people write, and keeps its line breaks.
func asHTML(s string) string { return strings.ReplaceAll(html.EscapeString(s), "\n", "<br>") }

// paragraphs is oneParagraph for each line of a text; more than one empty line is one.
func paragraphs(s string) string {
	lines := strings.Split(strings.TrimSpace(s), "\n")
	for n := range lines {
		lines[n] = oneParagraph(lines[n])
	}
	return strings.Join(lines, "\n")
}

// isToken reports whether s is a token, which must stay in one piece.
func isToken(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '-' || r == '_')
	})
}

// addressee is how the letter addresses its reader, who may have no name: 髙梨 湊 様.
func (t *Template) addressee(m member.Member) string {
	name := nameIn(m, t.Lang)
	switch {
	case name != "":
	case t.Lang == "ja": // a subscriber who has not said who they are
		return "読者の方へ"
	default:
		return "Dear reader"
	}
	if t.Lang == "ja" && name != "" && t.honorific != "" && !strings.HasSuffix(name, t.honorific) {
		return name + " " + t.honorific
	}
	return name
}

// nameIn is a member's name as a letter in lang has it, without what would break a
// line or turn the direction of writing.
func nameIn(m member.Member, lang string) string {
	name := m.Name.String()
	if lang != "ja" && m.Name.Latin != "" {
		name = m.Name.Latin
	}
	return oneParagraph(name)
}

// Fact is what the office remembers of a member, in a few words: the year in which
// they joined, and their department; "" if it remembers neither.
func Fact(m member.Member, lang string) string {
	department := oneParagraph(m.Department)
	switch year := strconv.Itoa(m.Joined); {
	case m.Joined == 0:
		return department
	case lang == "ja" && department != "":
		return year + "年入社・" + department
	case lang == "ja":
		return year + "年入社"
	case department != "":
		return department + ", joined " + year
	default:
		return "Joined " + year
	}
}

// oneParagraph returns text in one line, without control characters and without
// those that turn the direction of writing (Unicode TR 9, section 2).
func oneParagraph(s string) string {
	isPlain := true
	for _, r := range s {
		if r < ' ' || r >= 0x7F && (unicode.IsControl(r) || isDirection(r) || unicode.IsSpace(r)) {
			isPlain = false
			break
		}
	}
	if isPlain {
		return strings.TrimSpace(s)
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case isDirection(r) || r == unicode.ReplacementChar:
			return -1
		case unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			return ' '
		}
		return r
	}, s)
	return strings.TrimSpace(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' }), " "))
}

func isDirection(r rune) bool {
	return '\u202A' <= r && r <= '\u202E' || '\u2066' <= r && r <= '\u2069' || r == '\u200E' || r == '\u200F' || r == '\u061C'
}

// Parts returns the HTML and the text of p's letter as they stand in its message.
func (t *Template) Parts(p Person, s Signer) (htmlPart, textPart string, err error) {
	var values own
	if _, err := t.sign(p.Member, s, &values); err != nil {
		return "", "", fmt.Errorf("sign the links of a letter: %w", err)
	}
	t.write(p, &values)
	return join(t.htmlPieces, fill(t.html, &values, asHTML)), join(t.textPieces, fill(t.plain, &values, asText)), nil
}

// Specimen signs letters that are only looked at. Its tokens have the form of tokens
// and open nothing: no key has signed them.
type Specimen struct{}

// Sign returns what looks like a token, the same for the same claims.
func (Specimen) Sign(c signedlink.Claims) (string, error) {
	sum := sha256.Sum256(fmt.Appendf(nil, "specimen %d %d %d", c.Purpose, c.Member, c.Ref))
	token := strings.Repeat("specimen-"+base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:]), 3)
	return token[:tokenChars], nil
}
