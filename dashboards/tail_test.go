package dashboards

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// passing is a watcher to whom the test shows events.
type passing struct {
	events []TailEvent
	taken  int
	closed bool
}

func (p *passing) Take() (TailEvent, bool) {
	if p.taken++; p.taken > len(p.events) {
		return TailEvent{}, false
	}
	return p.events[p.taken-1], true
}

func (p *passing) Close() { p.closed = true }

// ended is the end of a Klar: what streams says its first word and stops.
func ended() <-chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}

// TestTailStreams sends what passes at each tick, a sign of life in silence, and ends after ten minutes.
func TestTailStreams(t *testing.T) {
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	watcher := &passing{events: []TailEvent{{Lines: []string{"a"}, Skipped: 2}, {Lines: []string{"b"}}}}
	ticks := make(chan time.Time, 40)
	for i := range 38 {
		ticks <- now.Add(time.Duration(i) * time.Second)
	}
	ticks <- now.Add(tailTime + time.Second)
	h := New(Options{
		Reports: &reports{sites: twoSites()}, Now: func() time.Time { return now },
		Tail: func(site string) (Watcher, bool) {
			if site != "example.org" {
				t.Errorf("the site %q is watched", site)
			}
			return watcher, true
		},
		Seconds: func() (<-chan time.Time, func()) { return ticks, func() {} },
	})
	w := ask(h, "GET", "/api/pipeline/tail?site_id=example.org", "")
	const want = `data: {"lines":["a"],"skipped":2}` + "\n\n" + `data: {"lines":["b"],"skipped":0}` + "\n\n" + ": nothing\n\n: nothing\n\n"
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "text/event-stream" || w.Body.String() != want || !w.Flushed {
		t.Errorf("status %d, %v, flushed %v, %q; want %q", w.Code, w.Header(), w.Flushed, w.Body, want)
	}
	if !watcher.closed {
		t.Error("the watcher is not closed")
	}
}

// TestTailEndsWithItsReader ends when whoever watches leaves.
func TestTailEndsWithItsReader(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	watcher := &passing{}
	h := New(Options{Reports: &reports{sites: twoSites()}, Tail: func(string) (Watcher, bool) { return watcher, true }, Seconds: func() (<-chan time.Time, func()) { return nil, func() {} }})
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/api/pipeline/tail?site_id=example.org", nil))
	if !watcher.closed {
		t.Error("the watcher is not closed")
	}
}

// TestTailIsRefused has no site, too many watchers, a viewer, and nothing to watch.
func TestTailIsRefused(t *testing.T) {
	var access Access
	access.Set([]Token{{Secret: "viewer"}}, true)
	some := func(string) (Watcher, bool) { t.Error("somebody watches"); return nil, false }
	none := func(string) (Watcher, bool) { return nil, false }
	for name, c := range map[string]struct {
		o     Options
		query string
		want  int
	}{
		"an unknown site":   {Options{Tail: some}, "?site_id=else.org", http.StatusBadRequest},
		"no site":           {Options{Tail: some}, "", http.StatusBadRequest},
		"too many watchers": {Options{Tail: none}, "?site_id=example.org", http.StatusServiceUnavailable},
		"nothing to watch":  {Options{}, "?site_id=example.org", http.StatusNotImplemented},
		"a viewer":          {Options{Tail: some, Access: &access}, "?site_id=example.org", http.StatusForbidden},
	} {
		c.o.Reports = &reports{sites: twoSites()}
		r := httptest.NewRequest("GET", "/api/pipeline/tail"+c.query, nil)
		r.Header.Set("Authorization", "Bearer viewer")
		w := httptest.NewRecorder()
		New(c.o).ServeHTTP(w, r)
		if w.Code != c.want || !strings.Contains(w.Body.String(), `"error"`) {
			t.Errorf("%s: status %d, %s; want %d", name, w.Code, w.Body, c.want)
		}
	}
}
