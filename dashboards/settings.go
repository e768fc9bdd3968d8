package dashboards

import (
	"context"
	"errors"
	"net/http"
	"strconv"

	"github.com/klar-analytics/klar/dashboards/settings"
	"github.com/klar-analytics/klar/report"
)

// Settings is what can be made in the interface. Its methods are called by many goroutines at once; their errors are those
// of package settings, or of the store.
type Settings interface {
	// View returns what is defined for a site, and false if nothing is.
	View(site string) (settings.View, bool)
	// Change makes an edit hold, if the site's view still has the tag or that is *, and returns the view afterwards. With
	// try it only says whether it could.
	Change(ctx context.Context, edit settings.Edit, tag string, try bool) (settings.View, error)
	// Preview returns what the site would count if an edit held.
	Preview(ctx context.Context, edit settings.Edit) (report.Definitions, error)
	// TryReports sends last week's report to all who get reports of a site, and returns what became of it; none if
	// nobody gets any.
	TryReports(ctx context.Context, site string) ([]AlertTest, error)
	// Annotations returns those of a site by their days.
	Annotations(site string) []settings.Annotation
	Annotate(site, day, text string) (settings.Annotation, error)
	Unannotate(site, id string) error
}

// settingsEndpoints lists the addresses of what is made in the interface.
func (h *handler) settingsEndpoints() []endpoint {
	const site, annotations = "/api/settings/sites", "/api/annotations"
	list := []endpoint{
		{"GET", "/api/settings", "settings", editor, oneSite, h.kept(h.showSettings)},
		{"PUT", site, "settings", owner, oneSite, h.kept(h.putSite)},
		{"DELETE", site, "settings", owner, oneSite, h.kept(h.deleteSite)},
		{"POST", "/api/settings/funnels/preview", "settings", editor, oneSite, h.kept(h.previewFunnel)},
		{"POST", "/api/settings/reports/test", "settings", editor, oneSite, h.kept(h.testReports)},
		{"GET", annotations, "annotations", viewer, oneSite, http.HandlerFunc(h.listAnnotations)},
		{"POST", annotations, "annotations", editor, oneSite, h.kept(h.annotate)},
		{"DELETE", annotations, "annotations", editor, oneSite, h.kept(h.unannotate)},
	}
	for _, kind := range settings.Definitions {
		path := "/api/settings/" + string(kind)
		list = append(list,
			endpoint{"PUT", path, "settings", editor, oneSite, h.kept(h.putDefinition(kind))},
			endpoint{"DELETE", path, "settings", editor, oneSite, h.kept(h.deleteDefinition(kind))})
	}
	return list
}

// kept refuses everything if no settings are kept.
func (h *handler) kept(next http.HandlerFunc) http.Handler {
	if h.Settings != nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeError(w, http.StatusNotImplemented, "this klar keeps no settings")
	})
}

// showSettings answers what is defined for a site.
func (h *handler) showSettings(w http.ResponseWriter, r *http.Request) {
	site, ok := h.siteOf(w, r)
	if !ok {
		return
	}
	view, defined := h.Settings.View(site)
	if !defined {
		view = settings.NewView(site)
	}
	writeView(w, view)
}

func writeView(w http.ResponseWriter, view settings.View) {
	w.Header().Set("ETag", view.Tag())
	writeJSON(w, http.StatusOK, view)
}

// putSite defines a site, or defines it otherwise.
func (h *handler) putSite(w http.ResponseWriter, r *http.Request) {
	body, ok := jsonBody(w, r)
	if !ok {
		return
	}
	edit, err := settings.Put(r.URL.Query().Get("site_id"), settings.Sites, "", body)
	h.change(w, r, edit, err)
}

// deleteSite removes what was made for a site. Its figures stay.
func (h *handler) deleteSite(w http.ResponseWriter, r *http.Request) {
	if site, ok := h.siteOf(w, r); ok {
		h.change(w, r, settings.Remove(site, settings.Sites, site), nil)
	}
}

// putDefinition adds a goal, group, funnel or segment, or replaces the one that is named.
func (h *handler) putDefinition(kind settings.Kind) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		site, ok := h.siteOf(w, r)
		if !ok {
			return
		}
		if body, ok := jsonBody(w, r); ok {
			edit, err := settings.Put(site, kind, r.URL.Query().Get("name"), body)
			h.change(w, r, edit, err)
		}
	}
}

// deleteDefinition removes the goal, group, funnel or segment that is named.
func (h *handler) deleteDefinition(kind settings.Kind) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if site, ok := h.siteOf(w, r); ok {
			h.change(w, r, settings.Remove(site, kind, r.URL.Query().Get("name")), nil)
		}
	}
}

// siteOf returns the site that is asked for, or answers that the asker may know of none.
func (h *handler) siteOf(w http.ResponseWriter, r *http.Request) (string, bool) {
	ctx, cancel := context.WithTimeout(r.Context(), h.QueryTimeout)
	defer cancel()
	id := r.URL.Query().Get("site_id")
	sites, err := h.sitesFor(ctx)
	if err != nil {
		h.failed(ctx, w, err)
		return "", false
	}
	if _, ok := sites.location(id); !ok {
		writeError(w, http.StatusNotFound, strconv.Quote(id)+" is not a site")
		return "", false
	}
	return id, true
}

// change makes an edit hold and answers the settings of the site. With try in the address it only says whether it could.
func (h *handler) change(w http.ResponseWriter, r *http.Request, edit settings.Edit, err error) {
	ctx, cancel := context.WithTimeout(r.Context(), h.QueryTimeout)
	defer cancel()
	tag, try := r.Header.Get("If-Match"), r.URL.Query().Has("try")
	if _, defined := h.Settings.View(edit.Site); err == nil && defined && tag == "" {
		writeError(w, http.StatusPreconditionRequired, "say by If-Match which settings the change was made from: the ETag of GET /api/settings, or *")
		return
	}
	var view settings.View
	if err == nil {
		view, err = h.Settings.Change(ctx, edit, tag, try)
	}
	if err != nil {
		h.refused(ctx, w, err)
		return
	}
	if !try {
		h.sites.forget()
		action := ".put"
		object := edit.New
		if edit.New == "" {
			action, object = ".delete", edit.Name
		}
		if edit.Kind == settings.ReportsOf { // a site has one
			object = ""
		}
		h.audit(ctx, string(edit.Kind)+action, edit.Site, object)
	}
	writeView(w, view)
}

// refused answers why something was not changed.
func (h *handler) refused(ctx context.Context, w http.ResponseWriter, err error) {
	wrong := (*settings.Error)(nil)
	switch {
	case errors.As(err, &wrong):
		writeJSON(w, http.StatusUnprocessableEntity, map[string]string{"error": wrong.Reason, "field": wrong.Field})
	case errors.Is(err, settings.ErrUnknown):
		writeError(w, http.StatusNotFound, err.Error())
	case errors.Is(err, settings.ErrFixed):
		writeError(w, http.StatusConflict, err.Error())
	case errors.Is(err, settings.ErrChanged):
		writeError(w, http.StatusPreconditionFailed, err.Error())
	case ctx.Err() != nil:
		writeError(w, http.StatusServiceUnavailable, "the change took longer than it may; look whether it holds before you make it again")
	default:
		h.Logger.Error("settings could not be changed", "error", err)
		writeError(w, http.StatusInternalServerError, "the settings could not be changed; the log of klar says why")
	}
}
