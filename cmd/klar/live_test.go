package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// follower is the configuration of a klar serve that follows the logs of a directory.
func follower(t *testing.T, format string) (config, data, logs string) {
	t.Helper()
	dir := t.TempDir()
	config, data, logs = filepath.Join(dir, "klar.yaml"), filepath.Join(dir, "data"), filepath.Join(dir, "logs")
	text := fmt.Sprintf("sites: [{id: z.org}]\nsources: [{file: %q, site: z.org, format: %q}]\n", filepath.Join(logs, "*access.log"), format)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(logs, 0o700); err != nil {
		t.Fatal(err)
	}
	return config, data, logs
}

// serveLogs starts klar serve with a configuration, and returns when it is ready.
func serveLogs(t *testing.T, config, data string) (p *process, base string) {
	t.Helper()
	return raced.serveLogs(t, config, data)
}

func (program program) serveLogs(t *testing.T, config, data string) (p *process, base string) {
	t.Helper()
	p = program.begin(t, "serve", "--config", config, "--data", data, "--listen", "127.0.0.1:0")
	const ready = "Klar is ready: open "
	_, after, _ := strings.Cut(p.until(t, ready), ready)
	base, _, _ = strings.Cut(after, "\n")
	return p, base
}

// TestServedLogLeaksNothing follows a log full of what must not be stored, and looks for it everywhere.
func TestServedLogLeaksNothing(t *testing.T) {
	t.Parallel()
	config, data, logs := follower(t, plantedFormat)
	lines := strings.Join(plantedLines(true), "\n") + "\n"
	if err := os.WriteFile(filepath.Join(logs, "access.log"), []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	p, base := serveLogs(t, config, data)
	for late := time.Now().Add(patience); !strings.Contains(answer(t, base+"/metrics", ""), `result="rejected"`) || sums(t, data, "SELECT sum(requests) FROM minutes") == "0"; {
		if time.Now().After(late) {
			t.Fatal("nothing of the log arrives")
		}
	}
	search(t, "the metrics", []byte(answer(t, base+"/metrics", "")))
	searchFiles(t, data)
	if err := os.Truncate(filepath.Join(logs, "access.log"), 0); err != nil {
		t.Fatal(err)
	}
	p.until(t, "truncated")
	said, err := p.stop(t, syscall.SIGTERM)
	if err != nil {
		t.Errorf("serve ended with %v", err)
	}
	search(t, "what serve says", []byte(said))
	searchFiles(t, data)
}
