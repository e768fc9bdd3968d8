package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// count is what became of the requests of one kind.
type count struct {
	acknowledged, stored, lost, doubled int
	unknown                             int // stored without having been acknowledged
	damaged                             int // lost with a record that was damaged
	wrong                               []int
}

// compare holds what is stored against what was sent, number by number.
func (c *chaos) compare(t *testing.T) {
	t.Helper()
	lines := make([]certainty, c.web.lines)
	for n := range lines {
		lines[n] = surely
	}
	stored := c.stored(t)
	report := fmt.Sprintf("seed %d: %d kills, %d rotations%s", *seed, c.kills, len(c.web.how), c.summary())
	for _, kind := range []struct {
		name, prefix string
		sent         []certainty
	}{{"lines of logs", "/f/", lines}, {"beacons", "/b/", c.beacons.numbers}, {"lines of syslog", "/s/", c.stream.numbers}} {
		got := c.countOf(kind.prefix, kind.sent, stored)
		report += fmt.Sprintf("\n%s: %d acknowledged, %d stored (%d of them not acknowledged), %d lost, %d doubled, %d damaged after they were acknowledged",
			kind.name, got.acknowledged, got.stored, got.unknown, got.lost, got.doubled, got.damaged)
		if len(got.wrong) > 0 {
			t.Errorf("%s: %d are lost and %d doubled: %s", kind.name, got.lost, got.doubled, c.ranges(kind.prefix, got.wrong))
		}
	}
	t.Log(report)
	for path := range stored {
		t.Errorf("%s is stored and was never sent", path)
	}
	for _, text := range c.loud {
		if !strings.Contains(c.said.String(), text) {
			t.Errorf("nothing was said of the damaged record at %s", text)
		}
	}
	c.agree(t)
}

// stored is how often each path is stored.
func (c *chaos) stored(t *testing.T) map[string]int {
	t.Helper()
	all := map[string]int{}
	for line := range strings.Lines(c.program.sums(t, c.data, "SELECT path, sum(requests) FROM paths GROUP BY path")) {
		path, n, _ := strings.Cut(strings.TrimSpace(line), "\t")
		all[path] = number(t, n)
	}
	return all
}

// countOf counts the requests of one kind, and takes them out of what is stored.
func (c *chaos) countOf(prefix string, sent []certainty, stored map[string]int) count {
	var got count
	for n, known := range sent {
		path := prefix + letters(n)
		times := stored[path]
		delete(stored, path)
		got.stored += times
		switch {
		case known == surely:
			got.acknowledged++
		case times > 0:
			got.unknown++
		}
		switch {
		case times > 1:
			got.doubled++
			got.wrong = append(got.wrong, n)
		case times == 0 && known == surely && c.flipped[path]:
			got.damaged++
		case times == 0 && known == surely:
			got.lost++
			got.wrong = append(got.wrong, n)
		}
	}
	return got
}

// ranges describes the first of the wrong numbers, and which of the log's files they were in.
func (c *chaos) ranges(prefix string, wrong []int) string {
	var list []string
	for _, n := range wrong[:min(len(wrong), 20)] {
		text := strconv.Itoa(n)
		if prefix == "/f/" {
			file, found := slices.BinarySearch(c.web.files, n)
			if !found {
				file--
			}
			text += fmt.Sprintf(" (file %d, %s)", file, append(slices.Clone(c.web.how), "never rotated")[file])
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

// agree wants the tables to say the same, as long as no record was damaged that had been sent in part.
func (c *chaos) agree(t *testing.T) {
	t.Helper()
	if len(c.flipped) > 0 {
		return
	}
	got := c.program.sums(t, c.data, `SELECT (SELECT sum(requests) FROM minutes), (SELECT sum(bytes) FROM minutes), (SELECT sum(requests) FROM paths),
		(SELECT sum(bytes) FROM paths), (SELECT sum(requests) FROM minutes WHERE kind = 'page'), (SELECT sum(pageviews) FROM hits)`)
	f := strings.Fields(got)
	if f[0] != f[2] || f[1] != f[3] || f[4] != f[5] { // a number may spell rss, which is no page
		t.Errorf("requests and bytes in minutes, in paths, and page views in minutes and hits are %s", got)
	}
}
