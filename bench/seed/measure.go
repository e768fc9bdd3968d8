package main

import (
	"compress/gzip"
	"io"
)

// measure passes a log on, and packs a part of it to see how small that gets.
type measure struct {
	to      io.Writer
	bytes   int64
	plain   int64 // of which this much was packed
	packed  counter
	packing *gzip.Writer
}

// Of each stride of the log the first sample bytes are packed, in one go: gzip looks back 32 KiB only.
const (
	sample = 8 << 20
	stride = 256 << 20
)

// Write passes b on.
func (m *measure) Write(b []byte) (int, error) {
	if at := m.bytes % stride; at < sample {
		if m.packing == nil {
			m.packing, _ = gzip.NewWriterLevel(&m.packed, 6) // the level is a good one
		}
		_, _ = m.packing.Write(b) // counter never fails
		m.plain += int64(len(b))
	} else if m.packing != nil {
		_ = m.packing.Close()
		m.packing = nil
	}
	m.bytes += int64(len(b))
	return m.to.Write(b)
}

// perLine returns the mean bytes of a line, and of a packed one.
func (m *measure) perLine(lines int) (plain, packed float64) {
	if m.packing != nil {
		_ = m.packing.Close()
	}
	if lines == 0 || m.plain == 0 {
		return 0, 0
	}
	plain = float64(m.bytes) / float64(lines)
	return plain, plain * float64(m.packed) / float64(m.plain)
}

// counter counts what is written to it.
type counter int64

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}
