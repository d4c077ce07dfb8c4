package layout

import "sync"

// maxMemoBytes bounds what a Set remembers of its partials.
const maxMemoBytes = 12 << 20

// memo remembers what partials wrote, by language, name and fingerprint of the
// argument. A partial is a pure function of these, so that it is unobservable
// but for the time. It is safe for concurrent use.
type memo struct {
	mu      sync.RWMutex
	written map[[32]byte]string
	bytes   int
}

// do returns what render writes for the partial name with the argument view,
// without calling it when it is known.
func (m *memo) do(lang, name string, view any, render func() (string, error)) (string, error) {
	key, ok := memoKey(lang, name, view)
	if !ok {
		return render()
	}
	m.mu.RLock()
	text, found := m.written[key]
	m.mu.RUnlock()
	if found {
		return text, nil
	}
	text, err := render()
	if err != nil {
		return "", err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.written == nil || m.bytes+len(text) > maxMemoBytes {
		m.written, m.bytes = map[[32]byte]string{}, 0
	}
	if _, found := m.written[key]; !found {
		m.written[key] = text
		m.bytes += len(text) + len(key)
	}
	return text, nil
}

// memoKey returns the key of a call; there is none for views that are not
// closed, which only tests have.
func memoKey(lang, name string, view any) (key [32]byte, ok bool) {
	if view == nil {
		return key, false
	}
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	return Fingerprint(lang, name, view), true
}
