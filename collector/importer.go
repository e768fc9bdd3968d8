package collector

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"

	"github.com/klar-analytics/klar/collector/accesslog"
)

// importer is one import.
type importer struct {
	ImportOptions
	scanner *scanner
	sources []*source
	// stored are the positions of earlier imports, finished those of this one's logs.
	stored, finished []entry
	summary          Summary

	// cancel ends reading from a standard input that does not answer.
	cancel <-chan struct{}
	// warmFrom is the time before which known hits are of no interest any more.
	warmFrom int64
	// read is how much was read of the logs, progress what is shown, of total bytes, in the log called file.
	read     atomic.Int64
	progress *atomic.Int64
	total    int64
	file     string
	lines    int64
	checking bool
}

// newImporter returns the import that the options ask for.
func newImporter(o ImportOptions) *importer {
	if o.batch == 0 {
		o.batch = batchLines
	}
	im := &importer{
		ImportOptions: o,
		scanner:       newScanner(o.Site),
		summary:       Summary{RejectedBy: map[string]int64{}},
	}
	im.progress = &im.read
	return im
}

// run looks at all sources, then reads them in the order of their times.
func (im *importer) run(ctx context.Context) error {
	im.scanner.lines.onRead = func() error {
		im.report()
		return ctx.Err()
	}
	im.cancel = ctx.Done()
	if err := im.plan(); err != nil {
		return err
	}
	for _, s := range im.sources {
		if im.Detected != nil && s.format != nil {
			im.Detected(s.name, s.format.Name(), !s.noAgents)
		}
	}
	last := im.planWarming()
	for i, s := range im.sources {
		if im.needed(s, i, last) {
			im.total += s.size
		}
	}
	if slices.ContainsFunc(im.sources, func(s *source) bool { return s.stream }) {
		im.total = 0
	}
	for i, s := range im.sources {
		if err := im.source(ctx, s, im.needed(s, i, last)); err != nil {
			return err
		}
	}
	if err := im.Sink.Drain(ctx); err != nil {
		return fmt.Errorf("import: what was read is not all in ClickHouse yet: %w", err)
	}
	return nil
}

// source does one source: all of it, what is new of it, or nothing.
func (im *importer) source(ctx context.Context, s *source, needed bool) error {
	defer s.clear()
	im.summary.Files++
	im.summary.Inputs = append(im.summary.Inputs, FileSummary{File: s.name, Compression: s.packed})
	if s.format == nil {
		return nil
	}
	im.file = s.name
	if err := im.rematch(s); err != nil {
		return err
	}
	f := im.current()
	f.Format = s.format.Name()
	var err error
	if needed {
		err = im.readLog(ctx, s)
	} else {
		f.Already = s.known.lines()
	}
	f.Lines = f.Already + f.Stored + f.Rejected
	im.summary.Lines += f.Lines
	im.summary.Already += f.Already
	return err
}

// current returns the summary of the source that is being read.
func (im *importer) current() *FileSummary { return &im.summary.Inputs[len(im.summary.Inputs)-1] }

// maxRejects is how many rejected lines are named.
const maxRejects = 20

// reject counts a line that was not counted. In a strict import it is an error.
func (im *importer) reject(number int64, reason error) error {
	text := reason.Error()
	im.current().Rejected++
	im.summary.Rejected++
	im.summary.RejectedBy[text]++
	if len(im.summary.Rejects) < maxRejects {
		im.summary.Rejects = append(im.summary.Rejects, Reject{File: im.file, Line: number, Reason: text})
	}
	if im.Strict {
		return fmt.Errorf("%s:%d: %w", im.file, number, reason)
	}
	return nil
}

// report tells the caller how far the import is.
func (im *importer) report() {
	if im.Progress != nil && im.file != "" {
		im.Progress(Progress{File: im.file, Read: im.progress.Load(), Total: im.total, Lines: im.lines + im.scanner.count, Checking: im.checking})
	}
}

// compileFormat returns the format asked for, nil when it is to be detected.
func (im *importer) compileFormat() (*accesslog.Format, error) {
	if im.Format == "" || im.Format == "auto" {
		return nil, nil
	}
	return accesslog.Compile(im.Format)
}

// clear overwrites all that was read.
func (im *importer) clear() {
	im.scanner.clear()
	for _, s := range im.sources {
		s.clear()
	}
}
