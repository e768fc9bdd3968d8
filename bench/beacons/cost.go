package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strconv"
)

// cost adds up the processor time that a process takes for answers. Unlike their rate, it hardly depends on what else the
// machine does.
type cost struct {
	pid     int
	ticks   int
	answers int
}

// tick is the unit of processor times in /proc on Linux, in microseconds.
const tick = 10_000

// of measures one load.
func (c *cost) of(load func() (*result, error)) (*result, error) {
	before, err := ticks(c.pid)
	if err != nil {
		return nil, err
	}
	r, err := load()
	if err != nil {
		return nil, err
	}
	after, err := ticks(c.pid)
	c.ticks += after - before
	c.answers += len(r.latencies)
	return r, err
}

// each is the processor time of an answer, in microseconds.
func (c *cost) each() float64 { return float64(c.ticks) * tick / float64(c.answers) }

// ticks reads what a process has taken so far, in user and in system mode (proc_pid_stat(5), fields 14 and 15).
func ticks(pid int) (int, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 13 {
		return 0, errors.New("the system does not tell what a process takes")
	}
	user, err := strconv.Atoi(string(fields[11]))
	if err != nil {
		return 0, err
	}
	system, err := strconv.Atoi(string(fields[12]))
	return user + system, err
}
