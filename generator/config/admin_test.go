package config_test

import (
	"fmt"
	"strings"
	"testing"

	"kaiho/generator/config"
	"kaiho/generator/diag"
)

func TestAdmin(t *testing.T) {
	for _, test := range []struct{ name, admin, want string }{
		{"a repository at GitHub", "{backend: github, repo: nagi/site}", ""},
		{"groups at GitLab", "{backend: gitlab, repo: nagi/office/site}", ""},
		{"a gateway has no repository", "{backend: git-gateway}", ""},
		{"no git host", "{repo: a/b}", "4:8 missing-key"},
		{"a misspelt git host", "{backend: githab, repo: a/b}", "4:18 bad-choice github"},
		{"no repository", "{backend: github}", "4:8 missing-key"},
		{"the address of a repository", "{backend: github, repo: 'https://github.com/nagi/site.git'}", "4:32 admin-repository nagi/site"},
		{"its address for git", "{backend: github, repo: 'git@github.com:nagi/site.git'}", "4:32 admin-repository nagi/site"},
		{"a name without an owner", "{backend: github, repo: site}", "4:32 admin-repository"},
		{"a path that leads up", "{backend: github, repo: a/../b}", "4:32 admin-repository"},
		{"a branch with a blank", "{backend: github, repo: a/b, branch: 'my branch'}", "4:45 admin-branch"},
		{"a folder that leads up", "{backend: github, repo: a/b, media: ../x}", "4:44 admin-media"},
		{"an API that is no address", "{backend: github, repo: a/b, api_root: x}", "4:47 bad-address"},
		{"Gitea without an application", "{backend: gitea, repo: a/b}", "4:8 missing-key"},
		{"a misspelt key", "{backend: github, repo: a/b, brunch: x}", "4:37 unknown-key branch"},
		{"a misspelt program", "{backend: github, repo: a/b, program: decaf}", "4:46 bad-choice decap"},
		{"a list", "[github]", "4:8 not-map"},
	} {
		s, problems := config.Load([]byte("# c\ntitle: t\nbase_url: https://nagi.example/\nadmin: " + test.admin + "\n"))
		var got []string
		for _, p := range problems {
			got = append(got, strings.TrimSpace(fmt.Sprintf("%d:%d %s %s", p.Pos.Line, p.Col, p.Rule, p.Arg("nearest"))))
			if p.Severity() != diag.Error || p.Path != config.Path {
				t.Errorf("%s: %v", test.name, p)
			}
		}
		if strings.Join(got, ", ") != test.want {
			t.Errorf("%s: got %q, want %q", test.name, strings.Join(got, ", "), test.want)
		}
		if test.want == "" && (s.Admin.Branch != "main" || s.Admin.Program != "decap" || s.Admin.Media != "images") {
			t.Errorf("%s: got %+v", test.name, s.Admin)
		}
	}
	s, _ := config.Load([]byte("title: t\nbase_url: https://nagi.example/\n"))
	if s.Admin != nil {
		t.Errorf("got %+v, want none", s.Admin)
	}
}
