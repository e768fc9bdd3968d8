package storage

import (
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/klar-analytics/klar/hit"
)

// cpu is the processor time that this process has taken.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkWriter stores hits until they are in ClickHouse: all in all, and this process's share, which is without the
// engine's.
func BenchmarkWriter(b *testing.B) {
	hits := newSite(1).hits(1 << 20)
	for _, size := range []int{1 << 18, 1 << 19, 1 << 20} {
		b.Run(strconv.Itoa(size), func(b *testing.B) { benchmarkWriter(b, hits, size) })
	}
}

func benchmarkWriter(b *testing.B, hits []hit.Hit, size int) {
	db := testDB(b)
	w := openWriter(b, db, WriterOptions{Dir: b.TempDir(), CutHits: size, After: never})
	before := cpu(b)
	n := 0
	for b.Loop() {
		for i := 0; i < len(hits); i += 4096 {
			if err := w.Append(hits[i:i+4096], "log", []byte("position")); err != nil {
				b.Fatal(err)
			}
		}
		if err := w.Drain(b.Context()); err != nil {
			b.Fatal(err)
		}
		n += len(hits)
	}
	b.ReportMetric(float64((cpu(b)-before).Nanoseconds())/float64(n), "cpu-ns/hit")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n), "ns/hit")
	closeWriter(b, w)
}

// BenchmarkSync acknowledges single hits, as beacons do, of many callers at once.
func BenchmarkSync(b *testing.B) {
	db := testDB(b)
	hits := newSite(1).hits(1 << 12)
	w := openWriter(b, db, WriterOptions{Dir: b.TempDir()})
	b.SetParallelism(64)
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			n := i % len(hits)
			if err := w.Append(hits[n:n+1], "", nil); err != nil {
				b.Error(err)
			}
			if err := w.Sync(b.Context()); err != nil {
				b.Error(err)
			}
		}
	})
	closeWriter(b, w)
}
