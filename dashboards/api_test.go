package dashboards

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/klar-analytics/klar/report"
)

// reports answers every question with one row, or as answer says.
type reports struct {
	sites    []Site
	sitesErr error
	loads    int
	answer   func(ctx context.Context, q report.Query) (report.Result, error)
	offended report.Query // what was asked of offenders
	most     int
}

func (r *reports) Offenders(_ context.Context, q report.Query, most int) (report.Offenders, error) {
	r.offended, r.most = q, most
	return report.Offenders{Total: 1, Networks: []report.Offender{{Net: "192.0.2.0/24", Threats: map[string]uint64{"xss": 3}, Rules: []string{}}}}, nil
}

func (r *reports) Sites(context.Context) ([]Site, error) {
	r.loads++
	return r.sites, r.sitesErr
}

func (r *reports) Export(ctx context.Context, w io.Writer, q report.Query, format report.Format) error {
	result, err := r.Query(ctx, q)
	if err != nil {
		return err
	}
	if format == report.JSON {
		return json.NewEncoder(w).Encode(result)
	}
	_, err = fmt.Fprintf(w, "%s of %d rows\n", format, len(result.Rows))
	return err
}

func (r *reports) Query(ctx context.Context, q report.Query) (report.Result, error) {
	if r.answer != nil {
		return r.answer(ctx, q)
	}
	return report.Result{Query: q, Table: "hits", Rows: []report.Row{{Metrics: []any{int64(1398)}}}}, nil
}

var berlin = func() *time.Location {
	loc, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return loc
}()

func twoSites() []Site {
	return []Site{
		{ID: "example.org", Location: berlin, First: time.Date(2015, 5, 16, 22, 0, 0, 0, time.UTC), Last: time.Date(2015, 5, 20, 21, 0, 0, 0, time.UTC), Segments: []report.Segment{
			{Name: "staff", Filters: json.RawMessage(`[["is", "event:hostname", ["intern.example.org"]]]`)},
			{ID: 2, Name: "phones", Filters: json.RawMessage(`[["is", "visit:device", ["Mobile"]]]`)},
		}},
		{ID: "new.example.org", Definitions: report.Definitions{
			Goals:   []report.Definition{{Name: "Order", Currency: "EUR"}},
			Groups:  []report.Definition{{Name: "Blog"}},
			Funnels: []report.Definition{{Name: "Buying", Steps: []report.Definition{{Name: "/"}, {Name: "goal:Order"}}}},
		}},
	}
}

func ask(h http.Handler, method, path, body string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, path, strings.NewReader(body)))
	return w
}

const visitors = `{"site_id":"example.org","metrics":["visitors"],"date_range":["2015-05-17","2015-05-20"]}`

func TestQuery(t *testing.T) {
	var asked report.Query
	fake := &reports{sites: twoSites()}
	fake.answer = func(_ context.Context, q report.Query) (report.Result, error) {
		asked = q
		return report.Result{Query: q, Table: "hits", Rows: []report.Row{{Metrics: []any{int64(1398)}}}}, nil
	}
	w := ask(New(Options{Reports: fake}), "POST", "/api/v2/query", visitors)
	if w.Code != http.StatusOK {
		t.Fatalf("status %d, want 200: %s", w.Code, w.Body)
	}
	var got struct {
		Results []struct {
			Dimensions []string
			Metrics    []float64
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Results) != 1 || len(got.Results[0].Metrics) != 1 || got.Results[0].Metrics[0] != 1398 {
		t.Errorf("results %+v, want one row with 1398", got.Results)
	}
	if want := time.Date(2015, 5, 17, 0, 0, 0, 0, berlin); !asked.From.Equal(want) {
		t.Errorf("the range starts at %v, want the day of the site's time zone, %v", asked.From, want)
	}
}

func TestRefusals(t *testing.T) {
	h := New(Options{Reports: &reports{sites: twoSites()}})
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		says                     string
	}{
		{"no JSON", "POST", "/api/v2/query", "visitors", 400, ""},
		{"unknown site", "POST", "/api/v2/query", strings.Replace(visitors, "example.org", "else.org", 1), 400, "site_id"},
		{"unknown metric", "POST", "/api/v2/query", strings.Replace(visitors, `"visitors"`, `"visitors","visitorz"`, 1), 400, "metrics[1]"},
		{"too long", "POST", "/api/v2/query", strings.Repeat(" ", report.MaxRequest) + visitors, 413, "longer than"},
		{"wrong method", "GET", "/api/v2/query", "", 405, "POST"},
		{"unknown address", "GET", "/api/v3/query", "", 404, "nothing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := ask(h, c.method, c.path, c.body)
			var got struct{ Error string }
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
				t.Fatalf("the answer is not JSON: %v", err)
			}
			if w.Code != c.status || got.Error == "" || !strings.Contains(got.Error, c.says) {
				t.Errorf("status %d, error %q; want %d and an error that names %q", w.Code, got.Error, c.status, c.says)
			}
		})
	}
}

func TestFailures(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer func(context.Context, report.Query) (report.Result, error)
		status int
		says   string
		logged bool
	}{
		{"refused by the store", func(context.Context, report.Query) (report.Result, error) {
			return report.Result{}, report.Refuse("dimensions[0]", "stands alone")
		}, 400, "dimensions[0]: stands alone", false},
		{"store away", func(context.Context, report.Query) (report.Result, error) {
			return report.Result{}, errors.New("connection refused")
		}, 500, "the log of klar says why", true},
		{"too slow", func(ctx context.Context, _ report.Query) (report.Result, error) {
			<-ctx.Done()
			return report.Result{}, ctx.Err()
		}, 503, "took longer", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var log bytes.Buffer
			o := Options{
				Reports: &reports{sites: twoSites(), answer: c.answer}, QueryTimeout: time.Millisecond,
				Logger: slog.New(slog.NewTextHandler(&log, nil)),
			}
			w := ask(New(o), "POST", "/api/v2/query", visitors)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("status %d, %s; want %d with %q", w.Code, w.Body, c.status, c.says)
			}
			if (log.Len() > 0) != c.logged {
				t.Errorf("logged %q, want something logged: %v", log.String(), c.logged)
			}
		})
	}
}

func TestSites(t *testing.T) {
	w := ask(New(Options{Reports: &reports{sites: twoSites()}, Version: "1.2.3"}), "GET", "/api/sites", "")
	want := `{"sites":[` +
		`{"id":"example.org","timezone":"Europe/Berlin","first":"2015-05-17","last":"2015-05-20","segments":[` +
		`{"name":"staff","filters":[["is","event:hostname",["intern.example.org"]]]},{"name":"phones","filters":[["is","visit:device",["Mobile"]]]}]},` +
		`{"id":"new.example.org","timezone":"UTC","first":null,"last":null,` +
		`"goals":[{"name":"Order","currency":"EUR"}],"groups":["Blog"],"funnels":[{"name":"Buying","steps":["/","goal:Order"]}]}],"version":"1.2.3"}` + "\n"
	if diff := cmp.Diff(want, w.Body.String()); w.Code != http.StatusOK || diff != "" {
		t.Errorf("status %d, sites (-want +got):\n%s", w.Code, diff)
	}
}

func TestSitesAreLoadedOnceForAPage(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	fake := &reports{sites: twoSites()}
	h := New(Options{Reports: fake, Now: func() time.Time { return now }})
	for range 10 {
		ask(h, "POST", "/api/v2/query", visitors)
	}
	if fake.loads != 1 {
		t.Errorf("%d loads for ten questions at once, want 1", fake.loads)
	}
	now = now.Add(sitesFresh)
	fake.sites = append(fake.sites, Site{ID: "later.example.org"})
	if w := ask(h, "GET", "/api/sites", ""); !strings.Contains(w.Body.String(), "later.example.org") {
		t.Error("a site that came later is not listed")
	}
	now = now.Add(sitesFresh)
	fake.sitesErr = errors.New("away")
	if w := ask(h, "GET", "/api/sites", ""); w.Code != http.StatusInternalServerError {
		t.Errorf("status %d while the store is away, want 500", w.Code)
	}
}

func TestHealth(t *testing.T) {
	var starting error = errors.New("the engine is starting")
	metrics := prometheus.NewRegistry()
	h := New(Options{Reports: &reports{}, Metrics: metrics, Ready: func(context.Context) error { return starting }})
	if w := ask(h, "GET", "/healthz", ""); w.Code != http.StatusOK {
		t.Errorf("healthz: status %d, want 200", w.Code)
	}
	if w := ask(h, "GET", "/readyz", ""); w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "starting") {
		t.Errorf("readyz while starting: status %d, %s; want 503 with the reason", w.Code, w.Body)
	}
	starting = nil
	if w := ask(h, "GET", "/readyz", ""); w.Code != http.StatusOK {
		t.Errorf("readyz: status %d, want 200", w.Code)
	}
	w := ask(h, "GET", "/metrics", "")
	if want := `klar_http_requests_total{code="503",route="health"} 1`; !strings.Contains(w.Body.String(), want) {
		t.Errorf("metrics lack %s:\n%s", want, w.Body)
	}
}

// TestPresent asks for what is known of now: visitors from memory, requests from the store.
func TestPresent(t *testing.T) {
	fake := &reports{sites: twoSites()}
	fake.answer = func(_ context.Context, q report.Query) (report.Result, error) {
		if len(q.Metrics) != 1 || q.Metrics[0] != report.Requests || q.To.Sub(q.From) != 30*time.Minute {
			t.Errorf("the store is asked for %v of %v", q.Metrics, q.To.Sub(q.From))
		}
		return report.Result{Query: q, Table: "minutes", Rows: []report.Row{{Metrics: []any{int64(70)}}}}, nil
	}
	current := func(_ string, within time.Duration) int { return int(within / time.Minute) }
	h := New(Options{Reports: fake, CurrentVisitors: current})
	for body, want := range map[string]string{
		`{"site_id":"example.org","metrics":["visitors"],"date_range":"realtime"}`:                `{"results":[{"dimensions":[],"metrics":[5]}],"meta":{"table":"memory"}`,
		`{"site_id":"example.org","metrics":["requests","visitors"],"date_range":"realtime_30m"}`: `{"results":[{"dimensions":[],"metrics":[70,30]}],"meta":{"table":"memory+minutes"}`,
	} {
		if w := ask(h, "POST", "/api/v2/query", body); w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), want) {
			t.Errorf("%s: status %d, %s; want %s", body, w.Code, w.Body, want)
		}
	}
	if w := ask(New(Options{Reports: fake}), "POST", "/api/v2/query", `{"site_id":"example.org","metrics":["visitors"],"date_range":"realtime"}`); w.Code != http.StatusNotImplemented {
		t.Errorf("status %d where no visits are counted, want 501", w.Code)
	}
}
