package storage

import (
	"maps"

	"github.com/klar-analytics/klar/report"
)

// source is a table as questions see it: which dimensions it has and which sums it gives.
type source struct {
	table   string
	time    string // the column of time
	byDay   bool   // its rows are of whole days, whatever the range
	columns map[report.Dimension]string
	sums    map[string]string // name of the sum → aggregate
	present string            // how many things happened; a row without any is not shown
}

// alone reports whether the rows are of one dimension, or none, so that their columns need no choice of marks.
func (s *source) alone() bool {
	return s.table == everybodySource.table || s.table == peopleTotals.table
}

// unit is what a range is widened to the whole of.
func (s *source) unit() string {
	if s.byDay {
		return "day"
	}
	return s.time
}

// peopleSums are what hits and counts have alike. The columns for visitors and visits depend on the question.
var peopleSums = map[string]string{
	"pageviews": "sum(pageviews)",
	"events":    "sum(events)",
	"entered":   "sum(visits)", // the visits that visit metrics are measured by
	"engaged":   "sum(engaged)",
	"seconds":   "sum(seconds)",
}

// hitsSums are peopleSums and what only hits has.
var hitsSums = func() map[string]string {
	sums := maps.Clone(peopleSums)
	sums["viewed"] = "sum(pageviews)" // the page views that beaconed ones are a share of
	sums["beaconed"] = "sum(beaconed)"
	sums["unique"] = "sumIf(visits_page, event = '')"
	for _, name := range []string{"exits", "reading", "timed", "scroll", "scrolled"} {
		sums[name] = "sum(" + name + ")"
	}
	return sums
}()

// hitsSource can cross everything with everything.
var hitsSource = source{
	table: "hits", time: "hour", sums: hitsSums, present: "sum(events)",
	columns: map[report.Dimension]string{
		report.EventPage:           "path",
		report.EventHostname:       "host",
		report.EventName:           "if(event = '', 'pageview', event)",
		report.VisitEntryPage:      "entry",
		report.VisitSource:         "source",
		report.VisitChannel:        "channel",
		report.VisitUTMCampaign:    "campaign",
		report.VisitCountry:        "country",
		report.VisitCountryName:    "country", // countryNames has its name
		report.VisitDevice:         "device",
		report.VisitBrowser:        "browser",
		report.VisitBrowserVersion: "if(browser_version = '', '', concat(browser, ' ', browser_version))",
		report.VisitOS:             "os",
		report.VisitOSVersion:      "if(os_version = '', '', concat(os, ' ', os_version))",
	},
}

// entriesSource is hits with the visits of a page being those that began there, as in Plausible: how a visit went on
// cannot be said of each page it passed.
var entriesSource = func() source {
	s := hitsSource
	s.present = "toUInt64(0)"
	s.columns = map[report.Dimension]string{}
	for d, column := range hitsSource.columns {
		s.columns[d] = column
	}
	s.columns[report.EventPage] = "entry"
	return s
}()

var (
	minutesSource = source{
		table: "minutes", time: "minute", present: "sum(requests)",
		columns: map[report.Dimension]string{
			report.EventStatus: "toString(status)",
			report.EventMethod: "method",
			report.EventKind:   "kind",
			report.EventOrigin: "origin",
			report.EventThreat: "threat",
		},
		sums: map[string]string{
			"requests": "sum(requests)",
			"bytes":    "sum(bytes)",
			"errors":   "sumIf(requests, status >= 400 AND status <= 599)",
			"threats":  "sumIf(requests, threat != '')",
		},
	}
	pathsSource = source{
		table: "paths", time: "hour", byDay: true, present: "sum(requests)",
		columns: map[report.Dimension]string{
			report.EventPage:   "path",
			report.EventStatus: "toString(status)",
			report.EventMethod: "method",
			report.EventKind:   "kind",
			report.EventThreat: "threat",
		},
		sums: map[string]string{
			"requests": "sum(requests)",
			"bytes":    "sum(bytes)",
			"errors":   "sumIf(requests, status >= 400 AND status <= 599)",
			"threats":  "sumIf(requests, threat != '')",
		},
	}
	botsSource = source{
		table: "bots", time: "hour", present: "sum(requests)",
		columns: map[report.Dimension]string{
			report.EventBot:      "bot",
			report.EventBotClass: "class",
			report.EventPage:     "path",
			report.EventStatus:   "toString(status)",
		},
		sums: map[string]string{
			"bots":     "sum(requests)",
			"requests": "sum(requests)",
			"bytes":    "sum(bytes)",
			"errors":   "sumIf(requests, status >= 400 AND status <= 599)",
		},
	}
)

// metricSums are the sums that a metric is made of, and metricSQL how. A rate of nothing is NULL.
var (
	metricSums = map[report.Metric][]string{
		report.Visitors:      {"visitors"},
		report.Visits:        {"visits"},
		report.Pageviews:     {"pageviews"},
		report.Events:        {"events"},
		report.BounceRate:    {"entered", "engaged"},
		report.VisitDuration: {"entered", "seconds"},
		report.ViewsPerVisit: {"entered", "pageviews"},
		report.Percentage:    {"visitors"},

		report.Conversions:         {"events"},
		report.ConversionRate:      {"visitors"},
		report.GroupConversionRate: {"visitors", "base"},
		report.TotalRevenue:        {"revenue", "priced"},
		report.AverageRevenue:      {"revenue", "priced"},

		report.Requests:       {"requests"},
		report.Bytes:          {"bytes"},
		report.Errors:         {"errors"},
		report.Threats:        {"threats"},
		report.Bots:           {"bots"},
		report.BeaconlessRate: {"viewed", "beaconed"},

		report.UniquePageviews: {"unique"},
		report.Exits:           {"exits"},
		report.ExitRate:        {"exits", "viewed"},
		report.TimeOnPage:      {"timed", "reading"},
		report.ScrollDepth:     {"scrolled", "scroll"},
	}
	metricSQL = map[report.Metric]string{
		report.Visitors:  "toInt64(sum(s_visitors))",
		report.Visits:    "toInt64(sum(s_visits))",
		report.Pageviews: "toInt64(sum(s_pageviews))",
		report.Events:    "toInt64(sum(s_events))",
		// A visit's second page view may fall into a later interval than its first, so a share is kept to 0…100.
		report.BounceRate:    "if(sum(s_entered) = 0, NULL, toInt64(round(100 * (1 - least(1, greatest(0, sum(s_engaged) / sum(s_entered)))))))",
		report.VisitDuration: "if(sum(s_entered) = 0, NULL, toInt64(round(sum(s_seconds) / sum(s_entered))))",
		report.ViewsPerVisit: "if(sum(s_entered) = 0, NULL, round(sum(s_pageviews) / sum(s_entered), 2))",
		report.Percentage:    "if(all_visitors = 0, NULL, round(100 * sum(s_visitors) / all_visitors, 1))",
		// Somebody who reaches a goal on the day after may be more than all of the first, so shares are kept to 0…100.
		report.Conversions:         "toInt64(sum(s_events))",
		report.ConversionRate:      "if(base_visitors = 0, 0, round(100 * least(1, sum(s_visitors) / base_visitors), 2))",
		report.TotalRevenue:        "if(sum(s_priced) = 0, NULL, toDecimal128(sum(s_revenue), 4))",
		report.AverageRevenue:      "if(sum(s_priced) = 0, NULL, round(toDecimal128(sum(s_revenue), 6) / sum(s_priced), 4))",
		report.GroupConversionRate: "if(sum(s_base) = 0, 0, round(100 * least(1, sum(s_visitors) / sum(s_base)), 2))",

		report.Requests:       "toInt64(sum(s_requests))",
		report.Bytes:          "toInt64(sum(s_bytes))",
		report.Errors:         "toInt64(sum(s_errors))",
		report.Threats:        "toInt64(sum(s_threats))",
		report.Bots:           "toInt64(sum(s_bots))",
		report.BeaconlessRate: "if(sum(s_viewed) = 0, NULL, round(100 * (1 - least(1, sum(s_beaconed) / sum(s_viewed))), 1))",

		report.UniquePageviews: "toInt64(sum(s_unique))",
		report.Exits:           "toInt64(sum(s_exits))",
		report.ExitRate:        "if(sum(s_viewed) = 0, NULL, round(100 * sum(s_exits) / sum(s_viewed), 1))",
		report.TimeOnPage:      "if(sum(s_timed) = 0, NULL, toInt64(round(sum(s_reading) / sum(s_timed))))",
		report.ScrollDepth:     "if(sum(s_scrolled) = 0, NULL, toInt64(round(sum(s_scroll) / sum(s_scrolled))))",
	}
)

// timeKeys are what rows are grouped by for a dimension of time, from a source's column; timeLabels make of it what the
// answer shows. The text is made last, of few rows. An hour that the clock shows twice becomes one label.
var (
	timeKeys = map[report.Dimension]string{
		report.TimeMinute: "toUInt32(%s)",
		report.TimeHour:   "toUInt32(%s)",
		report.TimeDay:    "toDate(%s, {tz:String})",
		report.TimeWeek:   "greatest(toMonday(%s, {tz:String}), toDate({first:String}))",
		report.TimeMonth:  "toStartOfMonth(%s, {tz:String})",
	}
	timeLabels = map[report.Dimension]string{
		report.TimeMinute: "formatDateTime(toDateTime(%s), '%%Y-%%m-%%d %%H:%%i:00', {tz:String})",
		report.TimeHour:   "formatDateTime(toDateTime(%s), '%%Y-%%m-%%d %%H:00:00', {tz:String})",
		report.TimeDay:    "toString(%s)",
		report.TimeWeek:   "toString(%s)",
		report.TimeMonth:  "toString(%s)",
	}
)
