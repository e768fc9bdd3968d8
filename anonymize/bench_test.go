package anonymize_test

import (
	"testing"
)

// TestAReturningVisitorCostsNoAllocation holds that a hit of somebody known, on pages that were asked for before, is
// anonymized without any garbage.
func TestAReturningVisitorCostsNoAllocation(t *testing.T) {
	a, p := open(t, policy()), newParser(t, format, "")
	var lines [][]byte
	for _, path := range []string{"/", "/a?x=1", "/orders/4711", "/style.css", "/missing"} {
		lines = append(lines, []byte(line{request: "GET " + path + " HTTP/1.1", referrer: "https://www.google.com/"}.String()))
	}
	// A batch longer than the lines of one round, so that it does not grow while it is measured.
	round := func(n int) {
		for range n {
			for _, l := range lines {
				if _, err := a.Add(p.parse(l)); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	round(100)
	a.Recycle(a.Seal())
	round(100)
	a.Recycle(a.Seal())
	if n := testing.AllocsPerRun(50, func() { round(1) }); n > 0 {
		t.Errorf("%v allocations for %d lines, want none", n, len(lines))
	}
}

// BenchmarkAdd anonymizes the real log again and again, each time with visitors that are new: ns/op is for one line.
// Parsing is part of it; BenchmarkParse has it alone.
func BenchmarkAdd(b *testing.B) {
	lines := realLog(b)
	o := policy()
	o.Sites[0].ID = "site"
	a, p := open(b, o), newParser(b, "combined", "site")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if n := i % len(lines); n == 0 && i > 0 {
			b.StopTimer()
			_ = a.Close()
			a = open(b, o)
			b.StartTimer()
		}
		if _, err := a.Add(p.parse(lines[i%len(lines)])); err != nil {
			b.Fatal(err)
		}
		if i%1000 == 999 {
			a.Recycle(a.Seal())
		}
	}
}

// BenchmarkAddReturning is BenchmarkAdd with visitors, pages and agents that are known.
func BenchmarkAddReturning(b *testing.B) {
	lines := realLog(b)
	o := policy()
	o.Sites[0].ID = "site"
	a, p := open(b, o), newParser(b, "combined", "site")
	each(a.Warm, p, lines)
	a.Discard()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := a.Add(p.parse(lines[i%len(lines)])); err != nil {
			b.Fatal(err)
		}
		if i%1000 == 999 {
			a.Recycle(a.Seal())
		}
	}
}

// BenchmarkParse is the part of parsing in the two above.
func BenchmarkParse(b *testing.B) {
	lines, p := realLog(b), newParser(b, "combined", "site")
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p.parse(lines[i%len(lines)])
	}
}
