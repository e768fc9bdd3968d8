package embedded

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/ebitengine/purego"
)

// MinVersion is the oldest major version of libchdb that works: earlier ones have no streaming insert
// with parameters and cannot leave the signal handlers to the Go runtime.
const MinVersion = 26

// ErrNoLibrary says that libchdb was not found in any of the places FindLibrary looks at.
var ErrNoLibrary = errors.New("libchdb (the embedded ClickHouse) not found: get it with `make assets`, or set CHDB_LIB_PATH to libchdb.so or the directory it is in")

// libraryName is the file name of libchdb. The packages for macOS keep the ending of Linux.
const libraryName = "libchdb.so"

// FindLibrary returns the path of libchdb: CHDB_LIB_PATH (the file or its directory), assets/libchdb.so beside
// the executable, libchdb.so in the directory KLAR_ASSETS, then the usual directories of the system.
// A CHDB_LIB_PATH that leads nowhere is an error and not passed over, so that nobody runs another
// version than the one asked for. Without any library the error is ErrNoLibrary.
func FindLibrary() (string, error) {
	if path := os.Getenv("CHDB_LIB_PATH"); path != "" {
		if found, ok := libraryAt(path); ok {
			return found, nil
		}
		return "", fmt.Errorf("CHDB_LIB_PATH names no file and no directory with %s: %w", libraryName, ErrNoLibrary)
	}
	var places []string
	if exe, err := os.Executable(); err == nil {
		if real, err := filepath.EvalSymlinks(exe); err == nil {
			exe = real
		}
		places = append(places, filepath.Join(filepath.Dir(exe), "assets"))
	}
	if dir := os.Getenv("KLAR_ASSETS"); dir != "" {
		places = append(places, dir)
	}
	for _, list := range []string{os.Getenv("LD_LIBRARY_PATH"), os.Getenv("DYLD_LIBRARY_PATH")} {
		places = append(places, filepath.SplitList(list)...)
	}
	places = append(places, "/usr/local/lib", "/usr/lib", "/usr/lib64", "/opt/homebrew/lib")
	for _, place := range places {
		if found, ok := libraryAt(place); ok {
			return found, nil
		}
	}
	return "", ErrNoLibrary
}

// libraryAt accepts the library's file or the directory it is in.
func libraryAt(path string) (string, bool) {
	info, err := os.Stat(path)
	if err == nil && info.IsDir() {
		path = filepath.Join(path, libraryName)
		info, err = os.Stat(path)
	}
	if err != nil || !info.Mode().IsRegular() {
		return "", false
	}
	// An absolute path, because the engine runs in another working directory.
	path, err = filepath.Abs(path)
	return path, err == nil
}

// library holds the entry points of libchdb that the engine uses. Handles are pointers into C memory and
// therefore uintptr: the garbage collector must not follow them. Names follow chdb.h.
type library struct {
	version           func() string
	setSignalHandlers func(enabled int32)
	connect           func(argc int32, argv **byte) uintptr
	closeConn         func(conn uintptr)

	query       func(conn uintptr, sql *byte, sqlLen uintptr, format *byte, formatLen uintptr, names **byte, nameLens *uintptr, values **byte, valueLens *uintptr, count uintptr) uintptr
	streamQuery func(conn uintptr, sql *byte, sqlLen uintptr, format *byte, formatLen uintptr, names **byte, nameLens *uintptr, values **byte, valueLens *uintptr, count uintptr) uintptr
	streamFetch func(conn, stream uintptr) uintptr
	streamStop  func(conn, stream uintptr)

	insert        func(conn uintptr, sql *byte, sqlLen uintptr, format *byte, formatLen uintptr, names **byte, nameLens *uintptr, values **byte, valueLens *uintptr, count uintptr) uintptr
	insertAppend  func(stream uintptr, data *byte, size uintptr) int32
	insertDone    func(stream uintptr) uintptr
	insertCancel  func(stream uintptr)
	insertError   func(stream uintptr) string
	insertDestroy func(stream uintptr)

	resultBuffer  func(result uintptr) uintptr
	resultLength  func(result uintptr) uintptr
	resultError   func(result uintptr) uintptr
	resultRows    func(result uintptr) uint64
	resultWritten func(result uintptr) uint64
	resultDestroy func(result uintptr)

	classify func(conn uintptr, sql *byte, sqlLen uintptr, database *byte, databaseLen uintptr, analysis *analysis) int32
}

// loadLibrary loads libchdb once for the process and turns its signal handlers off, which would take SIGSEGV
// and SIGURG from the Go runtime. It takes about 0.6 s.
func loadLibrary(path string) (*library, error) {
	handle, err := purego.Dlopen(path, purego.RTLD_NOW|purego.RTLD_LOCAL)
	if err != nil {
		return nil, fmt.Errorf("%s does not load on %s/%s (get a fitting one with `make assets`): %w", libraryName, runtime.GOOS, runtime.GOARCH, err)
	}
	lib := &library{}
	if _, err := purego.Dlsym(handle, "chdb_version"); err != nil {
		return nil, errors.New("libchdb is too old: it cannot even say its version; version 26 or newer is needed, get it with `make assets`")
	}
	purego.RegisterLibFunc(&lib.version, handle, "chdb_version")
	if err := checkVersion(lib.version()); err != nil {
		return nil, err
	}
	for name, fn := range lib.symbols() {
		if _, err := purego.Dlsym(handle, name); err != nil {
			return nil, fmt.Errorf("libchdb %s lacks %s: a newer one is needed, get it with `make assets`", lib.version(), name)
		}
		purego.RegisterLibFunc(fn, handle, name)
	}
	lib.setSignalHandlers(0)
	return lib, nil
}

// symbols maps the names of chdb.h to the functions they fill.
func (lib *library) symbols() map[string]any {
	return map[string]any{
		"chdb_set_signal_handlers_enabled": &lib.setSignalHandlers,
		"chdb_connect":                     &lib.connect,
		"chdb_close_conn":                  &lib.closeConn,
		"chdb_query_with_params_n":         &lib.query,
		"chdb_stream_query_with_params_n":  &lib.streamQuery,
		"chdb_stream_fetch_result":         &lib.streamFetch,
		"chdb_stream_cancel_query":         &lib.streamStop,
		"chdb_stream_insert_with_params_n": &lib.insert,
		"chdb_stream_append":               &lib.insertAppend,
		"chdb_stream_done":                 &lib.insertDone,
		"chdb_stream_cancel_insert":        &lib.insertCancel,
		"chdb_stream_insert_error":         &lib.insertError,
		"chdb_destroy_insert_stream":       &lib.insertDestroy,
		"chdb_result_buffer":               &lib.resultBuffer,
		"chdb_result_length":               &lib.resultLength,
		"chdb_result_error":                &lib.resultError,
		"chdb_result_rows_read":            &lib.resultRows,
		"chdb_result_rows_written":         &lib.resultWritten,
		"chdb_destroy_query_result":        &lib.resultDestroy,
		"chdb_classify_query_n":            &lib.classify,
	}
}

// checkVersion refuses a libchdb older than MinVersion and says which one was found.
func checkVersion(version string) error {
	major, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	number, err := strconv.Atoi(major)
	if err != nil || number < MinVersion {
		return fmt.Errorf("libchdb is version %q, but %d or newer is needed: get it with `make assets`, or set CHDB_LIB_PATH to a newer one", version, MinVersion)
	}
	return nil
}
