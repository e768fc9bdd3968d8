package embedded

import (
	"errors"
	"regexp"
	"runtime"
	"strconv"
	"unsafe"
)

// parameter is one server-side query parameter, {name:Type} in the text.
type parameter struct{ name, value string }

// analysis mirrors chdb_query_analysis_v1.
type analysis struct{ size, statements, _, class uint32 }

// What a statement does, as libchdb's own parser says (chdb_query_class).
const (
	classReadOnly = 0
	classUnknown  = 4
)

// exception is an error of ClickHouse itself: the text it gave and the code in it.
type exception struct {
	code int
	text string
}

func (e *exception) Error() string { return e.text }

var codePattern = regexp.MustCompile(`Code: (\d+)\.`)

// newException finds the code in ClickHouse's text; a text without one has the code 1001 (STD_EXCEPTION).
func newException(text string) *exception {
	e := &exception{code: 1001, text: text}
	if m := codePattern.FindStringSubmatch(text); m != nil {
		e.code, _ = strconv.Atoi(m[1])
	}
	return e
}

// session is one connection to the engine. It runs one statement at a time and keeps the settings and the
// database it was given. It is not safe for concurrent use.
type session struct {
	lib    *library
	handle uintptr // chdb_connection *
}

// connect opens a session. The first one of the process boots the engine, with the arguments of a
// ClickHouse command line; later ones must name the same path.
func (lib *library) open(args []string) (*session, error) {
	argv := make([]*byte, len(args)+1)
	for i, arg := range args {
		argv[i] = cString(arg)
	}
	handle := lib.connect(int32(len(args)), &argv[0])
	runtime.KeepAlive(argv)
	if handle == 0 {
		return nil, errors.New("libchdb does not open the data directory")
	}
	return &session{lib: lib, handle: handle}, nil
}

func (s *session) close() { s.lib.closeConn(s.handle) }

// conn is what every call but close wants: the pointer behind the handle.
func (s *session) conn() uintptr { return *(*uintptr)(pointer(s.handle)) }

// exec runs a statement for its effect.
func (s *session) exec(sql string) error {
	result, err := s.query(sql, "Null", nil)
	result.free()
	return err
}

// query runs a statement and holds its whole result in memory.
func (s *session) query(sql, format string, params []parameter) (result, error) {
	p := newParameters(params)
	text, name := []byte(sql), []byte(format)
	r := s.lib.query(s.conn(), unsafe.SliceData(text), uintptr(len(text)), unsafe.SliceData(name), uintptr(len(name)), p.names(), p.nameLens(), p.values(), p.valueLens(), p.count())
	runtime.KeepAlive(p)
	return s.lib.result(r)
}

// classify says what the statement would do, without running it.
func (s *session) classify(sql string) analysis {
	a := analysis{class: classUnknown}
	a.size = uint32(unsafe.Sizeof(a))
	text := []byte(sql)
	if s.lib.classify(s.conn(), unsafe.SliceData(text), uintptr(len(text)), nil, 0, &a) != 0 {
		a.class = classUnknown
	}
	return a
}

// rows is a result that is fetched piece by piece.
type rows struct {
	session *session
	stream  uintptr
	ended   bool
}

// stream starts a query whose result is fetched piece by piece. Only statements that read rows can stream.
func (s *session) stream(sql, format string, params []parameter) (*rows, error) {
	p := newParameters(params)
	text, name := []byte(sql), []byte(format)
	r := s.lib.streamQuery(s.conn(), unsafe.SliceData(text), uintptr(len(text)), unsafe.SliceData(name), uintptr(len(name)), p.names(), p.nameLens(), p.values(), p.valueLens(), p.count())
	runtime.KeepAlive(p)
	if r == 0 {
		return nil, errors.New("libchdb gave no answer")
	}
	if err := s.lib.errorOf(r); err != nil {
		s.lib.resultDestroy(r)
		return nil, err
	}
	return &rows{session: s, stream: r}, nil
}

// next fetches the next piece; an empty one is the end. The piece must be freed.
func (r *rows) next() (result, error) {
	piece, err := r.session.lib.result(r.session.lib.streamFetch(r.session.conn(), r.stream))
	r.ended = err != nil || len(piece.data()) == 0
	return piece, err
}

// close stops the query if it still runs.
func (r *rows) close() {
	if !r.ended {
		r.session.lib.streamStop(r.session.conn(), r.stream)
	}
	r.session.lib.resultDestroy(r.stream)
}

// insertion is an INSERT whose rows are being sent.
type insertion struct {
	lib    *library
	stream uintptr
	done   bool
}

// insert starts an INSERT whose rows follow in the format.
func (s *session) insert(sql, format string, params []parameter) (*insertion, error) {
	p := newParameters(params)
	text, name := []byte(sql), []byte(format)
	stream := s.lib.insert(s.conn(), unsafe.SliceData(text), uintptr(len(text)), unsafe.SliceData(name), uintptr(len(name)), p.names(), p.nameLens(), p.values(), p.valueLens(), p.count())
	runtime.KeepAlive(p)
	if stream == 0 {
		return nil, errors.New("libchdb gave no answer")
	}
	in := &insertion{lib: s.lib, stream: stream}
	if text := s.lib.insertError(stream); text != "" {
		in.close()
		return nil, newException(text)
	}
	return in, nil
}

// Write hands over encoded rows; it blocks while the engine is behind.
func (in *insertion) Write(data []byte) (int, error) {
	if len(data) == 0 {
		return 0, nil
	}
	if in.lib.insertAppend(in.stream, unsafe.SliceData(data), uintptr(len(data))) != 0 {
		return 0, errRefusedRows
	}
	return len(data), nil
}

// errRefusedRows stops the copying; finish then gives the reason.
var errRefusedRows = errors.New("the engine takes no more rows")

// finish stores the rows and returns how many there were.
func (in *insertion) finish() (uint64, error) {
	in.done = true
	r, err := in.lib.result(in.lib.insertDone(in.stream))
	defer r.free()
	if err != nil {
		return 0, err
	}
	return in.lib.resultWritten(r.handle), nil
}

// close gives up what was not finished.
func (in *insertion) close() {
	if !in.done {
		in.lib.insertCancel(in.stream)
	}
	in.lib.insertDestroy(in.stream)
}
