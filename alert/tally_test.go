package alert

import (
	"fmt"
	"testing"
)

func TestATallyAddsUp(t *testing.T) {
	scans, jndi := &Rule{Name: "klar/http-scan", Severity: "warning"}, &Rule{Name: "klar/jndi", Severity: "critical"}
	var tally Tally
	if past := tally.Past(); len(past) != 0 {
		t.Errorf("without a trip: %v", past)
	}
	for n := range 30 {
		tally.Add(Trip{Rule: scans, Site: site, Net: netOf(n % 12), Time: 1_700_000_000 + int64(n)})
	}
	tally.Add(Trip{Rule: jndi, Site: site, Net: netOf(1), Time: 1_700_000_000})
	past := tally.Past()
	if len(past) != 2 || past[0].Rule != "klar/jndi" {
		t.Fatalf("%+v", past)
	}
	scan := past[1]
	if got := fmt.Sprint(scan.Alerts, scan.Networks, len(scan.Top), scan.Top[0].Alerts, scan.Last.Sub(scan.First)); got != "30 12 10 3 29s" {
		t.Errorf("30 scans by 12 networks are %s", got)
	}
}
