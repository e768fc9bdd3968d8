package storage

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/storage/spool"
)

// addUp adds hits in batches of at most size.
func addUp(s *sums, hits []hit.Hit, size int) {
	var refs []spool.Refs
	for len(hits) > 0 {
		n := min(size, len(hits))
		refs = s.index.Refs(refs[:0], hits[:n])
		s.add(hits[:n], refs)
		hits = hits[n:]
	}
}

// allBlocks builds every block of the sums.
func allBlocks(t testing.TB, s *sums) []block {
	t.Helper()
	var all []block
	if err := writeTables(s, &scratch{}, time.Time{}, func(b *block) error {
		kept := *b
		kept.data = bytes.Clone(b.data)
		all = append(all, kept)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestSameCutSameBytes adds the same hits in another order, in other batches, and in sums that were used before.
func TestSameCutSameBytes(t *testing.T) {
	generator := newSite(1)
	hits := generator.hits(20_000)
	for i := range hits { // over two months
		if i%3 == 0 {
			hits[i].Time += 30 * 86400
			hits[i].Hour += 30 * 86400
			hits[i].Day += 30 * 86400
		}
	}
	var a, b sums
	addUp(&a, hits, 4096)
	addUp(&b, generator.hits(5000), 512)
	b.reset()
	shuffled := append([]hit.Hit(nil), hits...)
	rand.New(rand.NewPCG(5, 5)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	addUp(&b, shuffled, 77)
	first, second := allBlocks(t, &a), allBlocks(t, &b)
	if len(first) != 2*9+2 || len(second) != len(first) {
		t.Fatalf("%d and %d blocks, want two months of nine tables, and two days of table hours", len(first), len(second))
	}
	for i := range first {
		if first[i].table != second[i].table || first[i].month != second[i].month || !bytes.Equal(first[i].data, second[i].data) {
			t.Errorf("block %d, of table %s, month %d, differs", i, first[i].table, first[i].month)
		}
	}
}

func BenchmarkSums(b *testing.B) {
	hits := newSite(1).hits(1 << 18)
	var s sums
	b.ReportAllocs()
	for b.Loop() {
		s.reset()
		addUp(&s, hits, 4096)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(hits)), "ns/hit")
}

func BenchmarkBlocks(b *testing.B) {
	hits := newSite(1).hits(1 << 18)
	var s sums
	addUp(&s, hits, 4096)
	var memory scratch
	var rows, size int
	for b.Loop() {
		rows, size = 0, 0
		if err := writeTables(&s, &memory, time.Now(), func(b *block) error {
			rows, size = rows+b.rows, size+len(b.data)
			return nil
		}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(hits)), "ns/hit")
	b.ReportMetric(float64(rows), "rows")
	b.ReportMetric(float64(size), "bytes")
}
