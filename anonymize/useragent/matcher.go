package useragent

// matcher finds which of many words stand in a text, in one pass over it: three bytes at each position say by a bitmap
// whether a word can begin there. Its cost hardly depends on the number of words.
type matcher struct {
	bits  [1 << 14 / 64]uint64
	words map[uint32][]word
}

type word struct {
	text string
	rule int
}

// shortest is the fewest bytes that a word of a matcher may have.
const shortest = 3

func newMatcher() *matcher { return &matcher{words: make(map[uint32][]word)} }

// add lets the matcher report rule where text stands; text has at least [shortest] bytes.
func (m *matcher) add(text string, rule int) {
	k := start(text[0], text[1], text[2])
	h := slot(k)
	m.bits[h/64] |= 1 << (h % 64)
	m.words[k] = append(m.words[k], word{text, rule})
}

// lowest returns the lowest rule of which a word stands in t, at an offset that accept agrees to if it is not nil, and
// the offset behind that word's first occurrence; −1 if there is none.
func (m *matcher) lowest(t []byte, accept func(rule, at int) bool) (rule, end int) {
	rule = -1
	for i := 0; i+shortest <= len(t); i++ {
		k := start(t[i], t[i+1], t[i+2])
		if h := slot(k); m.bits[h/64]&(1<<(h%64)) == 0 {
			continue
		}
		for _, w := range m.words[k] {
			if rule >= 0 && w.rule >= rule || len(t)-i < len(w.text) || string(t[i:i+len(w.text)]) != w.text {
				continue
			}
			if accept == nil || accept(w.rule, i) {
				rule, end = w.rule, i+len(w.text)
			}
		}
	}
	return rule, end
}

func start(a, b, c byte) uint32 { return uint32(a) | uint32(b)<<8 | uint32(c)<<16 }

func slot(k uint32) uint32 { return k * 0x9e3779b1 >> (32 - 14) }
