package dashboards

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/klar-analytics/klar/dashboards/pipeline"
)

func status(context.Context) pipeline.Status {
	rate := 2.5
	return pipeline.Status{
		Problems: []pipeline.Problem{{Level: pipeline.Amber, Code: "source_lag", Subject: "a.log", Value: 61}},
		Sources: []pipeline.Source{{
			Configured: pipeline.Configured{Name: "a.log", Kind: "file"}, State: "behind", Rate: &rate, Rejects: map[string]float64{"no time": 1}, History: []*float64{nil, &rate},
		}},
		Engine:  pipeline.Engine{Kind: "embedded"},
		Spools:  []pipeline.Spool{{Name: "serve"}},
		Beacons: pipeline.Beacons{Dropped: map[string]float64{"bot": 2}},
		History: pipeline.History{Lines: []*float64{}, Beacons: []*float64{}, Rows: []*float64{}, Spool: []*float64{}, Lag: []*float64{}, Memory: []*float64{}},
		Storage: pipeline.Storage{Tables: []pipeline.TableSize{{Table: "hits"}}, Sites: []pipeline.SiteSize{{Site: "example.org"}}},
	}
}

// TestPipelineIsNotForViewers shows it to this machine while nobody has an account, and to no token of a viewer.
func TestPipelineIsNotForViewers(t *testing.T) {
	var access Access
	access.Set([]Token{{Secret: "all"}}, true)
	h := New(Options{Reports: &reports{}, Pipeline: status, Access: &access})
	for token, want := range map[string]int{"all": http.StatusForbidden, "none": http.StatusUnauthorized} {
		r := httptest.NewRequest("GET", "/api/pipeline", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want || strings.Contains(w.Body.String(), "a.log") {
			t.Errorf("the token %s is answered with %d, %s", token, w.Code, w.Body)
		}
	}
	if w := ask(New(Options{Reports: &reports{}, Pipeline: status}), "GET", "/api/pipeline", ""); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "a.log") {
		t.Errorf("this machine is answered with %d, %s", w.Code, w.Body)
	}
	if w := ask(New(Options{Reports: &reports{}}), "GET", "/api/pipeline", ""); w.Code != http.StatusNotImplemented {
		t.Errorf("without a pipeline the status is %d", w.Code)
	}
}
