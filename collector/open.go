package collector

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"sync/atomic"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// zstdWindow bounds the memory that a zstd file may ask for: the window of its --long option.
const zstdWindow = 128 << 20

// input is an opened log, decompressed.
type input struct {
	io.Reader
	close func()
	// compressed tells how it was packed, "" if it was not.
	compressed string
}

// countingReader counts what is read of a file, for the progress bar, while another goroutine decompresses.
type countingReader struct {
	r io.Reader
	n *atomic.Int64
}

// Read reads and counts.
func (c countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}

// openFile opens a log file. The bytes read of it, still compressed, are added to read.
func openFile(path string, read *atomic.Int64) (*input, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	in, err := decompress(countingReader{f, read})
	if err != nil {
		_ = f.Close() // only read from
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	stop := in.close
	in.close = func() {
		stop()
		_ = f.Close()
	}
	return in, nil
}

// openStream opens the standard input or a named pipe, which may never answer: reading ends with cancel, too.
func openStream(name string, stdin io.Reader, cancel <-chan struct{}, read *atomic.Int64) (*input, error) {
	shut := func() {}
	if name != stdinName {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		stdin, shut = f, func() { _ = f.Close() } // only read from
	}
	a := newAhead(countingReader{stdin, read}, cancel)
	in, err := decompress(a)
	if err != nil {
		a.stop(false)
		shut()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	stop := in.close
	in.close = func() {
		a.stop(false) // first, so that what reads from it ends
		stop()
		shut()
	}
	return in, nil
}

// decompress recognises gzip and zstd by their first bytes, and unpacks them in a goroutine of its own, which ends with
// the input or at close.
func decompress(r io.Reader) (*input, error) {
	magic := make([]byte, 4)
	n, err := io.ReadFull(r, magic)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	magic = magic[:n]
	whole := io.MultiReader(bytes.NewReader(magic), r)
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(whole)
		if err != nil {
			return nil, fmt.Errorf("looks like gzip, but %w", err)
		}
		a := newAhead(z, nil)
		return &input{Reader: a, close: func() { a.stop(true) }, compressed: "gzip"}, nil
	case bytes.Equal(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		z, err := zstd.NewReader(whole, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(zstdWindow))
		if err != nil {
			return nil, fmt.Errorf("looks like zstd, but %w", err)
		}
		a := newAhead(z, nil)
		return &input{Reader: a, close: func() { a.stop(true); z.Close() }, compressed: "zstd"}, nil
	}
	return &input{Reader: whole, close: func() {}}, nil
}
