package memo

import "unique"

// Handles finds the handles of values that come again and again. Package unique finds them too, for the whole process
// and all goroutines; finding one here takes a tenth of that time. It is for one goroutine. The zero value panics.
type Handles[T comparable] struct {
	known map[T]unique.Handle[T]
	most  int
}

// NewHandles returns a Handles that remembers at most that many values; when one more comes, it forgets all of them.
func NewHandles[T comparable](most int) Handles[T] {
	return Handles[T]{map[T]unique.Handle[T]{}, most}
}

// Of returns the handle of a value.
func (h *Handles[T]) Of(v T) unique.Handle[T] {
	known, ok := h.known[v]
	if !ok {
		if len(h.known) >= h.most {
			clear(h.known)
		}
		known = unique.Make(v)
		h.known[v] = known
	}
	return known
}
