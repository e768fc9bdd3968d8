package collector

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/klar-analytics/klar/collector/raw"
)

// countingSink does nothing, so that reading and parsing are measured alone.
type countingSink struct{ memorySink }

func (*countingSink) Add(raw.Hit) (bool, error)                    { return false, nil }
func (*countingSink) Commit(context.Context, string, []byte) error { return nil }

// BenchmarkImport reads 200,000 lines of the shared log from a file to a sink that does nothing.
func BenchmarkImport(b *testing.B) {
	log, err := os.ReadFile(sharedLog(b))
	if err != nil {
		b.Fatal(err)
	}
	const copies = 20
	file := filepath.Join(b.TempDir(), "access.log")
	if err := os.WriteFile(file, bytes.Repeat(log, copies), 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(log) * copies))
	lines, start := int64(0), cpuTime(b)
	for b.Loop() {
		sum, err := Import(context.Background(), ImportOptions{Site: "example.org", Inputs: []string{file}, Sink: &countingSink{}, Now: fixedNow})
		if err != nil {
			b.Fatal(err)
		}
		lines += sum.Stored
	}
	b.ReportMetric(float64(lines)/b.Elapsed().Seconds(), "lines/s")
	b.ReportMetric(float64(lines)/(cpuTime(b)-start).Seconds(), "lines/cpu-s")
}

// cpuTime is the processor time used so far, which others on the machine do not change.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
