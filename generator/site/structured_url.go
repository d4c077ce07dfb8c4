package site

import (
	"net/url"
	"strings"
)

// dataURL returns a URL of a view, which may lack the origin, in full; empty if
// it is not one of the web.
func dataURL(head Head, ref string) string {
	switch {
	case ref == "":
		return ""
	case isPlainURL(ref):
		return ref
	case isPlainPath(ref):
		if origin := plainOrigin(head.Canonical); origin != "" {
			return origin + ref
		}
	}
	target, err := url.Parse(ref)
	if err != nil {
		return ""
	}
	if !target.IsAbs() {
		base, err := url.Parse(head.Canonical)
		if err != nil {
			return ""
		}
		target = base.ResolveReference(target)
	}
	if target.Host == "" || target.Scheme != "https" && target.Scheme != "http" {
		return ""
	}
	return target.String()
}

// isPlainURL reports whether a text is an address of the web that package url
// gives back as it is: to parse every address of every page takes longer than
// all else that describes it.
func isPlainURL(ref string) bool {
	origin := plainOrigin(ref)
	return origin != "" && isPlainPath(ref[len(origin):])
}

// plainOrigin returns what stands before the path of an address of the web, if
// there is nothing unusual about it: a host of ASCII letters in lower case and
// digits, and a path.
func plainOrigin(address string) string {
	rest, ok := strings.CutPrefix(address, "https://")
	if !ok {
		if rest, ok = strings.CutPrefix(address, "http://"); !ok {
			return ""
		}
	}
	for i := range len(rest) {
		switch c := rest[i]; {
		case c == '/' && i > 0:
			return address[:len(address)-len(rest)+i]
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9', c == '.', c == '-':
		default:
			return ""
		}
	}
	return ""
}

// isPlainPath reports whether a text is a path from the root in which nothing is
// to be escaped or resolved.
func isPlainPath(path string) bool {
	if path == "" || path[0] != '/' || strings.HasPrefix(path, "//") {
		return false
	}
	for i := range len(path) {
		switch c := path[i]; {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_', c == '~':
		case c == '/' && (i == 0 || path[i-1] != '/'):
		case c == '.' && path[i-1] != '/': // the names . and .. begin with one
		default:
			return false
		}
	}
	return true
}
