package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"
)

// maxConcurrent bounds the statements that run at the same time; more of them wait. Each holds a thread.
const maxConcurrent = 32

// handler answers ClickHouse's HTTP interface from libchdb. Every request gets a session of its own, which takes
// 0.1 ms to open and leaves no setting behind.
type handler struct {
	lib               *library
	args              []string // of the first connection; a later one must name the same path
	version, timezone string   // of ClickHouse itself
	slots             chan struct{}
	running           *atomic.Int64 // requests being answered, on all listeners
	// readonly is the least value of the setting readonly: "" on the socket, whose file mode says who may
	// write, and "1" on a TCP port, which every user of the machine can reach.
	readonly string
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.running.Add(1)
	defer h.running.Add(-1)
	if h.readonly != "" && !loopbackHost(r.Host) {
		// A web page that points its own name at 127.0.0.1 must not read the store through a browser.
		http.Error(w, "use the name or address of this machine's loopback", http.StatusForbidden)
		return
	}
	switch {
	case r.URL.Path == "/ping" || r.URL.Path == "/replicas_status" || (r.URL.Path == "/" && r.Method == http.MethodGet && r.URL.RawQuery == ""):
		_, _ = io.WriteString(w, "Ok.\n")
	case r.URL.Path != "/":
		http.NotFound(w, r)
	case r.Method != http.MethodGet && r.Method != http.MethodPost && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, "use GET or POST", http.StatusMethodNotAllowed)
	default:
		h.answer(w, r)
	}
}

func (h *handler) answer(w http.ResponseWriter, r *http.Request) {
	q, err := readRequest(r)
	if err != nil {
		writeError(w, err)
		return
	}
	if q.isHello() {
		writeHello(w, q, h.version, h.timezone)
		return
	}
	q.demand(h.readonly)
	if err := q.checkText(); err != nil {
		writeError(w, err)
		return
	}
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-r.Context().Done():
		return
	}
	s, err := h.lib.open(h.args)
	if err != nil {
		writeError(w, err)
		return
	}
	defer s.close()
	if err := q.prepare(s); err != nil {
		writeError(w, err)
		return
	}
	defer context.AfterFunc(r.Context(), func() { h.kill(q.mark) })()
	if q.rows != nil {
		insertRows(w, s, q)
		return
	}
	kind := s.classify(q.sql)
	if kind.statements > 1 {
		writeError(w, newException("Code: 62. DB::Exception: Multi-statements are not allowed. (SYNTAX_ERROR)"))
		return
	}
	if err := q.checkKind(kind); err != nil {
		writeError(w, err)
		return
	}
	if kind.class == classReadOnly && q.streams() && streamRows(w, r, s, q) {
		return
	}
	wholeResult(w, s, q)
}

// kill ends the statement of a client that went away, so that it costs no more.
func (h *handler) kill(mark string) {
	s, err := h.lib.open(h.args)
	if err != nil {
		return // Then it runs to its end.
	}
	defer s.close()
	_ = s.exec("KILL QUERY WHERE Settings['log_comment'] = " + quoteString(mark) + " ASYNC")
}

// insertRows streams the rows of an INSERT into the engine. They are stored when the answer is 200.
func insertRows(w http.ResponseWriter, s *session, q *request) {
	in, err := s.insert(q.sql, q.rowsFormat, q.params)
	if err != nil {
		writeError(w, err)
		return
	}
	defer in.close()
	_, err = io.CopyBuffer(onlyWriter{in}, q.rows, make([]byte, 256<<10))
	if err != nil && !errors.Is(err, errRefusedRows) {
		// The client went away in the middle of its rows: nothing of them may be stored.
		writeError(w, newException("Code: 210. DB::Exception: The rows of the INSERT end early. (NETWORK_ERROR)"))
		return
	}
	written, err := in.finish()
	if err != nil {
		writeError(w, err)
		return
	}
	w.Header().Set("X-ClickHouse-Summary", fmt.Sprintf(`{"read_rows":"0","written_rows":"%d"}`, written))
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(http.StatusOK)
}

// onlyWriter keeps io.CopyBuffer to the buffer it was given.
type onlyWriter struct{ io.Writer }

// wholeResult runs a statement and answers when it is complete.
func wholeResult(w http.ResponseWriter, s *session, q *request) {
	result, err := s.query(q.sql, q.format, q.params)
	if err != nil {
		writeError(w, err)
		return
	}
	defer result.free()
	data := result.data()
	q.writeHeader(w)
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	_, _ = w.Write(data)
}

// streamRows answers a query piece by piece. It reports false when the statement cannot be streamed; then
// nothing was run and nothing answered.
func streamRows(w http.ResponseWriter, r *http.Request, s *session, q *request) bool {
	rows, err := s.stream(q.sql, q.format, q.params)
	var e *exception
	if errors.As(err, &e) && e.code == codeBadArguments {
		return false
	}
	if err != nil {
		writeError(w, err)
		return true
	}
	defer rows.close()
	tag := newTag()
	for started := false; ; started = true {
		piece, err := rows.next()
		switch {
		case err != nil && !started:
			writeError(w, err)
			return true
		case err != nil:
			writeLateError(w, err, tag)
			return true
		case !started:
			q.writeHeader(w)
			w.Header().Set("X-ClickHouse-Exception-Tag", tag)
		}
		if rows.ended {
			piece.free()
			return true
		}
		_, err = w.Write(piece.data())
		piece.free()
		if err != nil || r.Context().Err() != nil {
			return true
		}
	}
}

// loopbackHost reports whether the Host header names this machine's loopback.
func loopbackHost(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
