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

// role is what somebody must be to be answered. Each may do what those before it may.
type role int

const (
	everybody role = iota // what says nothing of any site
	viewer                // of the statistics
	editor                // of what is measured
	owner
)

// endpoint is one address of the API and what it answers.
type endpoint struct {
	method, path string
	route        string // in the metrics
	role         role
	handler      http.Handler
}

// endpoints lists the addresses of the API.
func (h *handler) endpoints() []endpoint {
	list := []endpoint{
		// No page of another origin may have its visitor's browser ask.
		{"POST", "/api/v2/query", "query", viewer, http.NewCrossOriginProtection().Handler(http.HandlerFunc(h.query))},
		{"GET", "/api/sites", "sites", viewer, http.HandlerFunc(h.listSites)},
		{"GET", "/api/session", "session", everybody, http.HandlerFunc(session)},
		{"GET", "/api/openapi.json", "description", everybody, http.HandlerFunc(describe)},
	}
	for _, e := range report.EndpointsV1() {
		list = append(list, endpoint{"GET", "/api/v1/stats/" + string(e), "v1", viewer, h.statsV1(e)})
	}
	return list
}

// describe answers the OpenAPI description.
func describe(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(openAPI) // the asker has gone: nobody to tell
}

// session tells the page who it is. There is no sign-in yet: everybody may do everything that can be asked for.
func session(w http.ResponseWriter, _ *http.Request) {
	type signIn struct {
		Password  bool     `json:"password"`
		Providers []string `json:"providers"`
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, http.StatusOK, struct {
		Name   string            `json:"name"`
		Role   string            `json:"role"`
		Sites  map[string]string `json:"sites"`
		SignIn signIn            `json:"sign_in"`
		Open   bool              `json:"open"`
	}{Role: "owner", Sites: map[string]string{}, SignIn: signIn{Providers: []string{}}, Open: true})
}
