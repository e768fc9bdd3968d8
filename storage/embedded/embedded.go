// Package embedded owns the ClickHouse that comes with Klar: libchdb, loaded into a process of its own
// (`klar engine`), which serves ClickHouse's HTTP interface on a unix socket in the engine's directory. Open is the
// side of the programs that need the store, Serve the side of the engine's process. Whoever holds the lock of the
// directory runs the engine; all others use its socket, and take over when the holder goes away.
package embedded

import (
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

const (
	// DefaultWait is how long Open and Dial wait for an engine that is starting or being restarted.
	DefaultWait = 30 * time.Second
)

// Options say where an engine is and how to run it.
type Options struct {
	// Dir is the engine's directory, made with mode 0700 when missing. It holds the tables, the socket and the lock.
	Dir string

	// Command is the program of the engine's process and its arguments; it must call ServeChild. Empty: this
	// program with the argument "engine".
	Command []string

	// LibPath is libchdb's file. Empty: what FindLibrary finds.
	LibPath string

	// MemoryLimit bounds what the engine allocates, in bytes; the library's own pages, about 180 MB that the system
	// can take back, come on top. A statement beyond it fails with MEMORY_LIMIT_EXCEEDED (241) and leaves the
	// engine running; the caches take at most an eighth. 0: a quarter of the machine's memory, between 384 MB
	// and 2 GB.
	MemoryLimit int64

	// Listen is a loopback address with a port, such as 127.0.0.1:8123, on which the engine answers questions
	// without authentication, but changes nothing; empty: none. Only the process that runs the engine decides.
	Listen string

	// Wait bounds how long Open and Dial wait for the engine; 0 is DefaultWait.
	Wait time.Duration

	// Logger gets the engine's starts, ends and restarts; nil is none. No statement and no data are logged.
	Logger *slog.Logger

	// Registerer gets klar_engine_restarts_total; nil is none.
	Registerer prometheus.Registerer
}
