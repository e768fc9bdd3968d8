package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/klar-analytics/klar/bench/process"
)

const megabyte = 1e6

// measureRest prints what klar and its engine cost while nothing happens.
func measureRest(server *process.Server, length time.Duration) error {
	engine, err := engineOf(server)
	if err != nil {
		return err
	}
	<-time.After(5 * time.Second) // what follows the start
	begun := time.Now()
	klar, child := process.CPU(server.ID()), process.CPU(engine)
	<-time.After(length)
	took := time.Since(begun)
	percent := func(pid int, before time.Duration) float64 {
		return 100 * float64(process.CPU(pid)-before) / float64(took)
	}
	fmt.Printf("at rest for %.0f s: klar serve %.2f %% of a core and %.0f MiB, its engine %.2f %% and %.0f MiB; goal 1 %%\n",
		took.Seconds(), percent(server.ID(), klar), process.ResidentMiB(server.ID()), percent(engine, child), process.ResidentMiB(engine))
	return nil
}

// mark is how many lines were written at a time.
type mark struct {
	at    time.Time
	lines int64
}

// measurePace prints what klar needs to follow a log that grows by so many megabytes a minute, and how far it is behind.
func measurePace(server *process.Server, w *writer, pace float64, length time.Duration) error {
	engine, err := engineOf(server)
	if err != nil {
		return err
	}
	const step = 20 * time.Millisecond
	tick := time.NewTicker(step)
	defer tick.Stop()
	begun := time.Now()
	klar, child := process.CPU(server.ID()), process.CPU(engine)
	var marks []mark
	var lags []time.Duration
	most := 0.0
	for looked := begun; time.Since(begun) < length; {
		now := <-tick.C
		due := int64(pace * megabyte * now.Sub(begun).Minutes())
		if due > w.written {
			if err := w.write(int(due - w.written)); err != nil {
				return err
			}
		}
		marks = append(marks, mark{time.Now(), w.count})
		if now.Sub(looked) < 10*step {
			continue
		}
		looked = now
		counted, err := countedLines(server)
		if err != nil {
			return err
		}
		i, _ := slices.BinarySearchFunc(marks, counted+1, func(m mark, n int64) int { return int(m.lines - n) })
		marks = marks[i:]
		lag := time.Duration(0)
		if len(marks) > 0 {
			lag = time.Since(marks[0].at)
		}
		lags = append(lags, lag)
		most = max(most, process.ResidentMiB(server.ID()))
	}
	took := time.Since(begun)
	slices.Sort(lags)
	fmt.Printf("%.0f MB a minute (%.0f lines a second) for %.0f s: klar serve %.0f MiB at most and %.0f %% of a core, its engine %.0f MiB and %.0f %%; "+
		"lag %.1f s in the median and %.1f s at most; goal 150 MiB of klar serve, 2 s\n",
		float64(w.written)/megabyte/took.Minutes(), float64(w.count)/took.Seconds(), took.Seconds(),
		most, 100*(process.CPU(server.ID())-klar).Seconds()/took.Seconds(), process.PeakMiB(engine), 100*(process.CPU(engine)-child).Seconds()/took.Seconds(),
		lags[len(lags)/2].Seconds(), lags[len(lags)-1].Seconds())
	return nil
}

// measureFlood prints how long klar takes for a log that grows faster than it can follow.
func measureFlood(server *process.Server, w *writer, size float64) error {
	before := w.written
	begun := time.Now()
	for float64(w.written-before) < size*megabyte {
		if err := w.write(1 << 20); err != nil {
			return err
		}
	}
	writing := time.Since(begun)
	most := 0.0
	for {
		counted, err := countedLines(server)
		if err != nil {
			return err
		}
		most = max(most, process.ResidentMiB(server.ID()))
		if counted == w.count {
			break
		}
		if time.Since(begun) > 10*time.Minute {
			return errors.New("klar does not catch up")
		}
		<-time.After(50 * time.Millisecond)
	}
	took := time.Since(begun)
	fmt.Printf("%.0f MB written within %.1f s: counted after %.1f s, that is %.0f MB a minute; klar serve %.0f MiB at most\n",
		float64(w.written-before)/megabyte, writing.Seconds(), took.Seconds(), float64(w.written-before)/megabyte/took.Minutes(), most)
	return nil
}

// engineOf is the process of klar's engine.
func engineOf(server *process.Server) (int, error) {
	children := process.Children(server.ID())
	if len(children) == 0 {
		return 0, errors.New("klar serve has no engine")
	}
	return children[0], nil
}

// countedLines is how many lines klar has read and counted.
func countedLines(server *process.Server) (int64, error) {
	response, err := http.Get("http://" + server.Address + "/metrics")
	if err != nil {
		return 0, errors.New("klar serve does not answer")
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err
	}
	sum, rejected := 0.0, 0.0
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "klar_source_lines_total{") {
			_, value, _ := strings.Cut(strings.TrimSpace(line), "} ")
			n, err := strconv.ParseFloat(value, 64)
			if err != nil {
				return 0, errors.New("/metrics cannot be read")
			}
			sum += n
			if strings.Contains(line, `result="rejected"`) {
				rejected += n
			}
		}
	}
	if rejected > sum/100 {
		return 0, fmt.Errorf("klar rejects %.0f of %.0f lines", rejected, sum)
	}
	return int64(sum), nil
}
