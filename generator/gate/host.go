package gate

import (
	"embed"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"text/template"
)

// Host is what the configuration of a web server in front of the gate says of a
// site.
type Host struct {
	Names  []string // of the host, that of base_url first
	Base   string   // path of the site: "/" or "/alumni/"
	Dist   string   // the output folder, absolute
	Check  string   // the check address of the gate: "127.0.0.1:8091" or "unix:/run/kaiho/check.sock"
	Listen string   // for trying it out without TLS: "127.0.0.1:8080"; "": ports 80 and 443, with TLS
}

// HostNames returns the web servers that HostConfig knows.
func HostNames() []string { return []string{"nginx", "caddy"} }

//go:embed host/*.tmpl
var hostFiles embed.FS

// HostConfig returns the configuration of a web server, "nginx" or "caddy", that
// serves dist/public itself, and hands to the gate's check address every request
// that carries the session cookie or that dist/public does not have. What the
// gate answers names the file; the server interprets no path of a member.
//
// It is an error if a value has characters that the configuration cannot hold.
func HostConfig(server string, h Host) (string, error) {
	if !slices.Contains(HostNames(), server) {
		return "", fmt.Errorf("no configuration for %q; there is one for %s", server, strings.Join(HostNames(), ", "))
	}
	for _, value := range append([]string{h.Base, h.Dist, h.Check, h.Listen}, h.Names...) {
		if strings.ContainsAny(value, "\"'`{}$;\\\n\r\t ") {
			return "", fmt.Errorf("%q cannot stand in a configuration: use a path without spaces, quotes and brackets", value)
		}
	}
	if len(h.Names) == 0 || !filepath.IsAbs(h.Dist) || h.Check == "" {
		return "", fmt.Errorf("a configuration needs the name of the host, the output folder and the check address")
	}
	t, err := template.New("").ParseFS(hostFiles, "host/*.tmpl")
	if err != nil {
		return "", fmt.Errorf("read the configuration of %s: %w", server, err)
	}
	address, port, _ := strings.Cut(h.Listen, ":")
	var b strings.Builder
	err = t.ExecuteTemplate(&b, server+".tmpl", struct {
		Host
		Cookie  string
		Headers []header
		Upright bool // the site is the whole host, so that public can be its root
		Socket  string
		Address string // of Listen
		Port    string
	}{h, cookieName, publicHeaders(h.Listen == ""), path.Clean(h.Base) == "/", strings.TrimPrefix(h.Check, "unix:"), address, port})
	if err != nil {
		return "", fmt.Errorf("write the configuration of %s: %w", server, err)
	}
	return b.String(), nil
}

// cookieName is in the names of all session cookies.
const cookieName = "kaiho="

// header is a header of every public answer.
type header struct{ Name, Value string }

func publicHeaders(secure bool) []header {
	list := []header{
		{"Content-Security-Policy", policy[0]}, {"X-Content-Type-Options", nosniff[0]}, {"Referrer-Policy", sameOriginOnly[0]},
		{"Permissions-Policy", permissions[0]}, {"Cross-Origin-Opener-Policy", sameOriginOnly[0]}, {"Vary", varyFile[0]},
	}
	if secure {
		list = append(list, header{"Strict-Transport-Security", hsts[0]})
	}
	return list
}
