// Package dashboards owns what is read over HTTP: the Stats API, the web interface, the metrics and the health of
// the process. It asks its [Reports] and knows nothing of where they come from.
package dashboards

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/klar-analytics/klar/dashboards/account"
	"github.com/klar-analytics/klar/dashboards/pipeline"
	"github.com/klar-analytics/klar/report"
)

// Reports answers what the dashboard asks. Its methods are called by many goroutines at once.
type Reports interface {
	// Query answers one question. A question that cannot be answered is an error of type *report.Error.
	Query(ctx context.Context, q report.Query) (report.Result, error)
	// Export answers a question as a file that is streamed to w. After an error, what was written is not whole.
	Export(ctx context.Context, w io.Writer, q report.Query, format report.Format) error
	// Sites lists the sites, configured ones and those that have figures, in the order to show them in.
	Sites(ctx context.Context) ([]Site, error)
	// Offenders lists the shortened networks that attacked the question's site in its range, at most so many.
	Offenders(ctx context.Context, q report.Query, most int) (report.Offenders, error)
}

// Site is one website.
type Site struct {
	ID       string
	Location *time.Location // nil is UTC
	// Definitions are its goals, content groups and funnels.
	Definitions report.Definitions
	// First and Last are the first and last hour that have figures; both are zero while there are none.
	First, Last time.Time
	Segments    []report.Segment
}

// Options is what a handler needs. Only Reports must be set.
type Options struct {
	Reports Reports
	Logger  *slog.Logger     // nil discards
	Now     func() time.Time // nil is time.Now
	// Ready reports why the process cannot serve yet, nil when it can. It is asked on each GET /readyz; nil is always
	// ready.
	Ready func(ctx context.Context) error
	// Metrics is where the handler's own metrics are registered and what GET /metrics shows; nil has no metrics.
	Metrics *prometheus.Registry
	// CurrentVisitors counts the visitors of a site who did something within a time of up to half an hour. It is called by
	// many goroutines at once; nil knows none.
	CurrentVisitors func(site string, within time.Duration) int
	// Pipeline tells how the process is. It is called by many goroutines at once; nil knows nothing of it.
	Pipeline func(ctx context.Context) pipeline.Status
	// Alerts knows what fires; nil knows nothing of it.
	Alerts Alerts
	// Settings is what was made in the interface; nil lets nothing be made.
	Settings Settings
	// Tail lets somebody watch the hits of a site pass, and returns false while too many do; nil has nothing to watch.
	Tail func(site string) (Watcher, bool)
	// Seconds is the clock of those who watch; nil ticks every second.
	Seconds func() (ticks <-chan time.Time, stop func())
	// Ending is closed when answers that go on and on have to end; nil is never.
	Ending <-chan struct{}
	// Access decides who may ask for statistics; nil lets everybody. The page, health and metrics are not statistics.
	Access *Access
	// Accounts are the users, tokens and links; nil knows none, and then whoever asks from this machine is owner.
	Accounts *account.Store
	// Secure reports whether a request came over https to a proxy that is believed; nil asks no proxy. It is called by many
	// goroutines at once.
	Secure func(*http.Request) bool
	// Network returns the shortened network of who sent a request, by which those without a token are bounded, and false for
	// who is not: this machine. It is called by many goroutines at once; nil bounds nobody without a token.
	Network func(*http.Request) (netip.Addr, bool)
	// Hosts are names under which the dashboard may be asked for on a loopback listener, beside localhost and
	// loopback addresses: those that a reverse proxy passes on.
	Hosts []string
	// Privacy returns what is collected and stored by the configuration that runs; nil: nothing is known of it. It is called
	// by many goroutines at once.
	Privacy func() Privacy
	// PublicPrivacy lets everybody read that.
	PublicPrivacy bool
	// Version of Klar, shown in the interface.
	Version string
	// QueryTimeout bounds one question; 0 is 30 seconds.
	QueryTimeout time.Duration
}

type handler struct {
	Options
	sites       siteCache
	origins     originsCache
	reportTests reportTests
	requests    *prometheus.CounterVec
	seconds     *prometheus.HistogramVec
}

// New returns the handler of everything under /. It fails only on programming errors, such as metrics that are
// registered twice, and then panics.
func New(o Options) http.Handler {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.QueryTimeout == 0 {
		o.QueryTimeout = 30 * time.Second
	}
	if o.Seconds == nil {
		o.Seconds = everySecond
	}
	if o.Access == nil {
		o.Access = &Access{}
	}
	h := &handler{Options: o, sites: siteCache{load: o.Reports.Sites, now: o.Now}}
	h.origins = originsCache{now: o.Now, known: map[string]knownOrigins{}}
	h.register()
	guard := hostGuard(o.Hosts)

	mux := http.NewServeMux()
	handle := func(pattern, route string, next http.Handler) { mux.Handle(pattern, h.counted(route, next)) }
	// No page of another origin may have its visitor's browser change or ask anything.
	sameOrigin := http.NewCrossOriginProtection()
	refused := map[string][]string{} // methods by path
	for _, e := range h.endpoints() {
		answer := h.guarded(e)
		if compressible(e) {
			answer = compressing(answer)
		}
		handle(e.method+" "+e.path, e.route, guard(sameOrigin.Handler(answer)))
		refused[e.path] = append(refused[e.path], e.method)
		if len(refused[e.path]) > 1 {
			continue
		}
		handle(e.path, e.route, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			methodNotAllowed(refused[e.path]).ServeHTTP(w, r)
		}))
	}
	handle("/api/", "other", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeError(w, http.StatusNotFound, "there is nothing at this address")
	}))
	handle("GET /healthz", "health", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { writeText(w, http.StatusOK, "ok") }))
	handle("GET /readyz", "health", http.HandlerFunc(h.ready))
	if o.Metrics != nil {
		handle("GET /metrics", "metrics", guard(promhttp.HandlerFor(o.Metrics, promhttp.HandlerOpts{})))
	}
	handle("/", "page", h.framed(builtAssets()))
	return secured(mux)
}

// counted counts a route's answers by status and times them. The labels are closed: route is one of New's words.
func (h *handler) counted(route string, next http.Handler) http.Handler {
	if h.Metrics == nil {
		return next
	}
	labels := prometheus.Labels{"route": route}
	return promhttp.InstrumentHandlerDuration(h.seconds.MustCurryWith(labels),
		promhttp.InstrumentHandlerCounter(h.requests.MustCurryWith(labels), next))
}

func (h *handler) register() {
	if h.Metrics == nil {
		return
	}
	with := promauto.With(h.Metrics)
	h.requests = with.NewCounterVec(prometheus.CounterOpts{
		Name: "klar_http_requests_total", Help: "Answers of the dashboard and the Stats API.",
	}, []string{"route", "code"})
	h.seconds = with.NewHistogramVec(prometheus.HistogramOpts{
		Name: "klar_http_request_seconds", Help: "Time to answer a request.", Buckets: prometheus.ExponentialBuckets(0.002, 3, 9),
	}, []string{"route"})
}

// ready answers 503 with the reason while the process cannot serve.
func (h *handler) ready(w http.ResponseWriter, r *http.Request) {
	if h.Ready != nil {
		if err := h.Ready(r.Context()); err != nil {
			writeText(w, http.StatusServiceUnavailable, "not ready: "+err.Error())
			return
		}
	}
	writeText(w, http.StatusOK, "ready")
}
