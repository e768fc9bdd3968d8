package spool

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/klar-analytics/klar/hit"
)

func open(t *testing.T, dir string) (*Spool, []Cut, Recovery) {
	t.Helper()
	s, cuts, recovery, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.lock.Release)
	return s, cuts, recovery
}

// crash ends the spool as a killed process does, after everything has been written and nothing more synced.
func crash(t *testing.T, s *Spool) {
	t.Helper()
	if s.segment != nil {
		if err := s.flush(); err != nil {
			t.Fatal(err)
		}
		_ = s.segment.Close()
	}
	s.lock.Release()
}

type fixture struct {
	*Spool
	index Index
}

func (f *fixture) append(t *testing.T, hits []hit.Hit, position byte) {
	t.Helper()
	if err := f.Append(hits, f.index.Refs(nil, hits), "log", []byte{position}); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, s *Spool, cut Cut) (hits []hit.Hit) {
	t.Helper()
	damage, err := s.Read(cut, func(h []hit.Hit) { hits = append(hits, h...) })
	if err != nil {
		t.Fatal(err)
	}
	if len(damage) > 0 {
		t.Logf("damage: %v", damage)
	}
	return hits
}

func TestPositionsOutliveSegments(t *testing.T) {
	dir := t.TempDir()
	s, _, _ := open(t, dir)
	id := s.ID()
	f := fixture{Spool: s}
	hits := someHits(rand.New(rand.NewPCG(1, 1)), 100)
	f.append(t, hits[:50], 1)
	f.append(t, hits[50:], 2)
	cut, ok, err := s.Seal()
	if err != nil || !ok || cut.Hits != 100 || cut.Number != 1 {
		t.Fatalf("cut %+v, %v, %v", cut, ok, err)
	}
	if err := errors.Join(s.Begin(cut), s.Done(cut)); err != nil {
		t.Fatal(err)
	}
	if names, _ := segments(s.dir); len(names) != 0 {
		t.Errorf("%d segments are left after delivery", len(names))
	}
	f.append(t, nil, 3) // a position alone
	crash(t, s)

	s, cuts, recovery := open(t, dir)
	if s.ID() != id || len(cuts) != 1 || cuts[0].Number != 2 || cuts[0].Hits != 0 || recovery.Torn != 0 {
		t.Errorf("opened again: id kept %v, cuts %v, %+v", s.ID() == id, cuts, recovery)
	}
	if p := s.Positions(cuts)["log"]; !bytes.Equal(p, []byte{3}) {
		t.Errorf("the position is %v, want 3", p)
	}
	if p := s.Positions(nil)["log"]; !bytes.Equal(p, []byte{2}) {
		t.Errorf("the position of the last cut is %v, want 2", p)
	}
}

// TestEveryTornEnd cuts the segment at every byte: what was whole comes back, and only that.
func TestEveryTornEnd(t *testing.T) {
	dir := t.TempDir()
	s, _, _ := open(t, dir)
	f := fixture{Spool: s}
	rng := rand.New(rand.NewPCG(1, 1))
	var ends []int64
	for i := range 5 {
		f.append(t, someHits(rng, 3), byte(i+1))
		ends = append(ends, s.Size())
	}
	crash(t, s)
	path := s.path(1)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for size := range len(whole) + 1 {
		want := 0
		for want < len(ends) && ends[want] <= int64(size) {
			want++
		}
		if err := os.WriteFile(path, whole[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		s, cuts, recovery, err := Open(dir)
		if err != nil {
			t.Fatalf("cut at %d: %v", size, err)
		}
		position := s.Positions(cuts)["log"]
		if cuts[0].Hits != 3*want || len(recovery.Damage) != 0 || want > 0 && position[0] != byte(want) || want == 0 && position != nil {
			t.Fatalf("cut at %d: %d hits, position %v, %+v, want %d records", size, cuts[0].Hits, position, recovery, want)
		}
		if left, _ := os.Stat(path); left.Size() != cuts[0].End {
			t.Fatalf("cut at %d: the torn end is still there", size)
		}
		_ = s.Close()
	}
}

// TestBitFlips flips single bits of a segment whose first three records were acknowledged before the fourth was written.
func TestBitFlips(t *testing.T) {
	dir := t.TempDir()
	s, _, _ := open(t, dir)
	f := fixture{Spool: s}
	rng := rand.New(rand.NewPCG(1, 1))
	ends := []int64{headerSize}
	for i := range 5 {
		if i == 3 {
			if err := s.Sync(); err != nil {
				t.Fatal(err)
			}
		}
		f.append(t, someHits(rng, 4), byte(i+1))
		ends = append(ends, s.Size())
	}
	crash(t, s)
	path := s.path(1)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for record := range 5 {
		flipped := bytes.Clone(whole)
		flipped[ends[record]+rng.Int64N(ends[record+1]-ends[record])] ^= 1 << rng.IntN(8)
		if err := os.WriteFile(path, flipped, 0o600); err != nil {
			t.Fatal(err)
		}
		s, cuts, recovery, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		got := len(read(t, s, cuts[0]))
		switch {
		case record < 3: // acknowledged: the loss is reported and the rest kept
			want := Damage{1, ends[record], ends[record+1] - ends[record]}
			if got != 16 || len(recovery.Damage) != 1 || recovery.Damage[0] != want {
				t.Errorf("record %d: %d hits left, %+v, want %+v", record, got, recovery, want)
			}
		default: // not acknowledged: it and what follows will be sent again by the source
			if got != 4*record || len(recovery.Damage) != 0 || recovery.Torn != ends[5]-ends[record] {
				t.Errorf("record %d: %d hits left, %+v", record, got, recovery)
			}
		}
		_ = s.Close()
	}
}

func TestSealedSegmentIsNeverTorn(t *testing.T) {
	dir := t.TempDir()
	s, _, _ := open(t, dir)
	f := fixture{Spool: s}
	f.append(t, someHits(rand.New(rand.NewPCG(1, 1)), 10), 1)
	cut, _, err := s.Seal()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Begin(cut); err != nil {
		t.Fatal(err)
	}
	crash(t, s)
	if err := os.Truncate(s.path(1), cut.End-1); err != nil {
		t.Fatal(err)
	}
	_, _, recovery := open(t, dir)
	if len(recovery.Damage) != 1 {
		t.Errorf("a sealed segment lost its end, and that is not reported: %+v", recovery)
	}
}

func TestLock(t *testing.T) {
	dir := t.TempDir()
	s, _, _ := open(t, dir)
	_, _, _, err := Open(dir)
	var locked *LockedError
	if !errors.As(err, &locked) || locked.PID != os.Getpid() {
		t.Errorf("a second Open gives %v, want the holder's process", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
}

func TestModes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "spool")
	s, _, _ := open(t, dir)
	f := fixture{Spool: s}
	f.append(t, someHits(rand.New(rand.NewPCG(1, 1)), 1), 1)
	if info, _ := os.Stat(dir); info.Mode().Perm() != 0o700 {
		t.Errorf("the directory has mode %v", info.Mode())
	}
	entries, _ := os.ReadDir(dir)
	for _, entry := range entries {
		if info, _ := entry.Info(); info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", entry.Name(), info.Mode())
		}
	}
	if len(entries) != 3 {
		t.Errorf("%d files, want lock, state and segment", len(entries))
	}
}

func TestDamagedState(t *testing.T) {
	dir := t.TempDir()
	s, _, _ := open(t, dir)
	crash(t, s)
	path := filepath.Join(dir, stateFile)
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text[20] ^= 1
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := Open(dir); err == nil {
		t.Error("a damaged state file is taken for a good one")
	}
}

func FuzzSegment(f *testing.F) {
	var segment []byte
	id := ID{1}
	segment = appendHeader(segment, id, 1)
	for range 3 {
		record := append(make([]byte, frameSize), encode(someHits(rand.New(rand.NewPCG(1, 1)), 2), "", nil)...)
		frames{id, 1}.seal(record, int64(len(segment)), int64(len(segment)))
		segment = append(segment, record...)
	}
	f.Add(segment, int64(0))
	f.Add(segment[:len(segment)-1], int64(200))
	f.Fuzz(func(t *testing.T, data []byte, durable int64) {
		c := frames{id, 1}.read(data, durable)
		if c.end > int64(len(data)) {
			t.Fatalf("the end %d lies behind the segment's %d bytes", c.end, len(data))
		}
		again := frames{id, 1}.read(data[:c.end], durable)
		if len(again.payloads) != len(c.payloads) {
			t.Fatalf("%d records, and %d when its end is cut off", len(c.payloads), len(again.payloads))
		}
	})
}

// TestDiskFull fills the disk in the middle of a record: the error says so, and what was acknowledged is unharmed.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	s, _, _ := open(t, dir)
	f := fixture{Spool: s}
	rng := rand.New(rand.NewPCG(1, 1))
	f.append(t, someHits(rng, 100), 1)
	if err := s.Sync(); err != nil {
		t.Fatal(err)
	}
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_ = s.segment.Close()
	s.segment = full
	f.append(t, someHits(rng, 100), 2)
	if err := s.Sync(); !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "full") {
		t.Errorf("a full disk gives %v", err)
	}
	_ = full.Close()
	s.lock.Release()
	s, cuts, recovery := open(t, dir)
	if len(cuts) != 1 || cuts[0].Hits != 100 || len(recovery.Damage) != 0 || s.Positions(cuts)["log"][0] != 1 {
		t.Errorf("after a full disk: %v, %+v", cuts, recovery)
	}
}
