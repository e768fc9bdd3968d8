package dashboards

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/klar-analytics/klar/dashboards/account"
)

// needed is what somebody must be for an endpoint to answer its example, which is of example.org.
type needed struct {
	role account.Role
	of   reach
	// else is the status for a viewer of another site, where that asks in vain of what all viewers may ask.
	elsewhere int
	// user says that who has a token or a link only may not ask.
	user bool
}

// roles must name every endpoint: who adds one says here, a second time, whom it is for.
var roles = map[string]needed{
	"POST /api/v2/query":                 {role: viewer, elsewhere: 400},
	"GET /api/v1/stats/":                 {role: viewer, elsewhere: 400},
	"GET /api/sites":                     {role: viewer, elsewhere: 200},
	"GET /api/openapi.json":              {role: everybody},
	"GET /api/privacy":                   {role: viewer, elsewhere: 404},
	"GET /api/pipeline":                  {role: editor, of: allSites},
	"GET /api/pipeline/tail":             {role: owner, of: oneSite},
	"GET /api/security/alerts":           {role: editor, of: oneSite},
	"POST /api/security/test":            {role: owner, of: allSites},
	"GET /api/security/offenders":        {role: editor, of: oneSite},
	"GET /api/settings":                  {role: editor, of: oneSite},
	"PUT /api/settings/sites":            {role: owner, of: oneSite},
	"DELETE /api/settings/sites":         {role: owner, of: oneSite},
	"PUT /api/settings/goals":            {role: editor, of: oneSite},
	"DELETE /api/settings/goals":         {role: editor, of: oneSite},
	"PUT /api/settings/groups":           {role: editor, of: oneSite},
	"DELETE /api/settings/groups":        {role: editor, of: oneSite},
	"PUT /api/settings/funnels":          {role: editor, of: oneSite},
	"DELETE /api/settings/funnels":       {role: editor, of: oneSite},
	"POST /api/settings/funnels/preview": {role: editor, of: oneSite},
	"PUT /api/settings/reports":          {role: editor, of: oneSite},
	"DELETE /api/settings/reports":       {role: editor, of: oneSite},
	"POST /api/settings/reports/test":    {role: editor, of: oneSite},
	"PUT /api/settings/segments":         {role: editor, of: oneSite},
	"DELETE /api/settings/segments":      {role: editor, of: oneSite},
	"GET /api/annotations":               {role: viewer, of: oneSite},
	"POST /api/annotations":              {role: editor, of: oneSite},
	"DELETE /api/annotations":            {role: editor, of: oneSite},
	"GET /api/session":                   {role: everybody},
	"POST /api/session":                  {role: everybody},
	"DELETE /api/session":                {role: everybody},
	"GET /api/sign-in":                   {role: everybody},
	"GET /api/sign-in/callback":          {role: everybody},
	"POST /api/shared":                   {role: everybody},
	"POST /api/password":                 {role: viewer, elsewhere: 200, user: true},
	"GET /api/users":                     {role: owner, of: allSites},
	"POST /api/users":                    {role: owner, of: allSites},
	"PUT /api/users":                     {role: owner, of: allSites},
	"DELETE /api/users":                  {role: owner, of: allSites},
	"GET /api/tokens":                    {role: owner, of: allSites},
	"POST /api/tokens":                   {role: owner, of: allSites},
	"DELETE /api/tokens":                 {role: owner, of: allSites},
	"GET /api/audit":                     {role: owner, of: allSites},
	"GET /api/links":                     {role: editor, of: oneSite},
	"POST /api/links":                    {role: editor, of: oneSite},
	"DELETE /api/links":                  {role: editor, of: oneSite},
	"PUT /api/public":                    {role: owner, of: oneSite},
}

// callers are those of someAccounts with their roles: on example.org, which the examples are of, and on all sites.
var callers = []struct {
	who     string
	on, all account.Role
}{
	{"nobody", everybody, everybody}, {"eve", everybody, everybody}, {"vic", viewer, everybody}, {"token", viewer, everybody},
	{"link", viewer, everybody}, {"bob", editor, everybody}, {"sue", owner, everybody}, {"ada", owner, owner},
}

// status is what a caller is to be answered.
func (n needed) status(who string, on, all account.Role) int {
	has := on
	if n.of == allSites {
		has = all
	}
	switch {
	case n.role == everybody:
		return http.StatusOK
	case who == "nobody":
		return http.StatusUnauthorized
	case n.user && (who == "token" || who == "link"):
		return http.StatusForbidden
	case has >= n.role:
		return http.StatusOK
	case who == "eve" && n.elsewhere != 0:
		return n.elsewhere
	}
	return http.StatusForbidden
}

// TestRoles asks every endpoint for its example as everybody.
func TestRoles(t *testing.T) {
	d := described(t)
	options := everything()
	for _, e := range (&handler{Options: options}).endpoints() {
		name := e.method + " " + e.path
		if strings.HasPrefix(name, "GET /api/v1/stats/") {
			name = "GET /api/v1/stats/"
		}
		need, known := roles[name]
		if !known {
			t.Errorf("%s is not in the table: say there whom it is for", name)
			continue
		}
		method := strings.ToLower(e.method)
		for _, c := range callers {
			if options.Accounts == nil {
				options.Accounts = someAccounts(t)
			}
			r := d.example(method, e.path, d.at("paths", e.path, method))
			if need.of == allSites { // naming the own site must not help
				r.URL.RawQuery += "&site_id=example.org"
			}
			w := answered(New(options), as(c.who, r))
			got := w.Code
			if got == http.StatusSeeOther { // signing in by a provider leads on
				got = http.StatusOK
			}
			if want := need.status(c.who, c.on, c.all); got != want {
				t.Errorf("%s as %s: status %d, %s; want %d", name, c.who, got, w.Body, want)
			}
			if got == http.StatusOK && e.method != http.MethodGet {
				options.Accounts = nil // it changed what the next one asks for
			}
		}
	}
}

// TestOtherOrigins: no page of another origin may ask for a change, whoever looks at it, nor read an answer.
func TestOtherOrigins(t *testing.T) {
	d := described(t)
	options := everything()
	options.Accounts = someAccounts(t)
	h := New(options)
	changes := 0
	for _, e := range (&handler{Options: Options{Reports: &reports{}}}).endpoints() {
		method := strings.ToLower(e.method)
		for name, value := range map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"} {
			r := as("ada", d.example(method, e.path, d.at("paths", e.path, method)))
			r.Header.Set(name, value)
			w := answered(h, r)
			if e.method != "GET" {
				changes++
				if w.Code != http.StatusForbidden {
					t.Errorf("%s %s with %s: status %d, want 403", e.method, e.path, name, w.Code)
				}
			}
			for header := range w.Header() {
				if strings.HasPrefix(header, "Access-Control-") {
					t.Errorf("%s %s answers %s", e.method, e.path, header)
				}
			}
		}
	}
	if changes < 30 {
		t.Errorf("only %d changes were tried: the test does not see them", changes)
	}
}

// TestBodies: what is too long, no JSON, of another type or has what nobody asked for is refused, and answered without it.
func TestBodies(t *testing.T) {
	h := New(Options{Reports: &reports{sites: twoSites()}, Settings: kept{}, Accounts: someAccounts(t)})
	for _, path := range []string{"/api/session", "/api/password", "/api/users", "/api/tokens", "/api/links", "/api/shared"} {
		for name, c := range map[string]struct {
			kind, body string
			statuses   []int
		}{
			"form":      {"application/x-www-form-urlencoded", "name=ada&password=planted", []int{415}},
			"text":      {"text/plain", `{"name": "ada"}`, []int{415}},
			"no type":   {"", `{"name": "ada"}`, []int{415}},
			"too long":  {"application/json", `{"name": "` + strings.Repeat("x", maxBody) + `"}`, []int{413}},
			"broken":    {"application/json", `{"name": "planted`, []int{400}},
			"twice":     {"application/json", `{} {}`, []int{400}},
			"a list":    {"application/json", `["planted"]`, []int{400, 422}},
			"a field":   {"application/json", `{"planted": true}`, []int{400, 422}},
			"deep":      {"application/json", strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000), []int{400, 422}},
			"no UTF-8":  {"application/json", "{\"name\": \"\xff\xfe\", \"planted\": 1}", []int{400, 422}},
			"bad types": {"application/json", `{"name": {"a": 1}, "password": 7, "planted": []}`, []int{400, 422}},
		} {
			r := as("ada", httptest.NewRequest("POST", path+"?site_id=example.org", strings.NewReader(c.body)))
			if c.kind != "" {
				r.Header.Set("Content-Type", c.kind)
			}
			w := answered(h, r)
			if !slices.Contains(c.statuses, w.Code) || strings.Contains(w.Body.String(), "planted") {
				t.Errorf("%s, %s: status %d, %s; want %v", path, name, w.Code, w.Body, c.statuses)
			}
		}
	}
}
