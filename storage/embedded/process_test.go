package embedded_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/klar-analytics/klar/storage/embedded"
)

// TestChildKilled kills the engine in the middle of inserts: every block is sent again with its token until it is
// answered, and is there once.
func TestChildKilled(t *testing.T) {
	o := options(t, t.TempDir())
	registry := prometheus.NewRegistry()
	o.Registerer = registry
	e := open(t, o)
	conn := client(t, e)
	execute(t, conn, createHits)
	const blocks = 60
	for i := range uint64(blocks) {
		if i%20 == 10 {
			// The child dies while this block is on its way, or just before or after.
			go func(pid int) { _ = syscall.Kill(pid, syscall.SIGKILL) }(e.ChildID())
		}
		ctx := withToken(t.Context(), fmt.Sprint("cut", i))
		err := errors.New("not sent")
		for tries := 0; err != nil && tries < 20; tries++ {
			err = conn.InsertFormat(ctx, "Native", "INSERT INTO hits", bytes.NewReader(block(i*1000, i*1000+1000)))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if n, distinct := count(t, conn, "SELECT count() FROM hits"), count(t, conn, "SELECT uniqExact(n) FROM hits"); n != blocks*1000 || distinct != n {
		t.Errorf("%d rows, %d of them distinct, want %d", n, distinct, blocks*1000)
	}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	figures := map[string]float64{}
	for _, f := range families {
		figures[f.GetName()] = f.GetMetric()[0].GetCounter().GetValue() + f.GetMetric()[0].GetGauge().GetValue()
	}
	if n := figures["klar_engine_restarts_total"]; n != 3 {
		t.Errorf("counted %v restarts, want 3", n)
	}
	if at, size := figures["klar_engine_start_timestamp_seconds"], figures["klar_engine_memory_bytes"]; at < 1e9 || size < 1e6 && runtime.GOOS == "linux" {
		t.Errorf("the engine that was started last began at %v and has %v bytes", at, size)
	}
}

// TestSharing has two users of a directory: the second uses the first one's engine, and runs it when that is gone.
func TestSharing(t *testing.T) {
	dir := t.TempDir()
	first := open(t, options(t, dir))
	second := open(t, options(t, dir))
	if !first.Runs() || second.Runs() {
		t.Fatalf("first runs the engine: %v, second: %v", first.Runs(), second.Runs())
	}
	if holder := embedded.Holder(dir); holder != os.Getpid() {
		t.Errorf("the lock names process %d, want %d", holder, os.Getpid())
	}
	execute(t, client(t, first), "CREATE TABLE shared (a UInt8) ENGINE = MergeTree ORDER BY a")
	execute(t, client(t, second), "INSERT INTO shared VALUES (1)")
	first.Close()
	if n := count(t, client(t, second), "SELECT count() FROM shared"); n != 1 {
		t.Errorf("after the takeover %d rows, want 1", n)
	}
	if !second.Runs() {
		t.Error("the second did not take over")
	}
	if _, err := first.Dial(t.Context()); !errors.Is(err, embedded.ErrClosed) {
		t.Errorf("a closed engine dials: %v", err)
	}
}

// TestParentKilled kills the process that runs the engine. The engine must not outlive it, and the next process takes
// over.
func TestParentKilled(t *testing.T) {
	dir := t.TempDir()
	o := options(t, dir)
	parent := exec.CommandContext(t.Context(), o.Command[0])
	parent.Env = append(os.Environ(), "KLAR_TEST_ENGINE=parent", "KLAR_TEST_DIR="+dir, "CHDB_LIB_PATH="+o.LibPath)
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	var child int
	if _, err := fmt.Fscan(out, &child); err != nil || child == 0 {
		t.Fatalf("the parent does not name its child: %v", err)
	}
	if err := parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	// Open waits for the lock, which the child keeps while it lives.
	e := open(t, o)
	if !e.Runs() {
		t.Error("nobody took over")
	}
	if err := syscall.Kill(child, 0); err == nil && !zombie(child) {
		t.Error("the engine outlives its parent")
	}
}

// zombie reports whether the process is dead and only waits for whoever inherited it.
func zombie(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && bytes.Contains(stat, []byte(") Z "))
}

// TestLongPath has a directory whose path is longer than a socket's address may be.
func TestLongPath(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("long", 30))
	e := open(t, options(t, dir))
	if n := count(t, client(t, e), "SELECT toUInt64(7)"); n != 7 {
		t.Errorf("got %d, want 7", n)
	}
}

// TestModes holds that other users of the machine get at nothing.
func TestModes(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "engine")
	open(t, options(t, dir))
	for name, want := range map[string]os.FileMode{".": 0o700, "engine.sock": 0o600, "lock": 0o600, "clickhouse": 0o700} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
		} else if info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v", name, info.Mode().Perm(), want)
		}
	}
}

// TestPort asks the loopback port, which answers questions and changes nothing.
func TestPort(t *testing.T) {
	o := options(t, t.TempDir())
	o.Listen = "127.0.0.1:0"
	if _, err := embedded.Open(t.Context(), o); err == nil {
		t.Error("port 0 is accepted, though nobody would know the port")
	}
	o.Listen = "0.0.0.0:8123"
	if _, err := embedded.Open(t.Context(), o); err == nil || !strings.Contains(err.Error(), "loopback") {
		t.Errorf("an open port is accepted: %v", err)
	}
	o.Listen = freePort(t)
	e := open(t, o)
	execute(t, client(t, e), "CREATE TABLE x (a UInt8) ENGINE = MergeTree ORDER BY a")
	for _, c := range []struct {
		sql, host string
		status    int
	}{
		{"SELECT 1", o.Listen, http.StatusOK},
		{"SELECT 1 SETTINGS readonly = 0", o.Listen, http.StatusForbidden},
		{"DROP TABLE x", o.Listen, http.StatusForbidden},
		{"INSERT INTO x VALUES (1)", o.Listen, http.StatusForbidden},
		{"SELECT * FROM file('/etc/hostname', LineAsString)", o.Listen, http.StatusForbidden},
		{"SELECT 1", "rebound.example:8123", http.StatusForbidden},
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+o.Listen+"/?readonly=0&max_execution_time=9", strings.NewReader(c.sql))
		if err != nil {
			t.Fatal(err)
		}
		request.Host = c.host
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != c.status {
			t.Errorf("%s at %s: status %d, want %d", c.sql, c.host, response.StatusCode, c.status)
		}
	}
}

// TestCancel has a client give up on a statement that would run for hours; it must end.
func TestCancel(t *testing.T) {
	e := open(t, options(t, t.TempDir()))
	conn := client(t, e)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://engine/?query="+url.QueryEscape("SELECT sum(sipHash64(number)) FROM numbers(100000000000)"), nil)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if response, err := httpClient(t, e).Do(request); err == nil {
			_ = response.Body.Close()
		}
	}()
	running := func() uint64 {
		return count(t, conn, "SELECT count() FROM system.processes WHERE query LIKE '%sipHash64(number)%' AND query NOT LIKE '%processes%'")
	}
	until(t, "the statement runs", func() bool { return running() == 1 })
	cancel()
	<-done
	until(t, "the statement ends", func() bool { return running() == 0 })
}

// until asks again until the condition holds.
func until(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}
