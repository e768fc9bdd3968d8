package collector

import (
	"bytes"
	"errors"
	"time"

	"github.com/klar-analytics/klar/collector/accesslog"
	"github.com/klar-analytics/klar/collector/raw"
	"github.com/klar-analytics/klar/collector/tail"
)

// logFile is what is known of a followed file besides its place: how to read it, and what its last lines were like.
type logFile struct {
	format *accesslog.Format // nil until it is found out
	parser *accesslog.Parser
	// fields is the directive that names the columns of the lines behind it, if the format has such.
	fields string
	recent recent
	// time is the last line's, in seconds since 1970.
	time int64
	// since is from when on there has been something left to read, if there is.
	since time.Time
	// refused is true once it was reported that the format cannot be found out.
	refused bool
}

// fieldsDirective begins the line that names the columns; no longer one than maxFields bytes is kept.
const (
	fieldsDirective = "#Fields:"
	maxFields       = 4096
)

// setFormat makes the file readable.
func (l *logFile) setFormat(format *accesslog.Format) {
	l.format, l.parser = format, format.NewParser()
}

// clear overwrites what the parser holds.
func (l *logFile) clear() {
	if l.parser != nil {
		l.parser.Clear()
	}
}

// read reads the next part of a file.
func (f *follower) read(file *tail.File) {
	l, ok := file.Data.(*logFile)
	if !ok {
		l = &logFile{since: f.Now()}
		file.Data = l
	}
	source := f.sources[file.Pattern()]
	if l.format == nil && !f.recognise(file, l, source) {
		return
	}
	f.hit.Fields().Site = source.Site
	file.Lines(func(line tail.Line) {
		f.changed = true
		f.line(source, l, line)
	})
	l.clear()
	f.hit.Clear()
	if !file.Ready() {
		l.since = f.Now()
	}
}

// recognise finds out the format of a file from its first lines. As long as it cannot, nothing of the file is read, and
// nothing of it is lost.
func (f *follower) recognise(file *tail.File, l *logFile, source *fileSource) bool {
	if source.format != nil {
		l.setFormat(source.format)
		return true
	}
	data := file.Peek()
	s := sample{data: data}
	if lines, _ := s.lines(); len(data) > 0 && !blank(lines) {
		format, err := accesslog.Detect(lines)
		if err == nil {
			l.setFormat(format)
			f.Logger.Info("source: the format of a log is found out", "file", file.Name(), "format", format.Name())
			return true
		}
		if !l.refused {
			l.refused = true
			f.Logger.Error("source: a log has an unknown format; nothing of it is read until the source's format is named", "file", file.Name(), "reason", err)
		}
	}
	file.Rest()
	return false
}

// line counts one line of a file.
func (f *follower) line(source *fileSource, l *logFile, line tail.Line) {
	if line.Long {
		l.recent.skip(line.End)
		f.lines++
		f.metrics.rejected(source.Pattern, errLong)
		return
	}
	l.recent.end = line.End
	if len(line.Text) == 0 {
		return
	}
	print, err := l.parse(line.Text, f.hit)
	if err == accesslog.ErrDirective {
		return
	}
	f.lines++
	l.recent.add(line.Start, print)
	if err != nil {
		f.metrics.rejected(source.Pattern, err)
		return
	}
	l.time = f.hit.Fields().Time
	bot, err := f.Sink.Add(f.hit)
	if err != nil {
		f.metrics.rejected(source.Pattern, err)
		return
	}
	f.metrics.stored(source.Pattern, bot)
}

// parse reads a line into the hit, and returns its fingerprint.
func (l *logFile) parse(text []byte, h raw.Hit) (fingerprint, error) {
	var print fingerprint
	err := l.parser.Parse(text, h)
	switch {
	case err == nil:
		print.add(h.Fields())
	case !errors.Is(err, accesslog.ErrDirective):
		print.mix(rejectedWord)
	case bytes.HasPrefix(text, []byte(fieldsDirective)) && len(text) <= maxFields:
		l.fields = string(text)
	}
	return print, err
}

// report notes what happened to a file.
func (f *follower) report(e tail.Event) {
	f.changed = f.changed || e.Kind != tail.Unreadable && e.Kind != tail.Packed
	log := f.Logger.With("file", e.Name, "source", e.Pattern)
	switch e.Kind {
	case tail.Opened:
		log.Info("source: a file is followed")
	case tail.Resumed:
		log.Info("source: a file is read on from where it was left")
	case tail.Rotated:
		log.Info("source: a file was rotated away; it is read to its end")
	case tail.Copied:
		log.Info("source: what was not read of a file is read from a copy")
	case tail.Truncated:
		f.metrics.truncated(e.Pattern, e.Bytes)
		if e.Bytes > 0 {
			log.Error("source: a file was truncated before it was read; what was in it is lost", "bytes", e.Bytes)
		} else {
			log.Info("source: a file was truncated and begins anew")
		}
	case tail.Unfinished:
		f.metrics.truncated(e.Pattern, e.Bytes)
		log.Warn("source: a rotated file ends without a line feed; its last line is not counted", "bytes", e.Bytes)
	case tail.Missing:
		log.Warn("source: a file that was followed is gone, and no copy of it is found; what it got since is lost")
	case tail.Unreadable:
		log.Error("source: a file cannot be read", "reason", e.Err)
	case tail.Packed:
		log.Warn("source: a file is compressed and not followed; read it with klar import")
	}
}
