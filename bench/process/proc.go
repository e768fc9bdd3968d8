package process

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	peakLine     = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)
	residentLine = regexp.MustCompile(`VmRSS:\s+(\d+) kB`)
)

// PeakMiB is the largest resident memory that the process has had, 0 if it is gone.
func PeakMiB(pid int) float64 { return status(pid, peakLine) }

// ResidentMiB is the resident memory that the process has, 0 if it is gone.
func ResidentMiB(pid int) float64 { return status(pid, residentLine) }

func status(pid int, line *regexp.Regexp) float64 {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	m := line.FindSubmatch(b)
	if m == nil {
		return 0
	}
	kb, _ := strconv.ParseFloat(string(m[1]), 64)
	return kb / 1024
}

// CPU is the processor time that the process has used, counted in ticks of 10 ms (proc(5), fields 14 and 15).
func CPU(pid int) time.Duration {
	b, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := bytes.Cut(b, []byte(") "))
	f := strings.Fields(string(rest))
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// Children are the processes that the process has started, such as the engine of a klar serve.
func Children(pid int) []int {
	var all []int
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, list := range lists {
		b, err := os.ReadFile(list)
		if err != nil {
			continue // the thread is gone
		}
		for child := range strings.FieldsSeq(string(b)) {
			if n, err := strconv.Atoi(child); err == nil {
				all = append(all, n)
			}
		}
	}
	return all
}
