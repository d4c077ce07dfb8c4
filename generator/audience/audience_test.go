package audience_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kaiho/generator/audience"
)

func TestMayRead(t *testing.T) {
	office := audience.NewPolicy([]audience.Audience{
		{Name: "alumni"}, {Name: "staff", Reads: []string{"alumni"}}, {Name: "board", Reads: []string{"staff"}},
		{Name: "friends"}, {Name: "left", Reads: []string{"right"}}, {Name: "right", Reads: []string{"left", "right"}},
		{Name: "slip", Reads: []string{"alumi", ""}},
	})
	for _, test := range []struct {
		name   string
		reader audience.Reader
		set    audience.Set
		want   bool
	}{
		{"the public reads what asks for nothing", audience.Public, nil, true},
		{"an empty set asks for nothing", audience.Public, audience.Set{}, true},
		{"the public reads nothing else", audience.Public, audience.Set{"alumni"}, false},
		{"the public is not an audience called public", audience.Public, audience.Set{"public"}, false},
		{"the public is not an audience without a name", audience.Public, audience.Set{""}, false},
		{"an audience reads what the public reads", "alumni", nil, true},
		{"an audience reads its own", "alumni", audience.Set{"alumni"}, true},
		{"one name of several is enough", "alumni", audience.Set{"staff", "alumni"}, true},
		{"it does not read what others read of it", "alumni", audience.Set{"staff"}, false},
		{"reads leads on", "staff", audience.Set{"alumni"}, true},
		{"reads leads on from one to the next", "board", audience.Set{"alumni"}, true},
		{"reads does not lead back", "staff", audience.Set{"board"}, false},
		{"audiences beside each other are closed", "friends", audience.Set{"alumni", "staff"}, false},
		{"a circle reads each other", "left", audience.Set{"right"}, true},
		{"a circle reads each other, the other way", "right", audience.Set{"left"}, true},
		{"a circle opens nothing else", "right", audience.Set{"alumni"}, false},
		{"a misspelt name in reads opens nothing", "slip", audience.Set{"alumni"}, false},
		{"a misspelt name in a set opens nothing", "alumni", audience.Set{"alumi"}, false},
		{"names are compared letter by letter", "alumni", audience.Set{"Alumni"}, false},
		{"an unknown reader reads what the public reads", "stranger", nil, true},
		{"an unknown reader reads nothing else", "stranger", audience.Set{"stranger"}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := office.MayRead(test.reader, test.set); got != test.want {
				t.Errorf("%s reads %v: got %v, want %v", test.reader, test.set, got, test.want)
			}
		})
	}
}

func TestNobodyReadsThroughTheZeroPolicy(t *testing.T) {
	var p audience.Policy
	if p.MayRead("alumni", audience.Set{"alumni"}) || p.MayRead(audience.Public, audience.Set{"alumni"}) || !p.MayRead("alumni", nil) {
		t.Error("a site without audiences has something for members")
	}
	if got := p.Readers(); !slices.Equal(got, []audience.Reader{audience.Public}) || !p.All().IsPublic() {
		t.Errorf("got the readers %v, want the public alone", got)
	}
}

func TestReadersAndNamesAreInOrder(t *testing.T) {
	p := audience.NewPolicy([]audience.Audience{{Name: "staff"}, {Name: "alumni"}})
	if got := fmt.Sprint(p.Readers(), p.Names(), p.All()); got != "[public staff alumni] [staff alumni] [staff alumni]" {
		t.Errorf("got %s", got)
	}
}

// FuzzMayRead makes a policy of any text and holds two properties: the public,
// and whoever is no audience, reads exactly the sets without names; and who
// reads a set reads a larger one.
func FuzzMayRead(f *testing.F) {
	f.Add("alumni:;staff:alumni", "alumni,staff", "staff")
	f.Add("a:b;b:a;:", "", "")
	f.Add("public:;a:public", "public", "a")
	f.Fuzz(func(t *testing.T, policy, set, more string) {
		var audiences []audience.Audience
		for line := range strings.SplitSeq(policy, ";") {
			if name, reads, ok := strings.Cut(line, ":"); ok && name != "" {
				audiences = append(audiences, audience.Audience{Name: name, Reads: strings.Split(reads, ",")})
			}
		}
		p := audience.NewPolicy(audiences)
		var s audience.Set
		if set != "" {
			s = strings.Split(set, ",")
		}
		if p.MayRead(audience.Public, s) != s.IsPublic() {
			t.Errorf("the public reads %q: %v", s, !s.IsPublic())
		}
		stranger := audience.Reader("\x00stranger")
		if !slices.Contains(p.Readers(), stranger) && p.MayRead(stranger, s) != s.IsPublic() {
			t.Errorf("a stranger reads %q: %v", s, !s.IsPublic())
		}
		for _, r := range p.Readers() {
			if r != audience.Public && !p.MayRead(r, audience.Set{string(r)}) {
				t.Errorf("%s does not read its own", r)
			}
			if !s.IsPublic() && p.MayRead(r, s) && !p.MayRead(r, append(slices.Clone(s), more)) {
				t.Errorf("%s reads %q, but not with %q as well", r, s, more)
			}
		}
	})
}

func ExamplePolicy_MayRead() {
	policy := audience.NewPolicy([]audience.Audience{{Name: "alumni"}, {Name: "staff", Reads: []string{"alumni"}}})
	page := audience.Set{"alumni"}
	for _, r := range policy.Readers() {
		fmt.Println(r, policy.MayRead(r, page))
	}
	// Output:
	// public false
	// alumni true
	// staff true
}
