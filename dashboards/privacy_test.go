package dashboards

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/klar-analytics/klar/report"
)

// somePrivacy has something in every list.
func somePrivacy() Privacy {
	return Privacy{
		IPv4Prefix: 24, IPv6Prefix: 48, Crowd: 10, Respect: []string{"gpc"}, Query: []string{"utm_source"}, Store: "embedded",
		Geo:    []GeoDatabase{{"country", "DBIP-Country-Lite", "2026-06-01"}},
		Tables: []PrivacyTable{{Name: "hits", Columns: []PrivacyColumn{{Name: "site"}}}},
		Sites: []PrivacySite{
			{ID: "example.org", Hosts: []string{"shop.example.org"}, RetentionMonths: 25, LogSignals: []string{}},
			{ID: "removed.org"},
		},
	}
}

// askPrivacy asks for a site under the name of a host.
func askPrivacy(h http.Handler, site, host, token string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", "/api/privacy?site_id="+site, nil)
	r.Host = host
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestPrivacyOfASite(t *testing.T) {
	asked := 0
	store := &reports{sites: twoSites(), answer: func(_ context.Context, q report.Query) (report.Result, error) {
		asked++
		return report.Result{Query: q, Rows: []report.Row{{Dimensions: []string{"log"}}, {Dimensions: []string{"beacon"}}}}, nil
	}}
	h := New(Options{Reports: store, Privacy: somePrivacy})
	site := func(id, host string) (s *PrivacySite) {
		t.Helper()
		w := askPrivacy(h, id, host, "")
		var answer struct{ Site *PrivacySite }
		if err := json.Unmarshal(w.Body.Bytes(), &answer); w.Code != http.StatusOK || err != nil {
			t.Fatalf("status %d, %v: %s", w.Code, err, w.Body)
		}
		return answer.Site
	}
	want := &PrivacySite{ID: "example.org", RetentionMonths: 25, LogSignals: []string{}, Origins: []string{"beacon", "log"}}
	if diff := cmp.Diff(want, site("example.org", "stats.example.org")); diff != "" {
		t.Errorf("the site (-want +got):\n%s", diff)
	}
	for _, host := range []string{"example.org", "shop.example.org:8443", "EXAMPLE.org"} {
		if !site("example.org", host).Here {
			t.Errorf("%s is not told to be the site's own", host)
		}
	}
	if asked != 1 {
		t.Errorf("the store was asked %d times within a moment", asked)
	}
	if got := site("", "x"); got != nil {
		t.Errorf("without a name, the site is %+v", got)
	}
	if got := site("new.example.org", "x"); got.ID != "new.example.org" || got.Beacons || got.LogSignals == nil {
		t.Errorf("a site that is not configured is %+v", got)
	}
	if w := askPrivacy(h, "removed.org", "x", ""); w.Code != http.StatusNotFound {
		t.Errorf("a site that does not exist: status %d", w.Code)
	}
}

// TestPrivacyIsTheSitesOwn asks with a token of another site, and without one when the page is public.
func TestPrivacyIsTheSitesOwn(t *testing.T) {
	for _, public := range []bool{false, true} {
		var access Access
		access.Set([]Token{{Secret: siteToken, Sites: []string{"new.example.org"}}}, true)
		h := New(Options{Reports: &reports{sites: twoSites(), answer: allFigures}, Access: &access, Privacy: somePrivacy, PublicPrivacy: public})
		want := map[bool]int{false: http.StatusUnauthorized, true: http.StatusOK}[public]
		if w := askPrivacy(h, "example.org", "x", ""); w.Code != want {
			t.Errorf("public %v: without a token the status is %d, want %d", public, w.Code, want)
		}
		if w := askPrivacy(h, "", "x", siteToken); strings.Contains(w.Body.String(), "example.org") {
			t.Errorf("public %v: without a name, sites are told: %s", public, w.Body)
		}
		if w := askPrivacy(h, "example.org", "x", siteToken); !public && w.Code != http.StatusNotFound {
			t.Errorf("with another site's token the status is %d", w.Code)
		}
	}
}

// TestPrivacyWithoutTheStore: what the configuration says is answered also then.
func TestPrivacyWithoutTheStore(t *testing.T) {
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	asked := 0
	h := New(Options{Reports: &reports{sites: twoSites(), answer: func(context.Context, report.Query) (report.Result, error) {
		asked++
		return report.Result{}, errors.New("away")
	}}, Privacy: somePrivacy, Now: func() time.Time { return now }})
	for range 3 {
		if w := askPrivacy(h, "example.org", "x", ""); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"origins":null`) {
			t.Errorf("status %d, %s", w.Code, w.Body)
		}
	}
	now = now.Add(originsFresh)
	askPrivacy(h, "example.org", "x", "")
	if asked != 2 {
		t.Errorf("the store was asked %d times, want once and again after %v", asked, originsFresh)
	}
}
