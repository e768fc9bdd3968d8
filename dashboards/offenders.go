package dashboards

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/klar-analytics/klar/report"
)

// fewOffenders is how many networks are listed if the question does not say.
const fewOffenders = 100

// offenders answers which shortened networks attacked a site.
func (h *handler) offenders(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), h.QueryTimeout)
	defer cancel()
	most, err := mostOffenders(r.URL.Query().Get("limit"))
	if err != nil {
		h.failed(ctx, w, err)
		return
	}
	q, err := h.rangeOf(ctx, r)
	if err != nil {
		h.failed(ctx, w, err)
		return
	}
	answer, err := h.Reports.Offenders(ctx, q, most)
	if err != nil {
		h.failed(ctx, w, err)
		return
	}
	writeJSON(w, http.StatusOK, answer)
}

// rangeOf reads the parameters site_id and date_range, which is one of the Stats API's names, or two dates or times with a
// comma between them; 28d if it is not given.
func (h *handler) rangeOf(ctx context.Context, r *http.Request) (report.Query, error) {
	sites, err := h.sitesFor(ctx)
	if err != nil {
		return report.Query{}, err
	}
	parameters := r.URL.Query()
	var span any = "28d"
	if given := parameters.Get("date_range"); strings.Contains(given, ",") {
		span = strings.Split(given, ",")
	} else if given != "" {
		span = given
	}
	question, err := json.Marshal(map[string]any{"site_id": parameters.Get("site_id"), "metrics": []report.Metric{report.Threats}, "date_range": span})
	if err != nil {
		return report.Query{}, err
	}
	return report.Parse(question, report.Options{Now: h.Now(), Sites: sites.location})
}

// mostOffenders reads the parameter limit.
func mostOffenders(given string) (int, error) {
	if given == "" {
		return fewOffenders, nil
	}
	n, err := strconv.Atoi(given)
	if err != nil || n < 1 || n > report.MaxOffenders {
		return 0, report.Refuse("limit", "is 1 to %d", report.MaxOffenders)
	}
	return n, nil
}
