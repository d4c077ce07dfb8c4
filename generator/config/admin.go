package config

import (
	"cmp"
	"regexp"
	"strings"

	"kaiho/generator/diag"
)

// AdminFolder is the folder of the site, and of static/, that the CMS lies in.
const AdminFolder = "admin"

// Admin asks for a git-based CMS at /admin/: forms in the browser that commit to
// the repository of the site. Who may write there is the business of the git host.
type Admin struct {
	Backend  string `yaml:"backend,required" enum:"github,gitlab,gitea,git-gateway"`
	Repo     string `yaml:"repo"`                         // owner/name, at GitLab with all groups; git-gateway has none
	Branch   string `yaml:"branch"`                       // default main
	Program  string `yaml:"program" enum:"decap,sveltia"` // default decap
	BaseURL  string `yaml:"base_url"`                     // of the service that signs editors in (OAuth)
	Endpoint string `yaml:"auth_endpoint"`                // its path; default that of the program
	APIRoot  string `yaml:"api_root"`                     // of a git host of one's own
	AppID    string `yaml:"app_id"`                       // of the application that the git host knows
	AuthType string `yaml:"auth_type" enum:"pkce"`        // sign-in without a service, at GitLab
	Review   bool   `yaml:"review"`                       // changes wait on branches of their own until an editor publishes them
	Media    string `yaml:"media"`                        // where uploaded pictures go: a folder of static/; default images

	Pos diag.Pos `yaml:"-"` // in site.yaml
}

// repository is owner/name; GitLab has groups in groups.
var repository = regexp.MustCompile(`^[\p{L}\p{N}_.-]+(/[\p{L}\p{N}_.-]+)+$`)

// branchName leaves out what git-check-ref-format(1) refuses.
var branchName = regexp.MustCompile(`^[^\s~^:?*\[\\/.-][^\s~^:?*\[\\]*$`)

// mediaFolder is a path without dots, as it stands in addresses.
var mediaFolder = regexp.MustCompile(`^[\p{L}\p{N}_-]+(/[\p{L}\p{N}_-]+)*$`)

// admin checks what the CMS needs, and fills in what is not given.
func (c *checker) admin() {
	a := c.site.Admin
	if a == nil {
		return
	}
	a.Pos, a.Repo = c.at("admin"), c.repo(a.Repo)
	if a.Branch != "" && (!branchName.MatchString(a.Branch) || strings.Contains(a.Branch, "..") || strings.HasSuffix(a.Branch, "/")) {
		c.report(diag.AdminBranch, []string{"admin", "branch"}, "value", a.Branch)
	}
	if a.Media = strings.Trim(strings.TrimPrefix(strings.Trim(a.Media, "/"), "static/"), "/"); a.Media != "" && !mediaFolder.MatchString(a.Media) {
		c.report(diag.AdminMedia, []string{"admin", "media"}, "value", a.Media)
		a.Media = ""
	}
	for _, key := range []struct{ name, value string }{{"base_url", a.BaseURL}, {"api_root", a.APIRoot}} {
		if key.value != "" && !isWebAddress(key.value) {
			c.report(diag.BadAddress, []string{"admin", key.name}, "key", "admin."+key.name, "url", key.value)
		}
	}
	if a.Backend == "gitea" && a.AppID == "" && c.node.Has("admin", "backend") && !c.isReported(c.node.At("admin", "backend")) {
		c.report(diag.MissingKey, []string{"admin"}, "key", "app_id", "parent", "admin") // Gitea signs in by OAuth with PKCE alone
	}
	a.Branch, a.Program, a.Media = cmp.Or(a.Branch, "main"), cmp.Or(a.Program, "decap"), cmp.Or(a.Media, "images")
}

// repo checks the repository. An address of it is what people copy.
func (c *checker) repo(given string) string {
	a := c.site.Admin
	switch {
	case given == "" && a.Backend != "git-gateway" && a.Backend != "":
		if n := c.node.At("admin", "repo"); n == nil || !c.isReported(n) {
			c.report(diag.MissingKey, []string{"admin"}, "key", "repo", "parent", "admin")
		}
	case given != "" && (!repository.MatchString(given) || strings.Contains(given, "..")):
		nearest := strings.TrimSuffix(strings.TrimSuffix(given, "/"), ".git")
		if _, path, ok := strings.Cut(nearest, "://"); ok {
			_, nearest, _ = strings.Cut(path, "/")
		} else if _, path, ok := strings.Cut(nearest, ":"); ok { // git@github.com:owner/name.git
			nearest = path
		}
		if !repository.MatchString(nearest) || strings.Contains(nearest, "..") {
			nearest = ""
		}
		c.report(diag.AdminRepo, []string{"admin", "repo"}, "value", given, "nearest", nearest)
		return nearest
	}
	return given
}
