package storage

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/klar-analytics/klar/storage/embedded"
)

// child names what this test binary is when a test starts it as a process of its own: "engine" or "writer".
const child = "KLAR_TEST_CHILD"

func TestMain(m *testing.M) {
	var err error
	switch os.Getenv(child) {
	case "":
		os.Setenv(child, "engine") // what the engine's supervisor starts
		// A program under the race detector waits a second before it ends, as long as its variable does not say otherwise.
		os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE"))
		code := m.Run()
		if shared.engine != nil {
			shared.engine.Close()
			_ = os.RemoveAll(shared.dir)
		}
		os.Exit(code)
	case "engine":
		err = embedded.ServeChild(context.Background(), os.Stdin, os.Stdout)
	case "writer":
		os.Setenv(child, "engine")
		err = writeUntilKilled(context.Background())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// shared is the engine of all tests that do not kill it.
var shared struct {
	once   sync.Once
	engine *embedded.Engine
	dir    string
	err    error
}

// testEngine returns the engine that the tests share.
func testEngine(t testing.TB) *embedded.Engine {
	t.Helper()
	shared.once.Do(func() {
		if shared.dir, shared.err = os.MkdirTemp("", "klar-storage"); shared.err == nil {
			shared.engine, shared.err = embedded.Open(context.Background(), engineOptions(t, shared.dir))
		}
	})
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	return shared.engine
}

func engineOptions(t testing.TB, dir string) embedded.Options {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return embedded.Options{Dir: dir, Command: []string{exe}, LibPath: library(t)}
}

// library finds libchdb where `make assets` puts it.
func library(t testing.TB) string {
	t.Helper()
	if path, err := embedded.FindLibrary(); err == nil {
		return path
	}
	for dir, _ := os.Getwd(); dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		path := filepath.Join(dir, "bin", "assets", "libchdb.so")
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	t.Fatal("libchdb is missing: run `make assets` or set CHDB_LIB_PATH")
	return ""
}

// testOptions name a fresh database of the shared engine.
func testOptions(t testing.TB) Options {
	t.Helper()
	engine := testEngine(t)
	name := strings.Map(func(r rune) rune {
		if r == '/' || r == '-' || r == '#' {
			return '_'
		}
		return r
	}, t.Name())
	admin, err := Connect(t.Context(), Options{Dial: engine.Dial})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = admin.Close() }()
	for _, statement := range []string{"DROP DATABASE IF EXISTS " + name, "CREATE DATABASE " + name} {
		if err := admin.conn.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return Options{Dial: engine.Dial, database: name}
}

// testDB is a fresh database of the shared engine, migrated.
func testDB(t testing.TB) *DB {
	t.Helper()
	return connect(t, testOptions(t))
}

func connect(t testing.TB, o Options) *DB {
	t.Helper()
	db, err := Connect(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// one returns the number that a statement gives.
func one(t testing.TB, db *DB, sql string) uint64 {
	t.Helper()
	var n uint64
	if err := db.conn.QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}
