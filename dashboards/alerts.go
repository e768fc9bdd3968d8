package dashboards

import (
	"context"
	"net/http"
	"time"

	"github.com/klar-analytics/klar/report"
)

// Alerts knows the alerts. It is safe for concurrent use.
type Alerts interface {
	// Alerts returns what is firing on a site, and what was after a time.
	Alerts(site string, since time.Time) []report.Alert
	// TestAlerts tells all receivers of an alert that is none, and returns what became of it.
	TestAlerts(ctx context.Context) []AlertTest
}

// AlertTest says whether a receiver took an alert.
type AlertTest struct {
	Receiver  string `json:"receiver"`
	Delivered bool   `json:"delivered"`
	Error     string `json:"error,omitempty"`
}

// alertsBack is how far back alerts are shown that are over, if the asker does not say.
const alertsBack = 7 * 24 * time.Hour

// alertTestTime bounds a test of all receivers.
const alertTestTime = 30 * time.Second

// listAlerts answers the alerts of a site.
func (h *handler) listAlerts(w http.ResponseWriter, r *http.Request) {
	since := h.Now().Add(-alertsBack)
	if text := r.URL.Query().Get("since"); text != "" {
		var err error
		if since, err = time.Parse(time.RFC3339, text); err != nil {
			writeError(w, http.StatusBadRequest, "since: is no time such as 2026-11-23T08:00:00Z")
			return
		}
	}
	site := r.URL.Query().Get("site_id")
	sites, err := h.sitesFor(r.Context())
	switch _, known := sites.location(site); {
	case h.Alerts == nil:
		writeError(w, http.StatusNotImplemented, "this Klar takes nothing in, and knows of no alerts")
	case err != nil:
		h.failed(r.Context(), w, err)
	case !known:
		writeError(w, http.StatusBadRequest, "site_id: there is no such site")
	default:
		w.Header().Set("Cache-Control", "no-store")
		writeJSON(w, http.StatusOK, map[string][]report.Alert{"alerts": h.Alerts.Alerts(site, since)})
	}
}

// testAlerts tries whether alerts arrive.
func (h *handler) testAlerts(w http.ResponseWriter, r *http.Request) {
	if h.Alerts == nil {
		writeError(w, http.StatusNotImplemented, "this Klar takes nothing in, and knows of no alerts")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), alertTestTime)
	defer cancel()
	writeJSON(w, http.StatusOK, map[string][]AlertTest{"receivers": h.Alerts.TestAlerts(ctx)})
}
