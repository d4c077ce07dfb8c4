package schema

import (
	"strings"

	"kaiho/generator/config"
	"kaiho/generator/content"
	"kaiho/generator/frontmatter"
)

// Fields returns frontmatter.json, the configuration of the VS Code extension Front
// Matter: a content type for each kind, the folders of the site's sections, and the
// names that its site.yaml has for audiences, segments and types of events.
//
// Lists of keys and free keys have no field: the extension would write keys of its
// own into them. What it does not show, it leaves as it is. New files are made by
// `kaiho new`, and not in the extension, which would write a key for the content
// type that no page has; it finds the type by the folder.
func Fields(s *config.Site, lang string) []byte {
	t := teller{lang: lang}
	var types, folders []any
	for _, k := range content.Kinds() {
		t.words = pageWords(k, lang)
		shape := frontmatter.ShapeOf(content.FrontMatter(k))
		types = append(types, object{{"name", string(k)}, {"pageBundle", false}, {"clearEmpty", true},
			{"fields", t.formFields(s, shape, "", k)}})
	}
	for _, name := range s.SectionNames() {
		folders = append(folders, object{{"title", sectionTitle(s, name, lang)}, {"path", "[[workspace]]/content/" + name},
			{"contentTypes", []string{string(kindOf(s, name))}}, {"disableCreation", true}})
	}
	o := object{
		{"frontMatter.content.publicFolder", "static"},
		{"frontMatter.content.pageFolders", folders},
		{"frontMatter.content.draftField", object{{"name", "draft"}, {"type", "boolean"}}},
		{"frontMatter.content.autoUpdateDate", false},
		{"frontMatter.taxonomy.dateFormat", "yyyy-MM-dd"},
		{"frontMatter.taxonomy.frontMatterType", "YAML"},
		{"frontMatter.taxonomy.noPropertyValueQuotes", []string{"date", "updated", "start", "end"}},
	}
	o = append(o, member{"frontMatter.taxonomy.customTaxonomy", []any{
		object{{"id", "event_types"}, {"options", s.EventTypes}}, object{{"id", "series"}, {"options", []string{}}}}})
	return asJSON(append(o, member{"frontMatter.taxonomy.contentTypes", types}, member{"x-kaiho", mark(FieldsPath, lang)}))
}

// kindOf returns the kind of a section.
func kindOf(s *config.Site, name string) content.Kind {
	if section, ok := s.Sections.Lookup(name); ok && section.Kind != "" {
		return content.Kind(section.Kind)
	}
	return content.Kind(config.DefaultKind(name))
}

// sectionTitle returns what a section is called, or else its folder.
func sectionTitle(s *config.Site, name, lang string) string {
	if section, ok := s.Sections.Lookup(name); ok {
		if title := section.Title.In(lang); title != "" {
			return title
		}
	}
	return name
}

// choices returns the names that site.yaml has for a key; nil: any text.
func choices(s *config.Site, k content.Kind, path string) []string {
	switch {
	case path == "audience":
		return append([]string{"public"}, s.Policy.Names()...)
	case path == "segments":
		return s.Segment.Names()
	case path == "lang":
		return s.Languages
	case path == "type" && k == content.KindEvent:
		return s.EventTypes
	}
	return nil
}

// formFields are the fields of the keys of shape, whose paths have prefix.
func (t teller) formFields(s *config.Site, shape *frontmatter.Shape, prefix string, k content.Kind) []any {
	var fields []any
	for i := range shape.Fields {
		f := &shape.Fields[i]
		if o := t.formField(s, f, prefix+f.Key, k); o != nil {
			fields = append(fields, o)
		}
	}
	return fields
}

// formField is the field of a key, or nil if there is none for it.
func (t teller) formField(s *config.Site, f *frontmatter.ShapeField, path string, k content.Kind) object {
	w := t.words[path]
	o := object{{"title", w.label}, {"name", f.Key}, {"description", w.doc}}
	if w.doc == "" {
		o = o[:2]
	}
	kind := ""
	names := choices(s, k, path)
	switch f.Shape.Form {
	case frontmatter.FlagShape:
		if kind = "boolean"; path == "draft" {
			kind = "draft"
		}
	case frontmatter.WholeShape, frontmatter.NumberShape:
		kind = "number"
	case frontmatter.DateShape:
		kind = "datetime"
		format := "yyyy-MM-dd"
		if w.hasClock {
			format += " HH:mm"
		}
		o = append(o, member{"dateFormat", format})
		if path == "date" {
			o = append(o, member{"isPublishDate", true})
		} else if path == "updated" {
			o = append(o, member{"isModifiedDate", true})
		}
	case frontmatter.KeysShape:
		return append(o, member{"type", "fields"}, member{"fields", t.formFields(s, f.Shape, path+".", k)})
	case frontmatter.ListShape:
		if f.Shape.Of.Form != frontmatter.TextShape {
			return nil
		}
		switch kind = "list"; {
		case path == "tags":
			kind = "tags"
		case len(names) > 0:
			kind, o = "choice", append(o, member{"choices", names}, member{"multiple", true})
		}
	case frontmatter.TextShape:
		kind, o = t.textField(f, path, names, o)
	default:
		return nil
	}
	o = append(o, member{"type", kind})
	if f.Required || w.required {
		o = append(o, member{"required", true})
	}
	return o
}

// textField is the type of the field of a text, and o with what belongs to it.
func (t teller) textField(f *frontmatter.ShapeField, path string, names []string, o object) (string, object) {
	switch {
	case len(f.Choices) > 0:
		return "choice", append(o, member{"choices", f.Choices})
	case len(names) > 0:
		return "choice", append(o, member{"choices", names})
	case f.Picture:
		return "image", append(o, member{"isPreviewImage", strings.HasPrefix(path, "cover.") || strings.HasPrefix(path, "portrait.")})
	case path == "slug":
		return "slug", append(o, member{"editable", true})
	}
	return "string", append(o, member{"single", !f.Lines})
}
