package bounce

import (
	"bytes"
	"strings"
)

// statusReport reads a delivery status notification.
func statusReport(m *message) (Report, bool) {
	p, ok := m.part("message/delivery-status", "message/global-delivery-status")
	if !ok {
		return Report{}, false
	}
	return readStatus(p.decoded(), m), true
}

// readStatus reads the groups of fields of RFC 3464, section 2: one about the message,
// then one for each recipient. There are programs that leave out the empty line
// after the first group, or that have it twice.
func readStatus(status []byte, m *message) Report {
	var failed, delayed []Result
	for len(bytes.TrimSpace(status)) > 0 && len(failed)+len(delayed) < maxResults {
		var fields header
		fields, status = readHeader(bytes.TrimLeft(status, "\r\n"))
		if len(fields) == 0 {
			continue
		}
		kind, result := readRecipient(fields)
		switch kind {
		case Bounce:
			failed = append(failed, result)
		case Delay:
			delayed = append(delayed, result)
		}
	}
	for _, list := range [][]Result{failed, delayed} {
		if len(list) == 1 && list[0].Diagnostic == "" {
			list[0] = fromText(list[0], m)
		}
	}
	doubt(failed, m.said)
	switch {
	case failed != nil:
		return Report{Kind: Bounce, Results: failed}
	case delayed != nil:
		return Report{Kind: Delay, Results: delayed}
	}
	return Report{Kind: Other}
}

// fromText completes a result by the words for people, where the fields do not say
// what the server said.
func fromText(r Result, m *message) Result {
	lines := resultsIn(beforeCopy(m.said))
	for _, line := range lines {
		if len(lines) == 1 || strings.EqualFold(line.Address, r.Address) {
			return judge(r.Address, r.Enhanced, line.Diagnostic)
		}
	}
	return r
}

// readRecipient reads the group of a recipient. The kind is Other for the group of
// the message, and for one that tells of success.
func readRecipient(fields header) (Kind, Result) {
	address := recipientOf(fields)
	action := strings.ToLower(fields.get("action"))
	status := ""
	if found := bareStatus.FindStringSubmatch(fields.get("status")); found != nil {
		status = found[1]
	}
	if address == "" && action == "" && status == "" {
		return Other, Result{}
	}
	_, said, ok := strings.Cut(fields.get("diagnostic-code"), ";")
	if !ok {
		said = fields.get("diagnostic-code")
	}
	result := judge(address, status, words(said))
	switch {
	case strings.HasPrefix(status, "2."):
		return Other, Result{}
	case strings.HasPrefix(action, "fail"), strings.HasPrefix(action, "expire"), strings.HasPrefix(action, "undeliver"):
		return Bounce, result
	case strings.HasPrefix(action, "delay"):
		return Delay, result
	case action == "" && strings.HasPrefix(status, "5."):
		return Bounce, result
	case action == "" && strings.HasPrefix(status, "4."):
		return Delay, result
	}
	return Other, Result{} // delivered, relayed, expanded: RFC 3464, section 2.3.3
}

// recipientOf returns whom the letter was for, or else where it went.
func recipientOf(fields header) string {
	for value := range fields.all("original-recipient", "final-recipient", "x-actual-recipient") {
		kind, path, ok := strings.Cut(value, ";")
		if !ok {
			kind, path = "rfc822", value
		}
		if kind = strings.ToLower(strings.TrimSpace(kind)); kind == "rfc822" || kind == "utf-8" || kind == "smtp" {
			if found := firstAddress(unxtext(path)); found != "" {
				return found
			}
			if path = strings.Trim(clean(path), "<>"); kind == "utf-8" && strings.Count(path, "@") == 1 && !strings.ContainsAny(path, " <>") {
				return path
			}
		}
	}
	return ""
}

// unxtext decodes what RFC 3461, section 4, does to addresses. A plus before two hexadecimal
// digits may be a part of an address that was not encoded, so only the @ is looked at.
func unxtext(s string) string {
	if strings.Contains(s, "@") {
		return s
	}
	return strings.ReplaceAll(strings.ReplaceAll(s, "+40", "@"), "+2B", "+")
}
