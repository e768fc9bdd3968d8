// Package collector runs the sources of hits. It reads logs, cuts them into lines, has them parsed, and hands the raw
// hits to a sink, together with the position up to which they were read, so that every line counts exactly once.
package collector

import (
	"context"
	"io"
	"time"

	"github.com/klar-analytics/klar/collector/raw"
)

// Sink takes raw hits in. It is used by one goroutine at a time.
type Sink interface {
	// Add anonymizes one hit; h must not be used afterwards. The first result tells that a bot was counted; the error
	// is a static reason why the hit was dropped, and carries nothing of it.
	Add(h raw.Hit) (bot bool, err error)
	// Warm lets the sink remember a hit that was stored by an earlier run, without storing it.
	Warm(h raw.Hit)
	// Discard forgets the batch's hits added by Warm. It is called where Commit would be.
	Discard()
	// Commit makes the hits added since the last Commit durable together with the position (key, value). It may return
	// before that is done; an error may come with a later call.
	Commit(ctx context.Context, key string, position []byte) error
	// Positions returns what was committed under keys with the prefix.
	Positions(prefix string) map[string][]byte
	// Drain waits until everything that was committed is in ClickHouse.
	Drain(ctx context.Context) error
}

// ImportOptions says what to import and how.
type ImportOptions struct {
	// Site is the id of the site that the hits belong to.
	Site string
	// Inputs are files, patterns of files as in a shell, and - for the standard input. Files packed with gzip or zstd are
	// recognised by their content. They are read in the order of their first lines' times.
	Inputs []string
	// Stdin is read for the input "-". A read that is under way when the context ends is left behind in a goroutine,
	// which ends when the read returns.
	Stdin io.Reader
	// Format is the format of all inputs, as accesslog.Compile takes it; empty or "auto" finds it out for each file.
	Format string
	// Strict makes the first rejected or dropped line an error. What was committed before it stays.
	Strict bool
	// Again imports logs also if they, or their beginnings, were imported before. Their lines then count twice.
	Again bool
	// Sink takes the hits.
	Sink Sink
	// Now is the clock for Summary.Seconds.
	Now func() time.Time
	// Progress, if not nil, is called after each read of up to 256 KiB.
	Progress func(Progress)
	// Detected, if not nil, is called once for each log with lines, before they are read. Without agents in it, bots
	// cannot be told from people.
	Detected func(file, format string, agents bool)

	// batch is how many lines are committed together; tests make it small.
	batch int64
}

// Progress says how far an import is.
type Progress struct {
	// File is the input that is being read.
	File string
	// Read is how many bytes of the inputs, as they lie on the disk, were read, and Total how many there are; 0 if
	// the standard input is among them.
	Read, Total int64
	// Lines is the number of lines that were read.
	Lines int64
	// Checking is true while a log that begins like one imported before is held against its fingerprint. Read and Total
	// are then those of that file's known part.
	Checking bool
}

// Summary says what became of all lines: Lines = Already + Stored + Rejected. Empty lines are no lines.
type Summary struct {
	// Files is the number of inputs, Lines that of the lines in them.
	Files int   `json:"files"`
	Lines int64 `json:"lines"`
	// Stored is the number of lines that were counted, of which Bots were those of bots.
	Stored int64 `json:"stored"`
	// Rejected is the number of lines that could not be parsed, or that the sink dropped, RejectedBy the same by reason.
	Rejected   int64            `json:"rejected"`
	Bots       int64            `json:"bots"`
	Bytes      uint64           `json:"bytes"` // the sum of the answers' sizes of the stored lines
	Seconds    float64          `json:"seconds"`
	RejectedBy map[string]int64 `json:"rejected_by"`
	// Already is the number of lines that an earlier import has stored or rejected.
	Already int64 `json:"already"`
	// Rejects are the first 20 rejected lines.
	Rejects []Reject `json:"rejects,omitempty"`
	// Inputs are the inputs in the order they were read.
	Inputs []FileSummary `json:"inputs,omitempty"`
}

// FileSummary says what became of one input.
type FileSummary struct {
	// File is its name as given or as the pattern matched it.
	File string `json:"file"`
	// Format is the name of its format, empty if it has no lines; Compression is gzip, zstd or empty.
	Format      string `json:"format,omitempty"`
	Compression string `json:"compression,omitempty"`
	Lines       int64  `json:"lines"`
	Stored      int64  `json:"stored"`
	Rejected    int64  `json:"rejected"`
	Already     int64  `json:"already"`
}

// Reject is a line that was not counted. It names the line, never what it says.
type Reject struct {
	File   string `json:"file"`
	Line   int64  `json:"line"` // the first is 1; empty lines count here
	Reason string `json:"reason"`
}

// Import reads logs into the sink and returns when they are in ClickHouse. Lines that an earlier import of the site has
// done, as its fingerprint tells, are not stored again, even when the log was renamed, packed or has grown since. An
// import that was interrupted goes on where its last commit was.
//
// All inputs are opened and looked at before the first line is stored, so that a missing file or an unknown format changes
// nothing. With an error the summary says what was done before it.
func Import(ctx context.Context, o ImportOptions) (Summary, error) {
	im := newImporter(o)
	defer im.clear()
	start := o.Now()
	err := im.run(ctx)
	im.summary.Seconds = o.Now().Sub(start).Seconds()
	return im.summary, err
}
