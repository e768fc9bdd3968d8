package main

import (
	"context"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/klar-analytics/klar/storage"
	"github.com/klar-analytics/klar/storage/embedded"
)

// TestServerAnswersLater starts klar serve while its ClickHouse server is away: it takes in what comes, says that it is not
// ready, ends and starts again, and delivers all when the server is there.
func TestServerAnswersLater(t *testing.T) {
	t.Parallel()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil { // nobody else takes it in the moments until the server does
		t.Fatal(err)
	}
	config, data := beaconConfig(t)
	b, err := os.ReadFile(config)
	if err == nil {
		err = os.WriteFile(config, append(b, "storage: {flush: 1s}\n"...), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	begun := func() *process {
		p, base := startServe(t, data, "--config", config, "--dsn", "http://"+address)
		if status, dropped := send(t, base, viewOf("/")); status != http.StatusAccepted || dropped != "" {
			t.Fatalf("a view is answered with %d and dropped as %q", status, dropped)
		}
		if status := statusOf(t, base+"/readyz"); status != http.StatusServiceUnavailable {
			t.Errorf("whether it is ready is answered with %d without a store", status)
		}
		return p
	}
	if said, err := begun().stop(t, syscall.SIGTERM); err != nil || !strings.Contains(said, "for the next start") {
		t.Errorf("serve ended with %v and says %q", err, said)
	}
	p := begun()
	db := serveEngine(t, address)
	p.until(t, "the ClickHouse server answers")
	for late := time.Now().Add(patience); ; {
		if n := requests(t, db); n == 2 {
			break
		} else if time.Now().After(late) {
			t.Fatalf("%d views arrived, want 2", n)
		}
	}
	if said, err := p.stop(t, syscall.SIGTERM); err != nil {
		t.Errorf("serve ended with %v and says %q", err, said)
	}
}

// serveEngine makes an engine a ClickHouse server at an address.
func serveEngine(t *testing.T, address string) *storage.DB {
	t.Helper()
	klar, err := exec.LookPath("klar")
	if err != nil {
		t.Fatal(err)
	}
	engine, err := embedded.Open(t.Context(), embedded.Options{Dir: t.TempDir(), Command: []string{klar, "engine"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(engine.Close)
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: "engine"})
	proxy.Transport = &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return engine.Dial(ctx) }}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: proxy, ReadHeaderTimeout: patience}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	db, err := storage.Connect(t.Context(), storage.Options{Dial: engine.Dial})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// requests is how many arrived.
func requests(t *testing.T, db *storage.DB) (n int) {
	t.Helper()
	var out strings.Builder
	if err := db.SQL(t.Context(), &out, "SELECT sum(requests) FROM minutes", "TSV"); err != nil {
		t.Fatal(err)
	}
	return number(t, strings.TrimSpace(out.String()))
}

func statusOf(t *testing.T, address string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}
