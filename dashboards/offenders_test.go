package dashboards

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/klar-analytics/klar/report"
)

func TestOffenders(t *testing.T) {
	store := &reports{sites: twoSites()}
	h := New(Options{Reports: store, Now: func() time.Time { return time.Date(2026, 4, 2, 9, 30, 0, 0, time.UTC) }})
	w := ask(h, "GET", "/api/security/offenders?site_id=example.org&date_range=2026-03-28,2026-03-29&limit=7", "")
	var got report.Offenders
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK || len(got.Networks) != 1 || got.Networks[0].Net != "192.0.2.0/24" {
		t.Errorf("status %d, %v, %s", w.Code, err, w.Body)
	}
	q := store.offended
	if q.Site != "example.org" || q.From.Format(time.RFC3339) != "2026-03-28T00:00:00+01:00" || q.To.Format(time.RFC3339) != "2026-03-30T00:00:00+02:00" || store.most != 7 {
		t.Errorf("asked for %s, %s to %s, %d", q.Site, q.From, q.To, store.most)
	}
	for query, says := range map[string]string{
		"site_id=example.org&limit=0":              "limit: is 1 to",
		"site_id=example.org&date_range=yesterday": "date_range",
		"site_id=example.org&date_range=1,2":       "date_range",
		"site_id=nowhere.example":                  "site_id",
		"":                                         "site_id",
	} {
		if w := ask(h, "GET", "/api/security/offenders?"+query, ""); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), says) {
			t.Errorf("%s: status %d, %s; want 400 and %q", query, w.Code, w.Body, says)
		}
	}
}
