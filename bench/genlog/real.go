// Package genlog owns the logs that the benchmarks read: copies of the real log in a file, and a year of one large site
// as a stream, both made of the real log's lines. The same seed gives the same log.
package genlog

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"time"
)

// logLine is a line of the real log, cut where the generators change it.
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

// read returns the different lines of the real log.
func read(from string) ([]logLine, error) {
	b, err := os.ReadFile(from)
	if err != nil {
		return nil, fmt.Errorf("the real log: %w", err)
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
		return nil, fmt.Errorf("%s holds no line in the combined format", from)
	}
	return lines, nil
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
