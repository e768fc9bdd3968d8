package dashboards

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// A test of the reports sends mails: one each minute for each site is enough, and it has so much time.
const (
	reportTestPause = time.Minute
	reportTestTime  = time.Minute
)

// reportTests knows when the reports of each site were tested last.
type reportTests struct {
	mu   sync.Mutex
	last map[string]time.Time
}

// wait returns how long the test of a site has to wait; nothing, and the test is noted, if it may be.
func (r *reportTests) wait(site string, now time.Time) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	if rest := r.last[site].Add(reportTestPause).Sub(now); rest > 0 {
		return rest
	}
	if r.last == nil {
		r.last = map[string]time.Time{}
	}
	r.last[site] = now
	return 0
}

// testReports sends last week's report at once.
func (h *handler) testReports(w http.ResponseWriter, r *http.Request) {
	site, ok := h.siteOf(w, r)
	if !ok {
		return
	}
	if wait := h.reportTests.wait(site, h.Now()); wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait/time.Second)+1))
		writeError(w, http.StatusTooManyRequests, "the reports of this site were tried a moment ago")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), reportTestTime)
	defer cancel()
	results, err := h.Settings.TryReports(ctx, site)
	if err != nil {
		h.failed(ctx, w, err)
		return
	}
	h.audit(ctx, "reports.test", site, "")
	if results == nil {
		results = []AlertTest{}
	}
	writeJSON(w, http.StatusOK, map[string][]AlertTest{"receivers": results})
}
