package dashboards

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"github.com/klar-analytics/klar/dashboards/settings"
	"github.com/klar-analytics/klar/report"
)

// previewJSON says how many visits of the last 28 days would have passed each step of a funnel.
type previewJSON struct {
	Visits []int64 `json:"visits"` // empty where that cannot be told: a step is more than the view of a page
	// Estimated says that they are put together of where page views led to, as the funnel was not counted on all days.
	Estimated bool `json:"estimated"`
}

// previewFunnel answers what a funnel would have counted, without making it.
func (h *handler) previewFunnel(w http.ResponseWriter, r *http.Request) {
	site, ok := h.siteOf(w, r)
	if !ok {
		return
	}
	body, ok := jsonBody(w, r)
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), h.QueryTimeout)
	defer cancel()
	edit, err := settings.Put(site, settings.Funnels, r.URL.Query().Get("name"), body)
	var defined report.Definitions
	if err == nil {
		defined, err = h.Settings.Preview(ctx, edit)
	}
	if err != nil {
		h.refused(ctx, w, err)
		return
	}
	out, err := h.preview(ctx, site, edit.New, defined)
	if err != nil {
		h.failed(ctx, w, err)
		return
	}
	writeJSON(w, http.StatusOK, out)
}

// preview asks for the steps of a funnel among the definitions.
func (h *handler) preview(ctx context.Context, site, name string, defined report.Definitions) (previewJSON, error) {
	out := previewJSON{Visits: []int64{}}
	i := slices.IndexFunc(defined.Funnels, func(d report.Definition) bool { return d.Name == name })
	if i < 0 || slices.ContainsFunc(defined.Funnels[i].Steps, func(step report.Definition) bool { return step.Pages == "" }) {
		return out, nil
	}
	question, err := json.Marshal(map[string]any{
		"site_id": site, "metrics": []report.Metric{report.Visits}, "date_range": "28d", "dimensions": []report.Dimension{report.EventFunnelStep},
		"filters": []any{[]any{report.Is, report.EventFunnel, []string{name}}},
	})
	if err != nil {
		return out, err
	}
	sites, err := h.sitesFor(ctx)
	if err != nil {
		return out, err
	}
	q, err := report.Parse(question, report.Options{Now: h.Now(), Sites: sites.location, Definitions: func(string) report.Definitions { return defined }})
	if err != nil {
		return out, err
	}
	result, err := h.Reports.Query(ctx, q)
	if err != nil {
		return out, err
	}
	_, out.Estimated = result.Warnings[report.Visits]
	out.Visits = make([]int64, len(defined.Funnels[i].Steps))
	for _, row := range result.Rows {
		if step, err := strconv.Atoi(row.Dimensions[0]); err == nil && step >= 1 && step <= len(out.Visits) {
			out.Visits[step-1], _ = row.Metrics[0].(int64)
		}
	}
	return out, nil
}
