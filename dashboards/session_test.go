package dashboards

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/klar-analytics/klar/dashboards/account"
)

// sending is a JSON request.
func sending(method, path, body string) *http.Request {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return r
}

func signingIn(name, password string) *http.Request {
	return sending("POST", "/api/session", fmt.Sprintf(`{"name": %q, "password": %q}`, name, password))
}

// cookieOf returns the cookie that an answer sets, by its name.
func cookieOf(t *testing.T, w *httptest.ResponseRecorder, name string) *http.Cookie {
	t.Helper()
	for _, c := range w.Result().Cookies() {
		if c.Name == name {
			return c
		}
	}
	t.Fatalf("no cookie %s in status %d, %v", name, w.Code, w.Header())
	return nil
}

// TestSessionCookie holds it against what a page, another site and a plain connection must not do with it.
func TestSessionCookie(t *testing.T) {
	https := false
	h := New(Options{Reports: &reports{sites: twoSites()}, Accounts: someAccounts(t), Secure: func(*http.Request) bool { return https }})
	w := answered(h, signingIn("ada", password))
	c := cookieOf(t, w, "klar_session")
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure || c.Path != "/" || c.Domain != "" || c.MaxAge != int(account.SessionFor.Seconds()) {
		t.Errorf("the cookie is %v", c)
	}
	https = true
	secure := cookieOf(t, answered(h, signingIn("ada", password)), "__Host-klar_session")
	if !secure.Secure || !secure.HttpOnly || secure.Domain != "" || secure.Path != "/" {
		t.Errorf("over https the cookie is %v", secure)
	}
	// A neighbour's or a plain connection's cookie does not count over https.
	r := httptest.NewRequest("GET", "/api/users", nil)
	r.AddCookie(c)
	if w := answered(h, r); w.Code != http.StatusUnauthorized {
		t.Errorf("the cookie without the prefix over https: status %d", w.Code)
	}
}

// TestFixation: whatever cookie the browser had before, another one is the session's, and the old one is over.
func TestFixation(t *testing.T) {
	h := New(Options{Reports: &reports{sites: twoSites()}, Accounts: someAccounts(t)})
	planted := cookieOf(t, answered(h, signingIn("eve", password)), sessionCookie)
	r := signingIn("ada", password)
	r.AddCookie(planted)
	own := cookieOf(t, answered(h, r), sessionCookie)
	if own.Value == planted.Value {
		t.Fatal("the planted cookie became ada's")
	}
	for _, c := range []struct {
		cookie *http.Cookie
		name   string
	}{{planted, `"name":""`}, {own, `"name":"ada"`}} {
		r := httptest.NewRequest("GET", "/api/session", nil)
		r.AddCookie(c.cookie)
		if body := answered(h, r).Body.String(); !strings.Contains(body, c.name) {
			t.Errorf("want %s, got %s", c.name, body)
		}
	}
	out := httptest.NewRequest("DELETE", "/api/session", nil)
	out.AddCookie(own)
	if gone := cookieOf(t, answered(h, out), sessionCookie); gone.MaxAge >= 0 || gone.Value != "" {
		t.Errorf("signing out sets %v", gone)
	}
	r = httptest.NewRequest("GET", "/api/users", nil)
	r.AddCookie(own)
	if w := answered(h, r); w.Code != http.StatusUnauthorized {
		t.Errorf("after signing out: status %d", w.Code)
	}
}

// TestSignInIsBounded by network and by name, with the same answer for known and unknown names, and notes only names.
func TestSignInIsBounded(t *testing.T) {
	network := netip.MustParseAddr("203.0.113.0")
	accounts := someAccounts(t)
	h := New(Options{Reports: &reports{sites: twoSites()}, Accounts: accounts, Network: func(*http.Request) (netip.Addr, bool) { return network, true }})
	known, unknown := answered(h, signingIn("ada", "wrong")), answered(h, signingIn("planted-password", "wrong"))
	if known.Code != http.StatusForbidden || known.Body.String() != unknown.Body.String() || unknown.Code != known.Code {
		t.Errorf("told apart: %d %s and %d %s", known.Code, known.Body, unknown.Code, unknown.Body)
	}
	for range 8 {
		answered(h, signingIn("vic", "wrong"))
	}
	w := answered(h, signingIn("bob", password))
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") == "" {
		t.Errorf("after ten wrong passwords: status %d, %v", w.Code, w.Header())
	}
	network = netip.MustParseAddr("198.51.100.0")
	if w := answered(h, signingIn("bob", password)); w.Code != http.StatusOK {
		t.Errorf("from elsewhere: status %d", w.Code)
	}
	log := strings.Join(noted(t, accounts), "; ")
	if !strings.HasPrefix(log, "ada sign-in.refused  ; vic sign-in.refused") || !strings.HasSuffix(log, "bob sign-in  ") || strings.Contains(log, "planted") || strings.Contains(log, "203.0") {
		t.Errorf("noted is %q", log)
	}
}

// TestChangedPassword ends the sessions but that of who changed it.
func TestChangedPassword(t *testing.T) {
	h := New(Options{Reports: &reports{sites: twoSites()}, Accounts: someAccounts(t)})
	change := func(old string) *httptest.ResponseRecorder {
		return answered(h, as("bob", sending("POST", "/api/password", `{"old": "`+old+`", "password": "another long password"}`)))
	}
	if w := change("wrong password"); w.Code != http.StatusUnprocessableEntity || !strings.Contains(w.Body.String(), `"field":"old"`) {
		t.Errorf("with a wrong password: status %d, %s", w.Code, w.Body)
	}
	w := change(password)
	if w.Code != http.StatusOK {
		t.Fatalf("status %d, %s", w.Code, w.Body)
	}
	if again := answered(h, as("bob", httptest.NewRequest("GET", "/api/sites", nil))); again.Code != http.StatusUnauthorized {
		t.Errorf("the session of before: status %d", again.Code)
	}
	r := httptest.NewRequest("GET", "/api/sites", nil)
	r.AddCookie(cookieOf(t, w, sessionCookie))
	if again := answered(h, r); again.Code != http.StatusOK {
		t.Errorf("the session of who changed it: status %d", again.Code)
	}
}

// TestLastOwner cannot be removed nor made less.
func TestLastOwner(t *testing.T) {
	h := New(Options{Reports: &reports{sites: twoSites()}, Accounts: someAccounts(t)})
	for _, r := range []*http.Request{
		httptest.NewRequest("DELETE", "/api/users?name=ada", nil), sending("PUT", "/api/users?name=ada", `{"role": "viewer"}`),
	} {
		if w := answered(h, as("ada", r)); w.Code != http.StatusConflict {
			t.Errorf("%s: status %d, %s", r.Method, w.Code, w.Body)
		}
	}
	if w := answered(h, as("ada", sending("PUT", "/api/users?name=bob", `{"role": "owner"}`))); w.Code != http.StatusOK {
		t.Fatalf("status %d, %s", w.Code, w.Body)
	}
	if w := answered(h, as("ada", httptest.NewRequest("DELETE", "/api/users?name=ada", nil))); w.Code != http.StatusOK {
		t.Errorf("with another owner: status %d, %s", w.Code, w.Body)
	}
}

// TestOpen: while there is no user, this machine may do everything but hand out rights, and others may look.
func TestOpen(t *testing.T) {
	elsewhere := false
	h := New(Options{
		Reports: &reports{sites: twoSites()}, Accounts: emptyAccounts(t), Pipeline: status,
		Network: func(*http.Request) (netip.Addr, bool) { return netip.MustParseAddr("203.0.113.0"), elsewhere },
	})
	for _, c := range []struct {
		elsewhere    bool
		method, path string
		status       int
	}{
		{false, "GET", "/api/sites", 200}, {false, "GET", "/api/pipeline", 200}, {false, "GET", "/api/users", 200}, {false, "POST", "/api/users", 403},
		{false, "POST", "/api/tokens", 403}, {false, "PUT", "/api/public?site_id=example.org", 403}, {false, "POST", "/api/links?site_id=example.org", 403},
		{true, "GET", "/api/sites", 200}, {true, "GET", "/api/pipeline", 403}, {true, "GET", "/api/users", 403}, {true, "POST", "/api/users", 403},
	} {
		elsewhere = c.elsewhere
		if w := answered(h, sending(c.method, c.path, "{}")); w.Code != c.status {
			t.Errorf("elsewhere %v, %s %s: status %d, want %d", c.elsewhere, c.method, c.path, w.Code, c.status)
		}
	}
	for elsewhere = range map[bool]bool{false: true, true: true} {
		if body := ask(h, "GET", "/api/session", "").Body.String(); strings.Contains(body, `"open":true`) == elsewhere {
			t.Errorf("elsewhere %v: %s", elsewhere, body)
		}
	}
}

// TestSharing looks at a site by a link, as everybody when it is public, and from frames.
func TestSharing(t *testing.T) {
	h := New(Options{Reports: &reports{sites: twoSites()}, Accounts: someAccounts(t)})
	opened := answered(h, sending("POST", "/api/shared", `{"link": "`+linkSecret+`"}`))
	if opened.Code != http.StatusOK || !strings.Contains(opened.Body.String(), `"site":"example.org"`) {
		t.Fatalf("status %d, %s", opened.Code, opened.Body)
	}
	sites := func(r *http.Request) string { return answered(h, r).Body.String() }
	if got := sites(as("link", httptest.NewRequest("GET", "/api/sites", nil))); !strings.Contains(got, `"example.org"`) || strings.Contains(got, "new.example.org") {
		t.Errorf("the sites of the link are %s", got)
	}
	// With a link, the session beside it does not count: a frame must not have its powers.
	both := as("ada", as("link", httptest.NewRequest("GET", "/api/users", nil)))
	if w := answered(h, both); w.Code != http.StatusForbidden {
		t.Errorf("a link and the session of an owner: status %d", w.Code)
	}
	if w := answered(h, as("ada", sending("PUT", "/api/public?site_id=new.example.org", `{"public": true, "origins": ["https://blog.example"]}`))); w.Code != http.StatusOK {
		t.Fatalf("status %d, %s", w.Code, w.Body)
	}
	if got := sites(httptest.NewRequest("GET", "/api/sites", nil)); strings.Contains(got, `"example.org"`) || !strings.Contains(got, "new.example.org") {
		t.Errorf("the sites of everybody are %s", got)
	}
	asked := as("ada", httptest.NewRequest("GET", "/api/sites", nil))
	asked.Header.Set(linkHeader, asEverybody)
	if got := sites(asked); strings.Contains(got, `"example.org"`) {
		t.Errorf("an owner who asks as everybody gets %s", got)
	}
	if w := answered(h, sending("POST", "/api/v2/query", visitors)); w.Code != http.StatusBadRequest {
		t.Errorf("another site than the public one: status %d", w.Code)
	}
	if w := answered(h, httptest.NewRequest("GET", "/api/users", nil)); w.Code != http.StatusUnauthorized {
		t.Errorf("the users, asked by everybody: status %d", w.Code)
	}
}

// TestFrames: only what is shared can be framed, by who may, and nothing else.
func TestFrames(t *testing.T) {
	accounts := someAccounts(t)
	if err := accounts.SetPublic("new.example.org", &account.Public{Origins: []string{"https://blog.example", "https://www.blog.example"}}); err != nil {
		t.Fatal(err)
	}
	h := New(Options{Reports: &reports{sites: twoSites()}, Accounts: accounts})
	for path, want := range map[string]string{
		"/shared?link=" + linkSecret:                          "https://press.example",
		"/shared?site=new.example.org":                        "https://blog.example https://www.blog.example",
		"/shared?site=example.org":                            "'none'",
		"/shared?link=" + linkSecret[1:]:                      "'none'",
		"/shared?link=x&site=new.example.org":                 "'none'",
		"/shared":                                             "'none'",
		"/?link=" + linkSecret:                                "'none'",
		"/settings?link=" + linkSecret:                        "'none'",
		"/sign-in?site=new.example.org":                       "'none'",
		"/api/session?link=" + linkSecret:                     "'none'",
		"/shared?site=new.example.org%27%3B%20script-src%20*": "'none'",
	} {
		header := ask(h, "GET", path, "").Header()
		csp := header.Get("Content-Security-Policy")
		if !strings.HasSuffix(csp, "frame-ancestors "+want) || (header.Get("X-Frame-Options") == "DENY") != (want == "'none'") {
			t.Errorf("%s: %q, X-Frame-Options %q; want %s", path, csp, header.Get("X-Frame-Options"), want)
		}
		if strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
			t.Errorf("%s: %q", path, csp)
		}
	}
}

// TestInterfaceTokens are good for their sites and known by their last day.
func TestInterfaceTokens(t *testing.T) {
	accounts := someAccounts(t)
	h := New(Options{Reports: &reports{sites: twoSites()}, Accounts: accounts})
	if w := answered(h, as("token", httptest.NewRequest("GET", "/api/sites", nil))); w.Code != http.StatusOK || strings.Contains(w.Body.String(), "new.example.org") {
		t.Errorf("status %d, %s", w.Code, w.Body)
	}
	list := answered(h, as("ada", httptest.NewRequest("GET", "/api/tokens", nil))).Body.String()
	if !strings.Contains(list, time.Now().UTC().Format(`"used":"2006-01-02"`)) || strings.Contains(list, accountsFile().token) || strings.Contains(list, "secret") {
		t.Errorf("the tokens are %s", list)
	}
	if w := answered(h, as("ada", httptest.NewRequest("DELETE", "/api/tokens?id="+tokenID, nil))); w.Code != http.StatusOK {
		t.Fatalf("status %d, %s", w.Code, w.Body)
	}
	w := answered(h, as("token", httptest.NewRequest("GET", "/api/sites", nil)))
	if w.Code != http.StatusUnauthorized {
		t.Errorf("a removed token: status %d", w.Code)
	}
	if log := strings.Join(noted(t, accounts), ";"); log != "ada tokens.remove  nightly" {
		t.Errorf("noted is %q", log)
	}
}

// TestProviderRedirects: what fails at a provider leads to the page to sign in, with a word for it and no session.
func TestProviderRedirects(t *testing.T) {
	h := New(Options{Reports: &reports{}, Accounts: someAccounts(t)})
	for path, want := range map[string]string{
		"/api/sign-in?provider=none&next=//evil.example": "/sign-in?error=provider",
		"/api/sign-in/callback?state=x&code=y":           "/sign-in?error=state",
		"/api/sign-in/callback":                          "/sign-in?error=state",
	} {
		w := ask(h, "GET", path, "")
		if got := w.Header().Get("Location"); w.Code != http.StatusSeeOther || got != want {
			t.Errorf("%s: status %d to %q, want %q", path, w.Code, got, want)
		}
		for _, c := range w.Result().Cookies() {
			if c.Value != "" {
				t.Errorf("%s sets %v", path, c)
			}
		}
	}
}
