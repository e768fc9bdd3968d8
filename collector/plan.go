package collector

import (
	"bytes"
	"fmt"
	"math"
	"sort"
	"strings"
	"sync/atomic"

	"github.com/klar-analytics/klar/collector/accesslog"
	"github.com/klar-analytics/klar/collector/raw"
)

// plan opens every source, finds out its format, its first time and what is known of it, and puts them in order.
func (im *importer) plan() error {
	format, err := im.compileFormat()
	if err != nil {
		return err
	}
	if im.sources, err = listSources(im.Inputs); err != nil {
		return err
	}
	empty := true
	for _, s := range im.sources {
		if err := im.look(s, format); err != nil {
			return err
		}
		empty = empty && s.format == nil
	}
	if empty {
		return fmt.Errorf("nothing to import: %s has no lines", im.sources[0].name)
	}
	sort.SliceStable(im.sources, func(i, j int) bool { return im.sources[i].first < im.sources[j].first })
	if im.Again {
		return nil
	}
	im.stored = readPositions(im.Sink.Positions(keyPrefix(im.Site)))
	for _, s := range im.sources {
		if s.format == nil {
			continue
		}
		if err := im.match(s, im.stored); err != nil {
			return err
		}
	}
	return nil
}

// look reads a source's beginning.
func (im *importer) look(s *source, format *accesslog.Format) error {
	read := new(atomic.Int64)
	if s.stream {
		read = &im.read
	}
	r, stop, err := s.open(im.Stdin, im.cancel, read)
	if err != nil {
		return err
	}
	defer stop()
	if s.sample, err = readSample(r); err != nil {
		return fmt.Errorf("%s cannot be read: %w", s.name, err)
	}
	lines, long := s.sample.lines()
	switch {
	case blank(lines) && long > 0:
		return undetected(s, format != nil, fmt.Errorf("line %d: %w", long, errLong))
	case blank(lines) && !s.sample.whole:
		return fmt.Errorf("%s begins with %d empty lines, which no log does", s.name, len(lines))
	case blank(lines):
		s.format = nil
		return nil
	}
	if s.format = format; format == nil {
		s.format, err = accesslog.Detect(lines)
	} else if bytes.IndexByte(s.sample.data, '\n') >= 0 { // a single line may still be half written
		err = fits(lines, format)
	}
	if err != nil {
		return undetected(s, format != nil, err)
	}
	im.readHeads(s)
	if !s.stream {
		s.clear()
	}
	return nil
}

// readHeads fills in the fingerprints of the source's first lines and the time of the first hit. A line without a line
// feed goes in only if it is the only one, because it may still be written to.
func (im *importer) readHeads(s *source) {
	sc := im.scanner
	sc.reset(bytes.NewReader(s.sample.data), s.format)
	s.heads, s.first = append(s.heads[:0], 0), math.MaxInt64
	for sc.count < accesslog.DetectLines {
		if err := sc.scan(); err != nil || sc.kind == openLine && !s.sample.whole {
			return
		}
		if len(s.heads) <= headLines && (sc.kind != openLine || sc.count == 1) {
			s.heads = append(s.heads, sc.print)
		}
		if sc.rejected != nil {
			continue
		}
		f := sc.hit.Fields()
		if s.first == math.MaxInt64 {
			s.first, s.noAgents = f.Time, true
		}
		s.noAgents = s.noAgents && f.NoAgent
	}
}

// fits returns why the first line is not of the format that was named, if none of the lines is: then it is the wrong one,
// and reading on would reject everything.
func fits(lines [][]byte, named *accesslog.Format) error {
	p, h := named.NewParser(), raw.New()
	defer p.Clear()
	defer h.Clear()
	var first error
	for i, l := range lines {
		if len(l) == 0 {
			continue
		}
		err := p.Parse(l, h)
		if err == nil {
			return nil
		}
		if first == nil && err != accesslog.ErrDirective {
			first = fmt.Errorf("line %d is no %s: %w", i+1, named.Name(), err)
		}
	}
	return first
}

// lines cuts the sample into lines. One that is too long is empty; long is the number of the first such, 0 if there is none.
func (s *sample) lines() (all [][]byte, long int) {
	keep := func(line []byte) {
		if line = trim(line); len(line) > MaxLine {
			line = nil
			if long == 0 {
				long = len(all) + 1
			}
		}
		all = append(all, line)
	}
	rest := s.data
	for len(all) < accesslog.DetectLines {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			if s.whole || len(all) == 0 {
				keep(rest)
			}
			break
		}
		keep(rest[:i])
		rest = rest[i+1:]
	}
	return all, long
}

// blank tells whether the log holds nothing.
func blank(lines [][]byte) bool {
	for _, l := range lines {
		if len(l) > 0 {
			return false
		}
	}
	return true
}

// packers are the compressions that are not unpacked, by how their files begin.
var packers = []struct{ magic, name, tool string }{
	{"BZh", "bzip2", "bzcat"},
	{"\xfd7zXZ", "xz", "xzcat"},
	{"PK\x03\x04", "zip", "unzip -p"},
}

// undetected says why a log cannot be read, in the words that help most.
func undetected(s *source, named bool, why error) error {
	for _, p := range packers {
		if strings.HasPrefix(string(s.sample.data[:min(8, len(s.sample.data))]), p.magic) {
			return fmt.Errorf("%s is packed with %s: unpack it, as in '%s FILE | klar import -'", s.name, p.name, p.tool)
		}
	}
	if bytes.IndexByte(s.sample.data, 0) >= 0 {
		return fmt.Errorf("%s is a binary file, not a log", s.name)
	}
	if named {
		return fmt.Errorf("%s is not of the format that is named: %w", s.name, why)
	}
	return fmt.Errorf("%s has an unknown format: %w (name it with --format)", s.name, why)
}
