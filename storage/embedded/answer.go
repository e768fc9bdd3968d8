package embedded

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/ClickHouse/ch-go/proto"
)

// codeBadArguments is what libchdb answers when it is asked to stream a statement that gives no stream.
const codeBadArguments = 36

// streamable are the formats whose pieces joined together are the whole: they have no header and no end.
var streamable = map[string]bool{
	"native": true, "null": true, "rowbinary": true,
	"tabseparated": true, "tsv": true, "tabseparatedraw": true, "tsvraw": true, "csv": true,
	"jsoneachrow": true, "ndjson": true, "jsonlines": true, "jsoncompacteachrow": true,
}

var (
	formatWord   = regexp.MustCompile(`(?i)\bFORMAT\b`)
	formatClause = regexp.MustCompile(`(?is)\bFORMAT\s+([A-Za-z0-9_]+)\b`)
)

// streams reports whether the result's format can be sent piece by piece. A statement that names a format in
// a way that is not plain to see is not streamed, which only costs memory.
func (q *request) streams() bool {
	if q.buffered {
		return false
	}
	if !formatWord.MatchString(q.sql) {
		return streamable[strings.ToLower(q.format)]
	}
	clauses := formatClause.FindAllStringSubmatch(q.sql, -1)
	if len(clauses) != len(formatWord.FindAllString(q.sql, -1)) {
		return false
	}
	for _, clause := range clauses {
		if !streamable[strings.ToLower(clause[1])] {
			return false
		}
	}
	return true
}

func (q *request) writeHeader(w http.ResponseWriter) {
	header := w.Header()
	header.Set("X-ClickHouse-Format", q.format)
	header.Set("X-ClickHouse-Server-Display-Name", "klar")
	switch {
	case strings.HasPrefix(q.format, "JSON"):
		header.Set("Content-Type", "application/json; charset=UTF-8")
	case strings.HasPrefix(q.format, "CSV"):
		header.Set("Content-Type", "text/csv; charset=UTF-8")
	case strings.HasPrefix(q.format, "Native"), strings.HasPrefix(q.format, "RowBinary"), q.format == "Parquet":
		header.Set("Content-Type", "application/octet-stream")
	default:
		header.Set("Content-Type", "text/plain; charset=UTF-8")
	}
}

// writeError answers a statement that failed before any of its result was sent.
func writeError(w http.ResponseWriter, err error) {
	e := asException(err)
	w.Header().Set("X-ClickHouse-Exception-Code", strconv.Itoa(e.code))
	w.Header().Set("Content-Type", "text/plain; charset=UTF-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(e.text)+1))
	w.WriteHeader(statusOf(e.code))
	_, _ = fmt.Fprintln(w, e.text)
}

func asException(err error) *exception {
	var e *exception
	if errors.As(err, &e) {
		return e
	}
	return &exception{code: 1001, text: "Code: 1001. DB::Exception: " + err.Error() + ". (STD_EXCEPTION)"}
}

// statusOf gives the HTTP status that ClickHouse's own server gives for the code.
func statusOf(code int) int {
	switch code {
	case 164, 497: // READONLY, ACCESS_DENIED
		return http.StatusForbidden
	case 46, 47, 60, 81: // unknown function, identifier, table, database
		return http.StatusNotFound
	case 6, 27, 36, 53, 62, 73, 115, 456: // what the statement says is wrong
		return http.StatusBadRequest
	case 48:
		return http.StatusNotImplemented
	case 159:
		return http.StatusRequestTimeout
	}
	return http.StatusInternalServerError
}

// newTag marks this answer's late error, so that no row can be taken for one.
func newTag() string { return strings.ToLower(rand.Text()[:16]) }

// writeLateError ends an answer that failed after its first rows, in the frame that ClickHouse uses
// (WriteBufferFromHTTPServerResponse) and clickhouse-go looks for.
func writeLateError(w http.ResponseWriter, err error, tag string) {
	text := asException(err).text
	_, _ = fmt.Fprintf(w, "\r\n__exception__\r\n%s\r\n%s\n%d %s\r\n__exception__\r\n", tag, text, len(text)+1, tag)
}

// hello is the first question of clickhouse-go over HTTP.
const hello = "SELECT displayName(), version(), revision(), timezone()"

func (q *request) isHello() bool {
	return q.sql == hello && q.format == "Native" && q.protocol != ""
}

// writeHello answers clickhouse-go's first question. A result of libchdb comes in blocks of revision 0, while
// clickhouse-go reads blocks of the revision that this answer names, and this answer itself in the one it asks
// for. So the answer says 0, and no other result needs to be rewritten.
func writeHello(w http.ResponseWriter, q *request, version, timezone string) {
	revision, err := strconv.ParseUint(q.protocol, 10, 64)
	if err != nil {
		writeError(w, newException("Code: 27. DB::Exception: client_protocol_version is not a number. (CANNOT_PARSE_INPUT_ASSERTION_FAILED)"))
		return
	}
	displayName, versions, zones := new(proto.ColStr), new(proto.ColStr), new(proto.ColStr)
	displayName.Append("klar")
	versions.Append(version)
	zones.Append(timezone)
	input := proto.Input{
		{Name: "displayName()", Data: displayName},
		{Name: "version()", Data: versions},
		{Name: "revision()", Data: &proto.ColUInt32{0}},
		{Name: "timezone()", Data: zones},
	}
	block := proto.Block{Info: proto.BlockInfo{BucketNum: -1}, Columns: len(input), Rows: 1}
	var buffer proto.Buffer
	if err := block.EncodeBlock(&buffer, int(min(revision, proto.Version)), input); err != nil {
		writeError(w, err)
		return
	}
	q.writeHeader(w)
	_, _ = w.Write(buffer.Buf)
}
