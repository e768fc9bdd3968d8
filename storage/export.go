package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"

	"github.com/klar-analytics/klar/report"
)

// exportFormats are the names that ClickHouse has for the formats that it writes by itself.
var exportFormats = map[report.Format]string{report.CSV: "CSVWithNames", report.Parquet: "Parquet"}

// Export answers a question as a file, streamed to w. Rows are as many as the question does not limit. What cannot be
// answered is an error of type *report.Error, and then nothing was written; after any other error, what was written is
// not whole.
func (db *DB) Export(ctx context.Context, w io.Writer, q report.Query, format report.Format) error {
	if q.Compare != nil {
		return report.Refuse("include.comparisons", "a file has no comparison; ask for each range by itself")
	}
	p, err := db.plan(ctx, q)
	if err != nil {
		return err
	}
	if format == report.JSON {
		return db.exportJSON(ctx, w, p)
	}
	s, err := p.exportText(format)
	if err != nil {
		return err
	}
	ctx = clickhouse.Context(ctx, clickhouse.WithSettings(clickhouse.Settings{
		"readonly": 1,
		"cancel_http_readonly_queries_on_client_close": 1,
		"format_csv_null_representation":               "",
	}))
	result, err := db.conn.QueryFormat(ctx, exportFormats[format], s.sql, s.args()...)
	if err != nil {
		return statsError(err)
	}
	defer func() { _ = result.Close() }()
	if _, err := io.Copy(w, result); err != nil {
		return fmt.Errorf("export: %w", reason(err))
	}
	return nil
}

// formula is the beginning of texts that a spreadsheet would take for a formula. In a CSV they get a quote before them, as
// OWASP advises (CSV Injection): whoever visits a site decides on some of them.
const formula = "^[=+@\\-＝＋－＠\t\r\n]"

// exportText writes the plan as SQL whose columns are named as the Stats API names them.
func (p *plan) exportText(format report.Format) (*statement, error) {
	s, err := p.text()
	if err != nil {
		return nil, err
	}
	type column struct{ Key, Name string }
	data := struct {
		Columns          []column
		Statement, Order string
	}{Statement: s.sql, Order: p.order()}
	for i, d := range p.query.Dimensions {
		key := fmt.Sprintf("d%d", i)
		if format == report.CSV && !d.IsTime() {
			key = fmt.Sprintf("if(match(%[1]s, {formula:String}), concat({quote:String}, %[1]s), %[1]s)", key)
			s.values["formula"], s.values["quote"] = formula, "'"
		}
		data.Columns = append(data.Columns, column{key, quoted(string(d))})
	}
	for i, m := range p.query.Metrics {
		data.Columns = append(data.Columns, column{fmt.Sprintf("m%d", i), quoted(string(m))})
	}
	var b strings.Builder
	if err := queryTemplates.ExecuteTemplate(&b, "export.sql", data); err != nil {
		return nil, err
	}
	s.sql = b.String()
	return s, nil
}

// quoted writes a name as SQL.
func quoted(name string) string {
	return "`" + strings.NewReplacer(`\`, `\\`, "`", "\\`").Replace(name) + "`"
}

// exportJSON streams an answer in the form of the Stats API, without its limit of rows.
func (db *DB) exportJSON(ctx context.Context, w io.Writer, p *plan) error {
	result, err := p.result()
	if err != nil {
		return err
	}
	s, err := p.text()
	if err != nil {
		return err
	}
	rows, err := db.conn.Query(reading(ctx), s.sql, s.args()...)
	if err != nil {
		return statsError(err)
	}
	defer func() { _ = rows.Close() }()
	var total uint64
	err = result.Stream(w, func() (report.Row, error) {
		if !rows.Next() {
			if err := rows.Err(); err != nil {
				return report.Row{}, statsError(err)
			}
			result.TotalRows = int64(total)
			return report.Row{}, io.EOF
		}
		row, err := scan(rows, p.query, &total)
		if err != nil {
			return row, statsError(err)
		}
		return row, nil
	})
	if refused := (*report.Error)(nil); errors.As(err, &refused) {
		return refused
	}
	return err
}
