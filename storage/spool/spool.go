// Package spool owns the write-ahead log between anonymizing and ClickHouse: a directory of segments, each of which is
// one cut to be delivered as a whole, and the positions of the sources. What is in it after Sync survives a crash.
//
// It is the one place where the parts of a hit still stand together, so a segment goes as soon as it is delivered.
package spool

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/storage/lockfile"
)

// Cut is a segment that gets no further records, to be delivered as a whole.
type Cut struct {
	// Number counts the spool's cuts; it is never given twice.
	Number uint64
	// End is the segment's size in bytes.
	End int64
	// Hits in it.
	Hits int

	positions positions // that it brings
}

// Recovery is what Open found after the last process ended without Close.
type Recovery struct {
	// Torn is how many bytes at the end were never acknowledged and are left out; their source sends them again.
	Torn int64
	// Damage is what was acknowledged and can no longer be read.
	Damage []Damage
}

// Spool is an open spool, held by this process. Append, Sync and Seal belong to one goroutine; Begin, Read and Done to
// one, which may be another.
type Spool struct {
	dir  string
	lock *lockfile.Lock
	id   ID

	// Of the goroutine that writes.
	next      uint64 // number of the next segment
	segment   *os.File
	frames    frames
	size      int64 // bytes of the segment
	written   int64 // of which are in the file; the rest is in the buffer
	synced    int64 // of which are known to be on the disk
	hits      int
	positions positions // of the segment
	encoder   Encoder
	buffer    []byte

	// Of the goroutine that delivers.
	state state
}

// Open opens the spool in a directory, making it with mode 0700 when missing, and returns the cuts that are still to be
// delivered, oldest first. It fails with a *LockedError while another process has it.
func Open(dir string) (*Spool, []Cut, Recovery, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, Recovery{}, diskError(err)
	}
	held, err := lock(dir)
	if err != nil {
		return nil, nil, Recovery{}, err
	}
	s := &Spool{dir: dir, lock: held}
	cuts, recovery, err := s.recover()
	if err != nil {
		held.Release()
		return nil, nil, Recovery{}, err
	}
	return s, cuts, recovery, nil
}

// recover reads the state, or begins a new spool, and the segments.
func (s *Spool) recover() ([]Cut, Recovery, error) {
	var recovery Recovery
	numbers, err := segments(s.dir)
	if err != nil {
		return nil, recovery, err
	}
	switch s.state, err = readState(s.dir); {
	case errors.Is(err, os.ErrNotExist) && len(numbers) > 0:
		return nil, recovery, errors.New("the spool has segments but no state file: restore it, or remove the spool directory, which forgets what of the logs was already read")
	case errors.Is(err, os.ErrNotExist):
		_, _ = rand.Read(s.state.ID[:])
		if err := s.state.write(s.dir); err != nil {
			return nil, recovery, err
		}
	case err != nil:
		return nil, recovery, err
	}
	s.id, s.next = s.state.ID, s.state.Cut+1
	var cuts []Cut
	for i, number := range numbers {
		cut, err := s.recoverSegment(number, i == len(numbers)-1, &recovery)
		if err != nil {
			return nil, recovery, err
		}
		cuts = append(cuts, cut)
		s.next = max(s.next, number+1)
	}
	return cuts, recovery, nil
}

// segments returns the numbers of the segments in a directory, in order.
func segments(dir string) ([]uint64, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*"+segmentSuffix))
	if err != nil {
		return nil, err
	}
	var numbers []uint64
	for _, name := range names {
		number, err := strconv.ParseUint(strings.TrimSuffix(filepath.Base(name), segmentSuffix), 10, 64)
		if err != nil {
			return nil, fmt.Errorf("the spool directory holds a segment whose name is no number: %s", filepath.Base(name))
		}
		numbers = append(numbers, number)
	}
	slices.Sort(numbers)
	return numbers, nil
}

// recoverSegment closes a segment that an earlier process wrote: its torn end is cut off for good.
func (s *Spool) recoverSegment(number uint64, last bool, recovery *Recovery) (Cut, error) {
	data, err := os.ReadFile(s.path(number))
	if err != nil {
		return Cut{}, diskError(err)
	}
	cut := Cut{Number: number, End: int64(len(data)), positions: positions{}}
	durable := int64(0)
	switch {
	case number == s.state.Cut:
		durable = s.state.End
	case !last: // the next one is begun only when this one is on the disk
		durable = cut.End
	}
	c := frames{s.id, number}.read(data, durable)
	recovery.Damage = append(recovery.Damage, c.damage...)
	if c.end < cut.End {
		recovery.Torn += cut.End - c.end
		cut.End = c.end
		if err := truncate(s.path(number), c.end); err != nil {
			return Cut{}, diskError(err)
		}
	}
	for _, payload := range c.payloads {
		r, count, err := decodeHead(payload)
		if err != nil {
			return Cut{}, fmt.Errorf("segment %d: %w", number, err)
		}
		cut.Hits += int(count)
		if r.Key != "" {
			cut.positions[r.Key] = r.Position
		}
	}
	return cut, nil
}

func truncate(path string, size int64) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Truncate(size), f.Sync(), f.Close())
}

const segmentSuffix = ".segment"

func (s *Spool) path(number uint64) string {
	return filepath.Join(s.dir, fmt.Sprintf("%016d%s", number, segmentSuffix))
}

// ID returns the spool's name in hexadecimal.
func (s *Spool) ID() string { return hex.EncodeToString(s.id[:]) }

// Positions returns the positions of all sources as of the end of the given cuts of Open. Call it before Begin.
func (s *Spool) Positions(cuts []Cut) map[string][]byte {
	all := maps.Clone(s.state.Positions)
	if all == nil {
		all = map[string][]byte{}
	}
	for _, cut := range cuts {
		maps.Copy(all, cut.positions)
	}
	return all
}

// Size is the size of the segment that is being written, in bytes.
func (s *Spool) Size() int64 { return s.size }

// Last is the number of the segment that was begun last; 0 for none.
func (s *Spool) Last() uint64 { return s.next - 1 }

// Close gives the spool back. What was not sealed is on the disk and will be a cut of the next Open.
func (s *Spool) Close() error {
	var err error
	if s.segment != nil {
		err = errors.Join(s.Sync(), s.segment.Close())
		s.segment = nil
	}
	s.lock.Release()
	return err
}

// flushSize is how many bytes are written to the file at once.
const flushSize = 256 << 10

// Append adds a record: the hits, whose numbers in the segment's index are refs, and the position of their source after
// them. It is on the disk after the next Sync. After an error, the next Open gives what was appended up to the last Sync,
// perhaps more.
func (s *Spool) Append(hits []hit.Hit, refs []Refs, key string, position []byte) error {
	if s.segment == nil {
		if err := s.begin(); err != nil {
			return err
		}
	}
	start := len(s.buffer)
	b := append(s.buffer, make([]byte, frameSize)...)
	b = s.encoder.Append(b, hits, refs, key, position)
	if len(b)-start-frameSize > maxPayload {
		return fmt.Errorf("a batch of %d hits is too large for the spool", len(hits))
	}
	s.frames.seal(b[start:], s.size, s.synced)
	s.buffer = b
	s.size += int64(len(b) - start)
	s.hits += len(hits)
	if key != "" {
		s.positions[key] = slices.Clone(position)
	}
	if len(b) < flushSize {
		return nil
	}
	return s.flush()
}

// flush writes the buffer to the file.
func (s *Spool) flush() error {
	if _, err := s.segment.WriteAt(s.buffer, s.written); err != nil {
		// The end of a half-written record would be cut off by the next Open as well; now it makes room.
		_ = s.segment.Truncate(s.written)
		return diskError(err)
	}
	s.written += int64(len(s.buffer))
	s.buffer = s.buffer[:0]
	return nil
}

// begin makes the next segment.
func (s *Spool) begin() error {
	f, err := os.OpenFile(s.path(s.next), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return diskError(err)
	}
	header := appendHeader(nil, s.id, s.next)
	if _, err := f.Write(header); err != nil {
		return errors.Join(diskError(err), f.Close(), os.Remove(s.path(s.next)))
	}
	s.segment, s.frames, s.size, s.written, s.synced, s.hits = f, frames{s.id, s.next}, headerSize, headerSize, 0, 0
	s.buffer = s.buffer[:0]
	s.positions = positions{}
	s.encoder.Reset()
	s.next++
	return nil
}

// Sync returns when everything appended is on the disk. After an error nothing is known of what was appended since the
// last Sync; only a new Open finds out.
func (s *Spool) Sync() error {
	if s.segment == nil || s.synced == s.size {
		return nil
	}
	if err := s.flush(); err != nil {
		return err
	}
	if err := s.segment.Sync(); err != nil {
		return diskError(err)
	}
	if s.synced == 0 {
		if err := syncDir(s.dir); err != nil {
			return err
		}
	}
	s.synced = s.size
	return nil
}

// Seal makes a cut of what was appended since the last one; ok is false if that is nothing. The numbers of a new
// index are expected afterwards.
func (s *Spool) Seal() (cut Cut, ok bool, err error) {
	if s.segment == nil {
		return Cut{}, false, nil
	}
	if err := s.Sync(); err != nil {
		return Cut{}, false, err
	}
	cut = Cut{Number: s.frames.number, End: s.size, Hits: s.hits, positions: s.positions}
	err = diskError(s.segment.Close())
	s.segment, s.size, s.written, s.synced, s.hits = nil, 0, 0, 0, 0
	return cut, true, err
}

// Begin writes the cut down, with the positions that it brings. Nothing of it may be sent before.
func (s *Spool) Begin(cut Cut) error {
	next := state{ID: s.id, Cut: cut.Number, End: cut.End, Positions: maps.Clone(s.state.Positions)}
	if next.Positions == nil {
		next.Positions = positions{}
	}
	maps.Copy(next.Positions, cut.positions)
	if err := next.write(s.dir); err != nil {
		return err
	}
	s.state = next
	return nil
}

// Read gives the hits of a cut, record by record, which each may keep, and says which parts cannot be read.
func (s *Spool) Read(cut Cut, each func([]hit.Hit)) ([]Damage, error) {
	data, err := os.ReadFile(s.path(cut.Number))
	if err != nil {
		return nil, diskError(err)
	}
	c := frames{s.id, cut.Number}.read(data[:min(cut.End, int64(len(data)))], cut.End)
	for _, payload := range c.payloads {
		r, err := Decode(payload)
		if err != nil {
			return nil, fmt.Errorf("segment %d: %w", cut.Number, err)
		}
		each(r.Hits)
	}
	return c.damage, nil
}

// Done deletes a cut that was delivered.
func (s *Spool) Done(cut Cut) error {
	if err := os.Remove(s.path(cut.Number)); err != nil {
		return diskError(err)
	}
	return syncDir(s.dir)
}
