package beacon_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/klar-analytics/klar/collector/beacon"
)

// start returns a handler over a sink.
func start(t *testing.T, sink *fake) *beacon.Handler {
	t.Helper()
	h := beacon.New(beacon.Options{Sink: sink, Reason: reason})
	t.Cleanup(h.Close)
	return h
}

// ask sends a request from 203.0.113.7.
func ask(h http.Handler, method, target, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.RemoteAddr = "203.0.113.7:4711"
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestEventsBecomeHits(t *testing.T) {
	t.Parallel()
	const tail = " addr=203.0.113.7:4711 interactive= origin=beacon"
	tests := map[string]struct {
		body    string
		headers []string
		want    string
	}{
		"long names": {`{"name":"pageview","url":"https://example.org/a?b=c#d","domain":"Example.org","referrer":"https://x.example/"}`, nil,
			"site=example.org host=example.org target=/a?b=c referrer=https://x.example/" + tail},
		"short names": {`{"n":"pageview","u":"https://example.org/a","d":"example.org","r":null,"v":32,"h":0}`, nil, "site=example.org host=example.org target=/a" + tail},
		"as text":     {`{"n":"pageview","u":"http://Example.org:8080","d":"example.org"}`, []string{"Content-Type: text/plain;charset=UTF-8"}, "site=example.org host=example.org:8080 target=/" + tail},
		"an event with properties and revenue": {`{"n":"Order","u":"https://example.org/o","d":"example.org","p":{"a":1},"$":{"currency":"EUR","amount":"3"}}`, nil,
			"site=example.org event=Order host=example.org target=/o" + tail},
		"an event nobody caused": {`{"n":"Shown","u":"https://example.org/o","d":"example.org","i":false}`, nil,
			"site=example.org event=Shown host=example.org target=/o addr=203.0.113.7:4711 origin=beacon"},
		"hash routing":            {`{"n":"pageview","u":"https://example.org/app?x=1#!/orders?y=2","d":"example.org","h":1}`, nil, "site=example.org host=example.org target=/app/orders?x=1" + tail},
		"hash routing at the top": {`{"n":"pageview","u":"https://example.org/#/orders","d":"example.org","h":true}`, nil, "site=example.org host=example.org target=/orders" + tail},
		"a user in the address":   {`{"n":"pageview","u":"https://u:p@example.org/","d":"example.org"}`, nil, "site=example.org host=example.org target=/" + tail},
		"headers": {`{"n":"pageview","u":"https://example.org/","d":"example.org"}`,
			[]string{"User-Agent: A", "Accept-Language: de", "Sec-GPC: 1", "DNT: 1", "X-Forwarded-For: 198.51.100.1", "X-Forwarded-For: 10.0.0.1, 10.0.0.2", "X-Real-IP: 1.1.1.1"},
			"site=example.org host=example.org target=/ addr=203.0.113.7:4711 forwarded=198.51.100.1,10.0.0.1, 10.0.0.2 agent=A language=de interactive= gpc= dnt= origin=beacon"},
		"Forwarded": {`{"n":"pageview","u":"https://example.org/","d":"example.org"}`, []string{`Forwarded: for="[2001:db8::1]:4711";proto=https, by=10.0.0.1;For=10.0.0.2, proto=http`},
			"site=example.org host=example.org target=/ addr=203.0.113.7:4711 forwarded=[2001:db8::1]:4711,10.0.0.2,unknown interactive= origin=beacon"},
		"engagement": {`{"n":"engagement","u":"https://example.org/a","d":"example.org","sd":80,"e":3000,"v":30}`, nil,
			"site=example.org host=example.org target=/a addr=203.0.113.7:4711 interactive= engagement={true 3000 80} origin=beacon"},
		"engagement of which nothing is known": {`{"e": "long", "sd": 255, "name": "engagement", "url": "https://example.org/a", "domain": "example.org"}`, nil,
			"site=example.org host=example.org target=/a addr=203.0.113.7:4711 interactive= engagement={true 0 -1} origin=beacon"},
		"engagement without end": {`{"n":"engagement","u":"https://example.org/a","d":"example.org","sd":33.9,"e":1e99}`, nil,
			"site=example.org host=example.org target=/a addr=203.0.113.7:4711 interactive= engagement={true 4294967295 33} origin=beacon"},
		"X-Real-IP": {`{"n":"pageview","u":"https://example.org/","d":"example.org"}`, []string{"X-Real-IP: 198.51.100.1"},
			"site=example.org host=example.org target=/ addr=203.0.113.7:4711 forwarded=198.51.100.1 interactive= origin=beacon"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var sink fake
			w := ask(start(t, &sink), "POST", "/api/event", test.body, test.headers...)
			if w.Code != http.StatusAccepted || w.Body.String() != "ok" || w.Header().Get("X-Klar-Dropped") != "" {
				t.Errorf("answered %d %q", w.Code, w.Body)
			}
			if d := cmp.Diff([]string{test.want}, sink.added); d != "" || sink.committed != 1 || sink.syncs != 1 {
				t.Errorf("committed %d, synced %d times: %s", sink.committed, sink.syncs, d)
			}
		})
	}
}

func TestPixelIsAPageView(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ target, referer, want string }{
		"by the query":     {"/pixel.gif?domain=example.org&url=https://example.org/a&r=https://x.example/", "https://example.org/", "site=example.org host=example.org target=/a referrer=https://x.example/"},
		"by the Referer":   {"/pixel.gif?d=example.org", "https://example.org/b?q=1", "site=example.org host=example.org target=/b?q=1"},
		"without a domain": {"/pixel.gif", "https://example.org/", "host=example.org target=/"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var sink fake
			w := ask(start(t, &sink), "GET", test.target, "", "Referer: "+test.referer)
			if w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), "GIF89a") || w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("answered %d %v", w.Code, w.Header())
			}
			if d := cmp.Diff([]string{test.want + " addr=203.0.113.7:4711 origin=pixel"}, sink.added); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestRefusals sends what is no event. No answer may repeat what was sent.
func TestRefusals(t *testing.T) {
	t.Parallel()
	const secret = "anna.planted"
	for name, test := range map[string]struct {
		method, target, body, contentType string
		status                            int
		want                              string
	}{
		"no JSON":              {"POST", "/api/event", `{"n":` + secret, "", 400, "not JSON: error at byte 6"},
		"nothing":              {"POST", "/api/event", ``, "", 400, "not JSON: error at byte 0"},
		"a text":               {"POST", "/api/event", `"` + secret + `"`, "", 400, "not a JSON object"},
		"a list of texts":      {"POST", "/api/event", `["` + secret + `"]`, "", 400, "event 1: not a JSON object"},
		"half a list":          {"POST", "/api/event", `["` + secret + `"`, "", 400, "not JSON: error at byte 15"},
		"a list with an error": {"POST", "/api/event", `[` + view + `,{"n":"a","d":"` + secret + `"}]`, "", 400, "event 2: url: missing or empty"},
		"a long list":          {"POST", "/api/event", `[` + strings.Repeat("{},", 1000) + `{}]`, "", 400, "more than 1000 events"},
		"a visitor's address":  {"POST", "/api/event", `{"n":"a","d":"x.org","u":"https://x.org/","ip":"` + secret + `"}`, "", 400, "ip, user_agent: only who sends a token may give them"},
		"a number as a name":   {"POST", "/api/event", `{"n":1715550199}`, "", 400, "n: not of the type that the field has"},
		"no name":              {"POST", "/api/event", `{"u":"https://` + secret + `/","d":"x.org"}`, "", 400, "name: missing or empty"},
		"a long name":          {"POST", "/api/event", `{"n":"` + strings.Repeat(secret, 11) + `","u":"https://x.org/","d":"x.org"}`, "", 400, "name: longer than 120 bytes"},
		"no domain":            {"POST", "/api/event", `{"n":"a","u":"https://` + secret + `/"}`, "", 400, "domain: missing or empty"},
		"no url":               {"POST", "/api/event", `{"n":"a","d":"` + secret + `"}`, "", 400, "url: missing or empty"},
		"half a url":           {"POST", "/api/event", `{"n":"a","d":"x.org","u":"/` + secret + `"}`, "", 400, "url: not a whole address such as https://example.org/page"},
		"a url without a host": {"POST", "/api/event", `{"n":"a","d":"x.org","u":"https:///` + secret + `"}`, "", 400, "url: not a whole address such as https://example.org/page"},
		"a form":               {"POST", "/api/event", `n=` + secret, "application/x-www-form-urlencoded", 415, "send JSON, as application/json or text/plain"},
		"too much":             {"POST", "/api/event", strings.Repeat(" ", 64<<10+1), "", 413, "a request has at most 64 KiB"},
		"a question":           {"GET", "/api/event", "", "", 405, "this address takes POST, OPTIONS"},
		"a posted pixel":       {"POST", "/pixel.gif", "", "", 405, "this address takes GET, HEAD"},
		"a pixel of nowhere":   {"GET", "/pixel.gif?url=" + secret, "", "", 400, "url, or else the Referer header: not a whole address such as https://example.org/page"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var sink fake
			w := ask(start(t, &sink), test.method, test.target, test.body, "Content-Type: "+test.contentType)
			if want := `{"error":"` + test.want + "\"}\n"; w.Code != test.status || w.Body.String() != want {
				t.Errorf("answered %d, want %d with the reason %q", w.Code, test.status, test.want)
			}
			if strings.Contains(w.Body.String(), secret) || len(sink.added) != 0 {
				t.Error("what was sent is repeated, or taken in")
			}
		})
	}
}

func TestDroppedBeaconsSayWhy(t *testing.T) {
	t.Parallel()
	for want, test := range map[beacon.Reason][2]string{
		beacon.UnknownSite: {`{"n":"pageview","u":"https://x.org/","d":"dropped.org"}`, ""},
		beacon.Prefetched:  {`{"n":"pageview","u":"https://x.org/","d":"x.org"}`, "Sec-Purpose: prefetch;prerender"},
	} {
		var sink fake
		w := ask(start(t, &sink), "POST", "/api/event", test[0], test[1])
		if got := w.Header().Get("X-Klar-Dropped"); w.Code != http.StatusAccepted || got != string(want) || len(sink.added) != 0 {
			t.Errorf("answered %d, dropped as %q, want %q; %d taken in", w.Code, got, want, len(sink.added))
		}
	}
}

// TestOtherOriginsMaySend asks as a browser does before it sends JSON to another origin.
func TestOtherOriginsMaySend(t *testing.T) {
	t.Parallel()
	w := ask(start(t, &fake{}), "OPTIONS", "/api/event", "", "Origin: https://example.org", "Access-Control-Request-Method: POST")
	h := w.Header()
	if w.Code != http.StatusNoContent || h.Get("Access-Control-Allow-Origin") != "*" || h.Get("Access-Control-Allow-Headers") != "Content-Type" {
		t.Errorf("answered %d %v", w.Code, h)
	}
}

const view = `{"n":"pageview","u":"https://x.org/","d":"x.org"}`

// TestAnsweredOnlyWhenOnTheDisk holds the first fsync up: nobody is answered meanwhile, and all who came meanwhile share
// the second one.
func TestAnsweredOnlyWhenOnTheDisk(t *testing.T) {
	t.Parallel()
	begun, proceed := make(chan struct{}, 9), make(chan struct{})
	sink := &fake{sync: func() error { begun <- struct{}{}; <-proceed; return nil }}
	h := start(t, sink)
	answered := make(chan int, 21)
	send := func() { answered <- ask(h, "POST", "/api/event", view).Code }
	go send()
	<-begun
	for range 20 {
		go send()
	}
	for late := time.Now().Add(10 * time.Second); sinkSize(sink) < 21; {
		if time.Now().After(late) {
			t.Fatal("an fsync that is under way keeps others from being added")
		}
	}
	select {
	case <-answered:
		t.Error("answered before the fsync")
	default:
	}
	close(proceed)
	for range 21 {
		if code := <-answered; code != http.StatusAccepted {
			t.Errorf("answered %d", code)
		}
	}
	if sink.syncs > 3 {
		t.Errorf("%d fsyncs for 21 beacons, most of which waited together", sink.syncs)
	}
}

func sinkSize(f *fake) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.added)
}

func TestRefusedWhenNothingCanBeKept(t *testing.T) {
	t.Parallel()
	broken := errors.New("the disk is full")
	var failed []error
	var mu sync.Mutex
	h := beacon.New(beacon.Options{Sink: &fake{sync: func() error { return broken }}, Failed: func(err error) {
		mu.Lock()
		defer mu.Unlock()
		failed = append(failed, err)
	}})
	w := ask(h, "POST", "/api/event", view)
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("answered %d %v", w.Code, w.Header())
	}
	h.Close()
	if len(failed) != 1 || !errors.Is(failed[0], broken) {
		t.Errorf("reported %v", failed)
	}
	if w := ask(h, "POST", "/api/event", view); w.Code != http.StatusServiceUnavailable {
		t.Errorf("after Close answered %d", w.Code)
	}
}

// TestRefusedWhileFull refuses beacons while there is no room, before the sink has counted anything of them.
func TestRefusedWhileFull(t *testing.T) {
	t.Parallel()
	var full atomic.Bool
	sink := &fake{}
	h := beacon.New(beacon.Options{Sink: sink, Full: full.Load})
	defer h.Close()
	for _, want := range []int{http.StatusServiceUnavailable, http.StatusAccepted} {
		full.Store(want == http.StatusServiceUnavailable)
		w := ask(h, "POST", "/api/event", view)
		if w.Code != want || (w.Header().Get("Retry-After") == "") != (want == http.StatusAccepted) {
			t.Errorf("answered %d %v, want %d", w.Code, w.Header(), want)
		}
	}
	if n := len(sink.added); n != 1 {
		t.Errorf("the sink got %d beacons, want the second alone", n)
	}
}

// TestSenderWhoLeaves is counted: a browser may close the connection with the page.
func TestSenderWhoLeaves(t *testing.T) {
	t.Parallel()
	var sink fake
	h := start(t, &sink)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "POST", "/api/event", strings.NewReader(view)))
	if w.Code != http.StatusAccepted || sink.committed != 1 {
		t.Errorf("answered %d, %d committed", w.Code, sink.committed)
	}
}
