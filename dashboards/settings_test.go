package dashboards

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/klar-analytics/klar/dashboards/account"
	"github.com/klar-analytics/klar/dashboards/settings"
	"github.com/klar-analytics/klar/report"
)

// kept stands in for what was made in the interface: every site is defined, and every change is answered with err.
type kept struct {
	err  error
	told *settings.Edit
}

func (k kept) View(site string) (settings.View, bool) { return settings.NewView(site), true }

func (k kept) Change(_ context.Context, edit settings.Edit, _ string, _ bool) (settings.View, error) {
	if k.told != nil {
		*k.told = edit
	}
	return settings.NewView(edit.Site), k.err
}

// Preview is of a funnel of pages as it was told, and of one that asks for an event.
func (k kept) Preview(_ context.Context, edit settings.Edit) (report.Definitions, error) {
	page := func(path string) report.Definition { return report.Definition{Name: path, Pages: path, OnePage: true} }
	return report.Definitions{Funnels: []report.Definition{
		{Name: "Order", Counted: "page /", Steps: []report.Definition{page("/"), page("/b"), page("/c")}},
		{Name: "Event", Counted: "event A", Steps: []report.Definition{page("/"), {Name: "event:A", Event: "A"}}},
	}}, k.err
}

func (k kept) TryReports(context.Context, string) ([]AlertTest, error) {
	return []AlertTest{{Receiver: "ops", Delivered: true}}, k.err
}

func (k kept) Annotations(string) []settings.Annotation {
	return []settings.Annotation{{ID: "a", Site: "example.org", Day: "2026-11-20", Text: "x"}}
}

func (k kept) Annotate(site, day, text string) (settings.Annotation, error) {
	return settings.Annotation{ID: "a", Site: site, Day: day, Text: text}, k.err
}

func (k kept) Unannotate(string, string) error { return k.err }

// noted returns what is in the audit log, a text for each entry in their order.
func noted(t *testing.T, accounts *account.Store) (list []string) {
	t.Helper()
	entries, err := accounts.Audit(0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range slices.Backward(entries) {
		list = append(list, strings.Join([]string{e.User, e.Action, e.Site, e.Object}, " "))
	}
	return list
}

// changing is a request that changes a goal.
func changing(method, query, body string, headers ...string) *http.Request {
	r := httptest.NewRequest(method, "/api/settings/goals?site_id=example.org"+query, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("If-Match", "*")
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	return r
}

const goalBody = `{"name":"A","page":"/a"}`

// TestSettingsRefusals wants a status of its own for each reason why a change is refused, and nothing in the audit log.
func TestSettingsRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		request *http.Request
		err     error
		status  int
		says    string
	}{
		"no form":         {changing("PUT", "", "name=A", "Content-Type: application/x-www-form-urlencoded"), nil, 415, "application/json"},
		"no JSON":         {changing("PUT", "", "{"), nil, 400, "JSON"},
		"too long":        {changing("PUT", "", `"`+strings.Repeat("a", maxBody)+`"`), nil, 413, "longer than"},
		"an unknown key":  {changing("PUT", "", `{"name":"A","pages":[]}`), nil, 422, `"field":""`},
		"a wrong kind":    {changing("PUT", "", `{"name":"A","page":1}`), nil, 422, `"field":"page"`},
		"no name":         {changing("PUT", "", `{"page":"/a"}`), nil, 422, `"field":"name"`},
		"no If-Match":     {changing("PUT", "", goalBody, "If-Match: "), nil, 428, "If-Match"},
		"another's":       {changing("PUT", "", goalBody), settings.ErrChanged, 412, "meanwhile"},
		"of the file":     {changing("PUT", "&name=A", goalBody), settings.ErrFixed, 409, "configuration file"},
		"gone":            {changing("DELETE", "&name=A", ""), settings.ErrUnknown, 404, "nothing of that name"},
		"cannot be":       {changing("PUT", "", goalBody), &settings.Error{Field: "page", Reason: "is odd"}, 422, `"field":"page"`},
		"not to be kept":  {changing("PUT", "", goalBody), errors.New("the disk is full at /secret"), 500, "the log of klar"},
		"another origin":  {changing("PUT", "", goalBody, "Sec-Fetch-Site: cross-site"), nil, 403, ""},
		"no such site":    {httptest.NewRequest("DELETE", "/api/settings/goals?site_id=else.org&name=A", nil), nil, 404, "not a site"},
		"another method":  {httptest.NewRequest("PATCH", "/api/settings/goals?site_id=example.org", nil), nil, 405, "PUT, DELETE"},
		"an annotation":   {httptest.NewRequest("DELETE", "/api/annotations?site_id=example.org&id=b", nil), settings.ErrUnknown, 404, "nothing"},
		"annotation form": {httptest.NewRequest("POST", "/api/annotations?site_id=example.org", strings.NewReader("day=1")), nil, 415, "json"},
	} {
		accounts := emptyAccounts(t)
		h := New(Options{Reports: &reports{sites: twoSites()}, Settings: kept{err: c.err}, Accounts: accounts})
		w := answered(h, c.request)
		log := noted(t, accounts)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) || strings.Contains(w.Body.String(), "secret") || len(log) > 0 {
			t.Errorf("%s: status %d, %s, noted %q; want %d and %q", name, w.Code, w.Body, log, c.status, c.says)
		}
	}
}

// TestSettingsAreAudited wants the name of what was changed, and nothing of a change that was only tried.
func TestSettingsAreAudited(t *testing.T) {
	accounts := emptyAccounts(t)
	var told settings.Edit
	h := New(Options{Reports: &reports{sites: twoSites()}, Settings: kept{told: &told}, Accounts: accounts})
	for _, r := range []*http.Request{changing("PUT", "&try", goalBody), changing("PUT", "&name=B", goalBody), changing("DELETE", "&name=A", "")} {
		w := answered(h, r)
		if w.Code != http.StatusOK || w.Header().Get("ETag") != settings.NewView("example.org").Tag() {
			t.Errorf("%s: status %d, tag %s, %s", r.Method, w.Code, w.Header().Get("ETag"), w.Body)
		}
		if r.Method == "PUT" && told.New != "A" || told.Kind != settings.Goals || told.Site != "example.org" {
			t.Errorf("told is %+v", told)
		}
	}
	if got := strings.Join(noted(t, accounts), "; "); got != "this machine goals.put example.org A; this machine goals.delete example.org A" {
		t.Errorf("noted is %q", got)
	}
}

// TestSettingsAreForThisMachine while nobody can sign in, and not for tokens of statistics; annotations are read as those.
func TestSettingsAreForThisMachine(t *testing.T) {
	elsewhere := func(*http.Request) (netip.Addr, bool) { return netip.MustParseAddr("192.0.2.0"), true }
	h := New(Options{Reports: &reports{sites: twoSites()}, Settings: kept{}, Network: elsewhere})
	for path, want := range map[string]int{"/api/settings": 403, "/api/annotations": 200} {
		if w := ask(h, "GET", path+"?site_id=example.org", ""); w.Code != want {
			t.Errorf("%s: status %d, want %d", path, w.Code, want)
		}
	}
	if w := answered(h, changing("PUT", "", goalBody)); w.Code != http.StatusForbidden {
		t.Errorf("a change is answered with %d", w.Code)
	}
}
