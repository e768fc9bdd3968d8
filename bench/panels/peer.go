package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/klar-analytics/klar/storage/embedded"
)

// store is the embedded engine of the seeded directory. It runs as this program's child; klar serve joins it.
type store struct {
	engine *embedded.Engine
	client *http.Client
}

func openStore(ctx context.Context, klar, data string) (*store, error) {
	e, err := embedded.Open(ctx, embedded.Options{Dir: filepath.Join(data, "engine"), Command: []string{klar, "engine"}})
	if err != nil {
		return nil, err
	}
	return &store{e, &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return e.Dial(ctx) },
	}}}, nil
}

// sql runs a statement and returns its answer, with tabs between columns.
func (s *store) sql(ctx context.Context, statement string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://engine/?default_format=TabSeparated", strings.NewReader(statement))
	if err != nil {
		return "", err
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("engine: %.300s", b)
	}
	return string(b), err
}

const (
	peerDatabase = "peer"
	peerTable    = peerDatabase + ".events"
)

// createPeer is a table of one row for each page view with the visitor's and the visit's id, in the order in which
// Plausible keeps its events.
const createPeer = `CREATE TABLE IF NOT EXISTS ` + peerTable + ` (
	timestamp DateTime('UTC') CODEC(Delta, LZ4), site LowCardinality(String), host LowCardinality(String), path String CODEC(ZSTD(3)),
	user_id UInt64, session_id UInt64, source LowCardinality(String), channel LowCardinality(String), campaign LowCardinality(String),
	entry String CODEC(ZSTD(3)), country LowCardinality(String), device LowCardinality(String), browser LowCardinality(String),
	browser_version LowCardinality(String), os LowCardinality(String), os_version LowCardinality(String))
	ENGINE = MergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (site, toDate(timestamp), user_id, timestamp)`

// fillPeer makes a row of each page view of a month of hits, with the same pages, sources and attributes. Ids are drawn
// anew, among as many visitors and visits as the day had.
const fillPeer = `INSERT INTO ` + peerTable + ` SELECT hour + rand(1) %% 3600, 'seed', host, path, cityHash64(toDate(hour), rand(2) %% d.visitors),
	cityHash64(toDate(hour), rand(3) %% d.visits), source, channel, campaign, entry, country, device, browser, browser_version, os, os_version
	FROM hits ARRAY JOIN range(pageviews) AS n
	INNER JOIN (SELECT toDate(hour) AS day, greatest(1, sum(visitors)) AS visitors, greatest(1, sum(visits)) AS visits FROM counts
		WHERE dimension = '' GROUP BY day) AS d ON toDate(hits.hour) = d.day
	WHERE toYYYYMM(hour) = %d`

// buildPeer makes the peer's table, unless it is there, and merges it.
func (s *store) buildPeer(ctx context.Context, from, to time.Time) error {
	for _, statement := range []string{"CREATE DATABASE IF NOT EXISTS " + peerDatabase, createPeer} {
		if _, err := s.sql(ctx, statement); err != nil {
			return err
		}
	}
	if rows, err := s.sql(ctx, "SELECT count() FROM "+peerTable); err != nil || strings.TrimSpace(rows) != "0" {
		return err
	}
	for month := from; month.Before(to); month = month.AddDate(0, 1, 0) {
		fmt.Fprintf(os.Stderr, "peer: %s\n", month.Format("2006-01"))
		if _, err := s.sql(ctx, fmt.Sprintf(fillPeer, month.Year()*100+int(month.Month()))); err != nil {
			return err
		}
	}
	return s.merge(ctx, peerDatabase)
}

// merge has all parts of a database's tables merged.
func (s *store) merge(ctx context.Context, database string) error {
	parts, err := s.sql(ctx, `SELECT table, partition_id FROM system.parts WHERE active AND database = '`+database+`'
		GROUP BY ALL HAVING count() > 1 ORDER BY ALL`)
	if err != nil {
		return err
	}
	for line := range strings.Lines(parts) {
		table, partition, _ := strings.Cut(strings.TrimSpace(line), "\t")
		if _, err := s.sql(ctx, fmt.Sprintf("OPTIMIZE TABLE %s.%s PARTITION ID '%s' FINAL", database, table, partition)); err != nil {
			return err
		}
	}
	return nil
}
