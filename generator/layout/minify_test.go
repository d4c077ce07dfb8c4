package layout

import (
	"encoding/json"
	"reflect"
	"testing"
)

func reflectCall(function any, args []any) []any {
	var in, out = []reflect.Value{}, []any{}
	for _, a := range args {
		in = append(in, reflect.ValueOf(a))
	}
	for _, v := range reflect.ValueOf(function).Call(in) {
		out = append(out, v.Interface())
	}
	return out
}

func TestMinify(t *testing.T) {
	tests := []struct{ name, mediaType, in, want string }{
		{"spaces between Japanese and Latin stay", "text/html", "<p>漢字 <b>English</b> 漢字</p>", "<p>漢字 <b>English</b> 漢字</p>"},
		{"no space comes from nowhere", "text/html", "<p>漢字<b>強調</b>漢字</p>", "<p>漢字<b>強調</b>漢字</p>"},
		{"an ideographic space stays", "text/html", "<p>姓　名</p>", "<p>姓　名</p>"},
		{"end tags and quotes stay", "text/html", "<ul>\n  <li class=\"a\">x</li>\n</ul>", `<ul><li class="a">x</li></ul>`},
		{"empty alternatives stay", "text/html", `<img src="a.png" alt="">`, `<img src="a.png" alt>`},
		{"preformatted text stays", "text/html", "<pre>a\n  b</pre>", "<pre>a\n  b</pre>"},
		{"comments go", "text/html", "a<!-- b --><!--[if IE]>c<![endif]-->", "a"},
		{"JSON-LD is not touched", "text/html", "<script type=\"application/ld+json\">{ \"price\": 1.50, \"n\": 1000000 }</script>", "<script type=\"application/ld+json\">{ \"price\": 1.50, \"n\": 1000000 }</script>"},
		{"ruby keeps its parentheses", "text/html", "<ruby>漢字<rp>（</rp><rt>かんじ</rt><rp>）</rp></ruby>", "<ruby>漢字<rp>（</rp><rt>かんじ</rt><rp>）</rp></ruby>"},
		{"CSS", "text/css", "a { color: #ffffff; }\n@layer x { b { margin: 0px } }", "a{color:#fff}@layer x{b{margin:0}}"},
		{"JavaScript", "application/javascript", "const a = 1 ;\n", "const a=1"},
		{"JSON keeps its numbers", "application/ld+json", "{ \"a\": 1.50 }", `{"a":1.50}`},
		{"XML keeps its spaces", "application/atom+xml", "<a>\n<b>x  <i>y</i> z</b></a>", "<a>\n<b>x <i>y</i> z</b></a>"},
		{"SVG", "image/svg+xml", "<svg xmlns=\"http://www.w3.org/2000/svg\">\n<path d=\"M 0 0 L 10 10\"/></svg>", "<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0 10 10\"/></svg>"},
		{"other types are left alone", "text/plain", "a  b", "a  b"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Minify(tt.mediaType, []byte(tt.in))
			if err != nil || string(got) != tt.want {
				t.Errorf("got  %q, %v\nwant %q", got, err, tt.want)
			}
		})
	}
	if _, err := Minify("application/javascript", []byte("const = ;")); err == nil {
		t.Error("broken JavaScript: got no error")
	}
}

func FuzzMinifyKeepsJSON(f *testing.F) {
	f.Add([]byte(`{"a": [1, 2.50, "漢字 x"], "b": null}`))
	f.Fuzz(func(t *testing.T, in []byte) {
		var want, got any
		if json.Unmarshal(in, &want) != nil {
			return
		}
		out, err := Minify("application/json", in)
		if err != nil || json.Unmarshal(out, &got) != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q became %q, %v", in, out, err)
		}
	})
}
