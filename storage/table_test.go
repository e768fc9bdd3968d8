package storage

import (
	"math/rand/v2"
	"testing"
)

func TestTable(t *testing.T) {
	var sums table[uint64, uint64]
	for round := range 2 {
		want := map[uint64]uint64{}
		rng := rand.New(rand.NewPCG(1, uint64(round)))
		for range 50_000 {
			k := rng.Uint64N(9000)
			want[k]++
			*sums.of(k)++
		}
		if len(sums.entries) != len(want) {
			t.Errorf("round %d: %d keys, want %d", round, len(sums.entries), len(want))
		}
		for _, e := range sums.entries {
			if e.sum != want[e.key] {
				t.Fatalf("round %d: key %d has %d, want %d", round, e.key, e.sum, want[e.key])
			}
		}
		sums.reset()
	}
}
