// Package beacon owns what websites' pages send: the events of Plausible's Events API, the pixel for pages without
// scripts, and the tracker script that sends them. Each becomes a raw hit for its [Sink].
package beacon

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"

	"github.com/klar-analytics/klar/collector/raw"
)

// Sink takes the hits. Of Add, Commit and Forget one is called at a time, Sync also beside them.
type Sink interface {
	// Add anonymizes one hit; h must not be used afterwards. The error is a static reason why the hit was dropped, and
	// carries nothing of it. The first result is not used: what a bot sends is dropped.
	Add(h raw.Hit) (bot bool, err error)
	// Commit keeps the hits added since the last Commit. Beacons have no position to keep with them.
	Commit(ctx context.Context, key string, position []byte) error
	// Sync returns when everything that was committed is on the disk.
	Sync(ctx context.Context) error
	// Forget lets go of what is known of visits on days that ended before a moment.
	Forget(before time.Time)
}

// Reason is why a beacon was not counted, as X-Klar-Dropped says it. It carries nothing of the request.
type Reason string

// The reasons.
const (
	Counted     Reason = ""
	UnknownSite Reason = "unknown site"
	ForeignHost Reason = "host not of the site"
	Bot         Reason = "bot"
	OptedOut    Reason = "opted out"
	RateLimit   Reason = "rate limit"
	BadAddress  Reason = "unreadable address"
	Prefetched  Reason = "prefetched"
	Dropped     Reason = "dropped" // for none of the other reasons
)

// Options say how beacons are taken in. Only Sink must be set.
type Options struct {
	Sink Sink
	// Reason says in this package's words why the sink dropped a hit; nil says Dropped of all.
	Reason func(error) Reason
	// Full reports that nothing more can be kept for a while: then beacons are refused before the sink sees them. nil is
	// never.
	Full func() bool
	// Failed is told the first error of the sink after which nothing can be kept; nil ignores it, and beacons are refused.
	Failed func(error)
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Registerer gets the metrics klar_beacon…; nil is none.
	Registerer prometheus.Registerer
}

// EventPath is where events are sent.
const EventPath = "/api/event"

// Paths are the paths that the handler serves; one that ends in a slash stands for all below it.
var Paths = []string{EventPath, "/pixel.gif", "/js/"}

const (
	// maxBody bounds what a page sends, maxServerBody what a server with a token does, in bytes.
	maxBody       = 64 << 10
	maxServerBody = 1 << 20
	// retryAfter is after how many seconds to try again when nothing can be taken in.
	retryAfter = "5"
)

// Handler serves [Paths]. A goroutine of its own writes what comes in; it ends with Close.
type Handler struct {
	options Options
	keeper  *keeper
	forget  *time.Ticker
	serve   http.Handler
	results *prometheus.CounterVec
	counted map[string]prometheus.Counter // of the results, by kind
	tokens  atomic.Pointer[[][sha256.Size]byte]
}

// New returns a handler that takes beacons in.
func New(o Options) *Handler {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Full == nil {
		o.Full = func() bool { return false }
	}
	if o.Failed == nil {
		o.Failed = func(error) {}
	}
	if o.Reason == nil {
		o.Reason = func(error) Reason { return Dropped }
	}
	h := &Handler{options: o, forget: time.NewTicker(forgetEvery)}
	h.results = promauto.With(o.Registerer).NewCounterVec(prometheus.CounterOpts{
		Name: "klar_beacons_total", Help: "Beacons by kind and by what became of them.",
	}, []string{"kind", "result"})
	h.counted = map[string]prometheus.Counter{}
	for _, kind := range [...]string{"event", "pixel", "api"} {
		h.counted[kind] = h.results.WithLabelValues(kind, "counted")
	}
	h.keeper = newKeeper(o.Sink, o.Failed, o.Now, h.forget.C)
	h.serve = h.routes()
	return h
}

// ServeHTTP answers 202, or the pixel, when the beacon is on the disk.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header["Access-Control-Allow-Origin"] = everybody
	header["X-Content-Type-Options"] = nosniff
	if r.Method == http.MethodPost && r.URL.Path == EventPath { // the path of nearly every beacon needs no looking for
		h.event(w, r)
		return
	}
	h.serve.ServeHTTP(w, r)
}

// Between runs f, which may change the sink, while no beacon is being added and after all that were added are committed. It
// returns the error of f.
func (h *Handler) Between(f func() error) error { return h.keeper.between(f) }

// Close writes what was taken in and ends the handler's goroutine. The sink stays the caller's.
func (h *Handler) Close() {
	h.forget.Stop()
	h.keeper.close()
}

func (h *Handler) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+EventPath, h.event)
	mux.HandleFunc("OPTIONS "+EventPath, preflight)
	mux.HandleFunc(EventPath, notAllowed("POST, OPTIONS"))
	mux.HandleFunc("GET /pixel.gif", h.pixel)
	mux.HandleFunc("/pixel.gif", notAllowed("GET, HEAD"))
	mux.Handle("GET /js/{name}", &scripts{made: map[string]*Script{}})
	mux.HandleFunc("/js/", notAllowed("GET, HEAD"))
	return mux
}

// Values of headers, made once: they are on the path of every beacon. The first two, which every answer has, let the pages of
// any site use what this package serves.
var (
	everybody   = []string{"*"}
	nosniff     = []string{"nosniff"}
	plain       = []string{"text/plain; charset=utf-8"}
	crossOrigin = []string{"cross-origin"}
)

// preflight answers a browser's question whether a page may send events as JSON.
func preflight(w http.ResponseWriter, _ *http.Request) {
	header := w.Header()
	header.Set("Access-Control-Allow-Methods", "POST, OPTIONS")
	header.Set("Access-Control-Allow-Headers", "Content-Type")
	header.Set("Access-Control-Max-Age", "86400")
	w.WriteHeader(http.StatusNoContent)
}

func notAllowed(methods string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Allow", methods)
		refuse(w, http.StatusMethodNotAllowed, "this address takes "+methods)
	}
}

// refuse answers with a reason, which carries nothing of the request.
func refuse(w http.ResponseWriter, status int, reason string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": reason}) // the asker has gone: nobody to tell
}
