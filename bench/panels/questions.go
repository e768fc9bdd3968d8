package main

import (
	"fmt"
	"strings"
	"time"
)

// panel is a question of the dashboard (dashboards/web/src), and the same one of rows with visitor ids.
type panel struct {
	name string
	ask  string // the members of the question of the Stats API but site and range
	peer string // what is selected from the peer's rows of the range; empty: they cannot say it
}

// list is a panel with the visitors of each value of a dimension, and column the peer's for it.
func list(name, dimension, column string) panel {
	return panel{name,
		fmt.Sprintf(`"metrics": ["visitors"], "dimensions": ["%s"], "pagination": {"limit": 10, "offset": 0}`, dimension),
		fmt.Sprintf("SELECT %s AS v, uniq(user_id) AS n FROM %%s WHERE v != '' GROUP BY v ORDER BY n DESC, v LIMIT 10", column)}
}

// graph is the visitors over time.
func graph(interval, key string) panel {
	return panel{"visitors by " + interval,
		fmt.Sprintf(`"metrics": ["visitors"], "dimensions": ["time:%s"], "include": {"time_labels": true}, "pagination": {"limit": 10000, "offset": 0}`, interval),
		"SELECT " + key + "(timestamp) AS t, uniq(user_id) FROM %s GROUP BY t ORDER BY t"}
}

// panels are those of the dashboard's page. The peer's totals leave out the bounce rate and the duration of visits, which
// Plausible reads from a second table.
var panels = []panel{
	{"figures", `"metrics": ["visitors", "visits", "pageviews", "views_per_visit", "bounce_rate", "visit_duration"]`,
		"SELECT uniq(user_id), uniq(session_id), count() FROM %s"},
	graph("day", "toDate"),
	graph("week", "toMonday"),
	graph("month", "toStartOfMonth"),
	list("sources", "visit:source", "source"),
	list("channels", "visit:channel", "channel"),
	list("campaigns", "visit:utm_campaign", "campaign"),
	list("pages", "event:page", "path"),
	list("entry pages", "visit:entry_page", "entry"),
	list("countries", "visit:country", "country"),
	list("providers", "visit:provider", ""),
	list("browsers", "visit:browser", "browser"),
	list("browser versions", "visit:browser_version", "concat(browser, ' ', browser_version)"),
	list("systems", "visit:os", "os"),
	list("sizes", "visit:device", "device"),
	{"all pages", `"metrics": ["visitors", "visits", "pageviews", "bounce_rate"], "dimensions": ["event:page"], "pagination": {"limit": 100, "offset": 0}`,
		"SELECT path, uniq(user_id) AS n, uniq(session_id), count() FROM %s GROUP BY path ORDER BY n DESC LIMIT 100"},
	{"requests", `"metrics": ["requests", "bytes", "errors", "bots"], "pagination": {"limit": 1, "offset": 0}`, ""},
	{"bots", `"metrics": ["requests"], "dimensions": ["event:bot"], "pagination": {"limit": 7, "offset": 0}`, ""},
	{"missing pages", `"metrics": ["requests"], "dimensions": ["event:page"], "filters": [["is", "event:status", ["404"]]], "pagination": {"limit": 7, "offset": 0}`, ""},
	{"statuses", `"metrics": ["requests"], "dimensions": ["event:status"], "pagination": {"limit": 7, "offset": 0}`, ""},
}

// filtered are panels after a click on a value: they come from hits, and no goal is set for them.
var filtered = []panel{
	{"figures of a country", `"metrics": ["visitors", "visits", "pageviews"], "filters": [["is", "visit:country", ["DE"]]]`,
		"SELECT uniq(user_id), uniq(session_id), count() FROM %s AND country = 'DE'"},
	{"pages of a country", `"metrics": ["visitors"], "dimensions": ["event:page"], "filters": [["is", "visit:country", ["DE"]]], "pagination": {"limit": 10, "offset": 0}`,
		"SELECT path, uniq(user_id) AS n FROM %s AND country = 'DE' GROUP BY path ORDER BY n DESC LIMIT 10"},
	{"sources of an entry page", `"metrics": ["visitors"], "dimensions": ["visit:source"], "filters": [["is", "visit:entry_page", ["/"]]], "pagination": {"limit": 10, "offset": 0}`,
		"SELECT source, uniq(user_id) AS n FROM %s AND entry = '/' GROUP BY source ORDER BY n DESC LIMIT 10"},
}

// body is a panel's question of the Stats API.
func (p panel) body(site string, from, to time.Time) string {
	return fmt.Sprintf(`{"site_id": "%s", "date_range": ["%s", "%s"], %s}`, site,
		from.Format(time.DateOnly), to.AddDate(0, 0, -1).Format(time.DateOnly), p.ask)
}

// sql is a panel's question of the peer's rows.
func (p panel) sql(from, to time.Time) string {
	if p.peer == "" || strings.Contains(p.peer, "SELECT  AS") {
		return ""
	}
	rows := fmt.Sprintf("%s WHERE site = 'seed' AND timestamp >= toDateTime(%d, 'UTC') AND timestamp < toDateTime(%d, 'UTC')", peerTable, from.Unix(), to.Unix())
	sql := fmt.Sprintf(p.peer, rows)
	// A list's own condition comes after those of the rows.
	if first := strings.Index(sql, " WHERE "); first >= 0 {
		sql = sql[:first+7] + strings.ReplaceAll(sql[first+7:], " WHERE ", " AND ")
	}
	return sql
}
