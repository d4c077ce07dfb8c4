package picture

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode"
)

const (
	svgNamespace   = "http://www.w3.org/2000/svg"
	xlinkNamespace = "http://www.w3.org/1999/xlink"
	maxSVGDepth    = 256
	maxEntityBytes = 200 // drawing programs keep namespace addresses in entities; longer ones are an attack
)

var (
	bom        = []byte("\xef\xbb\xbf")
	entity     = regexp.MustCompile(`<!ENTITY\s+([\w.-]+)\s+(?:"([^"]*)"|'([^']*)')\s*>`)
	dataURL    = regexp.MustCompile(`(?i)data:image/[a-z0-9.+-]+;base64,[a-z0-9+/=]+`)
	cssComment = regexp.MustCompile(`(?s)/\*.*?(\*/|$)`)
)

func isSVG(data []byte) bool {
	data = bytes.TrimPrefix(data, bom)
	if !bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("<")) {
		return false
	}
	root, err := svgRoot(data)
	return err == nil && root.Name.Local == "svg"
}

// newSVGDecoder returns a decoder for raw tokens: what they mean is decided
// here, as a decoder that resolves namespaces cannot write them back.
func newSVGDecoder(data []byte) *xml.Decoder {
	return xml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(data, bom)))
}

func svgRoot(data []byte) (xml.StartElement, error) {
	d := newSVGDecoder(data)
	for {
		token, err := d.RawToken()
		if err != nil {
			return xml.StartElement{}, err
		}
		switch token := token.(type) {
		case xml.Directive:
			readEntities(d, token)
		case xml.StartElement:
			return token, nil
		}
	}
}

// readEntities makes the entities of a DOCTYPE known to d. They are replaced
// once and not read again, so they cannot multiply.
func readEntities(d *xml.Decoder, doctype xml.Directive) {
	d.Entity = map[string]string{}
	for _, m := range entity.FindAllSubmatch(doctype, -1) {
		value := string(m[2]) + string(m[3])
		if len(value) <= maxEntityBytes && !strings.ContainsAny(value, "&<") {
			d.Entity[string(m[1])] = value
		}
	}
}

// svgWriter copies an SVG file without what Strip drops.
type svgWriter struct {
	out     bytes.Buffer
	open    []svgElement
	dropped int             // how many open elements are in a dropped one, itself included
	pending bool            // a start tag still lacks its ">"
	text    strings.Builder // since the last tag that was written
	done    bool
}

type svgElement struct {
	name   xml.Name
	spaces map[string]string // prefix → namespace
}

func stripSVG(data []byte) ([]byte, error) {
	d := newSVGDecoder(data)
	w := &svgWriter{}
	for {
		token, err := d.RawToken()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, damaged("the SVG is not well-formed (%v)", err)
		}
		switch token := token.(type) {
		case xml.Directive:
			readEntities(d, token)
		case xml.StartElement:
			err = w.start(token)
		case xml.EndElement:
			err = w.end(token)
		case xml.CharData:
			if w.dropped == 0 && len(w.open) > 0 {
				w.text.Write(token)
			}
		}
		if err != nil {
			return nil, err
		}
	}
	if len(w.open) > 0 || !w.done {
		return nil, cutOff("SVG")
	}
	w.out.WriteByte('\n')
	return w.out.Bytes(), nil
}

func (w *svgWriter) start(e xml.StartElement) error {
	if w.done || len(w.open) >= maxSVGDepth {
		return damaged("the SVG has two roots or is nested too deeply")
	}
	spaces := map[string]string{"xml": "http://www.w3.org/XML/1998/namespace"}
	if n := len(w.open); n > 0 {
		spaces = w.open[n-1].spaces
	}
	spaces = declare(spaces, e.Attr)
	w.open = append(w.open, svgElement{e.Name, spaces})
	if w.dropped > 0 || !keptElement(e.Name, spaces) {
		if len(w.open) == 1 {
			return damaged("the SVG's root is not in the SVG namespace")
		}
		w.dropped++
		return nil
	}
	if n := len(w.open); n > 1 {
		if err := w.flush(w.open[n-2].name); err != nil {
			return err
		}
	}
	w.closeTag()
	w.out.WriteString("<" + qualified(e.Name))
	seen := map[xml.Name]bool{}
	for _, a := range e.Attr {
		value, keep, err := keptAttribute(a, spaces)
		if err != nil {
			return err
		}
		if !keep || seen[a.Name] {
			continue
		}
		seen[a.Name] = true
		w.out.WriteString(" " + qualified(a.Name) + `="` + attributeEscaper.Replace(value) + `"`)
	}
	w.pending = true
	return nil
}

func (w *svgWriter) end(e xml.EndElement) error {
	n := len(w.open)
	if n == 0 || w.open[n-1].name != e.Name {
		return damaged("the SVG has a closing tag %q too many", qualified(e.Name))
	}
	w.open = w.open[:n-1]
	w.done = n == 1
	if w.dropped > 0 {
		w.dropped--
		return nil
	}
	if err := w.flush(e.Name); err != nil {
		return err
	}
	switch {
	case w.pending:
		w.out.WriteString("/>")
		w.pending = false
	default:
		w.out.WriteString("</" + qualified(e.Name) + ">")
	}
	return nil
}

// flush writes the text that came since the last tag. It is written in one
// piece, as a comment in a style sheet may begin in one part and end in another.
func (w *svgWriter) flush(in xml.Name) error {
	s := w.text.String()
	w.text.Reset()
	if s == "" {
		return nil
	}
	if in.Local == "style" {
		// A space, lest what stood around the comment should form another.
		s = cssComment.ReplaceAllString(s, " ")
		var err error
		if s, err = cleanDataURLs(s); err != nil {
			return err
		}
	}
	w.closeTag()
	w.out.WriteString(textEscaper.Replace(s))
	return nil
}

func (w *svgWriter) closeTag() {
	if w.pending {
		w.out.WriteByte('>')
		w.pending = false
	}
}

// A parser reads line breaks in attributes as spaces (XML 1.0, 3.3.3), and a
// raw carriage return anywhere as a line feed (2.11).
var (
	attributeEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&#34;", "\t", " ", "\n", " ", "\r", " ")
	textEscaper      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;")
)

func qualified(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

// declare returns the namespaces in force inside an element.
func declare(outer map[string]string, attrs []xml.Attr) map[string]string {
	inner := outer
	for _, a := range attrs {
		prefix, is := declaredPrefix(a.Name)
		if !is {
			continue
		}
		if len(inner) == len(outer) {
			inner = make(map[string]string, len(outer)+1)
			for k, v := range outer {
				inner[k] = v
			}
		}
		inner[prefix] = a.Value
	}
	return inner
}

func declaredPrefix(n xml.Name) (prefix string, is bool) {
	if n.Space == "xmlns" {
		return n.Local, true
	}
	return "", n.Space == "" && n.Local == "xmlns"
}

// keptElement knows elements by their namespace: everything that an editor
// adds is in its own.
func keptElement(n xml.Name, spaces map[string]string) bool {
	if spaces[n.Space] != svgNamespace || strings.Contains(n.Local, ":") {
		return false
	}
	switch strings.ToLower(n.Local) {
	case "metadata", "script", "foreignobject", "handler", "listener", "iframe", "embed", "object":
		return false
	}
	return true
}

// keptAttribute returns the value to write. It returns an error for an image
// inside the file that cannot be cleaned.
func keptAttribute(a xml.Attr, spaces map[string]string) (value string, keep bool, err error) {
	if prefix, is := declaredPrefix(a.Name); is {
		return a.Value, a.Value == svgNamespace || prefix != "" && a.Value == xlinkNamespace, nil
	}
	local := strings.ToLower(a.Name.Local)
	switch {
	case strings.Contains(local, ":"):
		return "", false, nil
	case a.Name.Space == "":
		if strings.HasPrefix(local, "on") || strings.HasPrefix(local, "data-") {
			return "", false, nil
		}
	case a.Name.Space != "xml" && spaces[a.Name.Space] != xlinkNamespace:
		return "", false, nil
	}
	bare := strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, a.Value))
	if strings.Contains(bare, "javascript:") || strings.Contains(bare, "vbscript:") {
		return "", false, nil
	}
	if local == "href" && strings.HasPrefix(bare, "data:") {
		return embedded(a.Value)
	}
	value, err = cleanDataURLs(a.Value)
	return value, true, err
}

// cleanDataURLs strips the images in a style sheet, and drops those that are
// no photographs.
func cleanDataURLs(s string) (string, error) {
	var errs []error
	s = dataURL.ReplaceAllStringFunc(s, func(found string) string {
		clean, _, err := embedded(found)
		errs = append(errs, err)
		return clean
	})
	return s, errors.Join(errs...)
}

// embedded strips an image that stands in the file as a data URL, as it may
// be a photograph with all its metadata. Other data URLs are dropped.
func embedded(value string) (string, bool, error) {
	head, body, _ := strings.Cut(strings.TrimSpace(value), ",")
	kind, is := strings.CutPrefix(strings.ToLower(head), "data:image/")
	kind, is64 := strings.CutSuffix(kind, ";base64")
	if !is || !is64 || strings.Contains(kind, "svg") {
		return "", false, nil
	}
	data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(body), ""))
	if err != nil {
		return "", false, damaged("an image inside the SVG is not base64")
	}
	clean, err := Strip(data, "x."+kind)
	if err != nil {
		return "", false, damaged("an image inside the SVG: %v", err)
	}
	return "data:image/" + kind + ";base64," + base64.StdEncoding.EncodeToString(clean), true, nil
}
