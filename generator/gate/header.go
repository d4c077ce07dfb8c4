package gate

import (
	"net/http"
	"path"
	"strconv"
	"strings"
)

// Values of headers, shared by all answers and not to be changed.
var (
	cachePublic    = []string{"public, no-cache"}
	cacheShort     = []string{"public, max-age=600"}
	cacheForever   = []string{"public, max-age=31536000, immutable"}
	cacheMembers   = []string{"private, no-cache"}
	cacheNever     = []string{"no-store"}
	varyCookie     = []string{"Cookie"}
	varyFile       = []string{"Accept-Encoding, Cookie"}
	varyCoding     = []string{"Accept-Encoding"}
	gzipCoding     = []string{"gzip"}
	sameOriginOnly = []string{"same-origin"}
	nosniff        = []string{"nosniff"}
	noindex        = []string{"noindex, noarchive"}
	hsts           = []string{"max-age=31536000"}
	// features that no page of ours uses
	permissions = []string{"accelerometer=(), browsing-topics=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), payment=(), usb=()"}
	// Structured data is no script to a browser, so that pages need none inline.
	policy = []string{"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; media-src 'self'; " +
		"connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"}
	// The CMS compiles its own checks of forms, styles itself, and talks to the git
	// host, of which the gate knows nothing. Nobody else's page may be around it.
	policyAdmin = []string{"default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; " +
		"img-src 'self' data: blob: https:; media-src 'self' blob:; font-src 'self' data:; connect-src 'self' https: data: blob:; " +
		"frame-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"}
	// The window in which an editor signs in answers the one that opened it.
	openerAllowed = []string{"same-origin-allow-popups"}
	// A drawing that is opened by itself may have styles, and runs nothing.
	policyDrawing = []string{"default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'; sandbox"}
)

// headers sets what every answer has; a page may set others. Whatever is not a
// file is never stored.
func (g *Gate) headers(h http.Header) {
	h["Content-Security-Policy"] = policy
	h["X-Content-Type-Options"] = nosniff
	h["Referrer-Policy"] = sameOriginOnly
	h["Permissions-Policy"] = permissions
	h["Cross-Origin-Opener-Policy"] = sameOriginOnly
	h["Cache-Control"] = cacheNever
	h["Vary"] = varyCookie
	h["X-Robots-Tag"] = noindex
	if g.isSecure {
		h["Strict-Transport-Security"] = hsts
	}
}

func (g *Gate) fileHeaders(h http.Header, e *entry) {
	h["Content-Type"] = e.ctype
	h["Etag"] = e.etag
	h["Vary"] = varyFile
	if e.ctype[0] == drawing {
		h["Content-Security-Policy"] = policyDrawing
	}
	if e.members {
		h["Cache-Control"] = cacheMembers
		h["Cross-Origin-Resource-Policy"] = sameOriginOnly
		return
	}
	if e.admin {
		h["Content-Security-Policy"] = policyAdmin
		h["Cross-Origin-Opener-Policy"] = openerAllowed
		h["Cache-Control"] = cachePublic
		return // never for search engines
	}
	delete(h, "X-Robots-Tag")
	switch {
	case e.forever:
		h["Cache-Control"] = cacheForever
		h["Vary"] = varyCoding
	case e.varies || e.compress:
		h["Cache-Control"] = cachePublic
	default: // pictures and the like
		h["Cache-Control"] = cacheShort
	}
}

const drawing = "image/svg+xml"

// contentType returns the type of a file by its name, the same on every
// machine. What is not known is for saving and not for showing.
func contentType(name string) string {
	switch name {
	case "feed.xml":
		return "application/atom+xml; charset=utf-8"
	case "rss.xml":
		return "application/rss+xml; charset=utf-8"
	case "feed.json":
		return "application/feed+json"
	}
	if t := contentTypes[strings.ToLower(path.Ext(name))]; t != "" {
		return t
	}
	return "application/octet-stream"
}

var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".htm": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
	".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8", ".txt": "text/plain; charset=utf-8",
	".md": "text/plain; charset=utf-8", ".ics": "text/calendar; charset=utf-8", ".csv": "text/csv; charset=utf-8",
	".yml": "text/yaml; charset=utf-8", ".yaml": "text/yaml; charset=utf-8", ".vcf": "text/vcard; charset=utf-8", ".vtt": "text/vtt; charset=utf-8",
	".xml": "application/xml; charset=utf-8", ".json": "application/json", ".webmanifest": "application/manifest+json",
	".svg": drawing, ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
	".webp": "image/webp", ".avif": "image/avif", ".ico": "image/x-icon", ".pdf": "application/pdf", ".zip": "application/zip",
	".woff": "font/woff", ".woff2": "font/woff2", ".ttf": "font/ttf", ".otf": "font/otf", ".wasm": "application/wasm",
	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".wav": "audio/wav", ".mp4": "video/mp4", ".webm": "video/webm",
	".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

// isText reports whether a type is worth compressing.
func isText(ctype string) bool {
	return strings.HasPrefix(ctype, "text/") || ctype == drawing || ctype == "application/wasm" || strings.Contains(ctype, "json") || strings.Contains(ctype, "xml;")
}

// acceptsGzip reports whether an Accept-Encoding prefers gzip to the plain bytes,
// or likes both as much (RFC 9110, section 12.5.3).
func acceptsGzip(lines []string) bool {
	packed, any, plain := -1, -1, -1 // thousandths; -1: not named
	for _, line := range lines {
		for item := range strings.SplitSeq(line, ",") {
			coding, parameters, _ := strings.Cut(item, ";")
			q := quality(parameters)
			switch strings.ToLower(strings.TrimSpace(coding)) {
			case "gzip", "x-gzip":
				packed = max(packed, q)
			case "*":
				any = q
			case "identity":
				plain = q
			}
		}
	}
	if packed < 0 {
		packed = any
	}
	return packed > 0 && packed >= plain
}

// quality returns the weight of "q=0.8" in thousandths; without one, 1000, and
// for what is none, 0.
func quality(parameters string) int {
	for parameter := range strings.SplitSeq(parameters, ";") {
		name, value, found := strings.Cut(parameter, "=")
		if !found || !strings.EqualFold(strings.TrimSpace(name), "q") {
			continue
		}
		value = strings.TrimSpace(value)
		f, err := strconv.ParseFloat(value, 64)
		if err != nil || len(value) > 5 || !(f >= 0 && f <= 1) {
			return 0
		}
		return int(f * 1000)
	}
	return 1000
}
