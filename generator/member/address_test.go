package member_test

import (
	"errors"
	"strings"
	"testing"

	"kaiho/generator/member"
)

func TestAddresses(t *testing.T) {
	for name, test := range map[string]struct{ raw, canonical, smtp string }{
		"a plain one stays":                      {"a@example.jp", "a@example.jp", "a@example.jp"},
		"case does not make another":             {"Taro.Yamada@Example.JP", "taro.yamada@example.jp", "Taro.Yamada@Example.JP"},
		"spaces around it go":                    {"\u3000 a@example.jp\t", "a@example.jp", "a@example.jp"},
		"two dots of an old carrier":             {"foo..bar@docomo.ne.jp", "foo..bar@docomo.ne.jp", "foo..bar@docomo.ne.jp"},
		"a dot in front of an old carrier":       {".foo@ezweb.ne.jp", ".foo@ezweb.ne.jp", ".foo@ezweb.ne.jp"},
		"a dot before the @ of an old carrier":   {"foo.@docomo.ne.jp", "foo.@docomo.ne.jp", "foo.@docomo.ne.jp"},
		"a plus sign stays":                      {"a+b@example.jp", "a+b@example.jp", "a+b@example.jp"},
		"a Japanese domain is written in ASCII":  {"a@日本語.example", "a@xn--wgv71a119e.example", "a@xn--wgv71a119e.example"},
		"a full-width domain is the same domain": {"A@ＥＸＡＭＰＬＥ．ｊｐ", "a@example.jp", "A@example.jp"},
		"a quoted local part keeps its case":     {`"A b\"c"@Example.jp`, `"A b\"c"@example.jp`, `"A b\"c"@Example.jp`},
		"an @ inside of quotes":                  {`"a@b"@example.jp`, `"a@b"@example.jp`, `"a@b"@example.jp`},
		"a domain of digits and hyphens":         {"a@1-2.example", "a@1-2.example", "a@1-2.example"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := member.ParseAddress(test.raw)
			if err != nil || got.Canonical != test.canonical || got.SMTP != test.smtp {
				t.Errorf("got %+v, %v, want %s and %s", got, err, test.canonical, test.smtp)
			}
		})
	}
}

func TestWhatIsNoAddress(t *testing.T) {
	for name, raw := range map[string]string{
		"nothing":                        "",
		"a word":                         "taro",
		"no local part":                  "@example.jp",
		"no domain":                      "a@",
		"a host without a domain":        "a@localhost",
		"two @":                          "a@b@example.jp",
		"a name with it":                 "Taro <a@example.jp>",
		"two addresses":                  "a@example.jp,b@example.jp",
		"a space inside":                 "a b@example.jp",
		"a line break inside":            "a@example.jp\r\nBcc: b@example.jp",
		"a line break in the local part": "a\nb@example.jp",
		"a full-width local part":        "ｔａｒｏ@example.jp",
		"a Japanese local part":          "太郎@example.jp",
		"only dots":                      "...@example.jp",
		"an IP address":                  "a@[192.0.2.1]",
		"a domain that ends in a dot":    "a@example.jp.",
		"two dots in the domain":         "a@example..jp",
		"an underscore in the domain":    "a@exa_mple.jp",
		"a domain that begins with a -":  "a@-example.jp",
		"a quote that does not end":      `"a@example.jp`,
		"an escaped last quote":          `"a\"@example.jp`,
		"a quote inside of quotes":       `"a"b"@example.jp`,
		"a control inside of quotes":     "\"a\x01\"@example.jp",
		"an endless local part":          strings.Repeat("a", 65) + "@example.jp",
		"an endless label":               "a@" + strings.Repeat("a", 64) + ".jp",
		"an endless domain":              "a@" + strings.Repeat("abcdefg.", 32) + "jp",
		"broken bytes":                   "a\xff@example.jp",
	} {
		t.Run(name, func(t *testing.T) {
			got, err := member.ParseAddress(raw)
			if !errors.Is(err, member.ErrAddress) {
				t.Errorf("got %+v, %v, want %v", got, err, member.ErrAddress)
			}
		})
	}
}

// What is accepted is one line of ASCII, and each of its forms means the same again.
func FuzzParseAddress(f *testing.F) {
	for _, seed := range []string{"a@example.jp", "foo..bar@docomo.ne.jp", `"a b"@日本語.example`, "A@ＥＸＡＭＰＬＥ．ｊｐ", "a@b@c.d", "a@xn--a.example", "a@0.\x9e"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		a, err := member.ParseAddress(raw)
		if err != nil {
			return
		}
		for _, form := range []string{a.SMTP, a.Canonical} {
			if strings.ContainsFunc(form, func(r rune) bool { return r < ' ' || r > '~' }) || len(form) > 254 {
				t.Errorf("%q is not one line of ASCII", form)
			}
			again, err := member.ParseAddress(form)
			if err != nil || again.Canonical != a.Canonical {
				t.Errorf("%q: got %+v, %v, want %s", form, again, err, a.Canonical)
			}
		}
	})
}
