// Package storage owns everything between anonymized hits and ClickHouse: schema and migrations, the spool, the
// adding up of hits into rows, their delivery, and the answers to report's queries. It is the only user of
// clickhouse-go, and speaks to a server and to the embedded engine in the same way.
package storage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Options say where the store is.
type Options struct {
	// DSN is the http:// or https:// address of a ClickHouse server; empty: Dial is used.
	DSN string
	// Dial connects to the embedded engine.
	Dial func(context.Context) (net.Conn, error)
	// Logger reports migrations; nil is none. It never gets rows or statements with values.
	Logger *slog.Logger
	// Now is the clock that says which hours are of the last two days; nil is time.Now.
	Now func() time.Time
	// Regions are the names of regions by their codes after ISO 3166-2; one that is not among them has none but its code.
	Regions map[string]string

	database string // of the embedded engine, for tests; empty: default
}

// DB is a connection to the store, whose tables are of this program's version. It is safe for concurrent use.
type DB struct {
	conn    driver.Conn
	log     *slog.Logger
	now     func() time.Time
	regions regionNames
}

// ErrAway is the error of a store that does not answer. It may do so later.
var ErrAway = errors.New("the store does not answer")

// Connect opens the store and brings its tables to this program's version. It fails when the store does not answer
// within ctx, refuses the user, or was written by a newer Klar. Several processes may connect at the same time.
func Connect(ctx context.Context, o Options) (*DB, error) {
	db, err := Open(o)
	if err != nil {
		return nil, err
	}
	if err := db.Prepare(ctx); err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
}

// Open names a store and asks it nothing yet. Before anything is written to it, Prepare must have succeeded.
func Open(o Options) (*DB, error) {
	options, err := clientOptions(o)
	if err != nil {
		return nil, err
	}
	conn, err := clickhouse.Open(options)
	if err != nil {
		return nil, fmt.Errorf("the store cannot be opened: %w", reason(err))
	}
	db := &DB{conn: conn, log: o.Logger, now: o.Now, regions: newRegionNames(o.Regions)}
	if db.log == nil {
		db.log = slog.New(slog.DiscardHandler)
	}
	if db.now == nil {
		db.now = time.Now
	}
	return db, nil
}

// Prepare brings the tables to this program's version, as Connect does. Its error is an [ErrAway] when the store does not
// answer.
func (db *DB) Prepare(ctx context.Context) error {
	if err := db.ping(ctx); err != nil {
		return err
	}
	return db.migrate(ctx)
}

// Close ends the connections. Running questions fail.
func (db *DB) Close() error { return db.conn.Close() }

func clientOptions(o Options) (*clickhouse.Options, error) {
	if o.DSN != "" {
		return serverOptions(o.DSN)
	}
	if o.Dial == nil {
		return nil, errors.New("no store: neither the address of a ClickHouse server nor an embedded engine is given")
	}
	return &clickhouse.Options{
		Protocol:     clickhouse.HTTP,
		Addr:         []string{"engine:80"},
		Auth:         clickhouse.Auth{Database: cmp.Or(o.database, "default")},
		DialContext:  func(ctx context.Context, _ string) (net.Conn, error) { return o.Dial(ctx) },
		MaxOpenConns: maxConnections,
		MaxIdleConns: maxConnections,
		// A proxy named in the environment is not meant for a socket on this machine.
		TransportFunc: func(t *http.Transport) (http.RoundTripper, error) {
			t.Proxy = nil
			return askAgain{t}, nil
		},
	}, nil
}

// maxConnections bounds the statements that one process runs at the same time.
const maxConnections = 8

// serverOptions reads the server's address. The address holds a password: no error repeats any of it.
func serverOptions(dsn string) (*clickhouse.Options, error) {
	if !strings.HasPrefix(dsn, "http://") && !strings.HasPrefix(dsn, "https://") {
		return nil, errors.New("the address of the ClickHouse server must begin with http:// or https://")
	}
	options, err := clickhouse.ParseDSN(dsn)
	if err != nil {
		return nil, errors.New("the address of the ClickHouse server is not of the form http://user:password@host:port/database")
	}
	options.MaxOpenConns, options.MaxIdleConns = maxConnections, maxConnections
	return options, nil
}

// reason shortens an error of the client to what happened: of ClickHouse's own errors the code and its name, or the
// whole text where it is about tables and columns; never rows, and no address with its password.
func reason(err error) error {
	var e *clickhouse.Exception
	var answer *clickhouse.HTTPError
	var request *url.Error
	switch {
	case errors.As(err, &answer) && !errors.As(err, &e):
		return fmt.Errorf("the store answers with HTTP status %d", answer.StatusCode) // without the body
	case errors.As(err, &request):
		return request.Err // without the address, in which settings and parameters stand
	case !errors.As(err, &e):
		return err
	}
	switch e.Code {
	case codeUnknownTable, codeUnknownDatabase, codeNoSuchColumn, codeTypeMismatch, codeNoAccess, codeAuthentication:
		return &refusal{code: e.Code, text: firstLine(e.Message)}
	}
	name := e.Name
	if code := proto.Error(e.Code); code.IsAError() { // over HTTP the name is that of all errors
		name = code.String()
	}
	return &refusal{code: e.Code, text: name}
}

// Codes of ClickHouse's errors, from its ErrorCodes.cpp.
const (
	codeNoSuchColumn      = 16
	codeWrongColumns      = 20
	codeUnknownIdentifier = 47
	codeTypeMismatch      = 53
	codeUnknownTable      = 60
	codeSyntax            = 62
	codeCannotConvert     = 70
	codeUnknownDatabase   = 81
	codeUnknownSetting    = 115
	codeReadonly          = 164
	codeNoSpace           = 243
	codeNoAccess          = 497
	codeAuthentication    = 516
)

// refusal is an error that ClickHouse answered with.
type refusal struct {
	code int32
	text string
}

func (e *refusal) Error() string {
	return fmt.Sprintf("ClickHouse answers with error %d: %s", e.code, e.text)
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s[:min(len(s), 300)]
}
