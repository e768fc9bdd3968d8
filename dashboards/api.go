package dashboards

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klar-analytics/klar/report"
)

// query answers a question of the Stats API v2.
func (h *handler) query(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, report.MaxRequest))
	if err != nil {
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			writeError(w, http.StatusRequestEntityTooLarge, "the question is longer than "+strconv.Itoa(report.MaxRequest)+" bytes")
			return
		}
		writeError(w, http.StatusBadRequest, "the question did not arrive whole")
		return
	}
	format, err := wantedFormat(r)
	timeout := h.QueryTimeout
	if format != "" {
		timeout = exportTimeout
	}
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	if err != nil {
		h.failed(ctx, w, err)
		return
	}
	sites, err := h.sitesFor(ctx)
	if err != nil {
		h.failed(ctx, w, err)
		return
	}
	q, err := report.Parse(body, report.Options{Now: h.Now(), Sites: sites.location, Segments: sites.segment, Definitions: sites.definitions, Export: format != ""})
	if err != nil {
		h.failed(ctx, w, err)
		return
	}
	if format != "" {
		h.export(ctx, w, q, format)
		return
	}
	result, err := h.answer(ctx, q)
	if err != nil {
		h.failed(ctx, w, err)
		return
	}
	writeJSON(w, http.StatusOK, result)
}

// answer answers a question from the store, and what it asks of the visitors of the present from memory.
func (h *handler) answer(ctx context.Context, q report.Query) (report.Result, error) {
	rest, place := q.Present()
	if place < 0 {
		return h.Reports.Query(ctx, q)
	}
	if h.CurrentVisitors == nil {
		return report.Result{}, errNoVisits
	}
	result := report.Result{Query: rest}
	if len(rest.Metrics) > 0 {
		var err error
		if result, err = h.Reports.Query(ctx, rest); err != nil {
			return report.Result{}, err
		}
	}
	return result.WithVisitors(q, place, h.CurrentVisitors(q.Site, q.Realtime)), nil
}

// failed answers an error: 400 with the offending part if the question is at fault, 503 if the answer took too long,
// else 500. What was asked is told to the asker only; the log gets the errors of the store.
func (h *handler) failed(ctx context.Context, w http.ResponseWriter, err error) {
	refused := (*report.Error)(nil)
	switch {
	case errors.Is(err, errNoVisits):
		writeError(w, http.StatusNotImplemented, err.Error())
	case errors.As(err, &refused):
		writeError(w, http.StatusBadRequest, refused.Error())
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		writeError(w, http.StatusServiceUnavailable, "the answer took longer than it may")
	case ctx.Err() != nil:
		// The asker has gone; nobody reads an answer.
	default:
		h.Logger.Error("a report failed", "error", err)
		writeError(w, http.StatusInternalServerError, "the store could not answer; the log of klar says why")
	}
}

type sitesJSON struct {
	Sites   []siteJSON `json:"sites"`
	Version string     `json:"version,omitempty"`
}

type siteJSON struct {
	ID       string  `json:"id"`
	Timezone string  `json:"timezone"`
	First    *string `json:"first"` // days of the site's time zone, null while there are no figures
	Last     *string `json:"last"`
	// What the site defines.
	Segments []segmentJSON `json:"segments,omitempty"`
	Goals    []goalJSON    `json:"goals,omitempty"`
	Groups   []string      `json:"groups,omitempty"`
	Funnels  []funnelJSON  `json:"funnels,omitempty"`
}

type segmentJSON struct {
	Name    string          `json:"name"`
	Filters json.RawMessage `json:"filters"`
}

type goalJSON struct {
	Name     string `json:"name"`
	Currency string `json:"currency,omitempty"`
}

// funnelJSON is a funnel with its steps as the configuration names them.
type funnelJSON struct {
	Name  string   `json:"name"`
	Steps []string `json:"steps"`
}

// listSites answers the sites with the days that have figures.
func (h *handler) listSites(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), h.QueryTimeout)
	defer cancel()
	sites, err := h.sitesFor(ctx)
	if err != nil {
		h.failed(ctx, w, err)
		return
	}
	out := sitesJSON{Sites: []siteJSON{}, Version: h.Version}
	for _, s := range sites {
		one := siteJSON{
			ID: s.ID, Timezone: s.location().String(), First: dayOf(s.First, s.location()), Last: dayOf(s.Last, s.location()),
		}
		for _, saved := range s.Segments {
			one.Segments = append(one.Segments, segmentJSON{saved.Name, saved.Filters})
		}
		one.define(s.Definitions)
		out.Sites = append(out.Sites, one)
	}
	writeJSON(w, http.StatusOK, out)
}

// define names what the site counts, so that a page can offer it.
func (s *siteJSON) define(d report.Definitions) {
	for _, g := range d.Goals {
		s.Goals = append(s.Goals, goalJSON{g.Name, g.Currency})
	}
	for _, g := range d.Groups {
		s.Groups = append(s.Groups, g.Name)
	}
	for _, f := range d.Funnels {
		one := funnelJSON{Name: f.Name}
		for _, step := range f.Steps {
			one.Steps = append(one.Steps, step.Name)
		}
		s.Funnels = append(s.Funnels, one)
	}
}

// sitesFor returns the sites that the asker may know of.
func (h *handler) sitesFor(ctx context.Context) (siteList, error) {
	sites, err := h.sites.get(ctx)
	return sites.permitted(ctx), err
}

func (s Site) location() *time.Location {
	if s.Location == nil {
		return time.UTC
	}
	return s.Location
}

func dayOf(t time.Time, loc *time.Location) *string {
	if t.IsZero() {
		return nil
	}
	day := t.In(loc).Format(time.DateOnly)
	return &day
}

// sitesFresh is how long a list of sites is used: a page asks a dozen questions at once, and each needs the list.
const sitesFresh = 3 * time.Second

// siteCache holds the list of sites for a moment.
type siteCache struct {
	load func(context.Context) ([]Site, error)
	now  func() time.Time

	mu   sync.Mutex
	list siteList
	at   time.Time
}

type siteList []Site

// get returns the sites, loaded at most sitesFresh ago. Those who ask while it is being loaded wait for it.
func (c *siteCache) get(ctx context.Context) (siteList, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if !c.at.IsZero() && now.Sub(c.at) < sitesFresh {
		return c.list, nil
	}
	list, err := c.load(ctx)
	if err != nil {
		return nil, err
	}
	c.list, c.at = list, now
	return c.list, nil
}

// forget has the sites loaded anew for who asks next.
func (c *siteCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = time.Time{}
}

// location returns the time zone of a site, and false if there is no such site.
func (l siteList) location(id string) (*time.Location, bool) {
	for _, s := range l {
		if s.ID == id {
			return s.location(), true
		}
	}
	return nil, false
}

// segment returns the filters of a saved segment of a site, by its name or number, and false if there is none.
func (l siteList) segment(site, key string) (json.RawMessage, bool) {
	for _, s := range l {
		if s.ID != site {
			continue
		}
		if i := slices.IndexFunc(s.Segments, func(saved report.Segment) bool { return saved.Is(key) }); i >= 0 {
			return s.Segments[i].Filters, true
		}
	}
	return nil, false
}

// definitions returns what a site counts under names of its own.
func (l siteList) definitions(id string) report.Definitions {
	for _, s := range l {
		if s.ID == id {
			return s.Definitions
		}
	}
	return report.Definitions{}
}

func methodNotAllowed(allow []string) http.Handler {
	var names []string
	for _, method := range allow {
		names = append(names, method)
		if method == http.MethodGet {
			names = append(names, http.MethodHead)
		}
	}
	list := strings.Join(names, ", ")
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Allow", list)
		writeError(w, http.StatusMethodNotAllowed, "this address takes "+list)
	})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error":"the answer could not be encoded"}`)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // the asker has gone: nobody to tell
}

func writeError(w http.ResponseWriter, status int, reason string) {
	writeJSON(w, status, map[string]string{"error": reason})
}

func writeText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n") // as above
}
