package collector

import (
	"errors"
	"io"

	"github.com/klar-analytics/klar/collector/accesslog"
	"github.com/klar-analytics/klar/collector/raw"
)

// errLong rejects a line longer than MaxLine.
var errLong = errors.New("the line is longer than 64 KiB")

// scanner reads a log line by line into one hit, and keeps the fingerprint of what it has read.
type scanner struct {
	lines  lineReader
	parser *accesslog.Parser
	hit    raw.Hit
	// kind and rejected tell what the current line is: how it ended, and why it is no hit, if it is none.
	kind     lineKind
	rejected error
	// number is the current line's, empty ones counted; count is without them.
	number, count int64
	// print is the fingerprint up to the current line, with it, and before the same without it.
	print, before fingerprint
}

// newScanner returns a scanner for all logs of an import.
func newScanner(site string) *scanner {
	s := &scanner{hit: raw.New()}
	s.hit.Fields().Site = site
	return s
}

// reset begins a log.
func (s *scanner) reset(r io.Reader, f *accesslog.Format) {
	if s.parser != nil {
		s.parser.Clear()
	}
	s.lines.reset(r)
	s.parser = f.NewParser()
	s.number, s.count, s.print, s.before, s.rejected = 0, 0, 0, 0, nil
}

// scan reads the next line that is neither empty nor a directive. At the end it returns io.EOF.
func (s *scanner) scan() error {
	for {
		line, kind, err := s.lines.next()
		if err != nil {
			return err
		}
		s.number++
		s.before = s.print
		if kind == longLine {
			s.kind, s.rejected = kind, errLong
			s.count++
			s.print.mix(longWord)
			return nil
		}
		if len(line) == 0 {
			continue
		}
		s.kind, s.rejected = kind, s.parser.Parse(line, s.hit)
		if s.rejected == accesslog.ErrDirective {
			continue
		}
		s.count++
		if s.rejected != nil {
			s.print.mix(rejectedWord)
		} else {
			s.print.add(s.hit.Fields())
		}
		return nil
	}
}

// clear overwrites what was read.
func (s *scanner) clear() {
	s.hit.Clear()
	s.lines.clear()
	if s.parser != nil {
		s.parser.Clear()
	}
}
