package message_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"kaiho/generator/message"
)

func TestFieldsStandInTheirOrder(t *testing.T) {
	s, l := sample()
	s.ReplyTo.Address = "office@nagi.example"
	s.Fields = []message.Field{{Name: "List-Id", Value: message.Phrase("凪だより") + " <letter.nagi.example>"}, {Name: "Precedence", Value: "bulk"}}
	l.Fields = []message.Field{{Name: "List-Unsubscribe", Value: "<https://nagi.example/u/AAAA>"}, {Name: "List-Unsubscribe-Post", Value: "List-Unsubscribe=One-Click"}}
	d := decode(t, write(t, s, l))
	want := strings.Fields("Date From To Reply-To Subject Message-ID List-Id Precedence List-Unsubscribe List-Unsubscribe-Post Content-Language MIME-Version Content-Type")
	if !slices.Equal(d.names, want) {
		t.Errorf("got %v, want %v", d.names, want)
	}
	for field, want := range map[string]string{"Date": "Fri, 20 Nov 2026 09:00:00 +0900", "Message-Id": "<1@nagi.example>", "List-Id": "凪だより <letter.nagi.example>",
		"Reply-To": "office@nagi.example", "Content-Language": "ja", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} {
		if got := d.words(t, field); got != want {
			t.Errorf("%s: got %q, want %q", field, got, want)
		}
	}
}

func TestWhatIsNotGivenIsNotWritten(t *testing.T) {
	s, l := sample()
	s.Language = ""
	want := strings.Fields("Date From To Subject Message-ID MIME-Version Content-Type")
	if d := decode(t, write(t, s, l)); !slices.Equal(d.names, want) {
		t.Errorf("got %v, want %v", d.names, want)
	}
}

// TestAPlainMessageIsOnePart holds that a message without HTML is no multipart.
func TestAPlainMessageIsOnePart(t *testing.T) {
	s, l := sample()
	s.HTML, l.HTML = nil, nil
	s.Plain = message.Text{{Text: "こんにちは。\n"}, {Slot: 1}, {Text: "\n"}}
	l.Plain = []string{"髙梨 湊 様"}
	raw := write(t, s, l)
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, m.Body))
	if want := "こんにちは。\r\n髙梨 湊 様\r\n"; err != nil || string(body) != want {
		t.Errorf("got %q, %v, want %q", body, err, want)
	}
	if got, want := m.Header.Get("Content-Type")+" "+m.Header.Get("Content-Transfer-Encoding"), "text/plain; charset=utf-8 base64"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestSlots puts values of every length modulo 3 between texts of every length
// modulo 3, short ones and those that are encoded beforehand.
func TestSlots(t *testing.T) {
	slot := func(n int) message.Piece { return message.Piece{Slot: n} }
	text := func(s string) message.Piece { return message.Piece{Text: s} }
	long := strings.Repeat("冬の集い\n", 40)
	for name, pieces := range map[string]message.Text{
		"no slot":                             {text("a")},
		"no slot in a long text":              {text(long)},
		"a slot alone":                        {slot(1)},
		"a slot at the beginning":             {slot(1), text(long)},
		"a slot at the end":                   {text(long), slot(1)},
		"two slots in a row":                  {text(long), slot(1), slot(2), text(long)},
		"a slot twice":                        {slot(1), text(long), slot(1), text("a"), slot(1)},
		"a slot that another part has":        {text(long), slot(2)},
		"texts in a row":                      {text(long), text("a\n"), text(long + "b"), slot(1), text(""), text("c")},
		"texts that end with a line break":    {text("a\n"), slot(1), text(long)},
		"texts that end without a line break": {text(long + "a"), slot(2), text(long + "ab"), slot(1), text(long + "abc")},
		"three long texts":                    {text(long + "a"), slot(1), text(long + "bc"), slot(2), text(long + "de")},
		"the shortest text that is a slab":    {slot(1), text(strings.Repeat("x", 114)), slot(2)},
		"line ends of all kinds":              {text("a\rb\nc\r\nd"), slot(1), text("\r\r\n\n")},
	} {
		t.Run(name, func(t *testing.T) {
			for _, one := range []string{"", "x", "xy", "xyz", "a\nb", "\r\n", "髙𠮷", "<a href=\"x\">", strings.Repeat("0123456789", 1000)} {
				for _, two := range []string{"", "1", "12", strings.Repeat("長", 57)} {
					checkSlots(t, pieces, []string{one, two})
				}
			}
		})
	}
}

// checkSlots writes pieces as both parts of a letter and compares with what they
// are in a row.
func checkSlots(t *testing.T, pieces message.Text, values []string) {
	t.Helper()
	var want strings.Builder
	for _, p := range pieces {
		if p.Slot > 0 {
			want.WriteString(crlf(values[p.Slot-1]))
		}
		want.WriteString(crlf(p.Text))
	}
	s, l := sample()
	s.Plain, s.HTML, l.Plain, l.HTML = pieces, append(message.Fixed("<p>"), pieces...), values, values
	d := decode(t, write(t, s, l))
	if d.plain != want.String() {
		t.Errorf("values %.40q: got the plain part %.200q, want %.200q", values, d.plain, want.String())
	}
	if d.html != "<p>"+want.String() {
		t.Errorf("values %.40q: got the HTML part %.200q, want <p>%.200q", values, d.html, want.String())
	}
}

func TestTheSameInputGivesTheSameBytes(t *testing.T) {
	s, l := sample()
	s.HTML = message.Text{{Text: "<p>"}, {Slot: 1}, {Text: "</p>"}}
	l.HTML = []string{"髙梨"}
	first := write(t, s, l)
	if second := write(t, s, l); !bytes.Equal(first, second) {
		t.Errorf("got\n%s\nand\n%s", first, second)
	}
	tmpl, err := message.Compile(s)
	if err != nil {
		t.Fatal(err)
	}
	after, err := tmpl.Append([]byte("before"), l)
	if err != nil || string(after) != "before"+string(first) {
		t.Errorf("got\n%s (%v), want it behind what was there", after, err)
	}
	s.HTML[0].Text = "<p >"
	if head, _, _ := bytes.Cut(write(t, s, l), []byte("\r\n\r\n")); bytes.HasPrefix(first, head) {
		t.Error("got one boundary for two templates")
	}
}

func TestWhatIsNoTemplate(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*message.Spec)
		want   error // nil: any
	}{
		"a sender without an address":           {func(s *message.Spec) { s.From.Address = "" }, message.ErrAddress},
		"replies to nobody":                     {func(s *message.Spec) { s.ReplyTo.Address = "office" }, message.ErrAddress},
		"an empty part":                         {func(s *message.Spec) { s.Plain = nil }, nil},
		"a part of empty pieces":                {func(s *message.Spec) { s.Plain = message.Text{{}, {}} }, nil},
		"a negative slot":                       {func(s *message.Spec) { s.Plain = message.Text{{Slot: -1}} }, nil},
		"a slot with a text":                    {func(s *message.Spec) { s.Plain = message.Text{{Slot: 1, Text: "a"}} }, nil},
		"a language that is a header":           {func(s *message.Spec) { s.Language = "ja\r\nBcc: a@b.example" }, message.ErrField},
		"a field without a name":                {field("", "a"), message.ErrField},
		"a field without a value":               {field("List-Id", " "), message.ErrField},
		"a name with a colon":                   {field("X:Y", "a"), message.ErrField},
		"a name with a line break":              {field("X\r\nY", "a"), message.ErrField},
		"a name with a space":                   {field("X Y", "a"), message.ErrField},
		"a Japanese name":                       {field("件名", "a"), message.ErrField},
		"a field of the package":                {field("subject", "a"), message.ErrField},
		"a field of the body":                   {field("content-Type", "text/plain"), message.ErrField},
		"a second recipient":                    {field("BCC", "a@b.example"), message.ErrField},
		"a value with CRLF":                     {field("X", "a\r\nBcc: b@c.example"), message.ErrField},
		"a value with CR":                       {field("X", "a\rb"), message.ErrField},
		"a value with LF":                       {field("X", "a\n b"), message.ErrField},
		"a value with NUL":                      {field("X", "a\x00b"), message.ErrField},
		"a value that is not encoded":           {field("List-Id", "凪だより <a.example>"), message.ErrField},
		"a word that fits in no line":           {field("X", "a "+strings.Repeat("b", 998)), message.ErrField},
		"a field twice":                         {fields("X", "1", "X", "2"), message.ErrField},
		"a field twice, in another way of case": {fields("List-ID", "1", "List-Id", "2"), message.ErrField},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := sample()
			test.change(&s)
			_, err := message.Compile(s)
			if err == nil || test.want != nil && !errors.Is(err, test.want) {
				t.Errorf("got %v, want an error of the kind %v", err, test.want)
			}
		})
	}
}

func field(name, value string) func(*message.Spec) { return fields(name, value) }

func fields(pairs ...string) func(*message.Spec) {
	return func(s *message.Spec) {
		for pair := range slices.Chunk(pairs, 2) {
			s.Fields = append(s.Fields, message.Field{Name: pair[0], Value: pair[1]})
		}
	}
}

func TestWhatIsNoLetter(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*message.Letter)
		want   error // nil: any
	}{
		"a reader without an address":        {func(l *message.Letter) { l.To.Address = "" }, message.ErrAddress},
		"no date":                            {func(l *message.Letter) { l.Date = time.Time{} }, nil},
		"no id":                              {func(l *message.Letter) { l.MessageID = "" }, message.ErrField},
		"an id in angle brackets":            {func(l *message.Letter) { l.MessageID = "<1@nagi.example>" }, message.ErrField},
		"an id with a line break":            {func(l *message.Letter) { l.MessageID = "1@nagi.example\r\nBcc: a@b.example" }, message.ErrField},
		"an id without a domain":             {func(l *message.Letter) { l.MessageID = "1@" }, message.ErrField},
		"an id with two dots":                {func(l *message.Letter) { l.MessageID = "1..2@nagi.example" }, message.ErrField},
		"an id that fits in no line":         {func(l *message.Letter) { l.MessageID = strings.Repeat("a", 990) + "@b.example" }, message.ErrField},
		"a value missing in the plain part":  {func(l *message.Letter) { l.Plain = l.Plain[:1] }, nil},
		"a value missing in the HTML part":   {func(l *message.Letter) { l.HTML = nil }, nil},
		"a field that the template has":      {func(l *message.Letter) { l.Fields = []message.Field{{Name: "list-id", Value: "a"}} }, message.ErrField},
		"a field with a header in it":        {func(l *message.Letter) { l.Fields = []message.Field{{Name: "X", Value: "a\r\nBcc: a@b.example"}} }, message.ErrField},
		"a field that is given to it twice":  {func(l *message.Letter) { l.Fields = []message.Field{{Name: "X", Value: "a"}, {Name: "x", Value: "b"}} }, message.ErrField},
		"a reader whose address is a header": {func(l *message.Letter) { l.To.Address = "a@b.example\r\nBcc: c@d.example" }, message.ErrAddress},
	} {
		t.Run(name, func(t *testing.T) {
			s, l := sample()
			s.Fields = []message.Field{{Name: "List-Id", Value: "<a.example>"}}
			s.Plain, s.HTML = message.Text{{Slot: 2}, {Slot: 1}}, message.Text{{Slot: 1}}
			l.Plain, l.HTML = []string{"a", "b"}, []string{"a", "more than asked for is no harm"}
			tmpl, err := message.Compile(s)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := tmpl.Append(nil, l); err != nil {
				t.Fatalf("unchanged: %v", err)
			}
			test.change(&l)
			got, err := tmpl.Append([]byte("before"), l)
			if err == nil || test.want != nil && !errors.Is(err, test.want) || string(got) != "before" {
				t.Errorf("got %q and %v, want an error of the kind %v and nothing written", got, err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), "b.example") {
				t.Errorf("got %v, want no address in it: errors are logged", err)
			}
		})
	}
}
