package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/klar-analytics/klar/bench/process"
	"github.com/klar-analytics/klar/storage/embedded"
)

// importer measures klar import: reading, anonymizing, counting visits, spool, ClickHouse, until all is stored.
func importer(klar string) func(context.Context, string, string) (usage, error) {
	return func(ctx context.Context, log, dir string) (usage, error) {
		u, out, err := command(ctx, klar, "import", "--site", "bench", "--data", dir, "--json", log)
		if err != nil {
			return u, err
		}
		var sum struct{ Stored, Rejected int }
		if err := json.Unmarshal(out, &sum); err != nil {
			return u, err
		}
		u.check = fmt.Sprintf("%d stored, %d rejected", sum.Stored, sum.Rejected)
		return u, nil
	}
}

// goaccess measures GoAccess with its in-memory store and a JSON report.
func goaccess(ctx context.Context, log, dir string) (usage, error) {
	report := filepath.Join(dir, "report.json")
	u, _, err := command(ctx, "goaccess", log, "--log-format=COMBINED", "--no-global-config", "--no-progress", "-o", report)
	if errors.Is(err, exec.ErrNotFound) {
		return u, errors.New("not installed: apt-get install goaccess")
	}
	if err != nil {
		return u, err
	}
	b, err := os.ReadFile(report)
	if err != nil {
		return u, err
	}
	var sum struct {
		General struct {
			Valid int `json:"valid_requests"`
		}
	}
	u.check = "report unread"
	if json.Unmarshal(b, &sum) == nil {
		u.check = fmt.Sprintf("%d valid", sum.General.Valid)
	}
	return u, nil
}

const rawTable = `CREATE TABLE raw (addr String, at DateTime, method LowCardinality(String), target String, status UInt16,
	bytes UInt64, referrer String, agent LowCardinality(String)) ENGINE = MergeTree ORDER BY at`

// The pattern is the usual one for the combined format; the address is cut to /24 so that both sides shorten it.
const rawInsert = `INSERT INTO raw SELECT replaceRegexpOne(g[1], '\\d+$', '0'), parseDateTime(g[2], '%d/%b/%Y:%H:%i:%s'), g[3],
	cutQueryString(g[4]), toUInt16OrZero(g[5]), toUInt64OrZero(g[6]), g[7], g[8]
	FROM (SELECT extractGroups(line, '^(\\S+) \\S+ \\S+ \\[([^ \\]]+)[^\\]]*\\] "(\\S+) (\\S+)[^"]*" (\\d+) (\\S+) "([^"]*)" "([^"]*)"?$') AS g
	FROM file({log:String}, 'LineAsString')) WHERE length(g) = 8`

// clickhouse measures the embedded engine reading the file itself, with a regular expression, into one plain table.
func clickhouse(klar string) func(context.Context, string, string) (usage, error) {
	return func(ctx context.Context, log, dir string) (usage, error) {
		begun := time.Now()
		e, err := embedded.Open(ctx, embedded.Options{Dir: dir, Command: []string{klar, "engine"}})
		if err != nil {
			return usage{}, err
		}
		defer e.Close()
		client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return e.Dial(ctx) }}}
		if _, err := ask(ctx, client, rawTable, ""); err != nil {
			return usage{}, err
		}
		full, err := filepath.Abs(log)
		if err != nil {
			return usage{}, err
		}
		if _, err := ask(ctx, client, rawInsert, full); err != nil {
			return usage{}, err
		}
		u := usage{wall: time.Since(begun), cpu: process.CPU(e.ChildID()), rss: []resident{{"engine", process.PeakMiB(e.ChildID())}}}
		rows, err := ask(ctx, client, "SELECT count() FROM raw", "")
		u.check = strings.TrimSpace(rows) + " rows"
		return u, err
	}
}

func ask(ctx context.Context, client *http.Client, query, log string) (string, error) {
	u := "http://engine/"
	if log != "" {
		u += "?param_log=" + url.QueryEscape(log)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u, strings.NewReader(query))
	if err != nil {
		return "", err
	}
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("engine: %s", bytes.TrimSpace(b))
	}
	return string(b), err
}

// command runs a program to its end and samples the resident memory of it and of its children.
func command(ctx context.Context, name string, args ...string) (usage, []byte, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	begun := time.Now()
	if err := cmd.Start(); err != nil {
		return usage{}, nil, err
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	peaks := map[string]float64{}
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			sample(cmd.Process.Pid, filepath.Base(name), peaks)
		case err := <-done:
			u := usage{wall: time.Since(begun)}
			u.cpu = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
			for _, n := range []string{filepath.Base(name), "engine"} {
				if mib, ok := peaks[n]; ok {
					u.rss = append(u.rss, resident{n, mib})
				}
			}
			if err != nil {
				err = fmt.Errorf("%w: %s", err, bytes.TrimSpace(errs.Bytes()))
			}
			return u, out.Bytes(), err
		}
	}
}

func sample(pid int, name string, peaks map[string]float64) {
	peaks[name] = max(peaks[name], process.PeakMiB(pid))
	for _, child := range process.Children(pid) {
		peaks["engine"] = max(peaks["engine"], process.PeakMiB(child))
	}
}
