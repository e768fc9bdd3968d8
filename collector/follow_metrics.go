package collector

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// sourceMetrics are the figures of followed sources. A source's label is its pattern as configured.
type sourceMetrics struct {
	lines       *prometheus.CounterVec
	rejects     *prometheus.CounterVec
	files       *prometheus.GaugeVec
	lagBytes    *prometheus.GaugeVec
	lagSeconds  *prometheus.GaugeVec
	fileLag     *prometheus.GaugeVec
	truncations *prometheus.CounterVec
	lost        *prometheus.CounterVec
	syslog      syslogMetrics
}

func newSourceMetrics(r prometheus.Registerer) *sourceMetrics {
	auto := promauto.With(r)
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return auto.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, append([]string{"source"}, labels...))
	}
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return auto.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help}, append([]string{"source"}, labels...))
	}
	return &sourceMetrics{
		lines:       counter("klar_source_lines_total", "Lines read, by what became of them: stored, bot (stored, of a bot) or rejected.", "result"),
		rejects:     counter("klar_source_rejected_total", "Lines that were not counted, by the reason.", "reason"),
		files:       gauge("klar_source_files", "Files that are open, by state: current, rotated, or unknown (their format).", "state"),
		lagBytes:    gauge("klar_source_lag_bytes", "Bytes in the files that are not read yet, a last line without a line feed included."),
		lagSeconds:  gauge("klar_source_lag_seconds", "For how long the file that is behind most has been."),
		fileLag:     gauge("klar_source_file_lag_seconds", "For how long a file has been behind, by the name that its source matches.", "file"),
		truncations: counter("klar_source_truncations_total", "Files that were truncated or overwritten, or left with an unfinished line."),
		lost:        counter("klar_source_lost_bytes_total", "Bytes known to have gone before they were read."),
		syslog: syslogMetrics{
			lost:    counter("klar_syslog_lost_total", "Messages that were lost: full (no room in memory), kernel (the system's buffer was full) or torn (a stream broke off).", "reason"),
			streams: gauge("klar_syslog_streams", "Streams that are open."),
			closed:  counter("klar_syslog_closed_total", "Streams that Klar closed: refused (too many), stalled (silent for too long) or failed (no TLS).", "reason"),
		},
	}
}

// begin makes a source's figures appear before the first line.
func (m *sourceMetrics) begin(source string) {
	for _, result := range []string{"stored", "bot", "rejected"} {
		m.lines.WithLabelValues(source, result)
	}
	m.truncations.WithLabelValues(source)
	m.lost.WithLabelValues(source)
}

// end makes the gauges of a source disappear that is there no more. Its counts stay.
func (m *sourceMetrics) end(source string) {
	of := prometheus.Labels{"source": source}
	for _, v := range []*prometheus.GaugeVec{m.files, m.lagBytes, m.lagSeconds, m.fileLag, m.syslog.streams} {
		v.DeletePartialMatch(of)
	}
}

func (m *sourceMetrics) stored(source string, bot bool) {
	result := "stored"
	if bot {
		result = "bot"
	}
	m.lines.WithLabelValues(source, result).Inc()
}

// rejected counts a line by its reason, which is one of a fixed number of texts.
func (m *sourceMetrics) rejected(source string, reason error) {
	m.lines.WithLabelValues(source, "rejected").Inc()
	m.rejects.WithLabelValues(source, reason.Error()).Inc()
}

func (m *sourceMetrics) truncated(source string, lost int64) {
	m.truncations.WithLabelValues(source).Inc()
	m.lost.WithLabelValues(source).Add(float64(lost))
}

// observe sets the gauges.
func (f *follower) observe() {
	type figures struct {
		current, rotated, unknown, bytes, seconds float64
	}
	all := map[string]*figures{}
	shown := map[[2]string]bool{}
	for pattern := range f.sources {
		all[pattern] = &figures{}
	}
	for _, file := range f.set.Files() {
		g := all[file.Pattern()]
		g.bytes += float64(file.Behind())
		l, _ := file.Data.(*logFile)
		switch {
		case l != nil && l.refused && l.format == nil:
			g.unknown++
		case file.Away():
			g.rotated++
		default:
			g.current++
		}
		behind := 0.0
		if l != nil && (file.Ready() || l.refused && l.format == nil) {
			behind = f.Now().Sub(l.since).Seconds()
		}
		g.seconds = max(g.seconds, behind)
		if n := file.Name(); !file.Away() || behind > 0 {
			shown[[2]string{file.Pattern(), n}] = true
			f.metrics.fileLag.WithLabelValues(file.Pattern(), n).Set(behind)
		}
	}
	for gone := range f.shown {
		if !shown[gone] {
			f.metrics.fileLag.DeleteLabelValues(gone[0], gone[1])
		}
	}
	f.shown = shown
	for pattern, g := range all {
		f.metrics.files.WithLabelValues(pattern, "current").Set(g.current)
		f.metrics.files.WithLabelValues(pattern, "rotated").Set(g.rotated)
		f.metrics.files.WithLabelValues(pattern, "unknown").Set(g.unknown)
		f.metrics.lagBytes.WithLabelValues(pattern).Set(g.bytes)
		f.metrics.lagSeconds.WithLabelValues(pattern).Set(g.seconds)
	}
}
