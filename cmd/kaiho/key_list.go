package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"kaiho/generator/signedlink"
)

// purposes lists what a key signs.
func purposes(k signedlink.Key) string {
	var names []string
	for _, p := range k.Purposes {
		names = append(names, p.String())
	}
	return strings.Join(names, ", ")
}

// keyState says in words what a key is good for.
func (s *session) keyState(k signedlink.Key) string {
	until := k.Until.UTC().Format("2006-01-02 15:04 UTC")
	switch {
	case k.State == signedlink.Active:
		return s.say("active", "有効")
	case k.Verifies(s.now()):
		return s.say("verifies until "+until, until+" まで確認のみ")
	case k.State == signedlink.VerifyOnly:
		return s.say("ended "+until, until+" に終了")
	}
	return s.say("revoked", "失効")
}

func (s *session) keysTable(keys []signedlink.Key) error {
	rows := [][]string{strings.Split(s.say("KEY,STATE,ALGORITHM,LONGEST,CREATED,PURPOSES", "鍵,状態,方式,最長,作成日,用途"), ",")}
	for _, k := range keys {
		rows = append(rows, []string{k.String(), s.keyState(k), string(k.Algorithm), longestOf(k), k.Created.UTC().Format(time.DateOnly), purposes(k)})
	}
	widest := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widest[i] = max(widest[i], width(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			line.WriteString(cell)
			if i+1 < len(row) {
				line.WriteString(strings.Repeat(" ", widest[i]-width(cell)+2))
			}
		}
		if _, err := fmt.Fprintln(s.stdout, line.String()); err != nil {
			return err
		}
	}
	return nil
}

// longestOf writes the longest lifetime as site.yaml would.
func longestOf(k signedlink.Key) string {
	if days := k.MaxLifetime / (24 * time.Hour); days > 0 && k.MaxLifetime%(24*time.Hour) == 0 {
		return fmt.Sprintf("%dd", days)
	}
	return fmt.Sprintf("%dm", k.MaxLifetime/time.Minute)
}

func (s *session) keysJSON(keys []signedlink.Key) error {
	type row struct {
		ID        string               `json:"id"`
		Use       signedlink.Use       `json:"use"`
		Algorithm signedlink.Algorithm `json:"algorithm"`
		Purposes  []signedlink.Purpose `json:"purposes"`
		Longest   int64                `json:"longest_lifetime_seconds"`
		State     signedlink.State     `json:"state"`
		Until     *time.Time           `json:"until,omitempty"`
		Created   time.Time            `json:"created"`
	}
	rows := []row{}
	for _, k := range keys {
		r := row{k.String(), k.Use, k.Algorithm, k.Purposes, int64(k.MaxLifetime / time.Second), k.State, nil, k.Created}
		if !k.Until.IsZero() {
			r.Until = &k.Until
		}
		rows = append(rows, r)
	}
	return json.NewEncoder(s.stdout).Encode(rows)
}
