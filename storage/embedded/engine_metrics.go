package embedded

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
)

// restartCounter registers the counter, or returns the one that an earlier Engine registered.
func restartCounter(registerer prometheus.Registerer) prometheus.Counter {
	counter := prometheus.NewCounter(prometheus.CounterOpts{
		Name: "klar_engine_restarts_total",
		Help: "Times the embedded ClickHouse engine ended unasked and was started again.",
	})
	if registerer == nil {
		return counter
	}
	var already prometheus.AlreadyRegisteredError
	if err := registerer.Register(counter); errors.As(err, &already) {
		if earlier, ok := already.ExistingCollector.(prometheus.Counter); ok {
			return earlier
		}
	}
	return counter
}

// registerProcess makes the figures of the engine's process appear. They are 0 while another process runs the engine, and
// while it is away.
func (e *Engine) registerProcess() {
	if e.options.Registerer == nil {
		return
	}
	for _, gauge := range []prometheus.Collector{
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "klar_engine_start_timestamp_seconds",
			Help: "When the embedded engine that runs began to answer, in seconds since 1970; 0 while it does not.",
		}, e.startedAt),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "klar_engine_memory_bytes",
			Help: "Memory that the process of the embedded engine has, libraries included.",
		}, func() float64 { return float64(residentBytes(e.ChildID())) }),
	} {
		// An earlier Engine of this process has them already: they stay its own.
		_ = e.options.Registerer.Register(gauge)
	}
}

// startedAt is when the engine that this process runs began to answer, in seconds since 1970; 0 if it does not.
func (e *Engine) startedAt() float64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.runs == nil {
		return 0
	}
	return e.runs.startedAt()
}

// residentBytes is the memory that a process has; 0 where the system does not tell.
func residentBytes(pid int) int64 {
	if pid == 0 {
		return 0
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0
	}
	fields := bytes.Fields(text)
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(string(fields[1]), 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}
