package collector

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"sync/atomic"
)

// warmBack is how long before the first new line the sink gets to remember known hits, in seconds: the 30 days that the
// crowd rule looks back, and the day that is running.
const warmBack = 31 * 24 * 3600

// match looks for the source among the entries, by its head, and checks the fingerprint of the lines they say are done.
// A log that begins like one of them in so many lines that it must be the same, and then is not, is refused: it may be a
// shortened or edited copy, whose lines would count twice.
func (im *importer) match(s *source, entries []entry) error {
	var candidates []entry
	same := false
	for _, e := range entries {
		if e.HeadLines > 0 && e.HeadLines < len(s.heads) && s.heads[e.HeadLines].String() == e.Head {
			candidates = append(candidates, e)
			same = same || e.HeadLines == headLines
		}
	}
	if len(candidates) == 0 {
		return nil
	}
	slices.SortStableFunc(candidates, func(a, b entry) int { return int(a.Lines - b.Lines) })
	if s.stream && !s.sample.whole {
		if best := candidates[len(candidates)-1]; best.Lines > s.known.Lines {
			s.known = known{entry: best, more: true, unchecked: true}
		}
		return nil
	}
	best, err := im.check(s, candidates)
	if err != nil {
		return err
	}
	if best.key != "" && best.lines() >= s.known.lines() {
		s.known = best
	}
	if same && s.known.key == "" {
		return errDiffers(s)
	}
	return nil
}

// errDiffers refuses a log that begins like an imported one, and then does not go on like it.
func errDiffers(s *source) error {
	return fmt.Errorf("%s begins like a log that was imported before, but is shorter or goes on differently: its lines would count twice (import it nevertheless with --again)", s.name)
}

// check reads the source as far as the last candidate, which come in the order of their lines, and returns the one that
// fits and has most lines.
func (im *importer) check(s *source, candidates []entry) (best known, err error) {
	total := im.total
	read := new(atomic.Int64)
	im.progress, im.file, im.checking, im.total = read, s.name, true, s.size
	defer func() { im.progress, im.checking, im.total = &im.read, false, total }()
	r, stop := io.Reader(bytes.NewReader(s.sample.data)), func() {}
	if !s.stream { // of a stream that is checked, the sample is all
		if r, stop, err = s.open(nil, nil, read); err != nil {
			return best, err
		}
	}
	defer stop()
	sc := im.scanner
	sc.reset(r, s.format)
	until := int64(0)
	for len(candidates) > 0 || best.key != "" && sc.count <= best.lines() {
		for len(candidates) > 0 && candidates[0].Lines == sc.count {
			if candidates[0].Hash == sc.print.String() {
				best.entry, best.until = candidates[0], until
			}
			candidates = candidates[1:]
		}
		if err := sc.scan(); err == io.EOF {
			break
		} else if err != nil {
			return best, im.readError(err)
		}
		if sc.rejected == nil {
			until = max(until, sc.hit.Fields().Time)
		}
	}
	best.more = best.key != "" && sc.count > best.lines()
	return best, nil
}

// rematch looks for the source among the logs that this import has finished meanwhile: the same log may have been named
// twice, once packed.
func (im *importer) rematch(s *source) error {
	if im.Again {
		return nil
	}
	return im.match(s, im.finished)
}

// hasNews tells whether there is something in the source to store.
func (s *source) hasNews() bool { return s.format != nil && (s.known.key == "" || s.known.more) }

// planWarming finds the last source that has lines to store, -1 if none has, and the time from which on known hits are
// still of interest to them. The known logs behind it need not be read again, nor those before that time.
func (im *importer) planWarming() (last int) {
	last, im.warmFrom = -1, math.MaxInt64
	for i, s := range im.sources {
		if s.hasNews() {
			last = i
			im.warmFrom = min(im.warmFrom, max(s.first, s.known.until)-warmBack)
		}
	}
	return last
}

// needed tells whether the source must be read, as the i-th of those of which last is the last with news.
func (im *importer) needed(s *source, i, last int) bool {
	return s.hasNews() || i < last && s.known.until >= im.warmFrom
}
