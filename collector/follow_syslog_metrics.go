package collector

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/klar-analytics/klar/collector/syslog"
)

// syslogMetrics are the figures that sources of syslog have besides those of lines. A source's label is its address as
// configured; nothing says who sent what.
type syslogMetrics struct {
	lost    *prometheus.CounterVec
	streams *prometheus.GaugeVec
	closed  *prometheus.CounterVec
}

// beginSyslog makes a source's figures appear before the first message.
func (m *sourceMetrics) beginSyslog(source string) {
	for _, result := range []string{"stored", "bot", "rejected"} {
		m.lines.WithLabelValues(source, result)
	}
	for _, reason := range []string{"full", "kernel", "torn"} {
		m.syslog.lost.WithLabelValues(source, reason)
	}
	for _, reason := range []string{"refused", "stalled", "failed"} {
		m.syslog.closed.WithLabelValues(source, reason)
	}
}

// syslogFigures adds what a listener counted since it was asked before, and returns how many messages were lost.
func (m *sourceMetrics) syslogFigures(source string, before, now syslog.Figures) (lost uint64) {
	for range now.Long - before.Long {
		m.rejected(source, errLong)
	}
	add := func(v *prometheus.CounterVec, reason string, before, now uint64) uint64 {
		if now < before { // the system's count has begun anew
			before = 0
		}
		v.WithLabelValues(source, reason).Add(float64(now - before))
		return now - before
	}
	lost += add(m.syslog.lost, "full", before.Full, now.Full)
	lost += add(m.syslog.lost, "kernel", before.Kernel, now.Kernel)
	lost += add(m.syslog.lost, "torn", before.Torn, now.Torn)
	add(m.syslog.closed, "refused", before.Refused, now.Refused)
	add(m.syslog.closed, "stalled", before.Stalled, now.Stalled)
	add(m.syslog.closed, "failed", before.Failed, now.Failed)
	m.syslog.streams.WithLabelValues(source).Set(float64(now.Conns))
	return lost
}
