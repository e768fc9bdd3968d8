package storage

import (
	"cmp"
	"slices"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/storage/spool"
)

// ranking is the distinct texts of a column in the order of their bytes, which is ClickHouse's, and the place of each
// numbered thing's text among them. Rows are sorted and written by ranks; texts are compared only here.
type ranking struct {
	texts []string
	of    []uint32 // by number
}

// rank orders n things by their texts.
func rank(n int, text func(int) string) ranking {
	type entry struct {
		text   string
		number int
	}
	entries := make([]entry, n)
	for i := range entries {
		entries[i] = entry{text(i), i}
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Compare(a.text, b.text) })
	r := ranking{of: make([]uint32, n)}
	for i, e := range entries {
		if i == 0 || e.text != entries[i-1].text {
			r.texts = append(r.texts, e.text)
		}
		r.of[e.number] = uint32(len(r.texts) - 1)
	}
	return r
}

// rankTexts orders the texts of an index's part.
func rankTexts[K interface {
	comparable
	String() string
}](n *spool.Numbers[K]) ranking {
	keys := n.Keys()
	return rank(len(keys), func(i int) string { return keys[i].String() })
}

// The closed sets: the rank of a value is that of its name.
var (
	origins    = rankNames(func(i int) string { return hit.Origin(i).String() })
	kinds      = rankNames(func(i int) string { return hit.Kind(i).String() })
	methods    = rankNames(func(i int) string { return hit.Method(i).String() })
	threats    = rankNames(func(i int) string { return hit.Threat(i).String() })
	botClasses = rankNames(func(i int) string { return hit.BotClass(i).String() })
)

func rankNames(name func(int) string) ranking { return rank(256, name) }

// rankTuples orders n things by several ranks, the first of which weighs most, and returns each one's place among the
// distinct tuples, and one thing of every place.
func rankTuples(n int, columns ...[]uint32) (of, examples []uint32) {
	order := make([]uint32, n)
	for i := range order {
		order[i] = uint32(i)
	}
	compare := func(a, b uint32) int {
		for _, c := range columns {
			if c[a] != c[b] {
				return cmp.Compare(c[a], c[b])
			}
		}
		return 0
	}
	slices.SortFunc(order, compare)
	of = make([]uint32, n)
	for i, number := range order {
		if i == 0 || compare(order[i-1], number) != 0 {
			examples = append(examples, number)
		}
		of[number] = uint32(len(examples) - 1)
	}
	return of, examples
}
