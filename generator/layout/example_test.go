package layout_test

import (
	"fmt"
	"testing/fstest"

	"kaiho/generator/diag"
	"kaiho/generator/layout"
)

func ExampleLoad() {
	builtin := fstest.MapFS{
		"layouts/base.html":       {Data: []byte(`<body>{{block "main" .}}{{end}}</body>`)},
		"layouts/greeting.html":   {Data: []byte(`{{define "main"}}<p>{{t "greeting" .Name}}</p>{{end}}`)},
		"layouts/strings.ja.json": {Data: []byte(`{"greeting": "{0} 様"}`)},
	}
	site := fstest.MapFS{
		"layouts/note.html": {Data: []byte("<html>\n{{t `greting`}}")},
	}
	set, problems := layout.Load(site, builtin, layout.Options{Langs: []string{"ja"}})
	for _, p := range problems {
		fmt.Println(p.Line(diag.English))
	}
	html, err := set.Execute("ja", "greeting.html", struct{ Name string }{"髙梨"})
	fmt.Println(string(html), err)
	// Output:
	// layouts/note.html:2:5: error: no strings file has the key "greting". Did you mean "greeting"? [layout-unknown-string]
	// <body><p>髙梨 様</p></body> <nil>
}

func ExampleFingerprint() {
	type card struct {
		Title string
		Tags  []string
	}
	one := layout.Fingerprint(card{"A", []string{"b", "c"}})
	same := layout.Fingerprint(card{"A", []string{"b", "c"}})
	other := layout.Fingerprint(card{"A", []string{"bc"}})
	fmt.Println(one == same, one == other)
	// Output: true false
}
