package member

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WriteCSV writes members as a CSV file that Import reads back to the same: all
// Columns. Who is not to get mail, for whatever reason, has "no" for consent. Ids,
// histories, lines of letters and valid_after are not in it.
func WriteCSV(w io.Writer, members []Member) error {
	out := csv.NewWriter(w)
	if err := out.Write(Columns()); err != nil {
		return fmt.Errorf("write members: %w", err)
	}
	for _, m := range members {
		cells := make([]string, 0, len(Columns()))
		for _, column := range Columns() {
			cells = append(cells, guard(cellOf(m, column)))
		}
		if err := out.Write(cells); err != nil {
			return fmt.Errorf("write members: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write members: %w", err)
	}
	return nil
}

func cellOf(m Member, column string) string {
	switch column {
	case "email":
		return m.SMTP
	case "audiences":
		return strings.Join(m.Audiences, ";")
	case "joined":
		return yearOf(m.Joined)
	case "left":
		return yearOf(m.Left)
	case "skills":
		return strings.Join(m.Skills, ";")
	case "interests":
		return strings.Join(m.Interests, ";")
	case "consent":
		if m.Agreed == "" {
			return "no"
		}
		return m.Agreed
	case "visibility":
		return m.Visibility.String()
	case "paused_until":
		if m.Preferences.PausedUntil.IsZero() {
			return ""
		}
		return day(m.Preferences.PausedUntil)
	case "unsubscribed":
		var off []string
		for _, l := range m.Preferences.Lists {
			if !l.Subscribed {
				off = append(off, strconv.FormatUint(uint64(l.ID), 10))
			}
		}
		return strings.Join(off, ";")
	}
	return textOf(m, column)
}

func textOf(m Member, column string) string {
	return map[string]string{"family": m.Name.Family, "given": m.Name.Given, "family_kana": m.Name.FamilyKana, "given_kana": m.Name.GivenKana,
		"former": m.Name.Former, "latin": m.Name.Latin, "language": m.Language, "department": m.Department, "title": m.Title,
		"region": m.Region, "note": m.Note, "status": m.Status, "format": m.Preferences.Format, "frequency": m.Preferences.Frequency}[column]
}

func yearOf(year int) string {
	if year == 0 {
		return ""
	}
	return strconv.Itoa(year)
}

// WriteJSON writes members as a JSON array.
func WriteJSON(w io.Writer, members []Member) error {
	if members == nil {
		members = []Member{}
	}
	for i := range members {
		if members[i].Audiences == nil {
			members[i].Audiences = []string{}
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(members); err != nil {
		return fmt.Errorf("write members: %w", err)
	}
	return nil
}
