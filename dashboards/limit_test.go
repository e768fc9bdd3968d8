package dashboards

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"
)

// TestLimit asks with a token, from a network and from this machine, until it is too much.
func TestLimit(t *testing.T) {
	now := time.Date(2026, 4, 2, 9, 30, 0, 0, time.UTC)
	var access Access
	access.Set([]Token{{Secret: allToken}}, false)
	access.Limit(2)
	h := New(Options{
		Reports: &reports{sites: twoSites()}, Access: &access, Now: func() time.Time { return now },
		Network: func(r *http.Request) (netip.Addr, bool) {
			addr := netip.MustParseAddrPort(r.RemoteAddr).Addr()
			return addr, !addr.IsLoopback()
		},
	})
	asks := func(from, token, path string) *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", path, strings.NewReader(visitors))
		if path != "/api/v2/query" {
			r = httptest.NewRequest("GET", path, nil)
		}
		r.RemoteAddr = from + ":0"
		if token != "" {
			r.Header.Set("Authorization", "Bearer "+token)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	want := func(w *httptest.ResponseRecorder, status int) {
		t.Helper()
		if w.Code != status {
			t.Errorf("status %d, %s; want %d", w.Code, w.Body, status)
		}
	}
	const query, v1 = "/api/v2/query", "/api/v1/stats/aggregate?site_id=example.org"
	want(asks("198.51.100.0", allToken, query), 200)
	want(asks("203.0.113.0", allToken, v1), 200)
	refused := asks("192.0.2.0", allToken, query)
	want(refused, 429)
	var said struct{ Error string }
	if err := json.Unmarshal(refused.Body.Bytes(), &said); err != nil || !strings.Contains(said.Error, "2 questions an hour") {
		t.Errorf("the refusal says %s", refused.Body)
	}
	if after := refused.Header().Get("Retry-After"); after != "1800" {
		t.Errorf("ask again after %s seconds, want 1800", after)
	}
	want(asks("198.51.100.0", "", query), 200) // without the token it is another asker
	want(asks("198.51.100.0", allToken, "/api/openapi.json"), 200)
	want(asks("127.0.0.1", allToken, v1), 429)
	now = now.Add(30 * time.Minute)
	want(asks("192.0.2.0", allToken, query), 200)
	want(asks("192.0.2.0", allToken, query), 429)

	for range 2 * tokenless {
		want(asks("203.0.113.0", "", query), 200)
		want(asks("127.0.0.1", "", query), 200)
	}
	want(asks("203.0.113.0", "", query), 429)
	want(asks("127.0.0.1", "", query), 200)
	want(asks("203.0.114.0", "", query), 200)

	now = now.Add(time.Hour)
	want(asks("192.0.2.0", allToken, query), 200)
	if left := len(access.limiter.until); left != 1 {
		t.Errorf("%d askers are remembered after an hour, want the one of now", left)
	}
	access.Limit(0)
	for range 9 {
		want(asks("192.0.2.0", allToken, query), 200)
	}
}

// TestLimitOfManyNetworks fills what is remembered: the others share a bound, and tokens have their own.
func TestLimitOfManyNetworks(t *testing.T) {
	now := time.Date(2026, 4, 2, 9, 30, 0, 0, time.UTC)
	l := limiter{rate: 1}
	from := netip.MustParseAddr("10.0.0.0")
	for range maxAskers {
		l.allow(asker{network: from}, now)
		from = from.Next()
	}
	for range 2 * tokenless {
		l.allow(asker{network: from}, now)
		from = from.Next()
	}
	if len(l.until) > maxAskers+1 {
		t.Errorf("%d askers are remembered", len(l.until))
	}
	if ok, _, _ := l.allow(asker{network: from}, now); ok {
		t.Error("networks beyond those that are remembered are not bounded")
	}
	if ok, _, _ := l.allow(asker{token: [32]byte{1}}, now); !ok {
		t.Error("a token is bounded by what networks ask")
	}
}
