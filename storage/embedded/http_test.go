package embedded_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/klar-analytics/klar/storage/embedded"
)

// ask posts like curl and returns status, exception code and body.
func ask(t testing.TB, e *embedded.Engine, query, body string) (status int, code, answer string) {
	t.Helper()
	response, err := httpClient(t, e).Post("http://engine/?"+query, "", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, response.Header.Get("X-ClickHouse-Exception-Code"), string(text)
}

func testFormats(t *testing.T, e *embedded.Engine) {
	for _, c := range []struct{ name, query, body, want string }{
		{"TSV by default", "", "SELECT 1, 'a'", "1\ta\n"},
		{"default_format", "default_format=CSV", "SELECT 1, 'a'", "1,\"a\"\n"},
		{"FORMAT wins", "default_format=CSV", "SELECT 1 AS x FORMAT JSONEachRow", "{\"x\":1}\n"},
		{"query in the URL", "query=" + url.QueryEscape("SELECT 2"), "", "2\n"},
		{"query in both", "query=" + url.QueryEscape("SELECT 2"), "+ 3", "5\n"},
		{"not a stream", "", "SHOW TABLES LIKE 'hits'", "hits\n"},
		{"no rows", "", "SELECT 1 WHERE 0", ""},
		{"parameter", "param_x=" + url.QueryEscape("a'b"), "SELECT {x:String}", "a\\'b\n"},
		{"setting", "max_threads=3", "SELECT getSetting('max_threads')", "3\n"},
		{"settings do not stay", "", "SELECT getSetting('max_threads') = 3", "0\n"},
		{"database", "database=system", "SELECT currentDatabase()", "system\n"},
	} {
		if status, _, got := ask(t, e, c.query, c.body); status != http.StatusOK || got != c.want {
			t.Errorf("%s: status %d, %q, want %q", c.name, status, got, c.want)
		}
	}
	// Formats with a head and an end must come whole, however many pieces the result has.
	_, _, text := ask(t, e, "default_format=JSON", "SELECT number FROM numbers(200000)")
	var result struct{ Rows int }
	if err := json.Unmarshal([]byte(text), &result); err != nil || result.Rows != 200_000 {
		t.Errorf("JSON: %d rows, %v", result.Rows, err)
	}
	_, _, text = ask(t, e, "", "SELECT number FROM numbers(200000) FORMAT CSVWithNames")
	if lines := strings.Count(text, "\n"); lines != 200_001 {
		t.Errorf("CSVWithNames: %d lines, want 200001", lines)
	}
}

func testErrors(t *testing.T, e *embedded.Engine) {
	before := func() string { _, _, n := ask(t, e, "", "SELECT count() FROM hits"); return n }()
	for _, c := range []struct {
		name, query, body string
		status            int
		code              string
	}{
		{"syntax", "", "SELEC 1", 400, "62"},
		{"unknown table", "", "SELECT * FROM nothing_here", 404, "60"},
		{"unknown database", "database=nothing_here", "SELECT 1", 404, "81"},
		{"unknown setting", "no_such_setting=1", "SELECT 1", 400, "115"},
		{"setting that is none", "a%20b=1", "SELECT 1", 400, "115"},
		{"two statements", "", "SELECT 1; SELECT 2", 400, "62"},
		{"readonly: create", "readonly=1", "CREATE TABLE x (a Int8) ENGINE = Memory", 403, "164"},
		{"readonly: insert", "readonly=1", "INSERT INTO hits (n) VALUES (1)", 403, "164"},
		{"readonly: insert stream", "readonly=1&query=" + url.QueryEscape("INSERT INTO hits (n) FORMAT TSV"), "1\n", 403, "164"},
		{"readonly: files", "readonly=1", "SELECT * FROM file('lock', LineAsString)", 403, "164"},
		{"readonly: drop", "readonly=2", "DROP TABLE hits", 403, "164"},
		{"time limit", "max_execution_time=0.2", "SELECT sum(sipHash64(number)) FROM numbers(100000000000)", 408, "159"},
		{"insert into nothing", "query=" + url.QueryEscape("INSERT INTO nothing_here FORMAT TSV"), "1\n", 404, "60"},
		{"bad rows", "query=" + url.QueryEscape("INSERT INTO hits (n) FORMAT TSV"), "a\n", 400, "27"},
		{"compression", "compress=1", "SELECT 1", 501, "48"},
	} {
		if status, code, text := ask(t, e, c.query, c.body); status != c.status || code != c.code || !strings.Contains(text, "Code: "+c.code+".") {
			t.Errorf("%s: status %d, code %s, want %d, %s: %s", c.name, status, code, c.status, c.code, text)
		}
	}
	if after := func() string { _, _, n := ask(t, e, "", "SELECT count() FROM hits"); return n }(); before != after {
		t.Errorf("refused statements changed the rows from %s to %s", before, after)
	}
}
