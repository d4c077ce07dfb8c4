package config

import (
	"cmp"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"kaiho/generator/diag"
	"kaiho/generator/frontmatter"
)

// Mail is who letters are from, and where answers to them go. What has no
// default is "" if it is not given; whoever sends asks for it.
type Mail struct {
	From        Sender `yaml:"from"`        // the author of letters
	ReplyTo     string `yaml:"reply_to"`    // where readers' answers go; default organization.contact, if senders may have it
	ListID      string `yaml:"list_id"`     // RFC 2919, without angle brackets; default "news." and the host of base_url
	Unsubscribe string `yaml:"unsubscribe"` // a mailbox that reads requests to leave: the mailto: of List-Unsubscribe (RFC 2369)
	Owner       string `yaml:"owner"`       // List-Owner (RFC 2369)
	Bounce      string `yaml:"bounce"`      // of return paths: an address, or a domain where any is read
	FeedbackID  string `yaml:"feedback_id"` // SenderId of Feedback-ID, 5 to 15 of a-z, 0-9 and hyphens; default made of list_id
	Rates       Rates  `yaml:"rates"`
	WarmUp      WarmUp `yaml:"warm_up"`
}

// Sender is an address with the name that readers see. The name may differ by
// language, the address does not: mailbox providers judge a sender by it.
type Sender struct {
	Name    frontmatter.Localized // may be empty
	Address string                // letter@nagi.example; "" if there is no sender

	given []given // as written, for the checks
}

// given is a sender in one language.
type given struct {
	lang string // "": in all
	text string
	node *frontmatter.Node
}

// DecodeFrontMatter reads `Name <address>` or an address alone, or a map of
// languages to these. Whether they are right is checked later.
func (s *Sender) DecodeFrontMatter(n *frontmatter.Node, o frontmatter.Options) diag.Problems {
	if n.Kind() != frontmatter.Map {
		var text string
		problems := frontmatter.Decode(n, &text, o)
		if text != "" {
			s.given = []given{{"", text, n}}
		}
		return problems
	}
	var texts frontmatter.Entries[string]
	problems := frontmatter.Decode(n, &texts, o)
	for _, t := range texts {
		if t.Value != "" {
			s.given = append(s.given, given{t.Key, t.Value, n.At(t.Key)})
		}
	}
	return problems
}

// Shape is that of a text, or of one for each language.
func (Sender) Shape() frontmatter.Shape {
	return frontmatter.Shape{Form: frontmatter.LocalizedShape}
}

var (
	// senderAddress is that of RFC 5321, section 4.1.2, in ASCII and without
	// quotes: what every server and every reader's program takes. The doubled
	// and trailing dots of old mobile addresses are for members alone.
	senderAddress = regexp.MustCompile(`^` + atom + `(\.` + atom + `)*@` + domain + `$`)
	domainName    = regexp.MustCompile(`^` + domain + `$`)
	listID        = regexp.MustCompile(`^` + atom + `(\.` + atom + `)+$`) // RFC 2919, section 2
	feedbackID    = regexp.MustCompile(`^[a-z0-9-]{5,15}$`)
)

const (
	atom   = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+" // RFC 5322, section 3.2.3
	label  = `[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?`
	domain = `(` + label + `\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?`

	maxLocalBytes   = 64  // RFC 5321, section 4.5.3.1.1
	maxAddressBytes = 254 // of a path without its brackets: section 4.5.3.1.3
	maxListIDBytes  = 255 // RFC 2919, section 2
)

// isSenderAddress reports whether letters may come from an address.
func isSenderAddress(s string) bool {
	return senderAddress.MatchString(s) && len(s) <= maxAddressBytes && strings.IndexByte(s, '@') <= maxLocalBytes
}

// mail checks the addresses, and fills in what is not given.
func (c *checker) mail() {
	m := &c.site.Mail
	c.from(&m.From)
	for _, key := range []struct {
		name  string
		value *string
	}{{"reply_to", &m.ReplyTo}, {"unsubscribe", &m.Unsubscribe}, {"owner", &m.Owner}} {
		c.form(key.name, key.value, diag.MailAddress, isSenderAddress)
	}
	c.form("bounce", &m.Bounce, diag.MailBounce, func(s string) bool {
		return isSenderAddress(s) || domainName.MatchString(s) && len(s) <= maxAddressBytes
	})
	isListID := func(s string) bool { return listID.MatchString(s) && len(s) <= maxListIDBytes }
	c.form("list_id", &m.ListID, diag.MailListID, isListID)
	c.form("feedback_id", &m.FeedbackID, diag.MailFeedbackID, feedbackID.MatchString)
	if m.ReplyTo == "" && isSenderAddress(c.site.Organization.Contact) {
		m.ReplyTo = c.site.Organization.Contact
	}
	if usual := "news." + c.site.Host(); m.ListID == "" && isListID(usual) {
		m.ListID = usual
	}
	m.ListID = cmp.Or(m.ListID, "news.localhost") // RFC 2919, section 4: of lists without a domain
	m.FeedbackID = cmp.Or(m.FeedbackID, feedbackOf(m.ListID))
}

// form checks a value of mail, and empties it if it is wrong.
func (c *checker) form(key string, value *string, rule diag.Rule, isRight func(string) bool) {
	n := c.node.At("mail", key)
	switch {
	case isRight(*value):
	case *value != "":
		nearest := plainest(*value)
		if rule == diag.MailFeedbackID {
			nearest = strings.ToLower(nearest)
		}
		if !isRight(nearest) {
			nearest = ""
		}
		c.report(rule, []string{"mail", key}, "key", "mail."+key, "value", *value, "nearest", nearest)
	case n.IsScalar() && !c.isReported(n):
		c.report(diag.EmptyValue, []string{"mail", key}, "key", "mail."+key)
	}
	if !isRight(*value) {
		*value = ""
	}
}

// plainest returns what an address or an id most likely means: in half-width
// characters, without the brackets of a header and mailto:.
func plainest(s string) string {
	s = strings.TrimSpace(norm.NFKC.String(s))
	if open, end := strings.LastIndexByte(s, '<'), len(s)-1; open >= 0 && s[end] == '>' {
		s = s[open+1 : end]
	}
	return strings.ReplaceAll(strings.TrimPrefix(s, "mailto:"), " ", "")
}

// feedbackOf makes the SenderId of a list that has none.
func feedbackOf(list string) string {
	id := strings.Map(func(r rune) rune {
		if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return unicode.ToLower(r)
		}
		return '-'
	}, list)
	id = strings.Trim(id[:min(len(id), 15)], "-")
	if len(id) < 5 {
		id += "-list"
	}
	return id
}

// from checks the sender.
func (c *checker) from(s *Sender) {
	for _, g := range s.given {
		name, address := cutSender(g.text)
		pos := g.node.Pos()
		switch {
		case !isSenderAddress(address) || !isName(name):
			nearest := plainest(address)
			if !isSenderAddress(nearest) || !isName(name) {
				nearest = ""
			} else if name != "" {
				nearest = name + " <" + nearest + ">"
			}
			c.problems = append(c.problems, diag.New(pos, diag.MailFrom, "value", g.text, "nearest", nearest))
			continue
		case s.Address != "" && s.Address != address:
			c.problems = append(c.problems, diag.New(pos, diag.MailFromDiffers, "value", address, "other", s.Address))
			continue
		}
		s.Address = address
		switch {
		case name == "":
		case g.lang == "":
			s.Name.Default = name
		default:
			s.Name.ByLang = append(s.Name.ByLang, frontmatter.LangText{Lang: g.lang, Text: name})
		}
	}
	s.given = nil
	if n := c.node.At("mail", "from"); s.Address == "" && n.IsScalar() && n.Text() == "" && !c.isReported(n) {
		c.report(diag.EmptyValue, []string{"mail", "from"}, "key", "mail.from")
	}
}

// cutSender returns the parts of `Name <address>`: the name without quotes
// around it. People write names as they are, with commas and dots, so this is
// no parser of RFC 5322.
func cutSender(s string) (name, address string) {
	s = strings.TrimSpace(strings.NewReplacer("＜", "<", "＞", ">").Replace(s))
	open := strings.LastIndexByte(s, '<')
	if open < 0 || !strings.HasSuffix(s, ">") {
		return "", s
	}
	name, address = strings.TrimSpace(s[:open]), s[open+1:len(s)-1]
	if len(name) > 1 && name[0] == '"' && name[len(name)-1] == '"' {
		name = strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(name[1 : len(name)-1])
	}
	return name, address
}

// isName reports whether a sender may be called name. An address in the name is
// what forged mail has, or a second sender.
func isName(name string) bool {
	return !strings.ContainsFunc(name, isInvisible) && !strings.ContainsAny(name, "<>@")
}

// isInvisible reports whether r has no place in one line of text: control
// characters, and formatting ones but for the joiners and tags of emoji.
func isInvisible(r rune) bool {
	const nonJoiner, joiner, firstTag = '\u200C', '\u200D', '\U000E0020'
	return unicode.IsControl(r) || r == 0x2028 || r == 0x2029 || unicode.Is(unicode.Cf, r) && r != nonJoiner && r != joiner && r < firstTag
}
