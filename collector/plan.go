package collector

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"sort"
	"strings"
	"sync/atomic"

	"github.com/klar-analytics/klar/collector/accesslog"
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
	if s.name == stdinName {
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
	lines := s.sample.lines()
	if s.format = format; format == nil {
		s.format, err = accesslog.Detect(lines)
	}
	if blank(lines) && !s.sample.whole {
		return fmt.Errorf("%s begins with %d empty lines, which no log does", s.name, len(lines))
	}
	if blank(lines) {
		s.format = nil
		return nil
	}
	if err != nil {
		return undetected(s, err)
	}
	if im.Detected != nil {
		im.Detected(s.name, s.format.Name())
	}
	im.readHeads(s)
	if s.name != stdinName {
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
		if sc.rejected == nil && s.first == math.MaxInt64 {
			s.first = sc.hit.Fields().Time
		}
	}
}

// lines cuts the sample into lines. One that is too long is empty.
func (s *sample) lines() [][]byte {
	var all [][]byte
	rest := s.data
	for len(all) < accesslog.DetectLines {
		i := bytes.IndexByte(rest, '\n')
		if i < 0 {
			if s.whole || len(all) == 0 {
				all = append(all, trim(rest))
			}
			break
		}
		line := trim(rest[:i])
		if len(line) > MaxLine {
			line = nil
		}
		all = append(all, line)
		rest = rest[i+1:]
	}
	return all
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
func undetected(s *source, why error) error {
	for _, p := range packers {
		if strings.HasPrefix(string(s.sample.data[:min(8, len(s.sample.data))]), p.magic) {
			return fmt.Errorf("%s is packed with %s: unpack it, as in '%s FILE | klar import -'", s.name, p.name, p.tool)
		}
	}
	if bytes.IndexByte(s.sample.data, 0) >= 0 {
		return fmt.Errorf("%s is a binary file, not a log", s.name)
	}
	return fmt.Errorf("%s has an unknown format: %w (name it with --format)", s.name, why)
}

// match looks for the source among the entries, by its head, and checks the fingerprint of the lines they say are done.
func (im *importer) match(s *source, entries []entry) error {
	var candidates []entry
	for _, e := range entries {
		if e.HeadLines > 0 && e.HeadLines < len(s.heads) && s.heads[e.HeadLines].String() == e.Head {
			candidates = append(candidates, e)
		}
	}
	sort.SliceStable(candidates, func(i, j int) bool { return candidates[i].Lines < candidates[j].Lines })
	if len(candidates) == 0 {
		return nil
	}
	if s.name == stdinName && !s.sample.whole {
		if best := candidates[len(candidates)-1]; best.Lines > s.known.Lines {
			s.known = known{entry: best, more: true, unchecked: true}
		}
		return nil
	}
	best, err := im.check(s, candidates)
	if err == nil && best.key != "" && best.lines() >= s.known.lines() {
		s.known = best
	}
	return err
}

// check reads the source as far as the last candidate, which come in the order of their lines, and returns the one that
// fits and has most lines.
func (im *importer) check(s *source, candidates []entry) (best known, err error) {
	read, total := im.read.Load(), im.total
	im.read.Store(0)
	im.file, im.checking, im.total = s.name, true, s.size
	defer func() {
		im.checking, im.total = false, total
		im.read.Store(read)
	}()
	r, stop, err := s.openChecked(im)
	if err != nil {
		return best, err
	}
	defer stop()
	sc := im.scanner
	sc.reset(r, s.format)
	for len(candidates) > 0 || best.key != "" && sc.count <= best.lines() {
		for len(candidates) > 0 && candidates[0].Lines == sc.count {
			if candidates[0].Hash == sc.print.String() {
				best.entry = candidates[0]
			}
			candidates = candidates[1:]
		}
		if err := sc.scan(); err == io.EOF {
			break
		} else if err != nil {
			return best, im.readError(err)
		}
	}
	best.more = best.key != "" && sc.count > best.lines()
	return best, nil
}

// openChecked opens the source to check it. Of the standard input all was read if it comes here.
func (s *source) openChecked(im *importer) (io.Reader, func(), error) {
	if s.name == stdinName {
		return bytes.NewReader(s.sample.data), func() {}, nil
	}
	return s.open(nil, nil, &im.read)
}

// rematch looks for the source among the logs that this import has finished meanwhile: the same log may have been named
// twice, once packed.
func (im *importer) rematch(s *source) error {
	if im.Again {
		return nil
	}
	return im.match(s, im.finished)
}
