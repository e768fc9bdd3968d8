package main

import (
	"bytes"
	"context"
	"io"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/klar-analytics/klar/storage/embedded"
)

// cuttingProxy runs the engine for a klar that takes it for a ClickHouse server, and cuts connections: before an insert, in the
// middle of it, and when it was committed but not answered.
type cuttingProxy struct {
	dsn    string
	engine *embedded.Engine
	server *httptest.Server
	client *http.Client

	mu    sync.Mutex
	rnd   *rand.Rand
	tally map[string]int
	calm  bool
}

func newCuttingProxy(t *testing.T, o embedded.Options, seed uint64) *cuttingProxy {
	t.Helper()
	engine, err := embedded.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	p := &cuttingProxy{engine: engine, rnd: rand.New(rand.NewPCG(seed, 0)), tally: map[string]int{}}
	p.client = &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) { return engine.Dial(ctx) }}}
	p.server = httptest.NewServer(p)
	p.server.Config.ErrorLog = nil
	p.dsn = p.server.URL + "/default"
	t.Cleanup(func() { p.end() })
	return p
}

// end closes what the proxy has opened, and returns what it did.
func (p *cuttingProxy) end() map[string]int {
	p.server.CloseClientConnections()
	p.server.Close()
	p.client.CloseIdleConnections()
	p.engine.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.tally)
}

// soothe makes the proxy pass everything on from now, so that a klar that ends can deliver what it has.
func (p *cuttingProxy) soothe() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.calm = true
}

// cut draws what is done to an insert.
func (p *cuttingProxy) cut() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.calm {
		return ""
	}
	what := []string{
		"", "", "", "", "insert cut off before it was sent", "insert cut off in the middle",
		"insert cut off after it was committed", "insert cut off after it was committed",
	}[p.rnd.IntN(8)]
	if what != "" {
		p.tally[what]++
	}
	return what
}

// ServeHTTP passes a request on, unless it is drawn to be cut off.
func (p *cuttingProxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	what := ""
	if strings.HasPrefix(r.URL.Query().Get("query"), "INSERT") {
		what = p.cut()
	}
	var rows io.Reader = bytes.NewReader(body)
	length := int64(len(body))
	switch what {
	case "insert cut off before it was sent":
		panic(http.ErrAbortHandler)
	case "insert cut off in the middle":
		rows = io.MultiReader(bytes.NewReader(body[:len(body)/2]), brokenReader{})
	}
	forward, err := http.NewRequestWithContext(r.Context(), r.Method, "http://engine"+r.URL.RequestURI(), rows)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	forward.Header, forward.ContentLength = r.Header.Clone(), length
	answer, err := p.client.Do(forward)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || what != "" {
		panic(http.ErrAbortHandler)
	}
	maps.Copy(w.Header(), answer.Header)
	w.WriteHeader(answer.StatusCode)
	_, _ = w.Write(text)
}

// brokenReader is a connection that breaks off.
type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
