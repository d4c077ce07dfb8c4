package schema

import (
	"html"

	"kaiho/generator/config"
)

// Program is the program of a CMS: a file that the site's engineer puts into
// static/admin/ once. It is not a part of kaiho, which would grow by 5 MB for sites
// that have none, and it is loaded from no other host.
type Program struct {
	File    string // in static/admin/
	Package string // in the npm registry, with the version that was tried
	member  string // of the package
	archive string // the file that `npm pack` makes
}

// ProgramOf returns the program that a site has chosen.
func ProgramOf(a *config.Admin) Program {
	if a.Program == "sveltia" {
		return Program{"sveltia-cms.js", "@sveltia/cms@0.221.1", "package/dist/sveltia-cms.js", "sveltia-cms-0.221.1.tgz"}
	}
	return Program{"decap-cms.js", "decap-cms@3.16.3", "package/dist/decap-cms.js", "decap-cms-3.16.3.tgz"}
}

// Path is where the program lies in a project.
func (p Program) Path() string { return "static/" + config.AdminFolder + "/" + p.File }

// Command is what an engineer writes to get the program, in the project folder.
func (p Program) Command() string {
	folder := "static/" + config.AdminFolder
	return "npm pack " + p.Package + " && mkdir -p " + folder + " && tar -xzf " + p.archive + " -C " + folder +
		" --strip-components=2 " + p.member + " && rm " + p.archive
}

// Page returns the page that starts the CMS. Search engines shall not list it; no
// page, list, feed or sitemap leads to it.
func Page(s *config.Site) []byte {
	needs := "This page needs JavaScript."
	if isJapanese(s.Language) {
		needs = "この画面には JavaScript が必要です。"
	}
	esc := html.EscapeString
	return []byte("<!doctype html>\n<html lang=\"" + esc(s.Language) + "\">\n<head>\n<meta charset=\"utf-8\">\n" +
		"<meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"robots\" content=\"noindex\">\n" +
		"<meta name=\"referrer\" content=\"same-origin\">\n<title>" + esc(s.Title.In(s.Language)) + "</title>\n" +
		"<link href=\"config.yml\" type=\"text/yaml\" rel=\"cms-config-url\">\n</head>\n<body>\n<noscript>" + needs +
		"</noscript>\n<script src=\"" + esc(ProgramOf(s.Admin).File) + "\"></script>\n</body>\n</html>\n")
}
