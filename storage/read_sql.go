package storage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// trailingFormat is a FORMAT at the end of a statement, which clickhouse-go wants apart.
var trailingFormat = regexp.MustCompile(`(?is)\sFORMAT\s+([A-Za-z][A-Za-z0-9]*)\s*;?\s*$`)

// splitFormat takes the format off a statement's end. A sort direction after a column named format is none.
func splitFormat(query string) (rest, format string) {
	m := trailingFormat.FindStringSubmatchIndex(query)
	if m == nil || strings.EqualFold(query[m[2]:m[3]], "asc") || strings.EqualFold(query[m[2]:m[3]], "desc") {
		return query, ""
	}
	return query[:m[0]], query[m[2]:m[3]]
}

// SQL runs a statement that only reads and streams its result to w in one of ClickHouse's output formats; an empty
// format is what the statement ends with, or PrettyCompact. The store refuses to change anything. The error
// of the store is passed on in one line: whoever writes SQL here owns the data, and may read what they wrote.
func (db *DB) SQL(ctx context.Context, w io.Writer, query, format string) error {
	query = strings.TrimRight(strings.TrimSpace(query), "; \t\r\n")
	if query == "" {
		return errors.New("the SQL statement is empty")
	}
	query, own := splitFormat(query)
	if own != "" && format != "" && own != format {
		return fmt.Errorf("SQL: the statement ends with FORMAT %s, but the format asked for is %s; leave one out", own, format)
	}
	format = cmp.Or(format, own, "PrettyCompact")
	if err := checkReads(query); err != nil {
		return err
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

// readingWords are what a statement that only reads begins with.
var readingWords = []string{"SELECT", "WITH", "FROM", "SHOW", "DESCRIBE", "DESC", "EXISTS", "EXPLAIN"}

var errReadOnly = errors.New("SQL: only reading is allowed here (" + strings.Join(readingWords, ", ") + "); nothing was changed")

// checkReads refuses what a server may run in spite of the setting readonly, such as SYSTEM and KILL. Files are out of
// reach: a server knows no INTO OUTFILE, and the embedded engine refuses it, as all that readers must not do.
func checkReads(query string) error {
	for query != "" {
		if strings.HasPrefix(query, "--") || strings.HasPrefix(query, "/*") {
			n, err := token(query)
			if err != nil {
				return fmt.Errorf("SQL: %w", err)
			}
			query = query[n:]
			continue
		}
		if !strings.ContainsRune(" \t\r\n(", rune(query[0])) {
			break
		}
		query = query[1:]
	}
	end := strings.IndexFunc(query, func(r rune) bool { return !unicode.IsLetter(r) && r != '_' })
	if end < 0 {
		end = len(query)
	}
	if !slices.Contains(readingWords, strings.ToUpper(query[:end])) {
		return errReadOnly
	}
	return nil
}

// sqlError is the store's own text, in one line.
func sqlError(err error) error {
	var e *clickhouse.Exception
	if !errors.As(err, &e) {
		return fmt.Errorf("SQL: %w", reason(err))
	}
	if e.Code == codeReadonly && !strings.Contains(e.Message, "setting") && !strings.Contains(e.Message, "Only reading") {
		return errReadOnly
	}
	return fmt.Errorf("SQL: %s (error %d)", strings.Join(strings.Fields(e.Message), " "), e.Code)
}
