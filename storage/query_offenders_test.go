package storage

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/klar-analytics/klar/report"
)

func TestOffenders(t *testing.T) {
	db := testDB(t)
	const rows = `INSERT INTO signals (site, minute, net, threat, rule, country, provider, requests, certain) VALUES
		('shop', '2026-03-28 10:00:00', '198.51.100.0/24', 'sqli', 'sqli', 'DE', 'Example Net', 3, 2),
		('shop', '2026-03-28 10:05:00', '198.51.100.0/24', 'sqli', 'sqli', 'DE', 'Example Net', 1, 1),
		('shop', '2026-03-28 10:05:00', '198.51.100.0/24', 'exploit', 'CVE-2017-9841', 'DE', 'Example Net', 1, 1),
		('shop', '2026-03-28 10:05:00', '198.51.100.0/24', '', '', 'DE', 'Example Net', 40, 0),
		('shop', '2026-03-28 10:10:00', '198.51.100.0/24', '', 'klar/http-scan', 'DE', 'Example Net', 4, 0),
		('shop', '2026-03-28 11:00:00', '2001:db8::/48', 'xss', 'xss', '', '', 7, 0),
		('shop', '2026-03-28 12:00:00', '203.0.113.0/24', '', 'klar/http-scan', '', '', 2, 0),
		('shop', '2026-03-28 12:05:00', '203.0.113.0/24', '', 'klar/http-scan', '', '', 1, 0),
		('shop', '2026-03-28 12:05:00', '203.0.113.0/24', '', 'klar/login-bruteforce', '', '', 1, 0),
		('shop', '2026-03-28 12:05:00', '203.0.113.0/24', '', '', '', '', 5, 0),
		('shop', '2026-03-28 12:10:00', '192.0.2.0/24', '', '', '', '', 5, 0),
		('shop', '2026-03-29 11:00:00', '192.0.2.0/24', 'xss', 'xss', '', '', 7, 0),
		('blog', '2026-03-28 11:00:00', '192.0.2.0/24', 'xss', 'xss', '', '', 7, 0)`
	if err := db.conn.Exec(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 3, 28, 0, 0, 0, 0, time.UTC)
	q := report.Query{Site: "shop", From: day, To: day.AddDate(0, 0, 1)}
	want := report.Offenders{Total: 3, Networks: []report.Offender{
		{Net: "2001:db8::/48", Requests: 7, Threats: map[string]uint64{"xss": 7}, Rules: []string{}, First: day.Add(11 * time.Hour), Last: day.Add(11 * time.Hour)},
		{
			Net: "198.51.100.0/24", Country: "DE", Provider: "Example Net", Requests: 5, Certain: 4, Harmless: 40,
			Threats: map[string]uint64{"sqli": 4, "exploit": 1}, Rules: []string{"CVE-2017-9841", "klar/http-scan"},
			First: day.Add(10 * time.Hour), Last: day.Add(10*time.Hour + 10*time.Minute),
		},
		{
			Net: "203.0.113.0/24", Requests: 3, Harmless: 5, Threats: map[string]uint64{}, Rules: []string{"klar/http-scan", "klar/login-bruteforce"},
			First: day.Add(12 * time.Hour), Last: day.Add(12*time.Hour + 5*time.Minute),
		},
	}}
	for most := 1; most <= 3; most++ {
		got, err := db.Offenders(t.Context(), q, most)
		if err != nil {
			t.Fatal(err)
		}
		want := report.Offenders{Total: want.Total, Networks: want.Networks[:most]}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("the first %d (-want +got):\n%s", most, diff)
		}
	}
	q.Site = "shop' OR '1'='1"
	if got, err := db.Offenders(t.Context(), q, 9); err != nil || len(got.Networks) != 0 {
		t.Errorf("of a site that there is not: %d networks, %v", len(got.Networks), err)
	}
}
