package embedded_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2"
)

const createHits = `CREATE TABLE hits (site LowCardinality(String), n UInt64, at DateTime, tags Array(String), note Nullable(String))
	ENGINE = MergeTree ORDER BY (site, n) SETTINGS non_replicated_deduplication_window = 1000`

// block encodes rows numbered from..to as storage does: one Native block of revision 0.
func block(from, to uint64) []byte {
	var (
		site = new(proto.ColStr).LowCardinality()
		n    proto.ColUInt64
		at   proto.ColDateTime
		tags = new(proto.ColStr).Array()
		note = new(proto.ColStr).Nullable()
	)
	for i := from; i < to; i++ {
		site.Append("example.org")
		n.Append(i)
		at.Append(time.Unix(1_700_000_000+int64(i%1000), 0))
		tags.Append([]string{"a", fmt.Sprint(i % 7)})
		note.Append(proto.Null[string]())
	}
	input := proto.Input{{Name: "site", Data: site}, {Name: "n", Data: &n}, {Name: "at", Data: &at}, {Name: "tags", Data: tags}, {Name: "note", Data: note}}
	var buffer proto.Buffer
	b := proto.Block{Columns: len(input), Rows: int(to - from)}
	if err := b.EncodeRawBlock(&buffer, 0, input); err != nil {
		panic(err)
	}
	return buffer.Buf
}

func withToken(ctx context.Context, token string) context.Context {
	return clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{"insert_deduplication_token": token}))
}

func TestClient(t *testing.T) {
	e := open(t, options(t, t.TempDir()))
	conn := client(t, e)
	execute(t, conn, createHits)

	t.Run("a block sent twice with its token is stored once", func(t *testing.T) {
		for range 2 {
			if err := conn.InsertFormat(withToken(t.Context(), "cut-1"), "Native", "INSERT INTO hits", bytes.NewReader(block(0, 1000))); err != nil {
				t.Fatal(err)
			}
		}
		if n := count(t, conn, "SELECT count() FROM hits"); n != 1000 {
			t.Errorf("stored %d rows, want 1000", n)
		}
		if err := conn.InsertFormat(withToken(t.Context(), "cut-2"), "Native", "INSERT INTO hits", bytes.NewReader(block(0, 1000))); err != nil {
			t.Fatal(err)
		}
		if n := count(t, conn, "SELECT count() FROM hits"); n != 2000 {
			t.Errorf("with another token stored %d rows, want 2000", n)
		}
	})
	t.Run("batch", func(t *testing.T) {
		execute(t, conn, "CREATE TABLE batch (a UInt32, b LowCardinality(String), c Array(UInt8)) ENGINE = MergeTree ORDER BY a")
		batch, err := conn.PrepareBatch(t.Context(), "INSERT INTO batch")
		if err != nil {
			t.Fatal(err)
		}
		if err := batch.Append(uint32(7), "seven", []uint8{1, 2, 0, 255}); err != nil {
			t.Fatal(err)
		}
		if err := batch.Send(); err != nil {
			t.Fatal(err)
		}
		var (
			a uint32
			b string
			c []uint8
		)
		if err := conn.QueryRow(t.Context(), "SELECT a, b, c FROM batch").Scan(&a, &b, &c); err != nil {
			t.Fatal(err)
		}
		if a != 7 || b != "seven" || !slices.Equal(c, []uint8{1, 2, 0, 255}) {
			t.Errorf("got %d %q %v", a, b, c)
		}
	})
	t.Run("parameters are values, not text", func(t *testing.T) {
		ctx := clickhouse.Context(t.Context(), clickhouse.WithParameters(clickhouse.Parameters{"site": "it's; DROP TABLE hits", "n": "3"}))
		var site string
		var n uint64
		if err := conn.QueryRow(ctx, "SELECT {site:String}, {n:UInt64}").Scan(&site, &n); err != nil {
			t.Fatal(err)
		}
		if site != "it's; DROP TABLE hits" || n != 3 {
			t.Errorf("got %q, %d", site, n)
		}
	})
	t.Run("formats", func(t *testing.T) { testFormats(t, e) })
	t.Run("errors", func(t *testing.T) { testErrors(t, e) })
}

// TestLargeResult reads a result of many pieces and types in clickhouse-go.
func TestLargeResult(t *testing.T) {
	conn := client(t, open(t, options(t, t.TempDir())))
	rows, err := conn.Query(t.Context(), "SELECT number, toString(number), toLowCardinality(toString(number % 10)), if(number % 2 = 0, NULL, number), [number], toDateTime(number) FROM numbers(300000)")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var seen uint64
	for rows.Next() {
		var (
			n     uint64
			s, lc string
			null  *uint64
			array []uint64
			at    time.Time
		)
		if err := rows.Scan(&n, &s, &lc, &null, &array, &at); err != nil {
			t.Fatal(err)
		}
		if n != seen || s != fmt.Sprint(n) || lc != fmt.Sprint(n%10) || (null == nil) != (n%2 == 0) || array[0] != n || at.Unix() != int64(n) {
			t.Fatalf("row %d came as %d %q %q %v %v %v", seen, n, s, lc, null, array, at)
		}
		seen++
	}
	if err := rows.Err(); err != nil || seen != 300_000 {
		t.Errorf("%d rows, %v", seen, err)
	}
}

// TestLateError has a query fail after its first rows are on their way.
func TestLateError(t *testing.T) {
	conn := client(t, open(t, options(t, t.TempDir())))
	sql := "SELECT throwIf(number = 190000) FROM numbers(200000) SETTINGS max_block_size = 1000"
	rows, err := conn.Query(t.Context(), sql)
	if err == nil {
		for rows.Next() {
		}
		err = rows.Err()
	}
	wantCode(t, err, 395)
	stream, err := conn.QueryFormat(t.Context(), "TSV", sql)
	if err == nil {
		_, err = io.ReadAll(stream)
		_ = stream.Close()
	}
	wantCode(t, err, 395)
}

func wantCode(t testing.TB, err error, code int32) {
	t.Helper()
	var e *clickhouse.Exception
	if !errors.As(err, &e) {
		t.Errorf("got %v, want an exception with code %d", err, code)
	} else if e.Code != code {
		t.Errorf("got code %d, want %d: %v", e.Code, code, err)
	}
}

// TestConcurrent runs insert streams and queries side by side.
func TestConcurrent(t *testing.T) {
	conn := client(t, open(t, options(t, t.TempDir())))
	execute(t, conn, createHits)
	var group sync.WaitGroup
	for worker := range uint64(8) {
		group.Go(func() {
			for i := range uint64(5) {
				from := (worker*5 + i) * 1000
				if err := conn.InsertFormat(withToken(t.Context(), fmt.Sprint("c", from)), "Native", "INSERT INTO hits", bytes.NewReader(block(from, from+1000))); err != nil {
					t.Error(err)
				}
				var n uint64
				if err := conn.QueryRow(t.Context(), "SELECT count() FROM hits").Scan(&n); err != nil || n%1000 != 0 {
					t.Errorf("a query beside inserts saw %d rows: %v", n, err)
				}
			}
		})
	}
	group.Wait()
	if n := count(t, conn, "SELECT uniqExact(n) FROM hits"); n != 40_000 {
		t.Errorf("stored %d rows, want 40000", n)
	}
}

// TestNoLogTables holds that ClickHouse keeps nothing of what it was asked.
func TestNoLogTables(t *testing.T) {
	conn := client(t, open(t, options(t, t.TempDir())))
	execute(t, conn, createHits)
	var names []string
	rows, err := conn.Query(t.Context(), "SELECT name FROM system.tables WHERE database = 'system' AND (name LIKE '%\\_log' OR engine LIKE '%MergeTree')")
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if len(names) > 0 {
		t.Errorf("log tables exist: %s", strings.Join(names, ", "))
	}
}
