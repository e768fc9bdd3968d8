package tail

import (
	"errors"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
)

// unpacker reads a gzip file as if it were not packed, forwards only: of what was read, the last part can be read again.
type unpacker struct {
	r    io.Reader
	last []byte // of what was read
	end  int64  // behind it
	err  error
}

// keepSize is how much can be read again: a line that was not whole, a mark's span, or a guard.
const keepSize = MaxSpan + MaxLine + guardSize

// isPacked tells whether a file is gzip.
func isPacked(f *os.File) bool {
	var magic [2]byte
	n, _ := f.ReadAt(magic[:], 0)
	return n == 2 && magic == [2]byte{0x1f, 0x8b}
}

// newUnpacker reads the file from its beginning.
func newUnpacker(f *os.File) (*unpacker, error) {
	r, err := gzip.NewReader(io.NewSectionReader(f, 0, 1<<62))
	if err != nil {
		return nil, err
	}
	return &unpacker{r: r}, nil
}

var errBack = errors.New("a compressed file can only be read forwards")

// ReadAt reads from an offset of what the file holds (see [io.ReaderAt]).
func (u *unpacker) ReadAt(p []byte, offset int64) (int, error) {
	if offset < u.end-int64(len(u.last)) {
		return 0, errBack
	}
	want := offset + int64(len(p))
	for u.end < want && u.err == nil {
		u.more(int(min(want-u.end, readSize)))
	}
	from := offset - (u.end - int64(len(u.last)))
	if from >= int64(len(u.last)) {
		return 0, io.EOF
	}
	n := copy(p, u.last[from:])
	if n < len(p) {
		return n, io.EOF // also where the file is damaged: what follows cannot be read
	}
	return n, nil
}

// more reads n bytes more, and drops the oldest.
func (u *unpacker) more(n int) {
	if over := len(u.last) + n - 2*keepSize; over > 0 {
		kept := copy(u.last, u.last[len(u.last)-keepSize:])
		clear(u.last[kept:])
		u.last = u.last[:kept]
	}
	start := len(u.last)
	if u.last == nil {
		u.last = make([]byte, 0, 2*keepSize)
	}
	u.last = u.last[:start+n]
	n, u.err = io.ReadFull(u.r, u.last[start:])
	u.last = u.last[:start+n]
	u.end += int64(n)
}

// clear overwrites what was read.
func (u *unpacker) clear() { clear(u.last[:cap(u.last)]) }
