package storage

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/klar-analytics/klar/storage/schema"
)

// writerMetrics are the figures of one Writer.
type writerMetrics struct {
	cuts    prometheus.Counter
	seconds *prometheus.HistogramVec
	rows    *prometheus.CounterVec
	batch   *prometheus.HistogramVec
	retries *prometheus.CounterVec
	refused *prometheus.CounterVec
	last    prometheus.Gauge

	w      *Writer
	now    func() time.Time
	mu     sync.Mutex
	cutsOf map[uint64]waitingCut
	open   waitingCut // the segment that is being written
}

// waitingCut is what lies in the spool, since when.
type waitingCut struct {
	bytes int64
	since time.Time
}

func newWriterMetrics(r prometheus.Registerer, now func() time.Time, w *Writer) *writerMetrics {
	auto := promauto.With(r)
	m := &writerMetrics{now: now, w: w, cutsOf: map[uint64]waitingCut{}}
	m.cuts = auto.NewCounter(prometheus.CounterOpts{Name: "klar_spool_cuts_total", Help: "Cuts of the spool that were delivered."})
	m.seconds = auto.NewHistogramVec(prometheus.HistogramOpts{
		Name: "klar_insert_seconds", Help: "Duration of the inserts that succeeded.", Buckets: prometheus.ExponentialBuckets(0.001, 4, 8),
	}, []string{"table"})
	m.rows = auto.NewCounterVec(prometheus.CounterOpts{Name: "klar_insert_rows_total", Help: "Rows inserted."}, []string{"table"})
	m.batch = auto.NewHistogramVec(prometheus.HistogramOpts{
		Name: "klar_insert_batch_rows", Help: "Rows of an insert.", Buckets: prometheus.ExponentialBuckets(1, 8, 7),
	}, []string{"table"})
	m.retries = auto.NewCounterVec(prometheus.CounterOpts{Name: "klar_insert_retries_total", Help: "Inserts that failed and are tried again."}, []string{"table"})
	m.refused = auto.NewCounterVec(prometheus.CounterOpts{Name: "klar_insert_refused_total", Help: "Blocks that the store refused and that were set aside."}, []string{"table"})
	for _, t := range schema.Described() { // so that the first failure is an increase
		m.retries.WithLabelValues(t.Name)
		m.refused.WithLabelValues(t.Name)
	}
	m.last = auto.NewGauge(prometheus.GaugeOpts{
		Name: "klar_insert_success_timestamp_seconds",
		Help: "When the store took a block last, in seconds since 1970; 0 before the first time.",
	})
	auto.NewGaugeFunc(prometheus.GaugeOpts{Name: "klar_spool_refused_blocks", Help: "Blocks in the spool that the store refused."}, func() float64 {
		blocks, _ := w.spool.RefusedBlocks()
		return float64(blocks)
	})
	auto.NewGaugeFunc(prometheus.GaugeOpts{Name: "klar_spool_full", Help: "1 while the spool has no room, and sources wait or are refused."}, func() float64 {
		if w.Full() {
			return 1
		}
		return 0
	})
	auto.NewGaugeFunc(prometheus.GaugeOpts{Name: "klar_spool_bytes", Help: "Bytes in the spool that are not delivered."}, func() float64 {
		bytes, _ := m.undelivered()
		return float64(bytes)
	})
	auto.NewGaugeFunc(prometheus.GaugeOpts{Name: "klar_spool_age_seconds", Help: "Age of the oldest hit in the spool that is not delivered."}, func() float64 {
		_, since := m.undelivered()
		if since.IsZero() {
			return 0
		}
		return m.now().Sub(since).Seconds()
	})
	return m
}

// undelivered sums up what lies in the spool.
func (m *writerMetrics) undelivered() (bytes int64, since time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	bytes = m.open.bytes
	if bytes > 0 {
		since = m.open.since
	}
	for _, c := range m.cutsOf {
		bytes += c.bytes
		if since.IsZero() || c.since.Before(since) {
			since = c.since
		}
	}
	return bytes, since
}

func (m *writerMetrics) segment(bytes int64, since time.Time) {
	m.mu.Lock()
	more := bytes - m.open.bytes
	m.open = waitingCut{bytes, since}
	m.mu.Unlock()
	m.grown(more)
}

// waiting notes a cut, and that nothing is being written.
func (m *writerMetrics) waiting(number uint64, bytes int64, since time.Time) {
	m.mu.Lock()
	more := bytes - m.open.bytes
	m.open = waitingCut{}
	m.cutsOf[number] = waitingCut{bytes, since}
	m.mu.Unlock()
	m.grown(more)
}

func (m *writerMetrics) delivered(number uint64) {
	m.cuts.Inc()
	m.mu.Lock()
	less := m.cutsOf[number].bytes
	delete(m.cutsOf, number)
	m.mu.Unlock()
	m.grown(-less)
}

// grown tells the gauge of the spool.
func (m *writerMetrics) grown(bytes int64) {
	m.w.measure(func(g *gauge) { g.bytes += bytes })
}

func (m *writerMetrics) inserted(b *block, took time.Duration) {
	m.seconds.WithLabelValues(b.table).Observe(took.Seconds())
	m.rows.WithLabelValues(b.table).Add(float64(b.rows))
	m.batch.WithLabelValues(b.table).Observe(float64(b.rows))
	m.last.Set(float64(m.now().Unix()))
}
