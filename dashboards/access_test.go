package dashboards

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

const (
	allToken  = "token-that-may-ask-for-all-of-it"
	siteToken = "token-of-the-second-site-only"
)

// TestAccess asks with and without tokens, when one is needed and when not.
func TestAccess(t *testing.T) {
	var access Access
	h := New(Options{Reports: &reports{sites: twoSites()}, Access: &access, CurrentVisitors: func(string, time.Duration) int { return 1 }})
	with := func(method, path, body, authorization string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		if authorization != "" {
			r.Header.Set("Authorization", authorization)
		}
		h.ServeHTTP(w, r)
		return w
	}
	second := strings.Replace(visitors, "example.org", "new.example.org", 1)
	tokens := []Token{{Secret: allToken}, {Secret: siteToken, Sites: []string{"new.example.org"}}}
	for _, mode := range []struct {
		name        string
		tokens      []Token
		required    bool
		none, wrong int // the status without a token, and with another one
		right, site int // with a token for all, and with one of another site
	}{
		{"no tokens", nil, false, 200, 200, 200, 200},
		{"tokens", tokens, false, 200, 401, 200, 400},
		{"needed", tokens, true, 401, 401, 200, 400},
		{"needed, and none is known", nil, true, 401, 401, 401, 401},
	} {
		t.Run(mode.name, func(t *testing.T) {
			access.Set(mode.tokens, mode.required)
			for authorization, want := range map[string]int{
				"": mode.none, "Basic YTpi": mode.none, "Bearer " + allToken[1:]: mode.wrong, "Bearer": mode.wrong, "Bearer ": mode.wrong,
				"Bearer " + allToken: mode.right, "bearer  " + allToken: mode.right, "Bearer " + siteToken: mode.site,
			} {
				for _, w := range []*httptest.ResponseRecorder{
					with("POST", "/api/v2/query", visitors, authorization),
					with("GET", "/api/v1/stats/aggregate?site_id=example.org", "", authorization),
					with("GET", "/api/v1/stats/realtime/visitors?site_id=example.org", "", authorization),
				} {
					if w.Code != want {
						t.Errorf("%q: status %d, want %d", authorization, w.Code, want)
					}
					if (w.Header().Get("WWW-Authenticate") != "") != (w.Code == http.StatusUnauthorized) {
						t.Errorf("%q: status %d with WWW-Authenticate %q", authorization, w.Code, w.Header().Get("WWW-Authenticate"))
					}
				}
			}
			for _, path := range []string{"/healthz", "/readyz", "/api/openapi.json"} {
				if w := with("GET", path, "", ""); w.Code != http.StatusOK {
					t.Errorf("%s: status %d without a token", path, w.Code)
				}
			}
		})
	}
	access.Set(tokens, true)
	if w := with("POST", "/api/v2/query", second, "Bearer "+siteToken); w.Code != http.StatusOK {
		t.Errorf("the site's own token: status %d", w.Code)
	}
	if w := with("GET", "/api/sites", "", ""); w.Code != http.StatusUnauthorized {
		t.Errorf("the sites without a token: status %d", w.Code)
	}
	list := with("GET", "/api/sites", "", "Bearer "+siteToken).Body.String()
	if strings.Contains(list, `"example.org"`) || !strings.Contains(list, `"new.example.org"`) {
		t.Errorf("the sites of a token of one are %s", list)
	}
	// Whether a site exists that is not the token's is not told.
	known := with("GET", "/api/v1/stats/aggregate?site_id=example.org", "", "Bearer "+siteToken).Body.String()
	unknown := with("GET", "/api/v1/stats/aggregate?site_id=example.xyz", "", "Bearer "+siteToken).Body.String()
	if strings.Replace(unknown, "xyz", "org", 1) != known {
		t.Errorf("told apart: %s and %s", known, unknown)
	}
	if list := with("GET", "/api/sites", "", "Bearer "+allToken).Body.String(); !strings.Contains(list, `"example.org"`) {
		t.Errorf("the sites of a token of all are %s", list)
	}
}
