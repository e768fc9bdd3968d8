// Package tail follows files that others write to: it finds them by patterns, keeps hold of them through every kind of
// rotation, and cuts them into lines. It knows nothing of what the lines say and keeps none of them.
//
// It has no goroutine and no clock of its own: whoever uses it calls Scan and then reads what the files have, again and
// again. Nothing is needed but polling.
package tail

import (
	"hash/maphash"
	"io"
	"time"
)

const (
	// MaxLine is the longest line that is given out, in bytes. A longer one is told of and stepped over.
	MaxLine = 64 << 10
	// MaxSpan is the most that is compared before a mark's offset, in bytes.
	MaxSpan = 2 << 20
	// readSize is how much of a file is read at once.
	readSize = 256 << 10
	// guardSize is how many bytes before the place of reading must still be the same when reading goes on.
	guardSize = 256
	// maxGone is how many files that are gone are remembered, in case that they come back.
	maxGone = 64
)

// Options of a [Set].
type Options struct {
	// Patterns are names of files or patterns as in a shell. A file that several match belongs to the first.
	Patterns []string
	// Marks say how far files were read before. A file that fits none is read from its beginning.
	Marks []Mark
	// Linger is for how long a file that has lost its name must not have grown before it is let go; 0 is one minute.
	// It must be longer than what was read takes to be safe.
	Linger time.Duration
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Report is told what happens to the files; nil tells nobody.
	Report func(Event)
}

// Set is a set of followed files. It is used by one goroutine.
type Set struct {
	options Options
	files   []*File
	marks   []Mark
	buf     []byte
	seed    maphash.Seed // of the guards, which never leave the memory
	round   uint64       // counts the calls of Scan
	refused map[string]Kind
	gaps    []gap // to be looked through at the end of Scan
}

// NewSet returns a set that has not looked at any file yet.
func NewSet(o Options) *Set {
	if o.Linger == 0 {
		o.Linger = time.Minute
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Report == nil {
		o.Report = func(Event) {}
	}
	return &Set{
		options: o, marks: append([]Mark(nil), o.Marks...), buf: make([]byte, guardSize+readSize),
		seed: maphash.MakeSeed(), refused: map[string]Kind{},
	}
}

// Files returns the files that are followed, those that have lost their names first: they hold the older lines. The
// slice is valid until the next Scan.
func (s *Set) Files() []*File { return s.files }

// Marks returns the marks of the files that are not open: at most 64 that were let go and may come back, and before the
// first Scan all that were given.
func (s *Set) Marks() []Mark { return s.marks }

// Close lets go of all files.
func (s *Set) Close() {
	for _, f := range s.files {
		f.close()
	}
	s.files = nil
	clear(s.buf)
}

// Kind is what happened to a file.
type Kind uint8

// The kinds of events.
const (
	// Opened: a file is read that was not known.
	Opened Kind = iota
	// Resumed: a file is read on from its mark.
	Resumed
	// Rotated: a file lost its name; it is still read until nothing more comes.
	Rotated
	// Truncated: a file was cut off, or overwritten, and is read from its beginning again. Bytes is how many are known
	// to have been lost with it; none if a copy of what was there is found.
	Truncated
	// Copied: what was not read yet of a file that was truncated, packed or replaced is read from a copy.
	Copied
	// Unfinished: a file was let go whose last line has no line feed. Bytes is the length of what is left out.
	Unfinished
	// Missing: a file that was followed before the start is gone, and no copy of it is found. What it got since is lost;
	// how much is not known.
	Missing
	// Unreadable: a file cannot be opened or read, for the reason Err.
	Unreadable
	// Packed: a file that a pattern matches is compressed. Only what follows a mark is read of such.
	Packed
)

// Event tells what happened to a file. It never carries what the file says.
type Event struct {
	Kind Kind
	// Pattern is the one that the file belongs to, Name the file's name, empty if it is not known.
	Pattern, Name string
	Bytes         int64
	Err           error
}

// Mark says how far a file was read.
type Mark struct {
	ID      ID
	Pattern string
	// Name is the name by which the pattern matched the file; rotated files' names begin with it.
	Name string
	// Offset is up to where the file was read, in bytes; of a compressed file, of what it holds.
	Offset int64
	// Span is how many bytes before Offset tell whether the file is still the same, at most [MaxSpan]. Without any, its
	// ID alone does, and no copy of it is found.
	Span int64
	// Same tells whether these bytes are those that stood there. It must not keep them.
	Same func(before []byte) bool
	// At is when the file had been written last, when it was read last. A copy of what it got since is no older.
	At time.Time
	// Gone says that the file had been let go, so that nothing of it is missed.
	Gone bool
	// Data is what the user of the package keeps with the file (see [File.Data]).
	Data any

	head guard // of the beginning, if it is known
}

// fits tells whether the file behind r is still what it was when the mark was made, as far as its content tells.
func (m *Mark) fits(r io.ReaderAt) bool {
	if m.Span == 0 {
		return true
	}
	if m.Span < 0 || m.Span > min(m.Offset, MaxSpan) {
		return false
	}
	before := make([]byte, m.Span)
	defer clear(before)
	if n, _ := r.ReadAt(before, m.Offset-m.Span); int64(n) < m.Span {
		return false
	}
	return m.Same(before)
}
