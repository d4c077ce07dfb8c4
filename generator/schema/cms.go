package schema

import (
	"slices"
	"strings"

	"kaiho/generator/config"
	"kaiho/generator/content"
	"kaiho/generator/frontmatter"
)

// CMS returns the configuration of a git-based CMS, Decap or Sveltia, which read
// the same (config.yml): a collection for each section, with the fields of its kind.
// s has an Admin.
//
// Free keys have no field; the programs keep what they do not show. Files that lie
// in a folder of their own (index.md) are not in their lists.
func CMS(s *config.Site) []byte {
	a, lang := s.Admin, s.Language
	o := object{{"backend", backend(a)}}
	if a.Review {
		o = append(o, member{"publish_mode", "editorial_workflow"})
	}
	o = append(o, member{"media_folder", "static/" + a.Media}, member{"public_folder", "/" + a.Media},
		member{"site_url", s.BaseURL}, member{"display_url", s.BaseURL}, member{"show_preview_links", false})
	if a.Program == "decap" {
		o = append(o, member{"locale", decapLocale(lang)})
	}
	// Names of files become addresses; those in kana or kanji would be escaped.
	o = append(o, member{"slug", object{{"encoding", "ascii"}, {"clean_accents", true}}})
	var collections []any
	for _, name := range s.SectionNames() {
		collections = append(collections, collection(s, name, lang))
	}
	o = append(o, member{"collections", collections})
	return asYAML(o)
}

// decapLocale is a language that Decap has words in.
func decapLocale(lang string) string {
	if isJapanese(lang) {
		return "ja"
	}
	return "en"
}

func backend(a *config.Admin) object {
	return object{{"name", a.Backend}}.with("repo", a.Repo).with("branch", a.Branch).with("base_url", a.BaseURL).
		with("auth_endpoint", a.Endpoint).with("api_root", a.APIRoot).with("app_id", a.AppID).with("auth_type", a.AuthType)
}

// collection is a section.
func collection(s *config.Site, name, lang string) object {
	k := kindOf(s, name)
	t := teller{lang: lang, words: pageWords(k, lang)}
	title := sectionTitle(s, name, lang)
	o := object{{"name", name}, {"label", title}, {"label_singular", title}, {"folder", "content/" + name}, {"create", true},
		{"extension", "md"}, {"format", "frontmatter"}}
	switch k {
	case content.KindPerson:
		o = append(o, member{"identifier_field", "name"}, member{"slug", "{{name.latin}}"}, member{"summary", "{{name.family}} {{name.given}} {{name.latin}}"})
	case content.KindPage:
		o = append(o, member{"identifier_field", "title"}, member{"slug", "{{fields.slug}}"}, member{"summary", "{{title}}"})
	default:
		o = append(o, member{"identifier_field", "title"}, member{"slug", "{{year}}-{{month}}-{{day}}-{{fields.slug}}"}, member{"summary", "{{title}}"})
	}
	shape := frontmatter.ShapeOf(content.FrontMatter(k))
	body := "Text"
	if isJapanese(lang) {
		body = "本文"
	}
	first, rest := t.inOrder(shape)
	fields := append(t.widgets(s, first, "", k), object{{"name", "body"}, {"label", body}, {"widget", "markdown"}, {"required", false}})
	return append(o, member{"fields", append(fields, t.widgets(s, rest, "", k)...)})
}

// inOrder returns the keys that a form begins with, what must be there and what is
// the kind's own, and those that come after the text.
func (t teller) inOrder(shape *frontmatter.Shape) (first, rest *frontmatter.Shape) {
	common := frontmatter.Keys(content.Common{})
	var groups [3][]frontmatter.ShapeField
	for _, f := range shape.Fields {
		group := 2
		switch {
		case f.Required, t.words[f.Key].required, f.Key == "summary", f.Key == "draft":
			group = 0
		case !slices.Contains(common, f.Key):
			group = 1
		}
		groups[group] = append(groups[group], f)
	}
	return &frontmatter.Shape{Form: frontmatter.KeysShape, Fields: slices.Concat(groups[0], groups[1])},
		&frontmatter.Shape{Form: frontmatter.KeysShape, Fields: groups[2]}
}

// widgets are the fields of the keys of shape, whose paths have prefix.
func (t teller) widgets(s *config.Site, shape *frontmatter.Shape, prefix string, k content.Kind) []any {
	var fields []any
	for i := range shape.Fields {
		f := &shape.Fields[i]
		path, w := prefix+f.Key, t.words[prefix+f.Key]
		o := t.widget(s, f, path, k)
		if o == nil {
			continue
		}
		head := object{{"name", f.Key}, {"label", w.label}}.with("hint", hint(f.Key, w))
		fields = append(fields, append(append(head, o...), member{"required", f.Required || w.required}))
	}
	return fields
}

// hint is what stands below a field: what its label does not say. The words on the
// line "draft" are for whoever sees the file.
func hint(key string, w word) string {
	rest, cut := strings.CutPrefix(w.doc, w.label)
	if key == "draft" || cut && strings.Trim(rest, "。. ") == "" {
		return ""
	}
	return strings.TrimLeft(strings.TrimPrefix(rest, "。"), " ")
}

// widget is the field of a key but for its name, or nil if there is none for it.
func (t teller) widget(s *config.Site, f *frontmatter.ShapeField, path string, k content.Kind) object {
	names := choices(s, k, path)
	switch f.Shape.Form {
	case frontmatter.FlagShape:
		return object{{"widget", "boolean"}, {"default", path == "draft"}}
	case frontmatter.WholeShape, frontmatter.NumberShape:
		o := object{{"widget", "number"}, {"value_type", "int"}}
		if f.Min != nil {
			o = append(o, member{"min", *f.Min})
		}
		if f.Max != nil {
			o = append(o, member{"max", *f.Max})
		}
		return o
	case frontmatter.DateShape:
		o := object{{"widget", "datetime"}, {"format", "YYYY-MM-DD"}, {"date_format", "YYYY-MM-DD"}, {"time_format", false}, {"default", ""}}
		if t.words[path].hasClock {
			o[1].value, o[3].value = "YYYY-MM-DD HH:mm", "HH:mm"
		}
		if path == "date" || path == "posted" {
			return o[:4] // today
		}
		return o
	case frontmatter.KeysShape:
		return object{{"widget", "object"}, {"collapsed", path != "name"}, {"fields", t.widgets(s, f.Shape, path+".", k)}}
	case frontmatter.ListShape:
		return t.listWidget(s, f, path, names, k)
	case frontmatter.TextShape:
		return textWidget(f, names)
	}
	return nil
}

// listWidget is the field of a list: of keys, of names that there are, of texts.
func (t teller) listWidget(s *config.Site, f *frontmatter.ShapeField, path string, names []string, k content.Kind) object {
	switch {
	case f.Shape.Of.Form == frontmatter.KeysShape:
		return object{{"widget", "list"}, {"fields", t.widgets(s, f.Shape.Of, path+".", k)}}
	case path == "authors" || path == "people":
		return object{{"widget", "relation"}, {"collection", "people"}, {"multiple", true}, {"value_field", "{{slug}}"},
			{"search_fields", []string{"name.family", "name.given", "name.latin"}}, {"display_fields", []string{"name.family", "name.given", "name.latin"}}}
	case len(names) > 0:
		return object{{"widget", "select"}, {"multiple", true}, {"options", names}}
	}
	o := object{{"widget", "list"}, {"field", object{{"name", f.Key}, {"label", t.words[path].label}, {"widget", "string"}}}}
	if f.Max != nil {
		o = append(o, member{"max", *f.Max})
	}
	return o
}

func textWidget(f *frontmatter.ShapeField, names []string) object {
	switch {
	case len(f.Choices) > 0:
		return object{{"widget", "select"}, {"options", f.Choices}}
	case len(names) > 0:
		return object{{"widget", "select"}, {"options", names}}
	case f.Picture:
		return object{{"widget", "image"}}
	case f.Lines:
		return object{{"widget", "text"}}
	}
	return object{{"widget", "string"}}
}
