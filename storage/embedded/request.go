package embedded

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// maxStatement bounds a statement sent in a request's body, in bytes. Rows of an INSERT that are sent apart from
// the statement are streamed and have no bound.
const maxStatement = 64 << 20

// request is what a client asks for, in the terms of ClickHouse's HTTP interface.
type request struct {
	sql      string
	database string
	format   string // default_format: what the result comes in unless the statement says otherwise
	settings []parameter
	readonly string // the setting's value, "" for none
	params   []parameter
	buffered bool // wait_end_of_query: the answer starts when the result is complete
	protocol string
	mark     string // tells this request's statement from all others

	rows       io.Reader // the rows of an INSERT, or nil
	rowsFormat string
}

// notSettings are the parameters of the HTTP interface that are no settings of the query. Users, roles and
// sessions mean nothing here: whoever reaches the socket is the owner of the data.
var notSettings = []string{
	"query", "database", "default_format", "user", "password", "role", "query_id", "quota_key",
	"session_id", "session_timeout", "session_check", "close_session", "stacktrace",
	"client_protocol_version", "compress", "decompress", "network_compression_method",
	"enable_http_compression", "wait_end_of_query", "buffer_size",
}

var (
	settingName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.]*$`)
	insertStart = regexp.MustCompile(`(?is)^\s*INSERT\s+INTO\s`)
	// insertEnd finds what says how the rows come: INSERT INTO t FORMAT Native, or INSERT INTO t VALUES.
	insertEnd = regexp.MustCompile(`(?is)\s(?:FORMAT\s+([A-Za-z0-9_]+)|VALUES)\s*;?\s*$`)
)

// readRequest takes a request apart. Its errors are exceptions as ClickHouse has them and name no content.
func readRequest(r *http.Request) (*request, error) {
	query := r.URL.Query()
	if query.Get("compress") == "1" || query.Get("decompress") == "1" || !slices.Contains([]string{"", "identity"}, r.Header.Get("Content-Encoding")) {
		return nil, newException("Code: 48. DB::Exception: Compression is not offered on this machine-local connection. (NOT_IMPLEMENTED)")
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return nil, newException("Code: 48. DB::Exception: External tables are not offered by the embedded engine. (NOT_IMPLEMENTED)")
	}
	q := &request{
		mark:     newTag(),
		sql:      query.Get("query"),
		database: first(query.Get("database"), r.Header.Get("X-ClickHouse-Database")),
		format:   first(query.Get("default_format"), r.Header.Get("X-ClickHouse-Format"), "TabSeparated"),
		buffered: query.Get("wait_end_of_query") == "1",
		protocol: query.Get("client_protocol_version"),
	}
	for name, values := range query {
		param, ok := strings.CutPrefix(name, "param_")
		switch {
		case ok:
			q.params = append(q.params, parameter{param, values[0]})
		case slices.Contains(notSettings, name):
		case !settingName.MatchString(name):
			return nil, newException("Code: 115. DB::Exception: A parameter of the URL cannot be a setting. (UNKNOWN_SETTING)")
		default:
			q.settings = append(q.settings, parameter{name, values[0]})
		}
	}
	return q, q.readBody(r)
}

// readBody joins the body to the statement, or keeps it as the rows of an INSERT.
func (q *request) readBody(r *http.Request) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		// As in ClickHouse, a GET changes nothing.
		q.settings = append(q.settings, parameter{"readonly", "2"})
		return nil
	}
	if end := insertEnd.FindStringSubmatchIndex(q.sql); end != nil && insertStart.MatchString(q.sql) {
		q.rows, q.rowsFormat = r.Body, "Values"
		if end[2] >= 0 {
			q.rowsFormat = q.sql[end[2]:end[3]]
		}
		q.sql = q.sql[:end[0]]
		return nil
	}
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxStatement))
	if err != nil {
		return newException(fmt.Sprintf("Code: 62. DB::Exception: The statement in the body ends early or is longer than %d bytes. (SYNTAX_ERROR)", maxStatement))
	}
	if q.sql != "" && len(body) > 0 {
		q.sql += "\n"
	}
	q.sql += string(body)
	return nil
}

// prepare gives a fresh session the request's database and settings. A setting that forbids further ones
// (readonly) comes last.
func (q *request) prepare(s *session) error {
	if q.database != "" {
		if err := s.exec("USE " + quoteName(q.database)); err != nil {
			return err
		}
	}
	list := []string{"log_comment = " + quoteString(q.mark)}
	if q.reads() {
		if err := s.exec("SET ROLE reader"); err != nil {
			return err
		}
	}
	for _, setting := range q.settings {
		if setting.name == "readonly" {
			continue
		}
		list = append(list, setting.name+" = "+quoteString(setting.value))
	}
	if q.readonly != "" {
		list = append(list, "readonly = "+quoteString(q.readonly))
	}
	return s.exec("SET " + strings.Join(list, ", "))
}

// demand sets the least value of the setting readonly, which the request itself may only make stricter.
func (q *request) demand(least string) {
	q.readonly = least
	for _, setting := range q.settings {
		if setting.name == "readonly" {
			q.readonly = stricter(q.readonly, setting.value)
		}
	}
}

// reads reports whether the request must not change anything.
func (q *request) reads() bool { return q.readonly != "" && q.readonly != "0" }

// stricter returns the value of readonly that allows less: 1 (nothing but reading), 2 (also settings), 0.
func stricter(a, b string) string {
	for _, value := range []string{"1", "2"} {
		if a == value || b == value {
			return value
		}
	}
	return first(b, a)
}

func quoteName(name string) string {
	return "`" + strings.NewReplacer("\\", "\\\\", "`", "\\`").Replace(name) + "`"
}

func quoteString(value string) string {
	return "'" + strings.NewReplacer("\\", "\\\\", "'", "\\'").Replace(value) + "'"
}

// first returns the first string that is not empty.
func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
