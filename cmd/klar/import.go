package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"github.com/klar-analytics/klar/collector"
	"github.com/klar-analytics/klar/collector/accesslog"
)

// importFlags are the flags of klar import.
type importFlags struct {
	site, format          string
	strict, again, asJSON bool
	alerts                bool
}

// formatNames lists the formats that have a name, in lines that fit the screen.
func formatNames() string {
	all := accesslog.Names()
	half := (len(all) + 1) / 2
	return strings.Join(all[:half], ", ") + ",\n" + strings.Join(all[half:], ", ")
}

func importCommand() command {
	return command{
		name: "import", args: "FILE…", short: "reads past access logs, each line once", made: true,
		long: `Reads access logs into the statistics: files, patterns, gzip, zstd, "-" for standard input. The format is found out from
the first lines; --format takes an nginx log_format string or one of
` + formatNames() + `.

A line is counted once: what was imported before is recognised and left out, also when the file was renamed, packed or
has grown, and an interrupted import goes on where it stopped. Rejected lines are counted by reason and reported by file
and line number.

  klar import --site example.org /var/log/nginx/access.log*`,
		setup: func(c *call) func(context.Context) error {
			var f importFlags
			c.flags.StringVar(&f.site, "site", "", "`ID` of the site the lines belong to; without it, by the log's host field")
			c.flags.StringVar(&f.format, "format", "auto", "`FORMAT` of the log: a name or an nginx log_format string")
			c.flags.BoolVar(&f.strict, "strict", false, "stop with an error at the first line that cannot be counted")
			c.flags.BoolVar(&f.again, "again", false, "import even what was imported before; its lines then count twice")
			c.flags.BoolVar(&f.asJSON, "json", false, "print the summary as JSON")
			c.flags.BoolVar(&f.alerts, "alerts", false, "report what the rules of alerts would have raised, in the time of the logs; nobody is told")
			return func(ctx context.Context) error { return c.importLogs(ctx, f) }
		},
	}
}

func (c *call) importLogs(ctx context.Context, f importFlags) error {
	if len(c.args) == 0 {
		return errors.New("import needs at least one file, or - for standard input; see 'klar help import'")
	}
	if f.site == "" && len(c.config.Sites) == 0 {
		return errors.New("which site do the lines belong to? Name it with --site, or configure sites and their hosts")
	}
	if f.site != "" && !slices.ContainsFunc(c.config.Sites, func(s siteConfig) bool { return s.ID == f.site }) {
		c.config.Sites = append(c.config.Sites, siteConfig{ID: f.site, location: time.UTC})
	}
	past, err := c.judgePast(f.alerts)
	if err != nil {
		return err
	}
	sink, err := c.openSink(ctx, "import", slog.New(slog.NewTextHandler(c.stderr, &slog.HandlerOptions{Level: slog.LevelWarn})), nil)
	if err != nil {
		return err
	}
	bar := c.newProgress(f.asJSON)
	defer gcFloor(importFloor)()
	summary, err := collector.Import(ctx, collector.ImportOptions{
		Site: f.site, Inputs: c.args, Stdin: c.stdin, Format: f.format, Strict: f.strict, Again: f.again,
		Sink: sink, Now: time.Now, Progress: bar.show, Detected: bar.detected,
	})
	bar.end()
	flush := flushTime
	if err != nil {
		flush = hurriedFlushTime
		if cause := sink.failure(); cause != nil { // where in the log it was noticed says nothing
			err = cause
		}
	}
	if closing := sink.close(flush); err == nil {
		err = closing
	}
	if n := sink.writer.Refused(); err == nil && n > 0 {
		err = fmt.Errorf("ClickHouse refused %d blocks of rows; they are set aside: see 'klar spool'", n)
	}
	whole := judgedSummary{Summary: summary, Alerts: past.list()}
	if f.asJSON && (err == nil || summary.Lines > 0) {
		enc := json.NewEncoder(c.stdout)
		enc.SetIndent("", "  ")
		if writing := enc.Encode(whole); err == nil {
			err = writing
		}
	} else if err == nil {
		printSummary(c.stdout, summary, f.site)
		whole.print(c.stdout)
	}
	if errors.Is(err, context.Canceled) {
		return errors.New("interrupted; the same command goes on where this one stopped")
	}
	return err
}

func printSummary(w io.Writer, s collector.Summary, site string) {
	for _, r := range s.Rejects {
		fmt.Fprintf(w, "%s:%d: not counted: %s\n", r.File, r.Line, r.Reason)
	}
	if more := s.Rejected - int64(len(s.Rejects)); more > 0 {
		fmt.Fprintf(w, "… and %s lines more\n", humanize.Comma(more))
	}
	for _, reason := range slices.Sorted(func(yield func(string) bool) {
		for r := range s.RejectedBy {
			if !yield(r) {
				return
			}
		}
	}) {
		fmt.Fprintf(w, "%s lines not counted: %s\n", humanize.Comma(s.RejectedBy[reason]), reason)
	}
	for _, in := range s.Inputs {
		if in.Already > 0 {
			fmt.Fprintf(w, "%s: %s lines were imported before and are not counted again\n", in.File, humanize.Comma(in.Already))
		}
	}
	to := ""
	if site != "" {
		to = " as " + site
	}
	rate := ""
	if s.Seconds > 0 && s.Stored > 0 {
		rate = fmt.Sprintf(", %s lines/s", humanize.Comma(int64(float64(s.Stored)/s.Seconds)))
	}
	fmt.Fprintf(w, "%s lines stored%s, %s of them bots, %s answered, in %.1f s%s\n",
		humanize.Comma(s.Stored), to, humanize.Comma(s.Bots), humanize.Bytes(s.Bytes), s.Seconds, rate)
}

// progress shows on a terminal how far an import is, and elsewhere only what formats were found.
type progress struct {
	out   io.Writer
	quiet bool
	bar   *progressbar.ProgressBar
}

func (c *call) newProgress(quiet bool) *progress {
	p := &progress{out: c.stderr, quiet: quiet}
	f, ok := c.stderr.(*os.File)
	if ok && term.IsTerminal(int(f.Fd())) {
		p.bar = progressbar.NewOptions64(-1, progressbar.OptionSetWriter(c.stderr), progressbar.OptionShowBytes(true),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionFullWidth(), progressbar.OptionSetPredictTime(true),
			progressbar.OptionClearOnFinish())
	}
	return p
}

func (p *progress) detected(file, format string, agents bool) {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
	if !p.quiet {
		fmt.Fprintf(p.out, "%s: format %s\n", file, format)
	}
	if !agents {
		fmt.Fprintf(p.out, "%s: warning: the log has no user agents: bots count as visitors, and browsers and systems stay unknown\n", file)
	}
}

func (p *progress) show(now collector.Progress) {
	if p.bar == nil {
		return
	}
	if now.Total > 0 && p.bar.GetMax64() != now.Total {
		p.bar.ChangeMax64(now.Total)
	}
	what := filepath.Base(now.File)
	if now.Checking {
		what += " (imported before?)"
	}
	p.bar.Describe(fmt.Sprintf("%s, %s lines", what, humanize.Comma(now.Lines)))
	_ = p.bar.Set64(now.Read)
}

func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
}
