package report

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// Format is that of a file with an answer.
type Format string

// The formats.
const (
	CSV     Format = "csv"     // RFC 4180, with a line of names; what means nothing is empty
	JSON    Format = "json"    // as the Stats API answers, with all rows
	Parquet Format = "parquet" // Apache Parquet
)

// Formats lists the formats.
func Formats() []Format { return []Format{CSV, JSON, Parquet} }

// ContentType returns the media type of the format.
func (f Format) ContentType() string {
	switch f {
	case CSV:
		return "text/csv; charset=utf-8; header=present"
	case Parquet:
		return "application/vnd.apache.parquet"
	}
	return "application/json; charset=utf-8"
}

// ParseFormat returns the format of a name, or an Error that names the part.
func ParseFormat(part, name string) (Format, error) {
	for _, f := range Formats() {
		if strings.EqualFold(name, string(f)) {
			return f, nil
		}
	}
	return "", Refuse(part, "%s is not a format; known are %s", quote(name), list(Formats()))
}

// Stream writes the answer as MarshalJSON does, with rows that come one by one instead of its own, until next returns
// io.EOF. What is known of the answer at the end is written at the end. Before the first row is there, nothing is written.
func (r *Result) Stream(w io.Writer, next func() (Row, error)) error {
	row, err := next()
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	b := bufio.NewWriter(w)
	_, _ = b.WriteString(`{"results":[`) // errors stay with the writer, until Flush
	for before := ""; err == nil; before = "," {
		data, failed := json.Marshal(row.forJSON())
		if failed != nil {
			return failed
		}
		_, _ = b.WriteString(before)
		if _, failed := b.Write(data); failed != nil {
			return failed
		}
		row, err = next()
	}
	if !errors.Is(err, io.EOF) {
		return errors.Join(err, b.Flush())
	}
	meta, err := json.Marshal(r.meta())
	if err != nil {
		return err
	}
	query, err := json.Marshal(r.Query.forJSON())
	if err != nil {
		return err
	}
	_, _ = b.WriteString(`],"meta":` + string(meta) + `,"query":` + string(query) + "}\n")
	return b.Flush()
}
