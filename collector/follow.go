package collector

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/klar-analytics/klar/collector/accesslog"
	"github.com/klar-analytics/klar/collector/raw"
	"github.com/klar-analytics/klar/collector/tail"
)

// LiveSink takes the hits of sources that do not end. It is used by one goroutine.
type LiveSink interface {
	// Add anonymizes one hit; h must not be used afterwards. The first result tells that a bot was counted; the error
	// is a static reason why the hit was dropped, and carries nothing of it.
	Add(h raw.Hit) (bot bool, err error)
	// Commit keeps the hits added since the last Commit together with the position (key, value): in a crash both survive
	// or neither does.
	Commit(ctx context.Context, key string, position []byte) error
	// Sync returns when everything that was committed is on the disk.
	Sync(ctx context.Context) error
	// Positions returns what was committed under keys with the prefix.
	Positions(prefix string) map[string][]byte
	// Forget lets go of what is known of visits on days that ended before a moment. No hit of those days is expected.
	Forget(before time.Time)
}

// FileSource is a number of log files of one kind that are followed.
type FileSource struct {
	// Pattern is a file's name, or a pattern of names as in a shell.
	Pattern string
	// Site is the id of the site that the hits belong to; empty: by the host that the log names.
	Site string
	// Format is the format of the logs, as accesslog.Compile takes it; empty or "auto" finds it out for each file.
	Format string
}

// FollowOptions say what is followed.
type FollowOptions struct {
	Sources []FileSource
	// Syslog are the listeners whose messages are counted; nil is none. Follow closes them.
	Syslog *Syslog
	Sink   LiveSink
	// Changes are other lists of sources, to be followed from then on; nil is none. The channel has room for one.
	Changes <-chan Change
	// Interval is how often the files are looked at, and how long a line waits at most to be committed; 0 is 500 ms.
	Interval time.Duration
	// Late is how long after the end of a day its last lines may come; 0 is two hours.
	Late time.Duration
	// Flush bounds the last commit, when the context has ended; 0 is five seconds.
	Flush time.Duration
	// Now and After are the clock; nil is time.Now and time.After.
	Now   func() time.Time
	After func(time.Duration) <-chan time.Time
	// Logger reports what happens to the files, by their names and never by what they say; nil is none.
	Logger *slog.Logger
	// Registerer gets the metrics klar_source_…; nil is none.
	Registerer prometheus.Registerer
}

const (
	// liveBatch is after how many lines a commit does not wait for the interval.
	liveBatch = 16384
	// forgetEvery is how often the sink is told what it may forget.
	forgetEvery = time.Minute
)

// follower is a running Follow.
type follower struct {
	FollowOptions
	set     *tail.Set
	sources map[string]*fileSource
	hit     raw.Hit
	metrics *sourceMetrics
	idle    []filePosition     // of files that no source matches
	shown   map[[2]string]bool // the sources and files whose lag is shown

	changed   bool  // there is something to commit
	lines     int64 // since the last commit
	committed time.Time
	scanned   time.Time
	forgotten time.Time
}

// fileSource is a source, its format compiled; nil is to be found out.
type fileSource struct {
	FileSource
	format *accesslog.Format
}

// Follow reads the files of all sources, what they hold and what is written to them, until the context ends: then it
// commits what was read and returns nil. It goes on where the last commit was, so that each line counts once, however the
// files are rotated and whenever the process dies. In between it takes the messages of syslog, of which nothing can be
// read again: what was not committed when the process dies is lost. An error is one of the configuration or of the sink.
func Follow(ctx context.Context, o FollowOptions) error {
	o = o.complete()
	defer o.Syslog.Close()
	f, err := newFollower(o)
	if err != nil {
		return err
	}
	defer f.close()
	for ctx.Err() == nil {
		if err := f.round(ctx); err != nil {
			return err
		}
		if err := f.rest(ctx); err != nil {
			return err
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), f.Flush)
	defer cancel()
	return f.finish(last)
}

// rest waits for the interval to pass, and counts the messages that arrive meanwhile.
func (f *follower) rest(ctx context.Context) error {
	over := f.After(f.Interval)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-over:
			return nil
		case c := <-f.Changes:
			if err := f.change(ctx, c); err != nil {
				return err
			}
			return nil // the new files are looked at
		case <-f.Syslog.wake:
			if err := f.messages(ctx); err != nil {
				return err
			}
		}
	}
}

// newFollower prepares following, and reads the positions.
func newFollower(o FollowOptions) (*follower, error) {
	f := &follower{FollowOptions: o, hit: raw.New(), metrics: newSourceMetrics(o.Registerer)}
	f.committed, f.forgotten = o.Now(), o.Now()
	var err error
	if f.sources, err = compileSources(o.Sources); err != nil {
		return nil, err
	}
	f.set = tail.NewSet(tail.Options{Patterns: f.patterns(), Marks: f.marks(), Now: o.Now, Report: f.report})
	f.beginFiles(nil)
	f.beginSyslog(f.Syslog.sources)
	return f, nil
}

// complete fills in the defaults.
func (o FollowOptions) complete() FollowOptions {
	if o.Syslog == nil {
		o.Syslog = &Syslog{wake: make(chan struct{}, 1)}
	}
	if o.Interval == 0 {
		o.Interval = 500 * time.Millisecond
	}
	if o.Late == 0 {
		o.Late = 2 * time.Hour
	}
	if o.Flush == 0 {
		o.Flush = 5 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.After == nil {
		o.After = time.After
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return o
}

// newFileSource compiles a source's format.
func newFileSource(s FileSource) (*fileSource, error) {
	source := &fileSource{FileSource: s}
	if s.Format == "" || s.Format == "auto" {
		return source, nil
	}
	var err error
	source.format, err = accesslog.Compile(s.Format)
	return source, err
}

// round looks at all files once, and reads what they have. However much that is, messages do not wait for its end.
func (f *follower) round(ctx context.Context) error {
	f.scan()
	for more := true; more && ctx.Err() == nil; {
		more = false
		for _, file := range f.set.Files() {
			for first := true; file.Ready() && (first || file.Away()) && ctx.Err() == nil; first = false {
				f.read(file)
				if err := f.messages(ctx); err != nil {
					return err
				}
				if err := f.commitWhenDue(ctx); err != nil {
					return err
				}
			}
			more = more || file.Ready()
		}
		if len(f.Changes) > 0 {
			return nil // they wait for the end of the round; the next one goes on
		}
		if more && f.Now().Sub(f.scanned) >= f.Interval {
			f.scan()
		}
	}
	if err := f.messages(ctx); err != nil {
		return err
	}
	f.observe()
	f.observeSyslog()
	return f.commitWhenDue(ctx)
}

// scan looks what has become of the files.
func (f *follower) scan() {
	f.set.Scan()
	f.scanned = f.Now()
	f.observe()
	f.forget()
}

// commitWhenDue commits when enough was read, or when what was read has waited long enough.
func (f *follower) commitWhenDue(ctx context.Context) error {
	due := f.Now().Sub(f.committed) >= f.Interval
	if !due && f.lines < liveBatch {
		return nil
	}
	return f.commit(ctx, due)
}

// commit makes the positions and hits last. With sync they are on the disk afterwards; without, soon.
func (f *follower) commit(ctx context.Context, sync bool) error {
	if !f.changed {
		return nil
	}
	if err := f.Sink.Commit(ctx, positionKey, f.position()); err != nil {
		return fmt.Errorf("sources: %w", err)
	}
	f.changed, f.lines, f.committed = false, 0, f.Now()
	if !sync {
		return nil
	}
	if err := f.Sink.Sync(ctx); err != nil && ctx.Err() == nil {
		return fmt.Errorf("sources: %w", err)
	}
	return nil
}

// forget tells the sink from time to time which days are over: those that ended some hours ago, and before the lines
// that files still hold.
func (f *follower) forget() {
	now := f.Now()
	if now.Sub(f.forgotten) < forgetEvery {
		return
	}
	f.forgotten = now
	for _, file := range f.set.Files() {
		if l, ok := file.Data.(*logFile); ok && file.Ready() && l.time != 0 && time.Unix(l.time, 0).Before(now) {
			now = time.Unix(l.time, 0)
		}
	}
	f.Sink.Forget(now.Add(-f.Late))
}

// close lets go of the files, and overwrites what was read of them.
func (f *follower) close() {
	for _, file := range f.set.Files() {
		if l, ok := file.Data.(*logFile); ok {
			l.clear()
		}
	}
	f.set.Close()
	f.hit.Clear()
}
