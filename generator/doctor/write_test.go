package doctor_test

import (
	"encoding/json"
	"strings"
	"testing"

	"kaiho/generator/diag"
	"kaiho/generator/doctor"
)

var three = doctor.Findings{
	{Topic: doctor.Keys, ID: diag.MailKeyMissing, Severity: diag.Error},
	{Topic: doctor.Keys, ID: diag.GateKeyMissing, Severity: diag.Warning, Args: []string{"use", "online"}},
	{Topic: doctor.Clock, ID: diag.ClockFine, Severity: diag.Fine, Args: []string{"name", "nagi.example"}},
}

func TestPrint(t *testing.T) {
	for _, test := range []struct {
		name  string
		style doctor.Style
		want  string
	}{
		{"in English", doctor.Style{Lang: diag.English}, `Keys
  ✗ error    no mail key signs: letters cannot carry links.
             → Make it: kaiho key new
  ! warning  no online key is here: "kaiho serve" on this machine could let nobody in.
             → If it runs here, make the key: kaiho key new

Clock
  ✓ ok       the machine's clock agrees with nagi.example.
`},
		{"in Japanese", doctor.Style{Lang: diag.Japanese}, `鍵
  ✗ 誤り  お便りのリンクに署名する鍵（mail）がありません。
          → 次のコマンドでつくれます: kaiho key new
  ! 注意  online の鍵がここにありません。このマシンの kaiho serve では、会員が入れません。
          → ここで動かすなら、次のコマンドでつくれます: kaiho key new

時計
  ✓ よし  このマシンの時計は nagi.example と合っています。
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var b strings.Builder
			if err := three.Print(&b, test.style); err != nil {
				t.Fatal(err)
			}
			if got := b.String(); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

// Colour adds nothing that is not in words.
func TestColourIsNotAllThatSaysIt(t *testing.T) {
	var plain, coloured strings.Builder
	if err := three.Print(&plain, doctor.Style{Lang: diag.English}); err != nil {
		t.Fatal(err)
	}
	if err := three.Print(&coloured, doctor.Style{Lang: diag.English, Colour: true}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(plain.String(), "\x1b") || !strings.Contains(coloured.String(), "\x1b[31m  ✗ error") {
		t.Errorf("got %q without colour and %q with", &plain, &coloured)
	}
	bare := coloured.String()
	for _, code := range []string{"0", "1", "31", "32", "33"} {
		bare = strings.ReplaceAll(bare, "\x1b["+code+"m", "")
	}
	if bare != plain.String() {
		t.Errorf("without its colours: got %q, want %q", bare, &plain)
	}
}

func TestJSON(t *testing.T) {
	var b strings.Builder
	if err := three.WriteJSON(&b, diag.Japanese); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Errors, Warnings int
		Findings         []struct{ ID, Topic, Severity, Message, Remedy string }
	}
	if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
		t.Fatal(err)
	}
	if got.Errors != 1 || got.Warnings != 1 || len(got.Findings) != 3 {
		t.Fatalf("got %+v, want one error, one warning, three findings", got)
	}
	if f := got.Findings[2]; f.ID != "clock-fine" || f.Topic != "clock" || f.Severity != "ok" || f.Remedy != "" || !strings.Contains(f.Message, "時計") {
		t.Errorf("got %+v", f)
	}
	b.Reset()
	if err := (doctor.Findings{}).WriteJSON(&b, diag.English); err != nil || !strings.Contains(b.String(), `"findings":[]`) {
		t.Errorf("of nothing: got %s, %v, want an empty list", &b, err)
	}
}
