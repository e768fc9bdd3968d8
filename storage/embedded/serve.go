package embedded

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// ServeOptions say what an engine's process serves. They travel from the parent to the child as JSON.
type ServeOptions struct {
	Dir         string // the engine's directory
	LibPath     string // libchdb's file
	MemoryLimit int64  // bytes
	Listen      string // loopback address and port for reading, or ""
}

// drainTime is how long running statements may take to end when the engine stops. A statement cut off by it is
// as one that never was: inserts are whole blocks with a token.
const drainTime = 5 * time.Second

// Serve boots the engine in this process and answers until the context ends. One process can do it once, because
// libchdb cannot start twice. The caller holds the directory's lock. ready is called when the engine answers.
// The process should end when Serve returns: libchdb's threads live on.
func Serve(ctx context.Context, o ServeOptions, ready func()) error {
	lib, err := loadLibrary(o.LibPath)
	if err != nil {
		return err
	}
	data := filepath.Join(o.Dir, "clickhouse")
	if err := os.MkdirAll(data, 0o700); err != nil {
		return dirError(err)
	}
	if err := takeBackTokens(data); err != nil {
		return err
	}
	config, usersFile := filepath.Join(o.Dir, "engine.xml"), filepath.Join(o.Dir, "users.xml")
	if err := os.WriteFile(config, configuration(o.MemoryLimit, usersFile), 0o600); err != nil {
		return dirError(err)
	}
	if err := os.WriteFile(usersFile, []byte(users), 0o600); err != nil {
		return dirError(err)
	}
	h := &handler{lib: lib, slots: make(chan struct{}, maxConcurrent)}
	h.args = append([]string{"klar", "--path=" + data, "--config-file=" + config}, sessionSettings(o.MemoryLimit)...)
	// This session stays open: with the last one libchdb would stop the engine.
	keeper, err := lib.open(h.args)
	if err != nil {
		return err
	}
	if h.version, h.timezone, err = keeper.about(); err != nil {
		return err
	}
	listeners, err := listen(o)
	if err != nil {
		return err
	}
	return serveHTTP(ctx, h, listeners, ready)
}

// about asks ClickHouse for its version and time zone.
func (s *session) about() (version, timezone string, err error) {
	r, err := s.query("SELECT version(), timezone()", "RowBinary", nil)
	if err != nil {
		return "", "", err
	}
	defer r.free()
	// Two strings of fewer than 128 bytes, each after its length.
	data := r.data()
	for _, to := range []*string{&version, &timezone} {
		if len(data) == 0 || len(data) < 1+int(data[0]) {
			return "", "", errors.New("libchdb does not say its version")
		}
		*to = string(data[1 : 1+data[0]])
		data = data[1+data[0]:]
	}
	return version, timezone, nil
}

// listen opens the socket and, if asked for, the port. The first is the socket.
func listen(o ServeOptions) ([]net.Listener, error) {
	path, release, err := socketPath(o.Dir)
	if err != nil {
		return nil, err
	}
	defer release()
	// Whoever holds the lock owns the socket; one that is still there was left by a killed engine.
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, dirError(err)
	}
	socket, err := net.Listen("unix", path)
	if err != nil {
		return nil, dirError(err)
	}
	// The directory has mode 0700, so nobody gets at the socket before this.
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, dirError(err)
	}
	socket.(*net.UnixListener).SetUnlinkOnClose(false)
	if o.Listen == "" {
		return []net.Listener{socket}, nil
	}
	host, number, err := net.SplitHostPort(o.Listen)
	if err != nil || !loopbackHost(host) || number == "0" {
		return nil, errors.New("the engine listens on a port of a loopback address only, such as 127.0.0.1:8123")
	}
	port, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return nil, fmt.Errorf("the engine cannot listen: %w", err)
	}
	return []net.Listener{socket, port}, nil
}

// serveHTTP answers on the listeners until the context ends, then lets running statements end.
func serveHTTP(ctx context.Context, h *handler, listeners []net.Listener, ready func()) error {
	group, ctx := errgroup.WithContext(ctx)
	h.running = new(atomic.Int64)
	for i, listener := range listeners {
		own := *h
		if i > 0 {
			own.readonly = "1"
		}
		server := &http.Server{
			Handler:           &own,
			ReadHeaderTimeout: 30 * time.Second,
			// net/http would write client addresses and parts of requests.
			ErrorLog: log.New(io.Discard, "", 0),
		}
		group.Go(func() error {
			if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
				return err
			}
			return nil
		})
		group.Go(func() error {
			<-ctx.Done()
			shutDown(server, h.running)
			return nil
		})
	}
	ready()
	return group.Wait()
}

// shutDown stops accepting and gives running statements drainTime. Server.Shutdown alone would also wait for
// connections that were opened and not used yet, as http.Transport leaves them.
func shutDown(server *http.Server, running *atomic.Int64) {
	ctx, cancel := context.WithTimeout(context.Background(), drainTime)
	defer cancel()
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		_ = server.Shutdown(ctx)
	}()
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	for quiet := 0; quiet < 5; quiet++ { // An answer is still on its way when its handler has returned.
		select {
		case <-closed:
			return
		case <-ctx.Done():
			quiet = 5
		case <-poll.C:
			if running.Load() > 0 {
				quiet = 0
			}
		}
	}
	_ = server.Close()
}
