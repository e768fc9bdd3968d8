package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// attributeRow is a row of table counts about one attribute.
type attributeRow struct {
	dimension, hour, value string
	visitors               int
	others                 string // all other sums
}

// implied are pairs of dimensions of which one names the other's value: joining them tells nothing new.
var implied = map[[2]string]bool{
	{"visit:browser", "visit:browser_version"}: true, {"visit:browser_version", "visit:browser"}: true,
	{"visit:os", "visit:os_version"}: true, {"visit:os_version", "visit:os"}: true,
	// A city is in a region, and a region in a country, which their values name.
	{"visit:city", "visit:country"}: true, {"visit:city", "visit:region"}: true, {"visit:country", "visit:region"}: true,
}

// TestCountsCannotBeJoined imports the real log and joins every pair of attributes of table counts by their time and by
// equal figures, as somebody would who wants to know which values belong to the same visitor. With all sums by the hour,
// as the table once was, the attack finds an hour of one visitor, and 540 pairs of values of one visitor by equal sums.
func TestCountsCannotBeJoined(t *testing.T) {
	data := t.TempDir()
	// In two deliveries, the second of a few visitors, that must not lie apart afterwards.
	whole, err := os.ReadFile(realLog(t))
	if err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(t.TempDir(), "access.log")
	for _, b := range [][]byte{whole[:bytes.LastIndexByte(whole[:len(whole)*99/100], '\n')+1], whole} {
		if err := os.WriteFile(log, b, 0o600); err != nil {
			t.Fatal(err)
		}
		mustKlar(t, "import", "--data", data, "--site", "example.org", log)
	}
	if n := sums(t, data, "SELECT uniqExact(_part) FROM counts"); n != "1" {
		t.Errorf("counts tells %s deliveries apart", n)
	}
	rows := attributeRows(t, data)
	visitors, lone := 0, 0
	periods := map[string]map[string][]attributeRow{} // by time and dimension
	for _, r := range rows {
		if periods[r.hour] == nil {
			periods[r.hour] = map[string][]attributeRow{}
		}
		periods[r.hour][r.dimension] = append(periods[r.hour][r.dimension], r)
	}
	equal, ones := 0, 0
	for _, dimensions := range periods {
		everybody := 0
		for _, r := range dimensions["visit:device"] {
			everybody += r.visitors
		}
		visitors += everybody
		if everybody == 1 {
			lone++
		}
		for a, of := range dimensions {
			for b, with := range dimensions {
				if a >= b || implied[[2]string{a, b}] {
					continue
				}
				equal += links(of, with, func(r attributeRow) string { return r.others })
				ones += links(of, with, func(r attributeRow) string { return map[bool]string{true: "1"}[r.visitors == 1] })
			}
		}
	}
	t.Logf("%d visitors and days in %d periods: %d periods of one visitor, %d pairs by equal sums, %d pairs of the only values that one visitor had",
		visitors, len(periods), lone, equal, ones)
	if want := number(t, sums(t, data, "SELECT sum(visitors) FROM counts WHERE dimension = ''")); visitors != want || len(periods) != 4 {
		t.Fatalf("the attributes are those of %d visitors in %d periods, want %d in the log's four days", visitors, len(periods), want)
	}
	// Of a single value that one visitor had in both dimensions nothing follows: they may be two people, and in this log are.
	if lone > 0 || equal > 0 || ones > 1 {
		t.Errorf("%d periods of one visitor, %d pairs by equal sums, %d by the only one; want none, none and one at most", lone, equal, ones)
	}
}

// links counts the keys that exactly one row of either side has.
func links(a, b []attributeRow, key func(attributeRow) string) int {
	n := 0
	of, with := map[string]int{}, map[string]int{}
	for _, r := range a {
		of[key(r)]++
	}
	for _, r := range b {
		with[key(r)]++
	}
	for k, times := range of {
		if k != "" && times == 1 && with[k] == 1 {
			n++
		}
	}
	return n
}

// attributeRows reads them from the table, without what ClickHouse has not yet added up.
func attributeRows(t *testing.T, data string) []attributeRow {
	t.Helper()
	var rows []attributeRow
	for line := range strings.Lines(sums(t, data, `SELECT dimension, toUnixTimestamp(hour), value, sum(visitors), sum(pageviews), sum(events),
		sum(visitors_hour), sum(visits), sum(engaged), sum(seconds) FROM counts
		WHERE dimension IN ('visit:country', 'visit:provider', 'visit:browser', 'visit:browser_version', 'visit:os', 'visit:os_version', 'visit:device',
			'visit:region', 'visit:city', 'visit:language', 'visit:screen')
		GROUP BY dimension, hour, value`)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		others := strings.Join(f[4:], " ")
		if strings.Trim(others, "0 ") == "" {
			others = ""
		}
		rows = append(rows, attributeRow{f[0], f[1], f[2], number(t, f[3]), others})
	}
	return rows
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
