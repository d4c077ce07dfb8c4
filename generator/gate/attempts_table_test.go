package gate_test

import (
	"strings"
	"time"

	"kaiho/generator/signedlink"
)

// attempt is a request that somebody may try who has no session. A zero status
// is any that is not 200 and not 5xx; in no answer may be the canary.
type attempt struct {
	name    string
	method  string // "": GET
	target  string
	headers string // lines, each ending in \n
	host    string // "": nagi.example; "-": none
	body    string
	raw     string // all of it, for HTTP/1 alone
	status  int
}

// attempts returns the table. Tokens in it are of f's ring.
func attempts(f *fixture) []attempt {
	now := f.clock.Now()
	view := f.link(signedlink.View, alumna, now, 0)
	session := f.session(alumna, now, now)
	list := []attempt{
		{name: "a public page", target: "/about/", status: 200},
		{name: "a members' page", target: "/letters/1/", status: 404},
		{name: "a members' file", target: "/files/minutes.pdf", status: 404},
		{name: "a members' asset", target: "/assets/m.0123456789.css", status: 404},
		{name: "the tree in the path", target: "/members/alumni/letters/1/index.html", status: 404},
		{name: "the public tree in the path", target: "/public/about/index.html", status: 404},
		{name: "the manifest", target: "/manifest.json", status: 404},
		{name: "the state folder", target: "/.kaiho/keys/mail-1.json", status: 404},
		{name: "an encoded letter of a public page", target: "/%61bout/", status: 200},
		{name: "an encoded letter of a members' page", target: "/%6Cetters/1/", status: 404},
		{name: "all encoded", target: "/%6c%65%74%74%65%72%73/%31/", status: 404},
		{name: "encoded twice", target: "/%256cetters/1/", status: 404},
		{name: "an encoded slash", target: "/letters%2F1/", status: 404},
		{name: "an encoded slash in a public page", target: "/news%2fa/", status: 404},
		{name: "an encoded last slash", target: "/about%2F", status: 404},
		{name: "doubled slashes", target: "//letters//1//", status: 404},
		{name: "a doubled slash before a public page", target: "//about/", status: 404},
		{name: "dots from the public tree", target: "/../members/alumni/letters/1/index.html", status: 404},
		{name: "dots from a public page", target: "/about/../letters/1/", status: 404},
		{name: "dots to a public page", target: "/letters/../about/", status: 404},
		{name: "encoded dots", target: "/%2e%2e/members/alumni/index.html", status: 404},
		{name: "encoded dots and slashes", target: "/..%2f..%2fmembers%2falumni%2findex.html", status: 404},
		{name: "dots with more dots", target: "/....//members/alumni/index.html", status: 404},
		{name: "a single dot", target: "/./letters/1/", status: 404},
		{name: "an overlong dot", target: "/%c0%ae%c0%ae/members/alumni/index.html", status: 404},
		{name: "an overlong slash", target: "/letters%c0%af1/", status: 404},
		{name: "a wide slash", target: "/letters%ef%bc%8f1/", status: 404},
		{name: "upper case", target: "/LETTERS/1/", status: 404},
		{name: "mixed case", target: "/Letters/1/", status: 404},
		{name: "a long s", target: "/letter%c5%bf/1/", status: 404},
		{name: "a semicolon", target: "/letters;a=b/1/", status: 404},
		{name: "a semicolon at the end", target: "/letters/1/;x.css", status: 404},
		{name: "an encoded semicolon", target: "/letters%3b/1/", status: 404},
		{name: "a style below a page", target: "/letters/1/x.css", status: 404},
		{name: "a backslash", target: "/letters\\1/", status: 404},
		{name: "an encoded backslash", target: "/letters%5c1/", status: 404},
		{name: "backslashes upwards", target: "/..%5c..%5cmembers%5calumni", status: 404},
		{name: "a NUL", target: "/letters/1/%00", status: 404},
		{name: "a NUL and an ending", target: "/letters/1/index.html%00.css", status: 404},
		{name: "a line break", target: "/letters/1/%0a", status: 404},
		{name: "a carriage return and a header", target: "/about/%0d%0aX-Kaiho-File:%20/members/alumni/index.html", status: 404},
		{name: "a tab", target: "/%09letters/1/", status: 404},
		{name: "a trailing space", target: "/letters/1/%20", status: 404},
		{name: "a trailing dot", target: "/letters/1./", status: 404},
		{name: "bytes that are no UTF-8", target: "/letters/%ff%fe/", status: 404},
		{name: "another normal form", target: "/tags/%e6%b5%b7%cc%84/", status: 404},
		{name: "the file's own name", target: "/letters/1/index.html", status: 404},
		{name: "the file's name without its end", target: "/letters/1/index", status: 404},
		{name: "a compressed form", target: "/letters/1/index.html.gz", status: 404},
		{name: "a backup", target: "/letters/1/index.html~", status: 404},
		{name: "a Windows stream", target: "/letters/1/index.html::$DATA", status: 404},
		{name: "a short Windows name", target: "/LETTER~1/1/", status: 404},
		{name: "a query", target: "/letters/1/?session=1&audience=alumni", status: 404},
		{name: "a question mark, encoded", target: "/letters/1/%3f", status: 404},
		{name: "a number sign, encoded", target: "/letters/1/%23x", status: 404},
		{name: "the path in the query", target: "/about/?/letters/1/", status: 200},
		{name: "a long path", target: "/" + strings.Repeat("a/", 3000), status: 404},
		{name: "a path too long", target: "/" + strings.Repeat("a", 70_000), status: 431},
		{name: "a star", target: "*", status: 400},
		{name: "HEAD of a members' page", method: "HEAD", target: "/letters/1/", status: 404},
		{name: "OPTIONS", method: "OPTIONS", target: "/letters/1/", status: 405},
		{name: "TRACE", method: "TRACE", target: "/letters/1/", status: 405},
		{name: "PUT", method: "PUT", target: "/letters/1/", body: "x", status: 405},
		{name: "DELETE", method: "DELETE", target: "/letters/1/", status: 405},
		{name: "PROPFIND", method: "PROPFIND", target: "/letters/1/", status: 405},
		{name: "lower-case get", method: "get", target: "/letters/1/", status: 405},
		{name: "POST to a page", method: "POST", target: "/letters/1/", body: "a=b", status: 405},
		{name: "POST with another method in a header", method: "POST", target: "/letters/1/", headers: "X-HTTP-Method-Override: GET\n", status: 405},
		{name: "GET with a body", target: "/letters/1/", body: "a=b", status: 400},
		{name: "GET of /logout", target: "/logout", status: 405},
		{name: "an identity in a header", target: "/letters/1/", headers: "X-Forwarded-User: 11\nRemote-User: 11\nX-Remote-User: 11\nX_Forwarded_User: 11\n", status: 404},
		{name: "another URL in a header", target: "/about/", headers: "X-Original-URL: /letters/1/\nX-Rewrite-URL: /letters/1/\nX-Forwarded-Uri: /letters/1/\nX-Original-URI: /letters/1/\n", status: 200},
		{name: "another host in a header", target: "/letters/1/", headers: "X-Forwarded-Host: localhost\nForwarded: for=127.0.0.1;host=localhost\n", status: 404},
		{name: "an internal address", target: "/letters/1/", headers: "X-Forwarded-For: 127.0.0.1\nX-Real-IP: 127.0.0.1\nTrue-Client-IP: ::1\n", status: 404},
		{name: "the answer's header in the request", target: "/about/", headers: "X-Accel-Redirect: /_kaiho/members/alumni/index.html\nX-Kaiho-File: /members/alumni/index.html\nX-Sendfile: /members\n", status: 200},
		{name: "the internal address of nginx", target: "/_kaiho/members/alumni/index.html", status: 404},
		{name: "the check address", target: "/accel/nginx/letters/1/", status: 404},
		{name: "the metrics", target: "/metrics", status: 404},
		{name: "an authorization", target: "/letters/1/", headers: "Authorization: Bearer " + session + "\n", status: 404},
		{name: "a range", target: "/files/minutes.pdf", headers: "Range: bytes=0-100\n", status: 404},
		{name: "many ranges", target: "/files/minutes.pdf", headers: "Range: bytes=" + strings.Repeat("0-,", 100) + "0-\n", status: 404},
		{name: "a condition", target: "/letters/1/", headers: "If-None-Match: *\n", status: 404},
		{name: "a cookie of another name", target: "/letters/1/", headers: "Cookie: kaiho=" + session + "; Host-kaiho=" + session + "\n", status: 404},
		{name: "two sessions", target: "/letters/1/", headers: "Cookie: __Host-kaiho=" + session + "; __Host-kaiho=" + session + "\n", status: 404},
		{name: "a session in the query", target: "/letters/1/?__Host-kaiho=" + session, status: 404},
		{name: "a link as a session", target: "/letters/1/", headers: "Cookie: __Host-kaiho=" + view + "\n", status: 404},
		{name: "no token", target: "/k/", status: 404},
		{name: "a short token", target: "/k/AAAA/letters/1/", status: 404},
		{name: "a token of zeros", target: "/k/" + strings.Repeat("A", 112) + "/letters/1/", status: 404},
		{name: "a session as a token", target: "/k/" + session, status: 404},
		{name: "a padded token", target: "/k/" + view + "=/letters/1/", status: 404},
		{name: "a token with a line break", target: "/k/" + view + "%0a/letters/1/", status: 404},
		{name: "a token with another last letter", target: "/k/" + view[:111] + flip(view[111]) + "/letters/1/", status: 404},
		{name: "a token of two", target: "/k/" + view + view, status: 404},
		{name: "a token in upper case", target: "/k/" + strings.ToUpper(view), status: 404},
		{name: "a token at the wrong door", target: "/s/" + view, status: 404},
		{name: "a token at another wrong door", target: "/u/" + view, status: 404},
		{name: "a token at no door", target: "/a/" + view, status: 404},
		{name: "an upper-case door", target: "/K/" + view, status: 404},
		{name: "PUT with a token", method: "PUT", target: "/k/" + view, status: 405},
		{name: "an expired token", target: "/k/" + f.link(signedlink.View, alumna, now.Add(-50*24*time.Hour), 0), status: 410},
		{name: "another host", target: "/letters/1/", host: "evil.example", status: 421},
		{name: "this machine as host", target: "/letters/1/", host: "localhost", status: 421},
		{name: "the host with another port", target: "/letters/1/", host: "nagi.example:8443", status: 421},
		{name: "the host with a dot", target: "/letters/1/", host: "nagi.example.", status: 421},
		{name: "the host with something before", target: "/letters/1/", host: "evil.nagi.example", status: 421},
		{name: "the host in upper case", target: "/about/", host: "NAGI.EXAMPLE", status: 200},
		{name: "the host with its port", target: "/about/", host: "nagi.example:443", status: 200},
	}
	return append(list, rawAttempts()...)
}

// rawAttempts are those that no client library sends.
func rawAttempts() []attempt {
	const crlf = "\r\n"
	post := func(lines ...string) string {
		return "POST /letters/1/ HTTP/1.1\r\nHost: nagi.example\r\n" + strings.Join(lines, crlf)
	}
	hidden := "GET /letters/1/ HTTP/1.1\r\nHost: nagi.example\r\n\r\n"
	return []attempt{
		{name: "raw: no host", raw: "GET /letters/1/ HTTP/1.1\r\n\r\n", status: 400},
		{name: "raw: two hosts", raw: "GET /letters/1/ HTTP/1.1\r\nHost: nagi.example\r\nHost: evil.example\r\n\r\n", status: 400},
		{name: "raw: another host in the target", raw: "GET http://evil.example/letters/1/ HTTP/1.1\r\nHost: nagi.example\r\n\r\n", status: 421},
		{name: "raw: our host in the target", raw: "GET http://nagi.example/letters/1/ HTTP/1.1\r\nHost: evil.example\r\n\r\n", status: 404},
		{name: "raw: another scheme in the target", raw: "GET ftp://nagi.example/letters/1/ HTTP/1.1\r\nHost: nagi.example\r\n\r\n", status: 400},
		{name: "raw: a password in the target", raw: "GET http://a:b@nagi.example/letters/1/ HTTP/1.1\r\nHost: nagi.example\r\n\r\n"},
		{name: "raw: no slash in the target", raw: "GET letters/1/ HTTP/1.1\r\nHost: nagi.example\r\n\r\n", status: 400},
		{name: "raw: a tunnel", raw: "CONNECT nagi.example:443 HTTP/1.1\r\nHost: nagi.example:443\r\n\r\n", status: 405},
		{name: "raw: HTTP/0.9", raw: "GET /letters/1/\r\n\r\n", status: 400},
		{name: "raw: HTTP/1.0 without a host", raw: "GET /letters/1/ HTTP/1.0\r\n\r\n", status: 421},
		{name: "raw: HTTP/2 in words", raw: "GET /letters/1/ HTTP/2.0\r\nHost: nagi.example\r\n\r\n", status: 505},
		{name: "raw: a bare byte in the target", raw: "GET /letters/\xff\xfe/ HTTP/1.1\r\nHost: nagi.example\r\n\r\n", status: 404},
		{name: "raw: a NUL in the target", raw: "GET /letters/\x001/ HTTP/1.1\r\nHost: nagi.example\r\n\r\n", status: 400},
		{name: "raw: a space in the target", raw: "GET /letters/1/ x HTTP/1.1\r\nHost: nagi.example\r\n\r\n", status: 400},
		{name: "raw: a bad percent sign", raw: "GET /letters/%zz/ HTTP/1.1\r\nHost: nagi.example\r\n\r\n", status: 400},
		{name: "raw: a space before the colon", raw: "GET /letters/1/ HTTP/1.1\r\nHost: nagi.example\r\nCookie : a=b\r\n\r\n", status: 400},
		{name: "raw: a folded header", raw: "GET /letters/1/ HTTP/1.1\r\nHost: nagi.example\r\nX: a\r\n Cookie: b\r\n\r\n"},
		{name: "raw: both lengths", raw: post("Content-Length: 4", "Transfer-Encoding: chunked", "", "0\r\n\r\n"+hidden), status: 411},
		{name: "raw: two lengths", raw: post("Content-Length: 0", "Content-Length: 44", "", hidden), status: 400},
		{name: "raw: two lengths in one", raw: post("Content-Length: 0, 44", "", hidden), status: 400},
		{name: "raw: a length with a sign", raw: post("Content-Length: +0", "", hidden), status: 400},
		{name: "raw: another coding", raw: post("Transfer-Encoding: xchunked", "", hidden), status: 501},
		{name: "raw: a coding in disguise", raw: post("Transfer-Encoding: \x0bchunked", "", "0\r\n\r\n"+hidden)},
		{name: "raw: a coding twice", raw: post("Transfer-Encoding: chunked", "Transfer-Encoding: identity", "", "0\r\n\r\n"+hidden), status: 501},
		{name: "raw: chunks of a GET", raw: "GET /letters/1/ HTTP/1.1\r\nHost: nagi.example\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, status: 400},
		{name: "raw: a large form", raw: post("Content-Length: 9999999", "", "a=b"), status: 413},
		{name: "raw: one after the other", raw: "GET /about/ HTTP/1.1\r\nHost: nagi.example\r\n\r\n" + hidden, status: 200},
		{name: "raw: an upgrade", raw: "GET /letters/1/ HTTP/1.1\r\nHost: nagi.example\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n", status: 404},
		{name: "raw: hop headers that are named", raw: "GET /letters/1/ HTTP/1.1\r\nHost: nagi.example\r\nConnection: close, Cookie, X-Forwarded-For\r\n\r\n", status: 404},
	}
}
