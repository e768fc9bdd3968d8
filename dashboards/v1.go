package dashboards

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/klar-analytics/klar/report"
)

// errNoVisits answers who asks for current visitors where no visits are counted.
var errNoVisits = errors.New("this Klar takes no visits in, so it knows no current visitors")

// currentTime is how long after their latest page view or event somebody counts as a current visitor.
const currentTime = 5 * time.Minute

// statsV1 answers a question of the Stats API v1.
func (h *handler) statsV1(e report.EndpointV1) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		values, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			writeError(w, http.StatusBadRequest, "the parameters cannot be read")
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), h.QueryTimeout)
		defer cancel()
		answer, err := h.askV1(ctx, e, values)
		if err != nil {
			h.failed(ctx, w, report.InV1(e, err))
			return
		}
		writeJSON(w, http.StatusOK, answer)
	}
}

// askV1 returns what is answered: a number for current visitors, else a report.AnswerV1.
func (h *handler) askV1(ctx context.Context, e report.EndpointV1, values url.Values) (any, error) {
	sites, err := h.sitesFor(ctx)
	if err != nil {
		return nil, err
	}
	question, err := report.ParseV1(e, values, report.Options{Now: h.Now(), Sites: sites.location, Definitions: sites.definitions})
	if err != nil {
		return nil, err
	}
	if e == report.RealtimeV1 {
		if h.CurrentVisitors == nil {
			return nil, errNoVisits
		}
		return h.CurrentVisitors(question.Query.Site, currentTime), nil
	}
	result, err := h.Reports.Query(ctx, question.Query)
	if err != nil {
		return nil, err
	}
	if question.Previous == nil {
		return question.Answer(result, nil), nil
	}
	previous, err := h.Reports.Query(ctx, *question.Previous)
	if err != nil {
		return nil, err
	}
	return question.Answer(result, &previous), nil
}
