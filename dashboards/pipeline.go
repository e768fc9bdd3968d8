package dashboards

import "net/http"

// pipelineStatus answers how the process is.
func (h *handler) pipelineStatus(w http.ResponseWriter, r *http.Request) {
	if h.Pipeline == nil {
		writeError(w, http.StatusNotImplemented, "this Klar takes nothing in, and knows of no pipeline")
		return
	}
	writeJSON(w, http.StatusOK, h.Pipeline(r.Context()))
}
