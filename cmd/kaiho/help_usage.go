package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// columns is the width of a terminal that help is written for.
const columns = 80

// usage prints how to call c, in the way of cobra but for two things: it can
// be Japanese, whose characters are two columns wide, and its lines are broken
// to fit a terminal.
func (s *session) usage(c *cobra.Command) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", s.say("Usage:", "使い方:"))
	if c.HasParent() && c.Runnable() {
		fmt.Fprintf(&b, "  %s\n", s.useLine(c))
	}
	if c.HasAvailableSubCommands() && c.Name() != "help" {
		fmt.Fprintf(&b, "  %s %s\n", c.CommandPath(), s.say("[command]", "コマンド"))
	}
	if c.HasExample() {
		fmt.Fprintf(&b, "\n%s\n%s\n", s.say("Examples:", "例:"), c.Example)
	}
	if c.HasAvailableSubCommands() {
		s.commands(&b, c)
	}
	if c.HasAvailableLocalFlags() {
		fmt.Fprintf(&b, "\n%s\n", s.say("Flags:", "オプション:"))
		table(&b, s.flagRows(c.LocalFlags()))
	}
	if c.HasAvailableInheritedFlags() {
		fmt.Fprintf(&b, "\n%s\n", s.say("Global Flags:", "共通のオプション:"))
		table(&b, s.flagRows(c.InheritedFlags()))
	}
	if c.HasAvailableSubCommands() && c.Name() != "help" {
		fmt.Fprintf(&b, "\n%s\n", s.say(
			fmt.Sprintf("Use %q for more information about a command.", c.CommandPath()+" [command] --help"),
			fmt.Sprintf("各コマンドの説明は %s コマンド --help で表示します。", c.CommandPath())))
	}
	_, err := io.WriteString(c.OutOrStderr(), b.String())
	return err
}

// commands writes the commands below c, and the topics of help.
func (s *session) commands(w io.Writer, c *cobra.Command) {
	var commands, topics [][2]string
	for _, sub := range c.Commands() {
		switch {
		case c.Name() == "help":
			topics = append(topics, [2]string{sub.CommandPath(), sub.Short})
		case sub.IsAvailableCommand() || sub.Name() == "help":
			commands = append(commands, [2]string{sub.Name(), sub.Short})
		}
		if sub.Name() == "help" {
			for _, topic := range sub.Commands() {
				topics = append(topics, [2]string{topic.CommandPath(), topic.Short})
			}
		}
	}
	for _, part := range []struct {
		title string
		rows  [][2]string
	}{{s.say("Available Commands:", "コマンド:"), commands}, {s.say("Additional help topics:", "そのほかの説明:"), topics}} {
		if len(part.rows) > 0 {
			fmt.Fprintf(w, "\n%s\n", part.title)
			table(w, part.rows)
		}
	}
}

func (s *session) useLine(c *cobra.Command) string {
	return c.UseLine() + s.say(" [flags]", " [オプション]")
}

// flagRows returns the flags with what they do.
func (s *session) flagRows(flags *pflag.FlagSet) [][2]string {
	var rows [][2]string
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		name := "    --" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", --" + f.Name
		}
		value, does := pflag.UnquoteUsage(f)
		if value != "" {
			name += " " + value
		}
		if f.DefValue != "" && f.DefValue != "false" && f.DefValue != "0" && f.DefValue != "[]" {
			does += s.say(fmt.Sprintf(" (default %s)", f.DefValue), fmt.Sprintf("（既定は %s）", f.DefValue))
		}
		rows = append(rows, [2]string{name, does})
	})
	return rows
}

// table writes two columns. A first column that would leave too little room
// stands on a line of its own.
func table(w io.Writer, rows [][2]string) {
	const indent, gap, widest = 2, 3, 28
	left := 0
	for _, row := range rows {
		if n := width(row[0]); n <= widest {
			left = max(left, n)
		}
	}
	for _, row := range rows {
		pad := left - width(row[0]) + gap
		if row[1] == "" {
			pad = 0
		}
		if pad < gap && row[1] != "" {
			fmt.Fprintf(w, "%*s%s\n%*s", indent, "", row[0], indent+left+gap, "")
		} else {
			fmt.Fprintf(w, "%*s%s%*s", indent, "", row[0], pad, "")
		}
		for i, line := range wrap(row[1], columns-indent-left-gap) {
			if i > 0 {
				fmt.Fprintf(w, "%*s", indent+left+gap, "")
			}
			fmt.Fprintln(w, line)
		}
	}
}

// wrap breaks text into lines of at most limit columns: at blanks, and between
// Japanese characters where a line may end.
func wrap(text string, limit int) []string {
	var lines []string
	line, n := []rune{}, 0 // n is the width of line
	end := 0               // where line may be cut; 0 is nowhere
	runes := []rune(text)
	for i, r := range runes {
		line, n = append(line, r), n+runeWidth(r)
		for n > limit && end > 0 {
			lines = append(lines, strings.TrimSpace(string(line[:end])))
			line = []rune(strings.TrimLeft(string(line[end:]), " "))
			n, end = width(string(line)), 0
		}
		if i+1 < len(runes) && mayBreak(r, runes[i+1]) {
			end = len(line)
		}
	}
	return append(lines, strings.TrimSpace(string(line)))
}

// mayBreak reports whether a line may end between two characters.
func mayBreak(before, after rune) bool {
	if before == ' ' || after == ' ' {
		return before == ' '
	}
	if runeWidth(before) == 1 && runeWidth(after) == 1 {
		return false
	}
	return !strings.ContainsRune("、。，．・）」』〉》】〕！？ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ:;,.)!?", after) &&
		!strings.ContainsRune("（「『〈《【〔(", before)
}

// width is the number of columns of text in a terminal.
func width(text string) int {
	n := 0
	for _, r := range text {
		n += runeWidth(r)
	}
	return n
}

// runeWidth is 2 for the characters that East Asian type sets in a square
// (UAX #11, wide and fullwidth), and 1 for others.
func runeWidth(r rune) int {
	switch {
	case r >= 0x1100 && r <= 0x115F, r >= 0x2E80 && r <= 0xA4CF, r >= 0xAC00 && r <= 0xD7A3, r >= 0xF900 && r <= 0xFAFF,
		r >= 0xFE30 && r <= 0xFE6F, r >= 0xFF00 && r <= 0xFF60, r >= 0xFFE0 && r <= 0xFFE6, r >= 0x1F300 && r <= 0x1F64F,
		r >= 0x1F900 && r <= 0x1F9FF, r >= 0x20000 && r <= 0x3FFFD:
		return 2
	}
	return 1
}
