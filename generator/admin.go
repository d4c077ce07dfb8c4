package generator

import (
	"fmt"

	"kaiho/generator/config"
	"kaiho/generator/diag"
	"kaiho/generator/schema"
)

// checkEditors looks at the files that a project has for its editors' tools, and
// adds the pages of the CMS that site.yaml asks for. src are the bytes of site.yaml.
func (p *Project) checkEditors(src []byte) error {
	problems, err := schema.Check(p.source, src)
	if err != nil {
		return fmt.Errorf("read schemas: %w", err)
	}
	p.Problems = append(p.Problems, problems...)
	if a := p.Config.Admin; a != nil {
		p.addCMS(a)
	}
	return nil
}

// addCMS adds /admin/ to the files that the site has beside its plan, so that no
// list, feed or sitemap knows of it. Without its program there is no page that would
// ask for it in vain. A file of the site's own in static/admin/ takes the place of
// ours.
func (p *Project) addCMS(a *config.Admin) {
	program := schema.ProgramOf(a)
	if p.Library.StaticAt("/"+config.AdminFolder+"/"+program.File) == nil {
		p.Problems = append(p.Problems, diag.New(a.Pos, diag.AdminProgram, "file", program.Path(), "command", program.Command()))
		return
	}
	for _, file := range []struct {
		name string
		made func(*config.Site) []byte
	}{{"config.yml", schema.CMS}, {"index.html", schema.Page}} {
		path := config.AdminFolder + "/" + file.name
		if p.Library.StaticAt("/"+path) == nil {
			p.assets.files = append(p.assets.files, asset{path: path, from: config.Path, data: file.made(p.Config)})
		}
	}
}
