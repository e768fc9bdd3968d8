package collector

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// batchLines is after how many lines of a log its hits and its position are committed.
const batchLines = 65536

// readLog reads a source from its beginning: the lines that an earlier import has done warm the sink, the others go in.
func (im *importer) readLog(ctx context.Context, s *source) error {
	r, stop, err := s.open(im.Stdin, im.cancel, &im.read)
	if err != nil {
		return err
	}
	defer stop()
	sc := im.scanner
	sc.reset(r, s.format)
	defer func() { im.lines += sc.count }()
	if err := im.readKnown(s); err != nil {
		return err
	}
	if s.known.key != "" && !s.known.more {
		return nil
	}
	log := newLog{importer: im, source: s, key: s.known.key}
	if log.key == "" {
		log.key = newKey(im.Site)
	}
	if err := log.read(ctx); err != nil {
		return err
	}
	return log.commit(ctx, true)
}

// readKnown reads the lines that are done already, and lets the sink remember them.
func (im *importer) readKnown(s *source) error {
	sc, f := im.scanner, im.current()
	end := s.known.lines()
	for sc.count < end {
		if err := sc.scan(); err == io.EOF {
			break
		} else if err != nil {
			return im.readError(err)
		}
		f.Already++
		if sc.count == s.known.Lines && s.known.unchecked {
			if sc.print.String() != s.known.Hash {
				return errDiffers(s)
			}
			s.known.unchecked = false
		}
		if sc.rejected == nil && sc.hit.Fields().Time >= im.warmFrom {
			im.Sink.Warm(sc.hit)
		}
		if sc.count%im.batch == 0 {
			im.Sink.Discard()
		}
	}
	if f.Already > 0 {
		im.Sink.Discard()
	}
	if s.known.unchecked && s.known.Lines > 0 {
		return errDiffers(s)
	}
	return nil
}

// newLog is the part of a log that is stored.
type newLog struct {
	*importer
	source *source
	key    string
	// open is true when the last line has no line feed, tail when it was stored.
	open, tail bool
}

// read adds lines until the log ends, and commits after each batch.
func (l *newLog) read(ctx context.Context) error {
	sc := l.scanner
	for {
		if err := sc.scan(); err == io.EOF {
			return nil
		} else if err != nil {
			return l.broken(ctx, err)
		}
		stored, err := l.add()
		if err != nil {
			return err
		}
		if sc.kind == openLine {
			l.open, l.tail = true, stored
		} else if sc.count%l.batch == 0 {
			if err := l.commit(ctx, false); err != nil {
				return err
			}
		}
	}
}

// add hands the current line to the sink and counts what became of it.
func (l *newLog) add() (stored bool, err error) {
	sc := l.scanner
	if sc.rejected != nil {
		return false, l.reject(sc.number, sc.rejected)
	}
	size := sc.hit.Fields().Bytes
	bot, err := l.Sink.Add(sc.hit)
	if err != nil {
		return false, l.reject(sc.number, err)
	}
	l.current().Stored++
	l.summary.Stored++
	l.summary.Bytes += size
	if bot {
		l.summary.Bots++
	}
	return true, nil
}

// commit makes durable what was added, with the position behind it.
func (l *newLog) commit(ctx context.Context, done bool) error {
	sc, heads := l.scanner, l.source.heads
	p := position{
		Lines:     sc.count,
		Bytes:     sc.lines.ended,
		HeadLines: len(heads) - 1,
		Head:      heads[len(heads)-1].String(),
		Hash:      sc.print.String(),
		Tail:      l.tail,
		Done:      done,
	}
	if l.open {
		p.Lines, p.Bytes, p.Hash = sc.count-1, sc.lines.before, sc.before.String()
	}
	if err := l.Sink.Commit(ctx, l.key, p.encode()); err != nil {
		return fmt.Errorf("import: %s, line %d: %w", l.file, sc.number, err)
	}
	if done {
		l.finished = append(l.finished, entry{key: l.key, position: p})
	}
	return nil
}

// broken keeps what was read of a log that cannot be read on, unless the caller wants to end.
func (l *newLog) broken(ctx context.Context, err error) error {
	why := l.readError(err)
	if ctx.Err() == nil && l.current().Stored > 0 {
		if err := l.commit(ctx, false); err != nil {
			return fmt.Errorf("%w; and what was read before is not stored: %w", why, err)
		}
	}
	return why
}

// readError says where reading a log failed.
func (im *importer) readError(err error) error {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("import: interrupted at %s, line %d; run it again to go on: %w", im.file, im.scanner.number, err)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%s: the compressed data breaks off after line %d", im.file, im.scanner.number)
	}
	return fmt.Errorf("%s: cannot be read behind line %d: %w", im.file, im.scanner.number, err)
}
