package signedlink

import (
	"encoding/hex"
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"
)

// Lengths of time in quarters of an hour.
const (
	halfHour = 2
	week     = 7 * 96
	letter   = 45 * 96
	longest  = 400 * 96
)

// byName returns the key of the vectors that has the name.
func byName(name string) Key {
	keys := vectorKeys()
	return keys[slices.IndexFunc(keys, func(k Key) bool { return k.String() == name })]
}

// passing are the tokens that are accepted.
func passing() []vector {
	mail, online, server := byName("mail-5"), byName("online-1"), byName("server-2")
	now := uint32(at.Unix())
	var all []vector
	add := func(name string, f forge) {
		expires := int64(f.issued) + int64(f.quarters)*900
		all = append(all, vector{Name: name, Token: f.token(), Want: f.purpose,
			Claims: &vectorClaims{f.kid, int64(f.issued), expires, f.member, f.ref}})
	}
	add("a letter's link to the pages", genuine(mail, View, letter, nil))
	add("a letter's unsubscribe header", genuine(mail, UnsubscribeHeader, longest, nil))
	add("a letter's unsubscribe link", genuine(mail, Unsubscribe, longest, nil))
	add("an answer's link", genuine(mail, Answer, 90*96, nil))
	add("a link to preferences", genuine(mail, Preferences, week, nil))
	add("a sign-in link of the online key", genuine(online, SignIn, halfHour, func(f *forge) { f.issued = now - 60 }))
	add("a session", genuine(server, Session, 90*96, nil))
	add("a session by the server key before", genuine(byName("server-1"), Session, 90*96, nil))
	add("a link by a key that still verifies", genuine(byName("mail-2"), View, letter, nil))
	add("an unsubscribe link by a key that is left for that", genuine(byName("mail-4"), Unsubscribe, longest, nil))
	add("issued in this second", genuine(mail, View, letter, func(f *forge) { f.issued = now }))
	add("issued five minutes from now", genuine(mail, View, letter, func(f *forge) { f.issued = now + 300 }))
	add("a session issued five minutes from now", genuine(server, Session, letter, func(f *forge) { f.issued = now + 300 }))
	add("in its last second", genuine(mail, View, 4, func(f *forge) { f.issued = now - 4*900 + 1 }))
	add("a session in its last second", genuine(server, Session, 4, func(f *forge) { f.issued = now - 4*900 + 1 }))
	add("of the shortest lifetime", genuine(mail, View, 1, func(f *forge) { f.issued = now }))
	add("of the longest lifetime", genuine(mail, View, longest, nil))
	add("the least member and no reference", genuine(mail, View, letter, func(f *forge) { f.member, f.ref = 1, 0 }))
	add("the greatest member and reference", genuine(mail, View, letter, func(f *forge) { f.member, f.ref = math.MaxUint32, math.MaxUint32 }))
	return all
}

// failing are the tokens that are refused.
func failing(t testing.TB) []vector {
	return slices.Concat(badLengths(), badSpellings(), badFields(), badKeys(), badSignatures(t), badClocks(), badPurposes())
}

func refusal(name, token string, want Purpose) vector {
	return vector{Name: name, Token: token, Want: want}
}

func badLengths() []vector {
	link, session := genuine(byName("mail-5"), View, letter, nil), genuine(byName("server-2"), Session, letter, nil)
	l, s := link.token(), session.token()
	return []vector{
		refusal("nothing at all", "", View),
		refusal("a link without its last character", l[:111], View),
		refusal("a link without its last two characters", l[:110], View),
		refusal("a link and one character more", l+"A", View),
		refusal("a link and four characters more", l+"AAAA", View),
		refusal("a link twice", l+l, View),
		refusal("a link cut to the length of a session", l[:48], View),
		refusal("a link's payload alone", spell(link.payload()), View),
		refusal("a session without its last character", s[:47], Session),
		refusal("a session and one character more", s+"A", Session),
		refusal("a session filled up to the length of a link", s+strings.Repeat("A", 64), Session),
		refusal("a session with its whole HMAC", spell(append(session.payload(), make([]byte, 32)...)), Session),
		refusal("ten thousand characters", strings.Repeat("A", 10000), View),
	}
}

// badSpellings are good tokens in other words, most of them of the right length.
func badSpellings() []vector {
	link := tokenWith("-", "_")
	l := link.token()
	session := genuine(byName("server-2"), Session, letter, nil).token()
	at := func(i int, by string) string { return l[:i] + by + l[i+len(by):] }
	return []vector{
		refusal("padding behind a link", l+"=", View),
		refusal("padding instead of the last character", l[:111]+"=", View),
		refusal("padding behind a session", session+"==", Session),
		refusal("a line break behind it", l+"\n", View),
		refusal("a line break within the length of a link", "\n"+l[:111], View),
		refusal("a carriage return within the length of a link", at(50, "\r"), View),
		refusal("line breaks that fill a session up to the length of a link", session+strings.Repeat("\r\n", 32), Session),
		refusal("line breaks that make a shorter text as long as a session", session[:44]+"\r\n\r\n", Session),
		refusal("a line break for a last character that only says zeros", zeros(View)[:111]+"\n", View),
		refusal("a session with a line break for a last character that only says zeros", zeros(Session)[:47]+"\n", Session),
		refusal("a link whose end, which only says zeros, is left out", zeros(View)[:111], View),
		refusal("a blank before it", " "+l, View),
		refusal("a blank in it", at(7, " "), View),
		refusal("a tab behind it", l+"\t", View),
		refusal("double quotes around it", `"`+l+`"`, View),
		refusal("double quotes around a session", `"`+session+`"`, Session),
		refusal("the plus sign of the other alphabet", strings.ReplaceAll(l, "-", "+"), View),
		refusal("the slash of the other alphabet", strings.ReplaceAll(l, "_", "/"), View),
		refusal("a percent sign and a number for a character", "%41"+l[1:], View),
		refusal("a zero byte in it", at(20, "\x00"), View),
		refusal("a full-width letter in it", at(20, "Ａ"), View),
		refusal("all in lower case", strings.ToLower(l), View),
		refusal("bits left over in a shorter session", session[:46]+"B", Session),
		refusal("hexadecimal digits", hex.EncodeToString(link.bytes())[:112], View),
	}
}

// tokenWith returns a view link whose spelling has all the signs.
func tokenWith(signs ...string) forge {
	for ref := uint32(1); ; ref++ {
		f := genuine(byName("mail-5"), View, letter, func(f *forge) { f.ref = ref })
		if !slices.ContainsFunc(signs, func(s string) bool { return !strings.Contains(f.token(), s) }) {
			return f
		}
	}
}

// zeros returns a token whose last byte is 0: base64 gives the same bytes
// without its last character, if room for them was made before.
func zeros(p Purpose) string {
	k := map[Purpose]Key{View: byName("mail-5"), Session: byName("server-2")}[p]
	for ref := uint32(1); ; ref++ {
		b := genuine(k, p, letter, func(f *forge) { f.ref = ref }).bytes()
		if b[len(b)-1] == 0 {
			return spell(b)
		}
	}
}

func badFields() []vector {
	var all []vector
	add := func(name string, edit func(*forge)) {
		all = append(all, refusal(name, genuine(byName("mail-5"), View, letter, edit).token(), View))
	}
	add("version 0", func(f *forge) { f.version = 0 })
	add("version 2", func(f *forge) { f.version = 2 })
	add("the lowest flag", func(f *forge) { f.flags = 1 })
	add("the highest flag", func(f *forge) { f.flags = 0x80 })
	add("a scope", func(f *forge) { f.scope = 1 })
	add("a scope in its upper byte", func(f *forge) { f.scope = 0x100 })
	add("no member", func(f *forge) { f.member = 0 })
	all = append(all,
		refusal("a session with a flag", genuine(byName("server-2"), Session, letter, func(f *forge) { f.flags = 4 }).token(), Session),
		refusal("a session of version 2", genuine(byName("server-2"), Session, letter, func(f *forge) { f.version = 2 }).token(), Session),
		refusal("a session with a scope", genuine(byName("server-2"), Session, letter, func(f *forge) { f.scope = 2 }).token(), Session),
		refusal("a session of no member", genuine(byName("server-2"), Session, letter, func(f *forge) { f.member = 0 }).token(), Session))
	return all
}

func badKeys() []vector {
	mail, online, server := byName("mail-5"), byName("online-1"), byName("server-2")
	confused := genuine(mail, Session, letter, nil)
	message := append([]byte(confused.prefix), confused.payload()...)
	named := func(k Key, kid byte) forge { return genuine(k, View, letter, func(f *forge) { f.kid = kid }) }
	return []vector{
		refusal("key 0", named(mail, 0).token(), View),
		refusal("a mail key that there is not", named(mail, 6).token(), View),
		refusal("a key of a use that there is not", named(mail, 3<<6|1).token(), View),
		refusal("a revoked key", genuine(byName("mail-1"), View, letter, nil).token(), View),
		refusal("an unsubscribe link by a revoked key", genuine(byName("mail-1"), Unsubscribe, letter, nil).token(), Unsubscribe),
		refusal("a key whose time of verifying is over in this second", genuine(byName("mail-3"), View, letter, nil).token(), View),
		{Name: "a key whose time of verifying is over", Token: genuine(byName("mail-2"), View, letter, nil).token(), Want: View, Now: at.Add(time.Hour).Unix()},
		refusal("a view link by a key that is left for unsubscribing", genuine(byName("mail-4"), View, letter, nil).token(), View),
		refusal("an HMAC whose secret is the public half of the mail key", spell(append(confused.payload(), hmacOf(mail.Public, message)[:16]...)), Session),
		refusal("a session that names the mail key", genuine(server, Session, letter, func(f *forge) { f.kid = mail.KID() }).token(), Session),
		refusal("a link that names the server key", genuine(mail, Session, letter, func(f *forge) { f.kid = server.KID() }).token(), Session),
		refusal("a sign-in link by the mail key", genuine(mail, SignIn, halfHour, nil).token(), SignIn),
		refusal("a session by the mail key", genuine(mail, Session, letter, nil).token(), Session),
		refusal("a view link by the online key", genuine(online, View, halfHour, nil).token(), View),
		refusal("preferences by the online key", genuine(online, Preferences, halfHour, nil).token(), Preferences),
		refusal("a session by the online key", genuine(online, Session, halfHour, nil).token(), Session),
		refusal("a view token by the server key", genuine(server, View, letter, nil).token(), View),
		refusal("a sign-in token by the server key", genuine(server, SignIn, halfHour, nil).token(), SignIn),
	}
}

func badSignatures(t testing.TB) []vector {
	mail, server := byName("mail-5"), byName("server-2")
	link, session := genuine(mail, View, letter, nil), genuine(server, Session, letter, nil)
	flip := func(f forge, offset int) string {
		b := f.bytes()
		b[offset] ^= 1
		return spell(b)
	}
	full := func(key []byte) []byte { return hmacOf(key, append([]byte(session.prefix), session.payload()...)) }
	derived, err := server.derive(labelSession)
	if err != nil {
		t.Fatal(err)
	}
	all := []vector{
		refusal("another member under this signature", flip(link, 15), View),
		refusal("another reference under this signature", flip(link, 19), View),
		refusal("another time of issue under this signature", flip(link, 7), View),
		refusal("a longer lifetime under this signature", flip(link, 9), View),
		refusal("another purpose under this signature", flip(link, 2), Unsubscribe),
		refusal("a bit of R is another one", flip(link, 20), View),
		refusal("a bit of S is another one", flip(link, 60), View),
		refusal("a signature of zeros", spell(append(link.payload(), make([]byte, 64)...)), View),
		refusal("S and the order of the group", spell(malleable(link.bytes())), View),
		refusal("signed by the mail key before", genuine(mail, View, letter, func(f *forge) { f.signer = byName("mail-2") }).token(), View),
		refusal("signed by the online key in the name of the mail key", genuine(mail, View, letter, func(f *forge) { f.signer = byName("online-1") }).token(), View),
		refusal("another member under this HMAC", flip(session, 15), Session),
		refusal("another time of authentication under this HMAC", flip(session, 16), Session),
		refusal("the last bit of the HMAC is another one", flip(session, 35), Session),
		refusal("an HMAC of zeros", spell(append(session.payload(), make([]byte, 16)...)), Session),
		refusal("the second half of the HMAC", spell(append(session.payload(), full(derived)[16:]...)), Session),
		refusal("an HMAC by the server's secret itself", spell(append(session.payload(), full(server.secret[:])[:16]...)), Session),
		refusal("an HMAC by the server key before", genuine(server, Session, letter, func(f *forge) { f.signer = byName("server-1") }).token(), Session),
	}
	for _, other := range [][2]string{
		{"of another site", "gate/v1\x00https://kaze.example\x00"}, {"of a neighbouring host", "gate/v1\x00https://staging.nagi.example\x00"},
		{"of the site without TLS", "gate/v1\x00http://nagi.example\x00"}, {"of another port", "gate/v1\x00https://nagi.example:8443\x00"},
		{"of an origin with a slash", "gate/v1\x00https://nagi.example/\x00"}, {"of an origin in capitals", "gate/v1\x00https://NAGI.example\x00"},
		{"of another format", "gate/v2\x00https://nagi.example\x00"}, {"with no end of the origin", "gate/v1\x00https://nagi.example"}, {"of no site", ""},
	} {
		all = append(all,
			refusal("a link "+other[0], genuine(mail, View, letter, func(f *forge) { f.prefix = other[1] }).token(), View),
			refusal("a session "+other[0], genuine(server, Session, letter, func(f *forge) { f.prefix = other[1] }).token(), Session))
	}
	return all
}

// malleable returns the link with S + L for S, where L is the order of the group
// (RFC 8032, 5.1): a second signature, if a verifier takes S as it comes.
func malleable(link []byte) []byte {
	order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	s := slices.Clone(link[52:])
	slices.Reverse(s)
	sum := new(big.Int).Add(new(big.Int).SetBytes(s), order).FillBytes(make([]byte, 32))
	slices.Reverse(sum)
	return append(slices.Clone(link[:52]), sum...)
}

func badClocks() []vector {
	mail, online, server := byName("mail-5"), byName("online-1"), byName("server-2")
	now := uint32(at.Unix())
	issued := func(k Key, p Purpose, quarters uint16, at uint32) string {
		return genuine(k, p, quarters, func(f *forge) { f.issued = at }).token()
	}
	expired := func(name, token string, want Purpose) vector {
		return vector{Name: name, Token: token, Want: want, Expired: true}
	}
	return []vector{
		refusal("issued five minutes and a second from now", issued(mail, View, letter, now+301), View),
		refusal("a session issued five minutes and a second from now", issued(server, Session, letter, now+301), Session),
		refusal("issued in the last second that there is", issued(mail, View, letter, math.MaxUint32), View),
		refusal("without a lifetime", issued(mail, View, 0, now-10), View),
		refusal("without a lifetime, by a clock that is ahead", issued(mail, View, 0, now+200), View),
		refusal("a lifetime above that of the mail key", issued(mail, View, longest+1, now-10), View),
		refusal("the greatest lifetime", issued(mail, View, math.MaxUint16, now-10), View),
		refusal("a lifetime above that of the online key", issued(online, SignIn, halfHour+1, now-10), SignIn),
		refusal("a session above the lifetime of its key", issued(server, Session, longest+1, now-10), Session),
		expired("its time is up in this second", issued(mail, View, 4, now-4*900), View),
		expired("its time was up a second ago", issued(mail, View, 4, now-4*900-1), View),
		expired("its time was up years ago", issued(mail, View, letter, 1700000000), View),
		expired("a sign-in link after half an hour", issued(online, SignIn, halfHour, now-1800), SignIn),
		expired("a session whose time is up", issued(server, Session, 4, now-4*900), Session),
		refusal("its time is up, and it is for something else", issued(mail, Unsubscribe, 4, now-86400), View),
		refusal("its time is up, and its lifetime is above that of its key", issued(online, SignIn, halfHour+1, now-86400), SignIn),
		refusal("its time is up, and its key is revoked", issued(byName("mail-1"), View, 4, now-86400), View),
		refusal("its time is up, and its signature is that of another key",
			genuine(mail, View, 4, func(f *forge) { f.issued, f.signer = now-86400, byName("mail-2") }).token(), View),
	}
}

func badPurposes() []vector {
	mail := byName("mail-5")
	var all []vector
	for _, p := range []struct {
		name    string
		purpose Purpose
	}{{"purpose 0", 0}, {"purpose 5, which is not used", 5}, {"purpose 9, which is not used", 9}, {"purpose 255", 255}} {
		all = append(all, refusal(p.name, genuine(mail, p.purpose, letter, nil).token(), View))
	}
	return append(all,
		refusal("a view link where one unsubscribes", genuine(mail, View, letter, nil).token(), Unsubscribe),
		refusal("an unsubscribe link where pages are opened", genuine(mail, Unsubscribe, letter, nil).token(), View),
		refusal("the link of the header where the page's is asked for", genuine(mail, UnsubscribeHeader, letter, nil).token(), Unsubscribe),
		refusal("the link of the page where the header's is asked for", genuine(mail, Unsubscribe, letter, nil).token(), UnsubscribeHeader),
		refusal("a view link where preferences are changed", genuine(mail, View, letter, nil).token(), Preferences),
		refusal("a view link in the cookie", genuine(mail, View, letter, nil).token(), Session),
		refusal("a session where pages are opened by a link", genuine(byName("server-2"), Session, letter, nil).token(), View),
		refusal("a sign-in link where pages are opened by a link", genuine(byName("online-1"), SignIn, halfHour, nil).token(), View))
}
