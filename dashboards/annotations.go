package dashboards

import (
	"context"
	"net/http"

	"github.com/klar-analytics/klar/dashboards/settings"
)

// listAnnotations answers the annotations of a site.
func (h *handler) listAnnotations(w http.ResponseWriter, r *http.Request) {
	site, ok := h.siteOf(w, r)
	if !ok {
		return
	}
	list := []settings.Annotation{}
	if h.Settings != nil {
		list = h.Settings.Annotations(site)
	}
	for i := range list {
		list[i].Site = "" // it is the one that was asked for
	}
	writeJSON(w, http.StatusOK, map[string][]settings.Annotation{"annotations": list})
}

// annotate adds an annotation to a site and answers it.
func (h *handler) annotate(w http.ResponseWriter, r *http.Request) {
	var said struct{ Day, Text string }
	if !readBody(w, r, &said) {
		return
	}
	site, ok := h.siteOf(w, r)
	if !ok {
		return
	}
	made, err := h.Settings.Annotate(site, said.Day, said.Text)
	if err != nil {
		h.refused(r.Context(), w, err)
		return
	}
	h.audit(r.Context(), "annotations.put", site, made.ID)
	made.Site = ""
	writeJSON(w, http.StatusOK, made)
}

// unannotate removes an annotation.
func (h *handler) unannotate(w http.ResponseWriter, r *http.Request) {
	site, ok := h.siteOf(w, r)
	if !ok {
		return
	}
	id := r.URL.Query().Get("id")
	if err := h.Settings.Unannotate(site, id); err != nil {
		h.refused(r.Context(), w, err)
		return
	}
	h.audit(context.WithoutCancel(r.Context()), "annotations.delete", site, id)
	writeJSON(w, http.StatusOK, map[string]string{"deleted": id})
}
