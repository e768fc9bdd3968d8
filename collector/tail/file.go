package tail

import (
	"bytes"
	"hash/maphash"
	"io"
	"os"
	"time"
)

// File is a followed file: one sequence of lines, whatever it is called and wherever its content lies by now.
type File struct {
	// Data belongs to the user of the package. It stays with the file also when it is let go and comes back.
	Data any

	set     *Set
	pattern string
	name    string
	base    string // the name by which the pattern matched it
	id      ID
	file    *os.File
	packed  *unpacker // instead of file
	offset  int64     // behind the last line that was given out
	at      int64     // where reading goes on: at the offset, or within a line that is too long
	guard   guard
	head    guard  // of the file's beginning
	state   status // as of the last Scan
	valid   int64  // when the file had been modified last, when it was last read in order
	seen    uint64 // round of Scan in which a name led to the file
	away    bool   // it has lost its name
	ready   bool
	changed bool      // what stood before at does so no more
	quiet   time.Time // since when there is nothing to read
}

// guard remembers what stands before the place of reading, as a hash that never leaves the memory.
type guard struct {
	n   int
	sum uint64
}

// Line is one line of a file.
type Line struct {
	// Text is the line without its line feed, a carriage return before it, and NUL bytes at its beginning, which a file
	// has where it was truncated under its writer. It is valid until the function that got it returns, and empty if Long.
	Text []byte
	// Long says that the line is longer than [MaxLine].
	Long bool
	// Start and End are where it begins and where the next one does, in bytes.
	Start, End int64
}

// Pattern returns the pattern that the file belongs to.
func (f *File) Pattern() string { return f.pattern }

// Name returns the name under which the file was seen last.
func (f *File) Name() string { return f.name }

// Base returns the name by which the pattern matched the file.
func (f *File) Base() string { return f.base }

// ID returns the file's identity.
func (f *File) ID() ID { return f.id }

// Away tells whether the file has lost its name. Then it is to be read to its end before its successor.
func (f *File) Away() bool { return f.away }

// Modified returns when the file had been written last, when it was read last.
func (f *File) Modified() time.Time { return time.Unix(0, f.valid) }

// Offset returns the end of the last line that was given out, in bytes.
func (f *File) Offset() int64 { return f.offset }

// Ready tells whether there may be something to read.
func (f *File) Ready() bool { return f.ready }

// Rest makes the file not ready until it grows, and overwrites what Peek returned.
func (f *File) Rest() {
	clear(f.set.buf)
	f.rest()
}

func (f *File) rest() { f.ready, f.quiet = false, f.set.options.Now() }

// Behind returns how many bytes the file had at the last Scan that were not given out; of a compressed one 0.
func (f *File) Behind() int64 {
	if f.packed != nil {
		return 0
	}
	return max(0, f.state.size-f.offset)
}

// Lines reads the next part of the file, up to 256 KiB, and gives out the lines that end in it. A last line without a
// line feed stays where it is.
func (f *File) Lines(each func(Line)) {
	data, full := f.read()
	defer clear(f.set.buf)
	if data == nil {
		return
	}
	skipping := f.at > f.offset
	base, used := f.at, 0
	for {
		if !skipping {
			used += nuls(data[used:])
			f.offset = base + int64(used)
		}
		n := bytes.IndexByte(data[used:], '\n')
		if n < 0 {
			break
		}
		line := Line{Text: data[used : used+n], Start: f.offset, End: base + int64(used+n+1)}
		if skipping || n > MaxLine {
			line.Text, line.Long = nil, true
		}
		line.Text = bytes.TrimSuffix(line.Text, []byte{'\r'})
		skipping, used, f.offset = false, used+n+1, line.End
		each(line)
	}
	f.at = f.offset
	if skipping || len(data)-used > MaxLine {
		used = len(data)
		f.at = base + int64(used)
	}
	f.protect(f.set.buf[:f.guard.n+used])
	f.learn()
	if !full {
		f.rest()
	}
}

// Peek returns the whole lines among the next 256 KiB without giving them out. They are valid until the next call of
// Lines or Rest of any of the set's files, one of which must follow.
func (f *File) Peek() []byte {
	data, _ := f.read()
	return data[:bytes.LastIndexByte(data, '\n')+1]
}

// read reads what follows into the set's buffer, behind the bytes that the guard remembers, and returns it. full tells
// that there may be more. When something else stands there by now, it returns nil, and the next Scan sees to it.
func (f *File) read() (data []byte, full bool) {
	buf := f.set.buf
	n, err := f.reader().ReadAt(buf, f.at-int64(f.guard.n))
	if err != nil && err != io.EOF {
		f.set.refuse(Unreadable, f.pattern, f.name, err)
		f.rest()
		return nil, false
	}
	if n < f.guard.n || maphash.Bytes(f.set.seed, buf[:f.guard.n]) != f.guard.sum {
		f.changed = true
		f.rest()
		return nil, false
	}
	return buf[f.guard.n:n], n == len(buf)
}

// protect remembers the end of what was read.
func (f *File) protect(read []byte) {
	f.valid = f.state.modified
	last := read[max(0, len(read)-guardSize):]
	f.guard = guard{len(last), maphash.Bytes(f.set.seed, last)}
}

// headSize is how much of a file's beginning tells which copies are made of it.
const headSize = 2 << 10

// learn remembers the file's beginning when enough of it was read. In less there may be nothing but what all files of a
// log begin with.
func (f *File) learn() {
	if f.head.n > 0 || f.packed != nil || f.offset < headSize {
		return
	}
	head := make([]byte, headSize)
	defer clear(head)
	if n, _ := f.file.ReadAt(head, 0); n == headSize {
		f.head = guard{headSize, maphash.Bytes(f.set.seed, head)}
	}
}

// reader returns what the file is read from.
func (f *File) reader() io.ReaderAt {
	if f.packed != nil {
		return f.packed
	}
	return f.file
}

// seek makes reading begin at an offset. It fails if the file ends before it.
func (f *File) seek(offset int64) bool {
	before := make([]byte, min(offset, guardSize))
	defer clear(before)
	if n, _ := f.reader().ReadAt(before, offset-int64(len(before))); n < len(before) {
		return false
	}
	f.offset, f.at = offset, offset
	f.protect(before)
	f.learn()
	return true
}

// mark returns the mark of what was read, for the time until the process ends.
func (f *File) mark() Mark {
	g, seed := f.guard, f.set.seed
	return Mark{
		ID: f.id, Pattern: f.pattern, Name: f.base, Offset: f.at, Span: int64(g.n), At: f.Modified(), Data: f.Data, head: f.head,
		Same: func(before []byte) bool { return maphash.Bytes(seed, before) == g.sum },
	}
}

func (f *File) close() {
	if f.packed != nil {
		f.packed.clear()
	}
	_ = f.file.Close() // only read from
}

// nuls counts the NUL bytes at the beginning.
func nuls(b []byte) int {
	n := 0
	for n < len(b) && b[n] == 0 {
		n++
	}
	return n
}
