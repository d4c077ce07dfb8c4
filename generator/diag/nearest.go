package diag

import (
	"slices"
	"strings"
)

// Nearest returns the element of known that word most likely meant, or ""
// when none is near. Near is at most one edit in three characters (insert,
// delete, change, swap neighbours), without regard to case, or a shared
// beginning of at least four characters.
func Nearest(word string, known []string) string {
	best, bestDistance := "", 1<<30
	w := []rune(strings.ToLower(word))
	for _, k := range known {
		c := []rune(strings.ToLower(k))
		d := distance(w, c)
		limit := max(1, max(len(w), len(c))/3)
		if d > limit && len(w) >= 4 && (strings.HasPrefix(string(c), string(w)) || strings.HasPrefix(string(w), string(c)) && len(c) >= 4) {
			d = limit
		}
		if d <= limit && d < bestDistance {
			best, bestDistance = k, d
		}
	}
	return best
}

// distance is the optimal string alignment distance of a and b.
func distance(a, b []rune) int {
	previous, current, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range current {
		current[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(current[j]+1, next[j-1]+1, current[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], previous[j-2]+1)
			}
		}
		previous, current, next = current, next, previous
	}
	return current[len(b)]
}

// Choices writes words as a list for a message, sorted unless they have an
// order of their own: "a, b, c".
func Choices(words []string, sorted bool) string {
	if sorted {
		words = slices.Sorted(slices.Values(words))
	}
	return strings.Join(words, ", ")
}
