package collector

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"

	"github.com/klar-analytics/klar/collector/accesslog"
)

// stdinName is the input that stands for the standard input.
const stdinName = "-"

// maxSample bounds how much of a log is looked at to find its format and its fingerprint's head, in bytes.
const maxSample = 16 << 20

// source is one log to import.
type source struct {
	name string
	// size is its size on the disk, 0 for a stream.
	size int64
	// stream is true for the standard input and named pipes, which can be read only once. in is the opened stream.
	stream bool
	in     *input
	sample sample
	format *accesslog.Format
	// heads[n] is the fingerprint of the first n lines.
	heads []fingerprint
	// first is the time of the first line that could be parsed.
	first int64
	// noAgents is true when the lines do not carry the user agent.
	noAgents bool
	known    known
	// packed is how it is compressed.
	packed string
}

// known says which lines of a source an earlier import has done; none if its key is empty.
type known struct {
	entry
	// more is true when there are lines behind them.
	more bool
	// until is the time of the last hit among the known lines, 0 if it was not looked for.
	until int64
	// unchecked is true when the lines must still be held against the fingerprint, while they are read.
	unchecked bool
}

// lines is the number of lines that are done.
func (k *known) lines() int64 {
	if k.Tail {
		return k.Lines + 1
	}
	return k.Lines
}

// sample is the beginning of a log.
type sample struct {
	data []byte
	// whole is true when there is nothing behind it.
	whole bool
}

// listSources finds the files that the inputs name, each once.
func listSources(inputs []string) ([]*source, error) {
	if len(inputs) == 0 {
		return nil, errors.New("nothing to import: name a log file, a pattern, or - for the standard input")
	}
	var all []*source
	seen := map[string]bool{}
	add := func(name string, info os.FileInfo) {
		if seen[filepath.Clean(name)] {
			return
		}
		seen[filepath.Clean(name)] = true
		s := &source{name: name, stream: info == nil || !info.Mode().IsRegular()}
		if !s.stream {
			s.size = info.Size()
		}
		all = append(all, s)
	}
	for _, in := range inputs {
		if in == stdinName {
			add(in, nil)
			continue
		}
		info, err := os.Stat(in)
		if err == nil {
			if err := checkKind(in, info); err != nil {
				return nil, err
			}
			add(in, info)
			continue
		}
		matches, bad := filepath.Glob(in)
		if bad != nil {
			return nil, fmt.Errorf("%s: not a valid pattern", in)
		}
		if len(matches) == 0 {
			return nil, fmt.Errorf("nothing to import: %w", err)
		}
		for _, name := range matches {
			if info, err := os.Stat(name); err == nil && !info.IsDir() {
				add(name, info)
			}
		}
	}
	if len(all) == 0 {
		return nil, errors.New("nothing to import: the pattern matches only directories")
	}
	return all, nil
}

// checkKind refuses what cannot be a log.
func checkKind(name string, info os.FileInfo) error {
	if info.IsDir() {
		return fmt.Errorf("%s is a directory: name the logs in it, as in '%s'", name, filepath.Join(name, "*.log"))
	}
	return nil
}

// open returns the source's content from its beginning, and what closes it. A stream is closed by clear.
func (s *source) open(stdin io.Reader, cancel <-chan struct{}, read *atomic.Int64) (io.Reader, func(), error) {
	if s.stream {
		if s.in == nil {
			in, err := openStream(s.name, stdin, cancel, read)
			if err != nil {
				return nil, nil, err
			}
			s.in, s.packed = in, in.compressed
		}
		return io.MultiReader(bytes.NewReader(s.sample.data), s.in), func() {}, nil
	}
	in, err := openFile(s.name, read)
	if err != nil {
		return nil, nil, err
	}
	s.packed = in.compressed
	return in, in.close, nil
}

// readSample reads the beginning of a log: so many lines that its format and its fingerprint's head can be told.
func readSample(r io.Reader) (sample, error) {
	var s sample
	buf := make([]byte, 64<<10)
	defer clear(buf)
	for len(s.data) < maxSample && bytes.Count(s.data, []byte("\n")) < accesslog.DetectLines {
		n, err := r.Read(buf)
		if len(s.data)+n > cap(s.data) {
			grown := append(make([]byte, 0, 2*cap(s.data)+len(buf)), s.data...)
			clear(s.data)
			s.data = grown
		}
		s.data = append(s.data, buf[:n]...)
		if err == io.EOF {
			s.whole = true
			return s, nil
		}
		if err != nil {
			return s, err
		}
	}
	return s, nil
}

// clear overwrites what was read of the log, and closes a stream.
func (s *source) clear() {
	clear(s.sample.data)
	s.sample.data = nil
	if s.in != nil {
		s.in.close()
		s.in = nil
	}
}
