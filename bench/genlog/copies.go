package genlog

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"time"
)

// Copies writes count different lines to the file name, made from the lines of the real log: copies of it, each with
// other addresses, other agent builds and other sections of the site, spread over 28 days and put in order of time.
// The same seed gives the same file.
func Copies(name, from string, count int, seed uint64) error {
	lines, err := read(from)
	if err != nil {
		return err
	}
	rnd := rand.New(rand.NewPCG(seed, 1))
	start := lines[0].at
	type out struct {
		at   int64
		line string
	}
	made := make([]out, 0, count)
	for copyOf := 0; len(made) < count; copyOf++ {
		shift := time.Duration(rnd.IntN(28*24*3600)) * time.Second
		build := rnd.IntN(9)
		for _, l := range lines[:min(len(lines), count-len(made))] {
			at := l.at.Add(shift)
			if at.After(start.AddDate(0, 0, 28)) {
				at = at.AddDate(0, 0, -28)
			}
			made = append(made, out{at.Unix(), l.variant(copyOf, build, at)})
		}
	}
	slices.SortStableFunc(made, func(a, b out) int { return int(a.at - b.at) })

	f, err := os.Create(name)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	for _, m := range made {
		_, _ = w.WriteString(m.line) // the error sticks to w
		_ = w.WriteByte('\n')
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

// variant is the line as it stands in the given copy of the log.
func (l logLine) variant(copyOf, build int, at time.Time) string {
	h := l.host
	h[1] ^= byte(copyOf * 37)
	h[2] ^= byte(copyOf * 91)
	h[3] ^= byte(copyOf >> 4)
	path := l.path
	if section := copyOf % 12; section > 0 {
		path = fmt.Sprintf("/section-%d%s", section, path)
	}
	behind := agentVersion.ReplaceAllStringFunc(l.behind, func(v string) string {
		p := agentVersion.FindStringSubmatch(v)
		n, _ := strconv.Atoi(p[4])
		return fmt.Sprintf("%s%s%s.%d", p[1], p[2], p[3], n+build)
	})
	return fmt.Sprintf("%d.%d.%d.%d - - [%s] %s%s%s", h[0], h[1], h[2], h[3], at.Format(clfTime), l.before, path, behind)
}
