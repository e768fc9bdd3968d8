package main

import (
	"testing"
	"time"
)

func TestPeriods(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ period, now, want string }{
		{"25 months", "2026-11-23 13:00", "2024-10-23 00:00"},
		{"13mo", "2026-11-23 00:00", "2025-10-23 00:00"},
		{"2 years", "2028-02-29 13:00", "2026-02-28 00:00"},
		{"1 month", "2026-03-31 13:00", "2026-02-28 00:00"},
		{"1 month", "2026-04-01 13:00", "2026-03-01 00:00"},
		{"1 day", "2026-03-30 00:30", "2026-03-29 00:00"}, // a day of 23 hours
		{"90d", "2026-01-15 23:59", "2025-10-17 00:00"},
		{"100Y", "2026-01-15 23:59", "1926-01-15 00:00"},
	} {
		p, err := parsePeriod(c.period)
		if err != nil {
			t.Errorf("%s: %v", c.period, err)
			continue
		}
		now, err := time.ParseInLocation("2006-01-02 15:04", c.now, berlin)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.before(now).Format("2006-01-02 15:04"); got != c.want {
			t.Errorf("%s before %s begins %s, want %s", c.period, c.now, got, c.want)
		}
	}
	for _, bad := range []string{"0 days", "25", "months", "-1 day", "1.5 years", "101 years", "99999 days", "1 week", "1m"} {
		if _, err := parsePeriod(bad); err == nil {
			t.Errorf("%q is taken for a period", bad)
		}
	}
}
