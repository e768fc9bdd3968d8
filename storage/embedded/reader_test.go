package embedded_test

import (
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klar-analytics/klar/storage/embedded"
)

// changing are statements that a request which may only read must not run. DIR is a directory with the file secret,
// whose content must not come back, and to which nothing may be added.
var changing = []string{
	"SELECT * FROM system.models",
	"SELECT 1 INTO OUTFILE 'DIR/a'",
	"SELECT 1 into/**/outfile 'DIR/a' FORMAT CSV",
	"WITH 1 AS x SELECT x INTO OUTFILE 'DIR/a'",
	"SHOW TABLES INTO OUTFILE 'DIR/a'",
	"EXISTS hits INTO OUTFILE 'DIR/a'",
	"EXPLAIN SELECT 1 INTO OUTFILE 'DIR/a'",
	"SELECT $$'$$ INTO OUTFILE 'DIR/a' -- '",
	"SYSTEM STOP MERGES",
	"/* SELECT */ SYSTEM FLUSH LOGS",
	"KILL QUERY WHERE 0",
	"SET readonly = 0",
	"SET ROLE owner",
	"USE system",
	"CREATE TABLE mine (a UInt8) ENGINE = Memory",
	"CREATE TEMPORARY TABLE mine (a UInt8)",
	"CREATE FUNCTION mine AS x -> x",
	"DROP TABLE hits",
	"OPTIMIZE TABLE hits",
	"CHECK TABLE hits",
	"INSERT INTO hits (n) VALUES (1)",
	"INSERT INTO hits (n) SELECT 1",
	"INSERT INTO hits (n) FROM INFILE 'DIR/secret' FORMAT CSV",
	"WITH x AS (SELECT 1 AS a) INSERT INTO hits (n) SELECT a FROM x",
	"INSERT INTO FUNCTION file('DIR/a', 'CSV', 'a UInt8') SELECT 1",
	"BACKUP TABLE hits TO File('DIR/a')",
	"EXECUTE AS default SELECT 1",
	"SELECT * FROM file('DIR/secret', 'LineAsString')",
	"SELECT * FROM 'DIR/secret'",
	"SELECT * FROM `DIR/secret`",
	"SELECT * FROM loop(file('DIR/secret', 'LineAsString'))",
	"SELECT * FROM sqlite('DIR/secret', 'a')",
	"SELECT * FROM filesystem('DIR')",
	"SELECT * FROM executable('DIR/secret', 'TSV', 'a String')",
	"SELECT * FROM url('http://127.0.0.1:9/', 'LineAsString')",
	"SELECT * FROM s3('http://127.0.0.1:9/bucket/b', 'LineAsString', 'a String')",
	"SELECT * FROM hdfs('hdfs://127.0.0.1:9/a', 'TSV', 'a String')",
	"SELECT * FROM azureBlobStorage('http://127.0.0.1:9', 'a', 'b', 'c', 'd', 'CSV', 'auto', 'a String')",
	"SELECT * FROM iceberg('http://127.0.0.1:9/bucket/b')",
	"SELECT * FROM icebergLocal('DIR')",
	"SELECT * FROM deltaLakeLocal('DIR')",
	"SELECT * FROM remote('127.0.0.1:9', system.one)",
	"SELECT * FROM remoteSecure('127.0.0.1:9', system.one)",
	"SELECT * FROM mysql('127.0.0.1:9', 'a', 'b', 'c', 'd')",
	"SELECT * FROM postgresql('127.0.0.1:9', 'a', 'b', 'c', 'd')",
	"SELECT * FROM mongodb('127.0.0.1:9', 'a', 'b', 'c', 'd', 'a String')",
	"SELECT * FROM redis('127.0.0.1:9', 'a', 'a String')",
	"SELECT file('DIR/secret')",
	"SELECT \"f\\x69le\"('DIR/secret')",
	"SELECT arrayMap(file, ['DIR/secret'])",
	"SELECT * APPLY(file) FROM (SELECT 'DIR/secret' AS p)",
	"EXPLAIN SELECT file('DIR/secret')",
	"SHOW TABLES WHERE file('DIR/secret') != ''",
	"SELECT b FROM values('a Int8, b String ALIAS file(\\'DIR/secret\\')', 1)",
	"SELECT b FROM values('a Int8, b String ALIAS f\\x69le(\\'DIR/secret\\')', 1)",
	"SELECT b FROM \"values\" /* ( */ ('a Int8, b String ALIAS f\\x69le(\\'DIR/secret\\')', 1)",
	"SELECT b FROM generateRandom('a Int8, b String ALIAS fi' || 'le(\\'DIR/secret\\')') LIMIT 1",
	"EXPLAIN header = 1 SELECT b FROM null('a Int8, b String ALIAS f\\x69le(\\'DIR/secret\\')')",
	"SELECT * FROM eval('SELECT fi' || 'le(\\'DIR/secret\\')') SETTINGS allow_experimental_eval_table_function = 1",
	"SELECT 1 FORMAT Template SETTINGS format_template_row = 'DIR/secret', format_template_resultset = 'DIR/secret'",
	"SELECT 1 SETTINGS additional_result_filter = 'file(\\'DIR/secret\\') != \\'\\''",
	"SELECT 1 SETTINGS readonly = 0",
}

// reading are statements that must not be mistaken for those.
var reading = []string{
	"SELECT 1",
	"(SELECT 1)",
	"-- why\n/* what */ SELECT 1",
	"WITH 1 AS x SELECT x",
	"FROM hits SELECT n",
	"SHOW TABLES",
	"SHOW CREATE TABLE hits",
	"DESCRIBE TABLE hits",
	"DESC hits",
	"EXISTS TABLE hits",
	"EXPLAIN SELECT 1",
	"SELECT 'INTO OUTFILE ''a''', 'file(1)', '/a/file', 'SYSTEM', 'it\\'s a file'",
	"SELECT number FROM numbers(3) WHERE number IS NOT NULL",
	"SELECT count() FROM system.parts",
	"SELECT hits.n AS values, `n` FROM hits WHERE n IN (1, NULL)",
}

// TestReadersOnlyRead asks for everything that must not be done in each of the ways that are for reading only.
func TestReadersOnlyRead(t *testing.T) {
	o := options(t, t.TempDir())
	o.Listen = freePort(t)
	e := open(t, o)
	execute(t, client(t, e), "CREATE TABLE hits (n Int64) ENGINE = MergeTree ORDER BY n")
	dir := t.TempDir()
	write(t, filepath.Join(dir, "secret"), "planted\n")
	for name, address := range map[string]string{
		"the port": "http://" + o.Listen + "/?readonly=0", "readonly=1": "http://engine/?readonly=1",
		"readonly=2": "http://engine/?readonly=2", "GET": "http://engine/?",
	} {
		t.Run(name, func(t *testing.T) {
			for _, sql := range changing {
				sql = strings.ReplaceAll(sql, "DIR", dir)
				status, text := askAs(t, e, address, sql)
				if status != http.StatusForbidden || !strings.Contains(text, "READONLY") && !strings.Contains(text, "ACCESS_DENIED") {
					t.Errorf("%s: status %d, %s", sql, status, text)
				}
				if strings.Contains(text, "planted") {
					t.Errorf("%s: the answer holds what the file holds", sql)
				}
			}
			for _, sql := range reading {
				if status, text := askAs(t, e, address, sql); status != http.StatusOK {
					t.Errorf("%s: status %d, %s", sql, status, text)
				}
			}
			if status, text := askAs(t, e, address, "SELEC 1"); status != http.StatusBadRequest || !strings.Contains(text, "SYNTAX_ERROR") {
				t.Errorf("a syntax error has status %d, %s", status, text)
			}
			secret := url.QueryEscape(filepath.Join(dir, "secret"))
			for _, setting := range []string{
				"format_template_row=" + secret, "additional_result_filter=" + url.QueryEscape("file('a') = ''"), "output_format_schema=" + secret,
				"param_f=file",
			} {
				if status, text := askAs(t, e, address+"&"+setting, "SELECT arrayMap({f:Identifier}, ['a'])"); status != http.StatusForbidden {
					t.Errorf("%s: status %d, %s", setting, status, text)
				}
			}
		})
	}
	if n := count(t, client(t, e), "SELECT count() FROM hits"); n != 0 {
		t.Errorf("%d rows were inserted", n)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("%d files were written (%v)", len(files)-1, err)
	}
}

// askAs asks by GET if the address says nothing of readonly, and else by POST.
func askAs(t *testing.T, e *embedded.Engine, address, sql string) (status int, text string) {
	t.Helper()
	client := http.DefaultClient
	if strings.HasPrefix(address, "http://engine") {
		client = httpClient(t, e)
	}
	var response *http.Response
	var err error
	if strings.Contains(address, "readonly") {
		response, err = client.Post(address, "", strings.NewReader(sql))
	} else {
		response, err = client.Get(address + "&query=" + url.QueryEscape(sql))
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}
