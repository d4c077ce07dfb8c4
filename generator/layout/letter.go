package layout

import (
	"errors"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"
	text "text/template"
	"text/template/parse"

	"kaiho/generator/diag"
)

// The two layouts of a letter, its HTML and its text edition.
const (
	letterHTML = "letter.html"
	letterText = "letter.txt"
)

// letter is the layouts of letters in one language. Either may be missing: then
// it has a problem, or there is none.
type letter struct {
	html page
	text *text.Template
}

// Letter executes letter.html and letter.txt in the edition lang for a view.
// Neither is minified: mail programs need quotes, end tags and the conditional
// comments that the function outlook writes. When a template fails, or there is
// none, the error is a *RenderError.
func (s *Set) Letter(lang string, view any) (htmlEdition, textEdition string, err error) {
	l := s.letters[lang]
	if l.html.set == nil {
		return "", "", s.absent(lang, letterHTML)
	}
	if l.text == nil {
		return "", "", s.absent(lang, letterText)
	}
	var b strings.Builder
	if err := l.html.set.ExecuteTemplate(&b, letterHTML, view); err != nil {
		return "", "", s.renderError(letterHTML, err)
	}
	htmlEdition = b.String()
	b.Reset()
	if err := l.text.Execute(&b, view); err != nil {
		return "", "", s.renderError(letterText, err)
	}
	return htmlEdition, b.String(), nil
}

// buildLetters makes the letters of all languages.
func (l *loader) buildLetters() map[string]letter {
	letters := map[string]letter{}
	for _, lang := range l.options.Langs {
		var made letter
		if _, exists := l.sources[letterHTML]; exists {
			var problems diag.Problems
			made.html, problems = l.buildPage(lang, letterHTML)
			l.problems = append(l.problems, problems...)
		}
		if trees := l.trees[letterText]; trees != nil {
			made.text = l.textTemplate(lang, trees)
		}
		letters[lang] = made
	}
	return letters
}

// textTemplate joins the trees of letter.txt. They were parsed with functions of
// the same names.
func (l *loader) textTemplate(lang string, trees map[string]*parse.Tree) *text.Template {
	t := text.New(letterText).Funcs(textFunctions(l.functions(lang)))
	for _, name := range slices.Sorted(maps.Keys(trees)) {
		if _, err := t.AddParseTree(name, trees[name].Copy()); err != nil {
			panic("layout: " + letterText + " cannot be joined: " + err.Error())
		}
	}
	return t
}

// textFunctions returns all functions but those that write HTML.
func textFunctions(all template.FuncMap) text.FuncMap {
	own := text.FuncMap(maps.Clone(all))
	delete(own, "outlook")
	return own
}

// checkText reports templates that letter.txt calls and does not define; in
// HTML, html/template finds them. It has no partials: these are HTML.
func (l *loader) checkText(trees map[string]*parse.Tree) {
	for _, name := range slices.Sorted(maps.Keys(trees)) {
		walk(trees[name].Root, func(n parse.Node) {
			if call, ok := n.(*parse.TemplateNode); ok && trees[call.Name] == nil {
				pos := at(l.sources[letterText], int(call.Pos))
				l.problems = append(l.problems, diag.New(pos, diag.LayoutSyntax, "message", fmt.Sprintf("no such template %q", call.Name)))
			}
		})
	}
}

// checkOutlook reports what the function outlook would refuse, or could be made
// to write by a view: it escapes nothing, so that only what the layout itself
// says may go through it.
func (l *loader) checkOutlook(name string, trees map[string]*parse.Tree) {
	for _, tree := range slices.Sorted(maps.Keys(trees)) {
		walk(trees[tree].Root, func(n parse.Node) {
			call, ok := n.(*parse.CommandNode)
			if !ok || !slices.ContainsFunc(call.Args, isOutlook) {
				return
			}
			err := errors.New(`outlook takes one text in quotes, as in {{outlook "<tr>"}}`)
			if len(call.Args) == 2 && isOutlook(call.Args[0]) {
				if quoted, ok := call.Args[1].(*parse.StringNode); ok {
					_, err = outlook(quoted.Text)
				}
			}
			if err != nil {
				pos := at(l.sources[name], int(call.Pos))
				l.problems = append(l.problems, diag.New(pos, diag.LayoutSyntax, "message", err.Error()))
			}
		})
	}
}

func isOutlook(n parse.Node) bool {
	name, ok := n.(*parse.IdentifierNode)
	return ok && name.Ident == "outlook"
}

// outlook returns html as a conditional comment, which Outlook for Windows reads
// and all others skip. html/template drops comments that stand in a layout. What
// would end the comment or begin another declaration is refused: "--!>" ends
// one, too (HTML Standard, 13.2.5.53).
func outlook(html string) (template.HTML, error) {
	for _, door := range []string{"-->", "--!>", "<!"} {
		if strings.Contains(html, door) {
			return "", fmt.Errorf("outlook takes no %s: it would end the comment", door)
		}
	}
	return template.HTML("<!--[if mso]>" + html + "<![endif]-->"), nil
}

// scale returns n, rounded, in the proportion of to and from: the height of a
// picture of height n and width from that is shown in the width to.
func scale(n, from, to int) (int, error) {
	if from <= 0 {
		return 0, fmt.Errorf("scale from %d: it must be more than 0", from)
	}
	return (n*to + from/2) / from, nil
}
