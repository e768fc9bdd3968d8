package collector

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
)

// Change is another list of sources for a [Follow] that runs.
type Change struct {
	Files  []FileSource
	Syslog []SyslogSource
	// Apply makes the sink take what follows in the new way. It is called between two batches, by the goroutine that
	// uses the sink, when nothing else can fail any more; its error leaves everything as it was. nil does nothing.
	Apply func() error
	// Done is told why the change was refused, nil when it is in force. It has room for one answer.
	Done chan<- error
}

// change takes over another list of sources, or leaves everything as it is. What was read before counts in the old way:
// it is committed first. Files and sockets that the new list has as well are not let go of. An error is one of the sink.
func (f *follower) change(ctx context.Context, c Change) error {
	fatal, refused := f.tryChange(ctx, c)
	if refused == nil {
		refused = fatal
	}
	c.Done <- refused
	return fatal
}

func (f *follower) tryChange(ctx context.Context, c Change) (fatal, refused error) {
	sources, err := compileSources(c.Files)
	if err != nil {
		return nil, err
	}
	sockets, err := f.Syslog.prepare(c.Syslog)
	if err != nil {
		return nil, err
	}
	fatal = f.messages(ctx)
	if fatal == nil {
		fatal = f.commit(ctx, true)
	}
	if fatal == nil && c.Apply != nil {
		refused = c.Apply()
	}
	if fatal != nil || refused != nil {
		sockets.abandon()
		return fatal, refused
	}
	f.changeFiles(c.Files, sources)
	return f.changeSyslog(ctx, sockets), nil
}

// compileSources compiles the formats of sources of files, which it returns by their patterns.
func compileSources(list []FileSource) (map[string]*fileSource, error) {
	sources := map[string]*fileSource{}
	for _, s := range list {
		if sources[s.Pattern] != nil {
			return nil, fmt.Errorf("source %s: is there twice", s.Pattern)
		}
		source, err := newFileSource(s)
		if err != nil {
			return nil, fmt.Errorf("source %s: %w", s.Pattern, err)
		}
		sources[s.Pattern] = source
	}
	return sources, nil
}

// changeFiles follows other files. The positions of those that no source matches any more are kept, and used when one
// does again.
func (f *follower) changeFiles(list []FileSource, sources map[string]*fileSource) {
	var known []filePosition
	if err := json.Unmarshal(f.position(), &known); err != nil {
		panic(err) // it was just made
	}
	before, idle := f.sources, f.idle
	f.Sources, f.sources, f.idle = list, sources, nil
	marks := f.marksOf(idle)
	for _, p := range known {
		if f.sourceOf(p) == nil && !slices.Contains(idle, p) {
			f.keep(p)
		}
	}
	for _, file := range f.set.Files() {
		f.adopt(file.Data, before, file.Pattern(), file.Base())
	}
	for _, m := range f.set.Marks() {
		f.adopt(m.Data, before, m.Pattern, m.Name)
	}
	f.set.Repattern(f.patterns(), marks)
	for pattern := range before {
		if sources[pattern] == nil {
			f.metrics.end(pattern)
		}
	}
	f.beginFiles(before)
	f.changed = true // the positions
}

// adopt makes a file be read in the way of the source that it belongs to now, when that is another than before.
func (f *follower) adopt(data any, before map[string]*fileSource, pattern, name string) {
	l, ok := data.(*logFile)
	now := f.sourceOf(filePosition{Pattern: pattern, Name: name})
	if !ok || now == nil || before[pattern].Format == now.Format {
		return
	}
	l.clear()
	l.format, l.parser, l.refused = nil, nil, false // to be found out
	if now.format != nil {
		l.setFormat(now.format)
	}
	l.recent.skip(l.recent.end) // the fingerprints are of lines that were read in the old way
}

// patterns returns the patterns of all sources of files, in their order.
func (f *follower) patterns() []string {
	var all []string
	for _, s := range f.Sources {
		all = append(all, s.Pattern)
	}
	return all
}

// beginFiles makes the figures of sources appear that were not known before, and reports which have no file yet.
func (f *follower) beginFiles(before map[string]*fileSource) {
	for _, s := range f.Sources {
		if before[s.Pattern] != nil {
			continue
		}
		f.metrics.begin(s.Pattern)
		if names, _ := filepath.Glob(s.Pattern); len(names) == 0 {
			f.Logger.Warn("source: there is no such file yet, or it cannot be seen", "source", s.Pattern)
		}
	}
}
