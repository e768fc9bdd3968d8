package storage

import (
	"slices"

	"github.com/klar-analytics/klar/report"
)

// visitHosts are the hosts that visits began and ended on. They stand in counts, by the day, and nowhere else.
var visitHosts = []report.Dimension{report.VisitEntryHost, report.VisitExitHost}

var (
	// exitHostSource counts the visits that ended on a host.
	exitHostSource = source{
		table: "counts", time: "hour", present: "sum(visits)",
		sums: map[string]string{
			"visits":  "sum(visits)",
			"entered": "sum(visits)",
			"engaged": "sum(visits)", // of which those that bounced are taken away
			"exits":   "sum(visits)",
			"seconds": "sum(seconds)",
		},
	}
	// bouncedHostSource counts visits of one page view, which end where they began.
	bouncedHostSource = source{
		table: "counts", time: "hour", present: "0",
		sums: map[string]string{"engaged": "toInt64(sum(engaged)) - toInt64(sum(visits))"},
	}
)

// countedHost takes counts for whole days, by the host that visits began or ended on.
func (p *plan) countedHost(at string, m report.Metric, d report.Dimension, keys []report.Dimension) (*part, error) {
	if err := p.byDay(d); err != nil {
		return nil, err
	}
	if d == report.VisitEntryHost {
		return counted(daysSource, d, keys), nil
	}
	known := []report.Metric{report.Visitors, report.Visits, report.Percentage, report.BounceRate, report.VisitDuration, report.Exits}
	if !slices.Contains(known, m) {
		return nil, report.Refuse(at, "%s is not counted by %s; only visitors, visits, percentage, bounce_rate, visit_duration and exits are", m, d)
	}
	return counted(exitHostSource, d, keys), nil
}
