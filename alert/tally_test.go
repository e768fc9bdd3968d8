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
		tally.Add(Trip{Rule: scans, Site: site, Net: netOf(n % 12), Time: noon.Unix() + 299 + int64(n)})
	}
	tally.Add(Trip{Rule: jndi, Site: site, Net: netOf(1), Time: noon.Unix() + 299})
	past := tally.Past()
	if len(past) != 2 || past[0].Rule != "klar/jndi" {
		t.Fatalf("%+v", past)
	}
	scan := past[1]
	if got := fmt.Sprint(scan.Alerts, scan.Networks, len(scan.Top), scan.Top[0].Alerts); got != "30 12 10 3" {
		t.Errorf("30 scans by 12 networks are %s", got)
	}
	if jndi := past[0]; !jndi.First.Equal(noon) || !scan.First.Equal(noon) || !scan.Last.Equal(noon.Add(coarse)) {
		t.Errorf("beside networks stand %v, %v and %v", jndi.First, scan.First, scan.Last)
	}
}
