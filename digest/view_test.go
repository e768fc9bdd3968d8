package digest

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/klar-analytics/klar/report"
)

// made is the report of a week or month of the made up site.
func made(t *testing.T, kind Kind, period string) Report {
	t.Helper()
	d := newDesk(t, "2026-12-01 09:00")
	_, p, err := ParsePeriod(period, d.now)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Ask(t.Context(), d.store, d.site, kind, p, d.now)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReportReads(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kind     Kind
		period   string
		language Language
	}{"week.en": {Weekly, "week", English}, "week.de": {Weekly, "week", German}, "month.de": {Monthly, "month", German}} {
		r := made(t, c.kind, c.period)
		m, err := r.Message(c.language, clock(t, "2026-12-01 07:00"))
		if err != nil {
			t.Fatal(err)
		}
		golden(t, name+".txt", m.Title+"\n\n"+m.Text)
		golden(t, name+".html", m.HTML)
		for _, remote := range []string{"<img", "src=", "url(", "<link", "<script", "@import", "<b>evil"} {
			if strings.Contains(m.HTML, remote) {
				t.Errorf("%s has %s in its page", name, remote)
			}
		}
		for line := range strings.Lines(m.Text) {
			if n := len([]rune(line)); n > 80 {
				t.Errorf("%s has a line of %d characters: %s", name, n, line)
			}
		}
	}
	b, err := json.MarshalIndent(made(t, Weekly, "week"), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "week.json", string(b)+"\n")
}

func TestNumbersAndDates(t *testing.T) {
	t.Parallel()
	f := func(n float64) *float64 { return &n }
	en, de := of(English), of(German)
	day := func(s string) string { // "from to" in German
		from, to, _ := strings.Cut(s, " ")
		return de.days(clock(t, from+" 00:00"), clock(t, to+" 00:00"))
	}
	for got, want := range map[string]string{
		en.number(1234567, 0): "1,234,567", de.number(1234.56, 1): "1.234,6", en.number(-0.2, 0): "0", en.number(-999, 0): "−999",
		en.value(report.Visitors, nil): "–", de.value(report.BounceRate, f(48)): "48\u00a0%", en.value(report.VisitDuration, f(125)): "2:05 min",
		en.change(report.Visits, f(150), f(100)): "+50%", de.change(report.Visits, f(5000), f(10)): "+49.900\u00a0%",
		en.change(report.Visits, f(5), f(0)): "", en.change(report.Visits, f(0), f(5)): "−100%", en.change(report.Visits, f(1000), f(1001)): "±0%",
		en.change(report.BounceRate, f(40), f(42)): "−2\u00a0points", en.change(report.BounceRate, nil, f(42)): "",
		day("2026-11-16 2026-11-22"): "16.–22. November 2026", day("2026-03-30 2026-04-05"): "30. März – 5. April 2026",
		day("2025-12-29 2026-01-04"): "29. Dezember 2025 – 4. Januar 2026", day("2026-02-01 2026-02-28"): "Februar 2026", day("2026-02-01 2026-02-01"): "1. Februar 2026",
		de.name(report.VisitCountry, "FR"): "Frankreich", en.name(report.VisitCountry, report.NotSet): "Unknown", de.name(report.VisitSource, report.DirectNone): "Direkt / keine",
		of("fr").lang: "en",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
