package threat

import (
	"slices"
	"strings"
	"unsafe"
)

// words finds which of many words stand in a text, in one pass over it: the first three bytes of each word lead to a short
// list of those that begin so.
type words struct {
	some   [1 << 12 / 64]uint64 // of which beginnings there are words
	begins map[uint16][]string
	short  []string // of less than three bytes
}

func newWords(list ...string) *words {
	w := &words{begins: map[uint16][]string{}}
	for _, word := range list {
		if len(word) < 3 {
			w.short = append(w.short, word)
			continue
		}
		h := hash3(word)
		w.some[h/64] |= 1 << (h % 64)
		w.begins[h] = append(w.begins[h], word)
	}
	return w
}

func hash3(v string) uint16 {
	return (uint16(v[0]) ^ uint16(v[1])<<4 ^ uint16(v[2])<<7) & (1<<12 - 1)
}

// at returns the words that may begin v, which has three bytes or more.
func (w *words) at(v string) []string {
	h := hash3(v)
	if w.some[h/64]&(1<<(h%64)) == 0 {
		return nil
	}
	return w.begins[h]
}

// in reports whether one of the words stands in v.
func (w *words) in(v string) bool { return w.count(v, 1) > 0 }

// maxCount is how far count and calls count.
const maxCount = 4

// count returns how many of the words stand in v, up to most, which is at most maxCount.
func (w *words) count(v string, most int) (n int) {
	for _, word := range w.short {
		if strings.Contains(v, word) {
			if n++; n >= most {
				return n
			}
		}
	}
	var seen [maxCount]string
	for i := 0; i+2 < len(v); i++ {
		for _, word := range w.at(v[i:]) {
			if strings.HasPrefix(v[i:], word) && !slices.Contains(seen[:], word) {
				seen[n] = word
				if n++; n >= most {
					return n
				}
			}
		}
	}
	return n
}

// calls returns how many different functions of the words are called in v, up to most.
func (w *words) calls(v string, most int) (n int) {
	var seen [maxCount]string
	for i := 0; i+2 < len(v); i++ {
		for _, word := range w.at(v[i:]) {
			if strings.HasPrefix(v[i:], word) && atWord(v, i) && opens(v, i, i+len(word)) && !slices.Contains(seen[:], word) {
				seen[n] = word
				if n++; n >= most {
					return n
				}
			}
		}
	}
	return n
}

// opens reports whether a parenthesis follows the word v[start:end] that calls it; a sentence has one behind a space.
func opens(v string, start, end int) bool {
	rest := strings.TrimLeft(v[end:], " ")
	if !strings.HasPrefix(rest, "(") {
		return false
	}
	return v[end] == '(' || !mentioned(v, start) || len(rest) < 2 || !letters(rest[1:2])
}

// begin reports whether one of the words begins a word of v.
func (w *words) begin(v string) bool {
	for i := 0; i+2 < len(v); i++ {
		for _, word := range w.at(v[i:]) {
			if strings.HasPrefix(v[i:], word) && atWord(v, i) {
				return true
			}
		}
	}
	return false
}

// any reports whether one of the words stands in v at a place that is accepted.
func (w *words) any(v string, accept func(at int, word string) bool) bool {
	for i := 0; i+2 < len(v); i++ {
		for _, word := range w.at(v[i:]) {
			if strings.HasPrefix(v[i:], word) && accept(i, word) {
				return true
			}
		}
	}
	return false
}

// inFold reports whether one of the words stands in b, whatever the case of its letters.
func (w *words) inFold(b []byte) bool {
	text := unsafe.String(unsafe.SliceData(b), len(b)) // which lives as long as b
	for _, word := range w.short {
		if strings.Contains(text, word) {
			return true
		}
	}
	for i := 0; i+2 < len(b); i++ {
		h := hashFold[0][b[i]] ^ hashFold[1][b[i+1]] ^ hashFold[2][b[i+2]]
		if w.some[h/64]&(1<<(h%64)) == 0 {
			continue
		}
		for _, word := range w.begins[h] {
			if i+len(word) <= len(text) && strings.EqualFold(word, text[i:i+len(word)]) {
				return true
			}
		}
	}
	return false
}

// hashFold has the parts of hash3 for each byte, in small letters.
var hashFold = func() (t [3][256]uint16) {
	for c := range 256 {
		l := uint16(lower(byte(c)))
		t[0][c], t[1][c], t[2][c] = l, l<<4, l<<7&(1<<12-1)
	}
	return t
}()
