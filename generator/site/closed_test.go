package site

import (
	"html/template"
	"reflect"
	"strings"
	"testing"
	"time"
)

// views is every view that a layout or an encoder gets. TestEveryViewIsKnown
// in package generator holds it to the plan.
var views = []any{
	HomePage{}, ListPage{}, TagsPage{}, PeoplePage{}, NotFoundPage{}, SubscribePage{}, Redirect{}, NewsPage{}, ColumnPage{},
	InterviewPage{}, ReportPage{}, EventPage{}, JobPage{}, NotesPage{}, PlainPage{}, PersonPage{}, NewsletterPage{},
	TeaserPage{}, FeedPage{}, Calendar{}, Sitemap{}, SitemapIndex{}, Robots{}, SearchPage{}, SearchFile{},
	LetterPage{},
}

// TestViewsAreClosed walks the types of all views: structs, slices, strings,
// booleans, numbers, time.Time and template.HTML, all fields exported, and no
// methods. Anything else could lead back to the site, and then the fingerprint
// of a view would not say whether an output is current.
func TestViewsAreClosed(t *testing.T) {
	for _, v := range views {
		closed(t, reflect.TypeOf(v), reflect.TypeOf(v).Name(), map[reflect.Type]bool{})
	}
}

func closed(t *testing.T, typ reflect.Type, where string, seen map[reflect.Type]bool) {
	t.Helper()
	if seen[typ] || typ == reflect.TypeFor[time.Time]() || typ == reflect.TypeFor[template.HTML]() {
		return
	}
	seen[typ] = true
	if typ.NumMethod() > 0 || reflect.PointerTo(typ).NumMethod() > 0 {
		t.Errorf("%s: %s has methods", where, typ)
	}
	switch typ.Kind() {
	case reflect.Struct:
		for field := range typ.Fields() {
			if !field.IsExported() {
				t.Errorf("%s.%s is not exported", where, field.Name)
			}
			closed(t, field.Type, where+"."+field.Name, seen)
		}
	case reflect.Slice:
		closed(t, typ.Elem(), where+"[]", seen)
	case reflect.String, reflect.Bool, reflect.Int, reflect.Float64:
	default:
		t.Errorf("%s is a %s: views hold structs, slices, strings, booleans, numbers, time.Time and template.HTML only", where, typ.Kind())
	}
}

// TestListsHaveNoBody holds that what lists, feeds and letters see of a page
// has no HTML in it.
func TestListsHaveNoBody(t *testing.T) {
	for _, v := range []any{Card{}, TeaserPage{}.Card, FeedPage{}, CalendarEvent{}} {
		var names []string
		walk(reflect.TypeOf(v), func(name string, typ reflect.Type) {
			if typ == reflect.TypeFor[template.HTML]() {
				names = append(names, name)
			}
		})
		if len(names) > 0 {
			t.Errorf("%T holds HTML in %s", v, strings.Join(names, ", "))
		}
	}
}

func walk(typ reflect.Type, visit func(name string, typ reflect.Type)) {
	if typ == reflect.TypeFor[time.Time]() {
		return
	}
	switch typ.Kind() {
	case reflect.Struct:
		for field := range typ.Fields() {
			visit(field.Name, field.Type)
			walk(field.Type, visit)
		}
	case reflect.Slice:
		walk(typ.Elem(), visit)
	}
}
