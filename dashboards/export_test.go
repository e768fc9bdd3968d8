package dashboards

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/klar-analytics/klar/report"
)

func TestExport(t *testing.T) {
	h := New(Options{Reports: &reports{sites: twoSites()}})
	for _, c := range []struct{ query, accept, kind, begins string }{
		{"?format=csv", "", "text/csv", "csv of 1 rows"},
		{"?format=parquet", "application/json", "application/vnd.apache.parquet", "parquet of 1 rows"},
		{"?format=json", "", "application/json", `{"results":[`},
		{"", "text/csv", "text/csv", "csv of 1 rows"},
		{"", "application/vnd.apache.parquet, */*;q=0.5", "application/vnd.apache.parquet", "parquet of 1 rows"},
		{"", "application/json, text/csv;q=0.9", "application/json", `{"results":[`},
		{"", "*/*", "application/json", `{"results":[`},
		{"", "text/html", "application/json", `{"results":[`},
	} {
		r := httptest.NewRequest("POST", "/api/v2/query"+c.query, strings.NewReader(visitors))
		r.Header.Set("Accept", c.accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		kind, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
		if w.Code != http.StatusOK || kind != c.kind || !strings.HasPrefix(w.Body.String(), c.begins) {
			t.Errorf("%s, Accept %q: status %d, %s, %.40s; want %s, %s", c.query, c.accept, w.Code, kind, w.Body, c.kind, c.begins)
		}
		name := w.Header().Get("Content-Disposition")
		if isFile := c.query != "" || c.kind != "application/json"; isFile != strings.HasPrefix(name, "attachment; filename=example.org-2015-05-17-2015-05-20.") {
			t.Errorf("%s, Accept %q: the file is called %q", c.query, c.accept, name)
		}
	}
}

// TestExportRefusals wants errors in JSON as long as nothing was sent.
func TestExportRefusals(t *testing.T) {
	fake := &reports{sites: twoSites(), answer: func(context.Context, report.Query) (report.Result, error) {
		return report.Result{}, report.Refuse("dimensions[0]", "stands alone")
	}}
	h := New(Options{Reports: fake})
	for _, c := range []struct{ query, body, says string }{
		{"?format=xls", visitors, `format: "xls" is not a format; known are csv, json, parquet`},
		{"?format=csv", visitors, "dimensions[0]: stands alone"},
		{"?format=csv", "{", "not JSON"},
		{"?format=csv", `{"site_id":"example.org","metrics":["visitors"],"date_range":"realtime"}`, "metrics[0]: visitors of the present"},
	} {
		w := ask(h, "POST", "/api/v2/query"+c.query, c.body)
		var got struct{ Error string }
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusBadRequest || !strings.Contains(got.Error, c.says) {
			t.Errorf("%s %s: status %d, %s; want 400 and %q", c.query, c.body, w.Code, w.Body, c.says)
		}
	}
}

// breaking is a store that fails in the middle of a file.
type breaking struct{ *reports }

func (breaking) Export(_ context.Context, w io.Writer, _ report.Query, _ report.Format) error {
	if _, err := io.WriteString(w, "\"visitors\"\n1"); err != nil {
		return err
	}
	return errors.New("the store went away")
}

// TestExportBreaksOff wants that a file of which a part was sent does not end as if it were whole.
func TestExportBreaksOff(t *testing.T) {
	server := httptest.NewServer(New(Options{Reports: breaking{&reports{sites: twoSites()}}}))
	defer server.Close()
	response, err := http.Post(server.URL+"/api/v2/query?format=csv", "application/json", strings.NewReader(visitors))
	if err != nil {
		return // cut before the header was sent
	}
	defer func() { _ = response.Body.Close() }()
	if body, err := io.ReadAll(response.Body); err == nil {
		t.Errorf("the client takes %q for whole", body)
	}
}
