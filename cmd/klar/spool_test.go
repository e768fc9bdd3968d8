package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// execute runs a statement on the engine that a klar runs, by its socket.
func execute(t *testing.T, data, statement string) {
	t.Helper()
	client := http.Client{Timeout: patience, Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", filepath.Join(data, "engine", "engine.sock"))
	}}}
	response, err := client.Post("http://engine/", "text/plain", strings.NewReader(statement))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if text, err := io.ReadAll(response.Body); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %v, status %d: %s", statement, err, response.StatusCode, text)
	}
}

// TestRefusedBlocks imports into a store that does not take one path, mends it, and sends again what was set aside.
func TestRefusedBlocks(t *testing.T) {
	t.Parallel()
	data, log := t.TempDir(), realLog(t)
	startServe(t, data)
	if got := mustKlar(t, "spool", "--data", data); got != "no block is set aside\n" {
		t.Errorf("klar spool says %q", got)
	}
	execute(t, data, "ALTER TABLE paths ADD CONSTRAINT poison CHECK status != 500")
	_, errs, err := klar(t, "import", "--data", data, "--site", "s.org", log)
	if err == nil || !strings.HasSuffix(errs, "klar: ClickHouse refused 1 blocks of rows; they are set aside: see 'klar spool'\n") {
		t.Errorf("the import ends with %v: %s", err, errs)
	}
	if got := sums(t, data, "SELECT sum(requests) FROM minutes"); got != "10000" {
		t.Errorf("the other tables hold %s requests", got)
	}
	if got := mustKlar(t, "spool", "--data", data); !strings.Contains(got, "\nimport  1    paths  ") || !strings.Contains(got, "469: VIOLATED_CONSTRAINT\n") {
		t.Errorf("klar spool says %q", got)
	}
	if out, errs, err := klar(t, "spool", "retry", "--data", data); err == nil || out != "0 of 1 blocks are stored now\n" || !strings.Contains(errs, "469") {
		t.Errorf("klar spool retry: %v, %q, %q", err, out, errs)
	}
	execute(t, data, "ALTER TABLE paths DROP CONSTRAINT poison")
	if got := mustKlar(t, "spool", "retry", "--data", data); got != "1 of 1 blocks are stored now\n" {
		t.Errorf("klar spool retry says %q", got)
	}
	if got := mustKlar(t, "spool", "--json", "--data", data); got != "[]\n" {
		t.Errorf("klar spool --json says %q", got)
	}
	if got := sums(t, data, "SELECT sum(requests) FROM paths"); got != "10000" {
		t.Errorf("in the table are %s requests, want all", got)
	}
}
