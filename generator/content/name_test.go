package content

import "testing"

func TestLatinNamesInTheOrderOfTheSite(t *testing.T) {
	for _, test := range []struct{ name, latin, family, given string }{
		{"family first, as Japanese", "TAKANASHI Minato", "TAKANASHI Minato", "Minato Takanashi"},
		{"given first, as English", "Daniel OKAFOR", "OKAFOR Daniel", "Daniel Okafor"},
		{"nothing tells which is which", "Linh Tran", "Linh Tran", "Linh Tran"},
		{"all capitals", "TAKANASHI MINATO", "TAKANASHI MINATO", "TAKANASHI MINATO"},
		{"two family names", "Gabriel GARCÍA MÁRQUEZ", "GARCÍA MÁRQUEZ Gabriel", "Gabriel García Márquez"},
		{"a hyphen and an apostrophe", "Ann O'NEILL-SMITH", "O'NEILL-SMITH Ann", "Ann O'Neill-Smith"},
		{"an initial is no family name", "John F. KENNEDY", "KENNEDY John F.", "John F. Kennedy"},
		{"one name alone", "MADONNA", "MADONNA", "MADONNA"},
		{"none", "", "", ""},
	} {
		n := Name{Latin: test.latin}
		if a, b, c := n.inOrder(FamilyFirst), n.inOrder(GivenFirst), n.inOrder("as_written"); a != test.family || b != test.given || c != test.latin {
			t.Errorf("%s: got %q, %q, %q, want %q, %q, %q", test.name, a, b, c, test.family, test.given, test.latin)
		}
	}
}
