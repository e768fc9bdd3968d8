package main

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// logLine is a line of the real log, cut where the generator changes it.
type logLine struct {
	host           [4]byte
	at             time.Time
	path           string // from the request line
	before, behind string // of the path: from the quote to the path, from the path to the agent's end
}

var (
	combined     = regexp.MustCompile(`^(\d+)\.(\d+)\.(\d+)\.(\d+) - - \[([^\]]+)\] ("\S+ )(\S+)( .*)$`)
	agentVersion = regexp.MustCompile(`(Chrome|Firefox|Version|MSIE|Safari|rv:)([/ ]?)(\d+)\.(\d+)`)
)

const clfTime = "02/Jan/2006:15:04:05 -0700"

// generate writes count different lines to the file name, made from the lines of the real log: copies of it, each with
// other addresses, other agent builds and other sections of the site, spread over 28 days and put in order of time.
// The same seed gives the same file.
func generate(name, from string, count int, seed uint64) error {
	b, err := os.ReadFile(from)
	if err != nil {
		return fmt.Errorf("the real log: %w", err)
	}
	var lines []logLine
	seen := map[string]bool{}
	for line := range bytes.Lines(b) {
		s := string(bytes.TrimRight(line, "\n"))
		if l, ok := cutLine(s); ok && !seen[s] {
			seen[s] = true
			lines = append(lines, l)
		}
	}
	if len(lines) == 0 {
		return fmt.Errorf("%s holds no line in the combined format", from)
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

func cutLine(s string) (logLine, bool) {
	m := combined.FindStringSubmatch(s)
	if m == nil {
		return logLine{}, false
	}
	at, err := time.Parse(clfTime, m[5])
	if err != nil {
		return logLine{}, false
	}
	l := logLine{at: at, before: m[6], path: m[7], behind: m[8]}
	for i := range 4 {
		n, _ := strconv.Atoi(m[i+1])
		l.host[i] = byte(n)
	}
	return l, true
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
