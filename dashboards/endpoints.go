package dashboards

import (
	_ "embed" // for openapi.json
	"net/http"

	"github.com/klar-analytics/klar/dashboards/account"
	"github.com/klar-analytics/klar/report"
)

// openAPI describes the endpoints; a test holds it against them.
//
//go:embed openapi.json
var openAPI []byte

// The roles that endpoints need.
const (
	everybody = account.Everybody
	viewer    = account.Viewer
	editor    = account.Editor
	owner     = account.Owner
)

// reach is on which sites somebody must have the role.
type reach uint8

const (
	someSite reach = iota // on any: the handler answers for the sites that [handler.sitesFor] returns
	oneSite               // on the one that the parameter site_id names
	allSites              // on all, also those to come
)

// role returns the role that somebody has where it is needed.
func (of reach) role(rights account.Rights, r *http.Request) account.Role {
	switch of {
	case oneSite:
		return rights.On(r.URL.Query().Get("site_id"))
	case allSites:
		return rights.All
	}
	return rights.Most()
}

// needs names the role for who lacks it.
func (of reach) needs(role account.Role) string {
	switch of {
	case oneSite:
		return role.String() + " of the site"
	case allSites:
		return role.String() + " of all sites"
	}
	return role.String()
}

// endpoint is one address of the API and what it answers.
type endpoint struct {
	method, path string
	route        string       // in the metrics
	role         account.Role // that the asker must have; everybody is not even bounded in how often
	of           reach
	handler      http.Handler
}

// endpoints lists the addresses of the API.
func (h *handler) endpoints() []endpoint {
	readers := viewer
	if h.PublicPrivacy {
		readers = everybody
	}
	list := []endpoint{
		{"POST", "/api/v2/query", "query", viewer, someSite, http.HandlerFunc(h.query)},
		{"GET", "/api/sites", "sites", viewer, someSite, http.HandlerFunc(h.listSites)},
		{"GET", "/api/pipeline", "pipeline", editor, allSites, http.HandlerFunc(h.pipelineStatus)},
		{"GET", "/api/pipeline/tail", "tail", owner, oneSite, http.HandlerFunc(h.tail)},
		{"GET", "/api/security/offenders", "offenders", editor, oneSite, http.HandlerFunc(h.offenders)},
		{"GET", "/api/security/alerts", "alerts", editor, oneSite, http.HandlerFunc(h.listAlerts)},
		{"POST", "/api/security/test", "alert_test", owner, allSites, http.HandlerFunc(h.testAlerts)},
		{"GET", "/api/privacy", "privacy", readers, someSite, http.HandlerFunc(h.privacy)},
		{"GET", "/api/openapi.json", "description", everybody, someSite, http.HandlerFunc(describe)},
	}
	list = append(list, h.accountEndpoints()...)
	for _, e := range report.EndpointsV1() {
		list = append(list, endpoint{"GET", "/api/v1/stats/" + string(e), "v1", viewer, someSite, h.statsV1(e)})
	}
	return append(list, h.settingsEndpoints()...)
}

// describe answers the OpenAPI description.
func describe(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(openAPI) // the asker has gone: nobody to tell
}
