package embedded_test

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"sync"
	"testing"
)

// memory reads a field of /proc/PID/status in MB.
func memory(t testing.TB, pid int, field string) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(field + `:\s+(\d+) kB`).FindSubmatch(text)
	if m == nil {
		t.Fatalf("no %s in the status of process %d", field, pid)
	}
	kb, err := strconv.Atoi(string(m[1]))
	if err != nil {
		t.Fatal(err)
	}
	return kb / 1024
}

// TestMemory holds the promise for a small site: a million hits go in and are asked for in less than 400 MB.
func TestMemory(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("reads /proc")
	}
	if testing.Short() {
		t.Skip("inserts a million rows")
	}
	e := open(t, options(t, t.TempDir()))
	conn := client(t, e)
	idle := memory(t, e.ChildID(), "VmRSS")
	execute(t, conn, createHits)
	var group sync.WaitGroup
	for worker := range uint64(4) {
		group.Go(func() {
			for i := range uint64(10) {
				from := (worker*10 + i) * 25_000
				if err := conn.InsertFormat(withToken(t.Context(), fmt.Sprint("m", from)), "Native", "INSERT INTO hits", bytes.NewReader(block(from, from+25_000))); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	loaded := memory(t, e.ChildID(), "VmRSS")
	for range 20 {
		for _, sql := range []string{
			"SELECT count() FROM (SELECT site, at, sum(n) FROM hits GROUP BY site, at)",
			"SELECT count() FROM (SELECT n % 5000 AS page, uniq(n) FROM hits GROUP BY page ORDER BY 2 DESC LIMIT 100)",
			"SELECT count() FROM (SELECT n, tags FROM hits ORDER BY n DESC LIMIT 1000)",
		} {
			count(t, conn, sql)
		}
	}
	if n := count(t, conn, "SELECT count() FROM hits"); n != 1_000_000 {
		t.Errorf("stored %d rows, want a million", n)
	}
	now, peak := memory(t, e.ChildID(), "VmRSS"), memory(t, e.ChildID(), "VmHWM")
	t.Logf("engine's resident memory: idle %d MB, after a million rows %d MB, after 60 questions %d MB (of it %d MB the library's file); peak %d MB",
		idle, loaded, now, memory(t, e.ChildID(), "RssFile"), peak)
	if peak >= 400 {
		t.Errorf("peak of %d MB, the promise is less than 400", peak)
	}
}
