package spool

import (
	"math/rand/v2"
	"testing"
)

func TestNumbers(t *testing.T) {
	var n Numbers[uint64]
	for round := range 2 {
		want := map[uint64]uint32{}
		rng := rand.New(rand.NewPCG(1, uint64(round)))
		for range 20000 {
			k := rng.Uint64N(5000)
			if _, ok := want[k]; !ok {
				want[k] = uint32(len(want))
			}
			if got := n.Of(k); got != want[k] {
				t.Fatalf("round %d: key %d has number %d, want %d", round, k, got, want[k])
			}
		}
		if n.Len() != len(want) {
			t.Errorf("%d keys, want %d", n.Len(), len(want))
		}
		n.Reset()
	}
}

func BenchmarkNumbers(b *testing.B) {
	type key struct{ a, b, c uint64 }
	var n Numbers[key]
	var m = map[key]uint32{}
	keys := make([]key, 1<<16)
	for i := range keys {
		keys[i] = key{uint64(i * 7 % 20000), uint64(i * 7 % 20000), 3}
	}
	b.Run("numbers", func(b *testing.B) {
		for i := range b.N {
			n.Of(keys[i&(1<<16-1)])
		}
	})
	b.Run("map", func(b *testing.B) {
		for i := range b.N {
			k := keys[i&(1<<16-1)]
			if _, ok := m[k]; !ok {
				m[k] = uint32(len(m))
			}
		}
	})
}
