package preview

import (
	"io/fs"
	"mime"
	"net"
	"net/netip"
	"net/url"
	"path"
	"strings"
)

func query(u *url.URL) string {
	if u.RawQuery == "" {
		return ""
	}
	return "?" + u.RawQuery
}

// fileName returns the path under the root that a URL's path names. A path
// that is not in its plain form is nobody's.
func fileName(p string) (string, bool) {
	name, ok := strings.CutPrefix(p, "/")
	if !ok || strings.ContainsAny(name, "\\\x00") {
		return "", false
	}
	name = strings.TrimSuffix(name, "/")
	if name == "" {
		return ".", p == "/"
	}
	return name, name != "." && fs.ValidPath(name)
}

// contentType knows the types of our own outputs, as the system's table
// differs from machine to machine.
func contentType(name string) string {
	ext := strings.ToLower(path.Ext(name))
	switch ext {
	case ".html", ".htm":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".txt", ".md":
		return "text/plain; charset=utf-8"
	case ".ics":
		return "text/calendar; charset=utf-8"
	case ".csv":
		return "text/csv; charset=utf-8"
	case ".xml":
		switch path.Base(name) {
		case "feed.xml":
			return "application/atom+xml; charset=utf-8"
		case "rss.xml":
			return "application/rss+xml; charset=utf-8"
		}
		return "application/xml; charset=utf-8"
	case ".json":
		return "application/json"
	case ".webmanifest":
		return "application/manifest+json"
	case ".svg":
		return "image/svg+xml"
	case ".webp":
		return "image/webp"
	case ".avif":
		return "image/avif"
	case ".ico":
		return "image/x-icon"
	case ".woff2":
		return "font/woff2"
	case ".woff":
		return "font/woff"
	case ".wasm":
		return "application/wasm"
	case ".eml":
		return "text/plain; charset=utf-8" // to be read, and not opened in a mail program
	}
	if t := mime.TypeByExtension(ext); t != "" {
		return t
	}
	return "application/octet-stream"
}

// isLoopback says whether a Host header names this machine for itself.
func isLoopback(hostPort string) bool {
	host, _, err := net.SplitHostPort(hostPort)
	if err != nil {
		host = strings.TrimSuffix(strings.TrimPrefix(hostPort, "["), "]")
	}
	if strings.EqualFold(strings.TrimSuffix(host, "."), "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
