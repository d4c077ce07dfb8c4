package doctor

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"kaiho/generator/diag"
	"kaiho/generator/publish"
)

// lookLeaks asks for a file of members as a stranger, in the ways in which a web server
// could have it: under its own address, and as a file of dist or of the project.
func lookLeaks(ctx context.Context, x *examination) Findings {
	secret, known := x.membersFile()
	if !known {
		return Findings{found(diag.DistUnreadable)}
	}
	if secret.path == "" {
		return nil // there is nothing for members alone
	}
	if a := x.ask(ctx); a.err != nil {
		return nil // lookSite says so
	}
	page := strings.TrimSuffix(secret.path, "index.html") // some servers lead from the one to the other
	places := []string{secret.path, page, "dist/" + secret.path, "dist/" + page}
	if secret.url != "" {
		places = append(places, secret.url)
	}
	for _, place := range slices.Compact(places) {
		at := x.Site.BaseURL + (&url.URL{Path: place}).EscapedPath()
		if a := x.fetch(ctx, http.MethodGet, at, ""); a.err == nil && a.status == http.StatusOK && !x.isGate(a) {
			return Findings{found(diag.Leak, "url", at)}
		}
	}
	return Findings{found(diag.LeakFine, "url", x.Site.BaseURL+(&url.URL{Path: secret.path}).EscapedPath())}
}

// membersFile is a file that only members may read.
type membersFile struct {
	path string // below dist
	url  string // below the site, if strangers have nothing there; else ""
}

// membersFile returns a file of members out of the manifest of dist, one whose address
// strangers have nothing at if there is one. known is false if there is no manifest.
func (x *examination) membersFile() (secret membersFile, known bool) {
	dist, err := os.OpenRoot(filepath.Join(x.Source, "dist"))
	if err != nil {
		return membersFile{}, false
	}
	defer dist.Close()
	data, err := dist.ReadFile(publish.ManifestName)
	if err != nil {
		return membersFile{}, false
	}
	var manifest struct {
		Outputs []struct{ Path string }
	}
	if json.Unmarshal(data, &manifest) != nil {
		return membersFile{}, false
	}
	public := map[string]bool{}
	for _, o := range manifest.Outputs {
		if below, is := strings.CutPrefix(o.Path, "public/"); is {
			public[below] = true
		}
	}
	for _, o := range manifest.Outputs {
		below, is := strings.CutPrefix(o.Path, "members/")
		_, page, deep := strings.Cut(below, "/")
		if !is || !deep {
			continue
		}
		if !public[page] {
			return membersFile{o.Path, strings.TrimSuffix(page, "index.html")}, true
		}
		if secret.path == "" {
			secret.path = o.Path
		}
	}
	return secret, true
}
