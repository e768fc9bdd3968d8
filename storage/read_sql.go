package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// trailingFormat is a FORMAT at the end of a statement, which clickhouse-go wants apart.
var trailingFormat = regexp.MustCompile(`(?is)\sFORMAT\s+([A-Za-z][A-Za-z0-9]*)\s*;?\s*$`)

// SQL runs a statement that only reads and streams its result to w in one of ClickHouse's output formats; an empty
// format is what the statement ends with, or TabSeparatedWithNames. The store refuses to change anything. The error
// of the store is passed on in one line: whoever writes SQL here owns the data, and may read what they wrote.
func (db *DB) SQL(ctx context.Context, w io.Writer, query, format string) error {
	query = strings.TrimRight(strings.TrimSpace(query), "; \t\r\n")
	if query == "" {
		return errors.New("the SQL statement is empty")
	}
	if m := trailingFormat.FindStringSubmatchIndex(query); m != nil {
		if own := query[m[2]:m[3]]; format == "" && !strings.EqualFold(own, "asc") && !strings.EqualFold(own, "desc") {
			query, format = query[:m[0]], own
		}
	}
	if format == "" {
		format = "TabSeparatedWithNames"
	}
	result, err := db.conn.QueryFormat(reading(ctx), format, query)
	if err != nil {
		return sqlError(err)
	}
	defer func() { _ = result.Close() }()
	if _, err := io.Copy(w, result); err != nil {
		return sqlError(err)
	}
	return nil
}

// codeReadonly is ClickHouse's error for what readonly forbids.
const codeReadonly = 164

// sqlError is the store's own text, in one line.
func sqlError(err error) error {
	var e *clickhouse.Exception
	if !errors.As(err, &e) {
		return fmt.Errorf("SQL: %w", reason(err))
	}
	if e.Code == codeReadonly {
		return errors.New("SQL: only reading is allowed here; nothing was changed")
	}
	return fmt.Errorf("SQL: %s (error %d)", strings.Join(strings.Fields(e.Message), " "), e.Code)
}
