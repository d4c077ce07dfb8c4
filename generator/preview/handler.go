package preview

import (
	"io"
	"io/fs"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path"
	"strings"
	"time"
)

// Options changes what Handler accepts.
type Options struct {
	// AnyHost answers whatever name a request was sent to. It is for a preview
	// that others on the network may see; without it a page on the internet
	// whose name was rebound to 127.0.0.1 could read drafts.
	AnyHost bool
}

// Handler serves dir as a static host would. It opens dir anew for every
// request, so that a folder that a build replaces is followed, and one that
// does not exist yet is 404. It never leaves dir, be it by path or by link.
func Handler(dir string, o Options) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		if !o.AnyHost && !isLoopback(r.Host) {
			http.Error(w, "the preview answers to localhost only", http.StatusForbidden)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
			return
		}
		root, err := os.OpenRoot(dir)
		if err != nil {
			http.Error(w, "404: there is no output yet", http.StatusNotFound)
			return
		}
		defer root.Close()
		serve(w, r, root)
	})
}

func serve(w http.ResponseWriter, r *http.Request, root *os.Root) {
	name, ok := fileName(r.URL.Path)
	if !ok {
		notFound(w, r, root)
		return
	}
	info, err := root.Stat(name)
	folder := err == nil && info.IsDir()
	switch slash := strings.HasSuffix(r.URL.Path, "/"); {
	case err != nil || slash && !folder:
		notFound(w, r, root)
		return
	case folder && !slash:
		if !isFile(root, path.Join(name, "index.html")) {
			notFound(w, r, root)
			return
		}
		// A relative address works below any prefix, and never names a host.
		w.Header().Set("Location", "./"+url.PathEscape(path.Base(name))+"/"+query(r.URL))
		w.WriteHeader(http.StatusMovedPermanently)
		return
	case folder:
		name = path.Join(name, "index.html")
	}
	f, err := openFile(root, name)
	if err != nil {
		notFound(w, r, root)
		return
	}
	defer f.Close()
	w.Header().Set("Content-Type", contentType(name))
	// Without a time: two builds in one second would be one version.
	http.ServeContent(w, r, "", time.Time{}, f)
}

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

func isFile(root *os.Root, name string) bool {
	info, err := root.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// openFile opens a regular file: opening a pipe would wait for a writer.
func openFile(root *os.Root, name string) (*os.File, error) {
	if !isFile(root, name) {
		return nil, fs.ErrNotExist
	}
	return root.Open(name)
}

// notFound answers with the root's 404.html.
func notFound(w http.ResponseWriter, r *http.Request, root *os.Root) {
	f, err := openFile(root, "404.html")
	if err != nil {
		http.Error(w, "404: this page is not there", http.StatusNotFound)
		return
	}
	defer f.Close()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusNotFound)
	if r.Method == http.MethodGet {
		io.Copy(w, f) // an error is the browser's having gone
	}
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
