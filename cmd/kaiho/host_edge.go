package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"strings"
	"time"

	"kaiho/generator/config"
	"kaiho/generator/member"
	"kaiho/generator/signedlink"
	"kaiho/generator/store"
)

// edgeMember is what an edge worker knows of a member: no name, no address.
type edgeMember struct {
	ID         uint32   `json:"id"`
	Audiences  []string `json:"audiences"`
	ValidAfter *int64   `json:"valid_after"` // Unix seconds; null: none
}

// edge prints a worker for hosts that run JavaScript, in one module: the public
// halves of the keys and the roster are in it, the manifest is imported.
func (s *session) edge(ctx context.Context, site *config.Site) error {
	keys, err := s.publicKeys()
	if err != nil {
		return err
	}
	members, err := s.edgeRoster(ctx)
	if err != nil {
		return err
	}
	roster, err := json.Marshal(map[string]any{"members": members})
	if err != nil {
		return fmt.Errorf("write the roster: %w", err)
	}
	origin, err := signedlink.Origin(site.BaseURL)
	if err != nil {
		return fmt.Errorf("base_url: %w", err)
	}
	settings, err := json.Marshal(map[string]any{"origin": origin, "base": site.Base(), "audiences": site.Policy.Names()})
	if err != nil {
		return fmt.Errorf("write the settings: %w", err)
	}
	fmt.Fprintf(s.stdout, "// %s at an edge, made by `kaiho host edge`. Put dist/manifest.json beside it, and print\n"+
		"// it anew when members come, leave or sign out everywhere: it knows them as they are now.\nimport manifest from \"./manifest.json\";\n\n", site.Host())
	for _, name := range []string{"edge/verify.js", "edge/worker.js"} {
		source, err := fs.ReadFile(signedlink.Edge, name)
		if err != nil {
			return fmt.Errorf("read the worker: %w", err)
		}
		for line := range strings.Lines(string(source)) {
			if !strings.HasPrefix(line, "import ") { // both are in one module
				fmt.Fprint(s.stdout, strings.TrimPrefix(line, "export "))
			}
		}
	}
	_, err = fmt.Fprintf(s.stdout, "\nconst keys = %s;\nconst roster = %s;\nexport default gate({ ...%s, keys, roster, manifest });\n", strings.TrimSpace(string(keys)), roster, settings)
	return err
}

// publicKeys returns the public halves of the keys as JSON.
func (s *session) publicKeys() ([]byte, error) {
	dir, err := os.OpenRoot(s.keyFolder())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New(s.say("there are no keys yet; make them with: kaiho key new", "鍵がまだありません。次のコマンドでつくれます: kaiho key new"))
	}
	if err != nil {
		return nil, fmt.Errorf("open the folder of keys: %w", err)
	}
	defer dir.Close()
	keys, err := signedlink.ReadKeys(dir)
	if err != nil {
		return nil, fmt.Errorf("read the keys: %w", err)
	}
	return signedlink.PublicJSON(keys)
}

// edgeRoster returns the members who may read, by id.
func (s *session) edgeRoster(ctx context.Context) ([]edgeMember, error) {
	db, err := store.Open(ctx, s.databaseURL())
	if err != nil {
		return nil, fmt.Errorf("open the members' database: %w", err)
	}
	defer db.Close()
	roster := member.NewRoster(ctx, member.Open(db), slog.New(slog.DiscardHandler))
	if err := roster.Refresh(ctx); err != nil {
		return nil, err
	}
	members := []edgeMember{}
	roster.All(func(id uint32, r member.Reader) bool {
		m := edgeMember{ID: id, Audiences: slices.Clone(r.Audiences)}
		if !r.ValidAfter.IsZero() { // rounded up, as everywhere
			after := r.ValidAfter.Add(time.Second - time.Nanosecond).Unix()
			m.ValidAfter = &after
		}
		members = append(members, m)
		return true
	})
	slices.SortFunc(members, func(a, b edgeMember) int { return cmp.Compare(a.ID, b.ID) })
	return members, nil
}
