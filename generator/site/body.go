package site

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"sync"

	"kaiho/generator/content"
	"kaiho/generator/markdown"
)

// hashOf returns what stands for a body in a view for comparing: it is equal for
// two bodies if and only if their HTML is. hash is that of the fixed pieces, refs
// are the references between them.
func hashOf(hash [sha256.Size]byte, refs []markdown.Ref, resolve func(markdown.Ref) markdown.Target) string {
	if len(refs) > 0 {
		var room [1024]byte
		b := append(room[:0], hash[:]...)
		for _, ref := range refs {
			t := resolve(ref)
			for _, text := range [...]string{t.URL, t.Srcset, t.Sizes, t.Gallery} {
				b = append(binary.AppendUvarint(b, uint64(len(text))), text...)
			}
			b = binary.AppendVarint(binary.AppendVarint(b, int64(t.Width)), int64(t.Height))
			if t.Lead {
				b = append(b, 1)
			}
		}
		hash = sha256.Sum256(b)
	}
	const prefix = "sha256:"
	var text [len(prefix) + 2*sha256.Size]byte
	hex.Encode(text[copy(text[:], prefix):], hash[:])
	return string(text[:])
}

// targets remembers where references of an edition's pages lead. To look one up
// takes two readings of its address, and most pages of a site refer to the same
// lists and pictures. It holds a few, so that its memory does not grow with the
// site.
type targets struct {
	mu     sync.RWMutex
	byDest map[reference]markdown.Target
}

// reference is a link to an address, or a picture: a link to a picture leads to
// the file, and is not the picture as pages show it.
type reference struct {
	kind markdown.RefKind
	dest string
}

const maxTargets = 1024

// resolve returns where a reference in the body of a page leads, as
// content.Library.Resolve does. What begins with a slash means the same on all
// pages of a language, but for words for lists, which have no item.
func (t *targets) resolve(p *planner, page *content.Page, ref markdown.Ref) markdown.Target {
	if !strings.HasPrefix(ref.Dest, "/") || page.Lang != p.edition(page.Lang).lang {
		return p.lib.Resolve(p.o.Reader, page, ref)
	}
	t.mu.RLock()
	key := reference{ref.Kind, ref.Dest}
	target, found := t.byDest[key]
	full := len(t.byDest) >= maxTargets
	t.mu.RUnlock()
	if found {
		return target
	}
	target = p.lib.Resolve(p.o.Reader, page, ref)
	if !full {
		t.mu.Lock()
		t.byDest[key] = target
		t.mu.Unlock()
	}
	return target
}
