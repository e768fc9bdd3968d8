package main

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// board is what the test reads of a dashboard of Grafana.
type board struct {
	Templating struct {
		List []struct{ Name, Type, Query string }
	}
	Panels []struct {
		Title   string
		Targets []struct{ RawSQL, Expr string }
	}
}

// grafana stands in for Grafana and its ClickHouse datasource: it puts in what they put in.
var grafana = strings.NewReplacer(
	"${site:sqlstring}", "'s.org','it''s none'",
	"${timezone:sqlstring}", "'Europe/Berlin'",
	"$__fromTime", "toDateTime(1431820800)", // 17 May 2015
	"$__toTime", "toDateTime(1432166399)", // 20 May 2015
)

var (
	timeFilter   = regexp.MustCompile(`\$__timeFilter\((\w+)\)`)
	timeInterval = regexp.MustCompile(`\$__timeInterval\((\w+)\)`)
)

func expand(sql string) string {
	sql = timeFilter.ReplaceAllString(sql, "$1 >= $$__fromTime AND $1 <= $$__toTime")
	sql = timeInterval.ReplaceAllString(sql, "toStartOfInterval(toDateTime($1), INTERVAL 3600 second)")
	return grafana.Replace(sql)
}

// empty are panels that have no rows for the example log, in which nothing of it happened.
var empty = map[string]bool{"Goals": true}

// TestGrafana asks every question of the dashboards on the loopback port of the embedded engine, as Grafana would.
func TestGrafana(t *testing.T) {
	t.Parallel()
	address := unusedAddress(t)
	config, data := filepath.Join(t.TempDir(), "klar.yaml"), t.TempDir()
	if err := os.WriteFile(config, []byte("sites: [{id: s.org}]\nstorage: {listen: '"+address+"'}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	mustKlar(t, "import", "--data", data, "--site", "s.org", realLog(t))
	_, _ = startServe(t, data, "--config", config)
	files, err := filepath.Glob("../../dashboards/grafana/*.json")
	if err != nil || len(files) != 3 {
		t.Fatalf("dashboards: %v, %v", files, err)
	}
	asked := 0
	for _, file := range files {
		var b board
		if err := json.Unmarshal([]byte(read(t, file)), &b); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, v := range b.Templating.List {
			if v.Type == "query" {
				if got := question(t, address, expand(v.Query)); got != "s.org\n" {
					t.Errorf("%s: the variable %s is one of %q", filepath.Base(file), v.Name, got)
				}
			}
		}
		for _, p := range b.Panels {
			for _, target := range p.Targets {
				if (target.RawSQL == "") == (target.Expr == "") {
					t.Errorf("%s: %s asks neither ClickHouse nor Prometheus, or both", filepath.Base(file), p.Title)
				}
				if target.RawSQL == "" {
					continue
				}
				asked++
				sql := expand(target.RawSQL)
				if strings.Contains(sql, "$") {
					t.Errorf("%s: %s has something that the test does not put in: %s", filepath.Base(file), p.Title, sql)
				}
				if rows := question(t, address, sql); (rows == "") != empty[p.Title] || p.Title == "Visitors" && rows != "935\n" {
					t.Errorf("%s: %s has the rows %q", filepath.Base(file), p.Title, rows)
				}
			}
		}
	}
	// What clickhouse-go, which the datasource is made of, asks first.
	if got := question(t, address, "SELECT displayName(), version(), revision(), timezone()"); got == "" {
		t.Error("the greeting is not answered")
	}
	if asked < 40 {
		t.Errorf("only %d questions were asked: the test does not see them", asked)
	}
}

// sentSettings are like those that clickhouse-go sends with each question over HTTP.
const sentSettings = "default_format=TSV&database=default&max_execution_time=60&client_protocol_version=54460"

// question asks the engine over HTTP, and wants an answer.
func question(t *testing.T, address, sql string) string {
	t.Helper()
	response, err := http.Post("http://"+address+"/?"+sentSettings, "text/plain", strings.NewReader(sql))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("%s\nis answered with status %d, %v: %.300s", sql, response.StatusCode, err, body)
	}
	return string(body)
}

// unusedAddress is a loopback address at which nobody listens.
func unusedAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// TestGrafanaProvisioning reads the examples of configuration for Grafana.
func TestGrafanaProvisioning(t *testing.T) {
	for file, key := range map[string]string{"datasources/klar.yaml": "datasources", "dashboards/klar.yaml": "providers"} {
		var all map[string]any
		if err := yaml.Unmarshal([]byte(read(t, "../../dashboards/grafana/provisioning/"+file)), &all); err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if list, _ := all[key].([]any); all["apiVersion"] != 1 || len(list) == 0 {
			t.Errorf("%s has the version %v and %d %s", file, all["apiVersion"], len(list), key)
		}
	}
}
