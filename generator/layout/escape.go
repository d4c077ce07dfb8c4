package layout

import (
	"fmt"
	"html/template"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/template/parse"
)

// html/template has put the names of its escapers into the trees, by the
// context of each action. Those that stand on every page are written here
// again, for plain strings and for template.HTML as text; FuzzEscapers holds
// them to html/template. All else is handed to html/template's own.

const escaperPrefix = "_html_template_"

// unsafeURL is what html/template writes instead of values that it does not
// trust.
const unsafeURL = "#ZgotmplZ"

// ours are the escapers that are written here again. They write values as
// fmt.Sprint does; others do not.
var ours = []string{"htmlescaper", "attrescaper", "rcdataescaper", "urlfilter", "urlnormalizer", "urlescaper"}

// written compiles the writing of e through escapers.
func written(e expr, escapers []string) (op, error) {
	if len(escapers) == 0 {
		if e.typ != stringType {
			return nil, refuse("a value that is not escaped")
		}
		return func(r *run) signal { r.out = append(r.out, e.text(r)...); return ended }, nil
	}
	last := len(escapers) - 1
	switch name := strings.TrimPrefix(escapers[0], escaperPrefix); {
	case e.typ == nil:
		return nil, refuse("writing one of several types")
	case name == "htmlescaper" && last == 0 && e.typ == htmlType:
		return func(r *run) signal {
			start := len(r.out)
			r.out = append(r.out, e.text(r)...)
			r.cutBody(start)
			return ended
		}, nil
	case name == "commentescaper" && last == 0:
		evaluate := e.slot() // it may fail
		return func(r *run) signal { evaluate(r); return ended }, nil
	}
	text := plain(e)
	if text == nil || !slices.Contains(ours, strings.TrimPrefix(escapers[0], escaperPrefix)) {
		boxed := e.boxed()
		theirs, err := theirEscaper(escapers[0])
		if err != nil {
			return nil, err
		}
		text = func(r *run) string { return theirs(r, boxed(r)) }
		escapers = escapers[1:]
	}
	for i, name := range escapers {
		if i == len(escapers)-1 {
			return writtenText(text, name)
		}
		escape, err := escaper(name)
		if err != nil {
			return nil, err
		}
		before := text
		text = func(r *run) string { return escape(r, before(r)) }
	}
	return func(r *run) signal { r.out = append(r.out, text(r)...); return ended }, nil
}

// plain returns e as a string, if escapers take it for one without a meaning of
// its own.
func plain(e expr) func(*run) string {
	switch {
	case e.text != nil && slices.Contains(meant, e.typ):
		return nil
	case e.text != nil:
		return e.text
	case e.number != nil:
		return func(r *run) string { return strconv.FormatInt(e.number(r), 10) }
	case e.typ.Kind() == reflect.Bool:
		return func(r *run) string { return strconv.FormatBool(e.truth(r)) }
	}
	return func(r *run) string { return fmt.Sprint(e.ref(r).Interface()) }
}

// meant are the types of strings that html/template trusts in their contexts.
var meant = []reflect.Type{
	htmlType, reflect.TypeFor[template.CSS](), reflect.TypeFor[template.HTMLAttr](), reflect.TypeFor[template.JS](),
	reflect.TypeFor[template.JSStr](), reflect.TypeFor[template.URL](), reflect.TypeFor[template.Srcset](),
}

// writtenText compiles the writing of a string through its last escaper.
func writtenText(text func(*run) string, name string) (op, error) {
	switch strings.TrimPrefix(name, escaperPrefix) {
	case "htmlescaper", "attrescaper", "rcdataescaper":
		return func(r *run) signal { r.out = appendEscaped(r.out, text(r)); return ended }, nil
	}
	escape, err := escaper(name)
	if err != nil {
		return nil, err
	}
	return func(r *run) signal { r.out = append(r.out, escape(r, text(r))...); return ended }, nil
}

// escaper returns the escaper of that name for strings.
func escaper(name string) (func(*run, string) string, error) {
	switch strings.TrimPrefix(name, escaperPrefix) {
	case "htmlescaper", "attrescaper", "rcdataescaper":
		return func(_ *run, s string) string { return string(appendEscaped(nil, s)) }, nil
	case "urlfilter":
		return func(_ *run, s string) string { return filterURL(s) }, nil
	case "urlnormalizer":
		return func(_ *run, s string) string { return percentEncoded(s, true) }, nil
	case "urlescaper":
		return func(_ *run, s string) string { return percentEncoded(s, false) }, nil
	}
	theirs, err := theirEscaper(name)
	if err != nil {
		return nil, err
	}
	return func(r *run, s string) string { return theirs(r, s) }, nil
}

// entities are what stands for bytes of text and of quoted attributes.
var entities = [256]string{0: "\ufffd", '"': "&#34;", '&': "&amp;", '\'': "&#39;", '+': "&#43;", '<': "&lt;", '>': "&gt;"}

// appendEscaped appends s as text, or as a part of a quoted attribute.
func appendEscaped(b []byte, s string) []byte {
	written := 0
	for i := range len(s) {
		if c := s[i]; c <= '>' && entities[c] != "" {
			b = append(append(b, s[written:i]...), entities[c]...)
			written = i + 1
		}
	}
	return append(b, s[written:]...)
}

// filterURL returns s unless it has a scheme that could run code.
func filterURL(s string) string {
	scheme, _, ok := strings.Cut(s, ":")
	if !ok || strings.Contains(scheme, "/") || strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https") || strings.EqualFold(scheme, "mailto") {
		return s
	}
	return unsafeURL
}

// urlBytes says of every byte whether it stands for itself in a URL (1), or
// separates its parts (2).
var urlBytes = func() (class [256]uint8) {
	for _, c := range "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~" {
		class[c] = 1
	}
	for _, c := range "!#$&*+,/:;=?@[]" {
		class[c] = 2
	}
	return class
}()

// percentEncoded returns a URL with what is no character of one percent-encoded.
// What separates its parts is left when whole is true, as are escapes.
func percentEncoded(s string, whole bool) string {
	var b []byte
	written := 0
	for i := range len(s) {
		c := s[i]
		if class := urlBytes[c]; class == 1 || whole && (class == 2 || c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2])) {
			continue
		}
		if b == nil {
			b = make([]byte, 0, 2*len(s)+16)
		}
		const digits = "0123456789abcdef"
		b = append(append(b, s[written:i]...), '%', digits[c>>4], digits[c&15])
		written = i + 1
	}
	if written == 0 {
		return s
	}
	return string(append(b, s[written:]...))
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// theirEscaper returns html/template's own escaper of that name.
func theirEscaper(name string) (func(*run, any) string, error) {
	t := theirEscapers()[name]
	if t == nil {
		return nil, refuse("the escaper %s", name)
	}
	return func(r *run, v any) string {
		var b strings.Builder
		r.check(t.Execute(&b, v))
		return b.String()
	}, nil
}

// theirEscapers returns, for each escaper of html/template, a template that
// writes its argument through that one. They cannot be had otherwise.
var theirEscapers = sync.OnceValue(func() map[string]*template.Template {
	names := []string{"attrescaper", "commentescaper", "cssescaper", "cssvaluefilter", "htmlnamefilter", "htmlescaper", "jsregexpescaper", "jsstrescaper",
		"jstmpllitescaper", "jsvalescaper", "nospaceescaper", "rcdataescaper", "srcsetescaper", "urlescaper", "urlfilter", "urlnormalizer"}
	found := map[string]*template.Template{}
	set := template.New("")
	for _, name := range names {
		t, err := set.New(escaperPrefix + name).Parse("{{.}}")
		if err != nil {
			return nil
		}
		found[escaperPrefix+name] = t
	}
	for name, t := range found {
		_ = t.Execute(discard{}, "") // escapes it
		t.Tree.Root.Nodes[0].(*parse.ActionNode).Pipe.Cmds[1].Args[0] = parse.NewIdentifier(name)
	}
	return found
})
