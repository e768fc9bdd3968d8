package main

import (
	"time"

	"github.com/klar-analytics/klar/bench/process"
)

// cost adds up the processor time that a process takes for answers. Unlike their rate, it hardly depends on what else the
// machine does.
type cost struct {
	pid     int
	cpu     time.Duration
	answers int
}

// of measures one load.
func (c *cost) of(load func() (*result, error)) (*result, error) {
	before := process.CPU(c.pid)
	r, err := load()
	if err != nil {
		return nil, err
	}
	c.cpu += process.CPU(c.pid) - before
	c.answers += len(r.latencies)
	return r, nil
}

// each is the processor time of an answer, in microseconds.
func (c *cost) each() float64 { return c.cpu.Seconds() * 1e6 / float64(c.answers) }
