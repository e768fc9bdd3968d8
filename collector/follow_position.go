package collector

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"time"

	"github.com/klar-analytics/klar/collector/accesslog"
	"github.com/klar-analytics/klar/collector/raw"
	"github.com/klar-analytics/klar/collector/tail"
)

// positionKey is where the positions of all followed files are kept, together, so that one record holds them with the
// hits of all.
const positionKey = "follow"

// filePosition says how far a file was read. It is kept on the disk and holds nothing of a line but a hash of times,
// methods, statuses, sizes, hosts and lengths (see fingerprint).
type filePosition struct {
	Device  uint64 `json:"device"`
	Inode   uint64 `json:"inode"`
	Born    int64  `json:"born,omitempty"`
	Pattern string `json:"pattern"`
	Name    string `json:"name"`
	// Asked is the format as it is configured, Format the one that was found out.
	Asked  string `json:"asked,omitempty"`
	Format string `json:"format,omitempty"`
	Fields string `json:"fields,omitempty"` // the directive in force
	Offset int64  `json:"offset"`
	// Span is how many bytes before the offset the recent lines take, and Print their fingerprint.
	Span  int64  `json:"span"`
	Print string `json:"print"`
	// At is when the file had been written last, when it was read last, in nanoseconds since 1970.
	At   int64 `json:"at"`
	Gone bool  `json:"gone,omitempty"`
}

// position returns the positions of all files as they are stored.
func (f *follower) position() []byte {
	all := slices.Clone(f.idle)
	add := func(id tail.ID, pattern, name string, at time.Time, data any, gone bool) {
		l, ok := data.(*logFile)
		if !ok {
			l = &logFile{} // nothing was read of it; when it is rotated away before that, it is known to be missed
		}
		p := filePosition{
			Device: id.Device, Inode: id.Inode, Born: id.Born, Pattern: pattern, Name: name, Fields: l.fields,
			Offset: l.recent.end, Span: l.recent.span(), Print: l.recent.print().String(), At: at.UnixNano(), Gone: gone,
		}
		p.Asked = f.sources[pattern].Format
		if l.format != nil {
			p.Format = l.format.Name()
		}
		all = append(all, p)
	}
	for _, m := range f.set.Marks() {
		add(m.ID, m.Pattern, m.Name, m.At, m.Data, m.Gone)
	}
	for _, file := range f.set.Files() {
		add(file.ID(), file.Pattern(), file.Base(), file.Modified(), file.Data, false)
	}
	b, err := json.Marshal(all)
	if err != nil {
		panic(err) // numbers, strings and booleans cannot fail
	}
	return b
}

// maxIdle is how many positions of files are kept that no source matches any more, in case that it does again.
const maxIdle = 256

// marks returns the stored positions as marks.
func (f *follower) marks() []tail.Mark {
	var all []filePosition
	if json.Unmarshal(f.Sink.Positions(positionKey)[positionKey], &all) != nil {
		return nil // none yet
	}
	return f.marksOf(all)
}

// keep keeps the position of a file that no source matches.
func (f *follower) keep(p filePosition) {
	if f.idle = append(f.idle, p); len(f.idle) > maxIdle {
		f.idle = f.idle[1:]
	}
}

// marksOf returns positions as marks, and keeps those that no source matches.
func (f *follower) marksOf(all []filePosition) []tail.Mark {
	var marks []tail.Mark
	for _, p := range all {
		source := f.sourceOf(p)
		if source == nil {
			f.keep(p)
			continue
		}
		l := &logFile{fields: p.Fields, since: f.Now()}
		l.recent.end = p.Offset
		if !l.restore(source, p) {
			p.Span = 0
		}
		marks = append(marks, tail.Mark{
			ID: tail.ID{Device: p.Device, Inode: p.Inode, Born: p.Born}, Pattern: source.Pattern, Name: p.Name, Offset: p.Offset, Span: p.Span,
			Same: func(before []byte) bool { return l.reread(before, p) },
			At:   time.Unix(0, p.At), Gone: p.Gone, Data: l,
		})
	}
	return marks
}

// sourceOf returns the source that a position belongs to: when the pattern was changed, another that matches the file.
func (f *follower) sourceOf(p filePosition) *fileSource {
	if s := f.sources[p.Pattern]; s != nil {
		return s
	}
	for _, s := range f.Sources {
		if ok, err := filepath.Match(s.Pattern, p.Name); ok && err == nil {
			return f.sources[s.Pattern]
		}
	}
	return nil
}

// restore makes the file readable again, from the position on. When its lines are read in another way than before, it
// returns false: their fingerprint then says nothing, and the file's identity must do.
func (l *logFile) restore(source *fileSource, p filePosition) bool {
	if source.Format != p.Asked {
		if source.format != nil {
			l.setFormat(source.format)
		}
		return false
	}
	format := source.format
	if format == nil {
		if p.Format == "" {
			return false // nothing was read of it
		}
		var err error
		if format, err = accesslog.Compile(p.Format); err != nil {
			return false
		}
	}
	l.setFormat(format)
	if p.Fields != "" {
		h := raw.New()
		_, _ = l.parse([]byte(p.Fields), h)
		h.Clear()
	}
	return true
}

// reread tells whether the lines before a position are those that were there, and if so remembers them.
func (l *logFile) reread(before []byte, p filePosition) bool {
	probe := logFile{}
	probe.setFormat(l.format)
	defer probe.clear()
	h := raw.New()
	defer h.Clear()
	if p.Fields != "" {
		_, _ = probe.parse([]byte(p.Fields), h)
	}
	start := p.Offset - p.Span
	for len(before) > 0 {
		n := bytes.IndexByte(before, '\n')
		if n < 0 {
			return false
		}
		if text := trim(before[:n]); len(text) > 0 {
			if print, err := probe.parse(text, h); err != accesslog.ErrDirective {
				probe.recent.add(start, print)
			}
		}
		start += int64(n + 1)
		before = before[n+1:]
	}
	probe.recent.end = p.Offset
	if probe.recent.print().String() != p.Print {
		return false
	}
	l.recent = probe.recent
	return true
}

// maxRecent is how many lines tell whether a file is still the same.
const maxRecent = 16

// recent are the fingerprints of a file's last lines.
type recent struct {
	lines [maxRecent]struct {
		start int64
		print fingerprint
	}
	n, first int
	end      int64 // behind the last line
}

// add takes in the next line.
func (r *recent) add(start int64, print fingerprint) {
	at := &r.lines[(r.first+r.n)%maxRecent]
	at.start, at.print = start, print
	if r.n < maxRecent {
		r.n++
	} else {
		r.first = (r.first + 1) % maxRecent
	}
}

// skip leaves out a line too long to be read again, and what was before it.
func (r *recent) skip(end int64) { *r = recent{end: end} }

// span returns how many bytes the lines take, up to the end; 0 without lines.
func (r *recent) span() int64 {
	if r.n == 0 {
		return 0
	}
	return r.end - r.lines[r.first].start
}

// print returns the fingerprint of the lines together.
func (r *recent) print() fingerprint {
	var all fingerprint
	for i := range r.n {
		all.mix(uint64(r.lines[(r.first+i)%maxRecent].print))
	}
	return all
}
