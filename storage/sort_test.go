package storage

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestSortRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var memory scratch
	for _, bounds := range [][4]uint64{{1, 1 << 10, 7, 1}, {3, 1 << 20, 1 << 40, 1 << 50}, {1 << 63, 1 << 63, 1 << 63, 1 << 63}, {1, 1, 1, 1}, {1 << 35, 1 << 34, 1 << 33, 9}} {
		for _, n := range []int{0, 1, fewRows, 5000} {
			rows := make([]row, n)
			for i := range rows {
				rows[i].sum = uint32(i)
				for w := range bounds {
					rows[i].key[w] = 1<<33 + rng.Uint64N(bounds[w])
				}
			}
			want := slices.Clone(rows)
			slices.SortStableFunc(want, compareRows)
			got := memory.sort(rows)
			if !slices.EqualFunc(got, want, func(a, b row) bool { return a.key == b.key }) {
				t.Errorf("%d rows with bounds %x are not sorted", n, bounds)
			}
		}
	}
}
