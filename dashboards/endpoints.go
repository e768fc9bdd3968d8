package dashboards

import (
	_ "embed" // for openapi.json
	"net/http"

	"github.com/klar-analytics/klar/report"
)

// openAPI describes the endpoints; a test holds it against them.
//
//go:embed openapi.json
var openAPI []byte

// endpoint is one address of the API and what it answers.
type endpoint struct {
	method, path string
	route        string // in the metrics
	public       bool   // says nothing of any site, so that no token is asked for
	handler      http.Handler
}

// endpoints lists the addresses of the API.
func (h *handler) endpoints() []endpoint {
	list := []endpoint{
		// No page of another origin may have its visitor's browser ask.
		{"POST", "/api/v2/query", "query", false, http.NewCrossOriginProtection().Handler(http.HandlerFunc(h.query))},
		{"GET", "/api/sites", "sites", false, http.HandlerFunc(h.listSites)},
		{"GET", "/api/openapi.json", "description", true, http.HandlerFunc(describe)},
	}
	for _, e := range report.EndpointsV1() {
		list = append(list, endpoint{"GET", "/api/v1/stats/" + string(e), "v1", false, h.statsV1(e)})
	}
	return list
}

// describe answers the OpenAPI description.
func describe(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(openAPI) // the asker has gone: nobody to tell
}
