package beacon_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/klar-analytics/klar/collector/beacon"
	"github.com/klar-analytics/klar/collector/raw"
)

// nowhere is a sink that keeps nothing.
type nowhere struct{}

func (nowhere) Add(raw.Hit) (bool, error)                    { return false, nil }
func (nowhere) Commit(context.Context, string, []byte) error { return nil }
func (nowhere) Sync(context.Context) error                   { return nil }
func (nowhere) Forget(time.Time)                             {}

// answer is an http.ResponseWriter that is used again.
type answer struct{ header http.Header }

func (a answer) Header() http.Header       { return a.header }
func (answer) Write(b []byte) (int, error) { return len(b), nil }
func (answer) WriteHeader(int)             {}

// BenchmarkEvent is what a beacon costs among many, without the network, anonymizing and the disk.
func BenchmarkEvent(b *testing.B) {
	h := beacon.New(beacon.Options{Sink: nowhere{}})
	defer h.Close()
	const event = `{"n":"pageview","v":32,"u":"https://example.org/section/page","d":"example.org","r":"https://www.google.com/"}`
	b.ReportAllocs()
	b.SetParallelism(128)
	b.RunParallel(func(pb *testing.PB) {
		body := strings.NewReader(event)
		r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "/api/event", nil)
		if err != nil {
			b.Error(err)
			return
		}
		r.Body, r.ContentLength, r.RemoteAddr = io.NopCloser(body), int64(len(event)), "100.64.1.0:0"
		for name, value := range map[string]string{
			"Content-Type": "text/plain", "Origin": "https://example.org", "Accept": "*/*", "Accept-Language": "de", "X-Forwarded-For": "100.64.1.9",
			"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
		} {
			r.Header.Set(name, value)
		}
		w := answer{http.Header{}}
		for pb.Next() {
			body.Reset(event)
			clear(w.header)
			h.ServeHTTP(w, r)
		}
	})
}
