package dashboards

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/klar-analytics/klar/report"
)

// Privacy is what Klar collects and stores, as the running configuration has it. It holds nothing that was counted.
type Privacy struct {
	IPv4Prefix int      `json:"ipv4_prefix"` // bits that are left of an address
	IPv6Prefix int      `json:"ipv6_prefix"`
	Crowd      int      `json:"crowd"` // people who must share a combination of attributes
	Respect    []string `json:"respect"`
	Query      []string `json:"query"` // parameters of addresses that are kept
	// Geo are the databases that are in use; none: nobody's whereabouts are known.
	Geo []GeoDatabase `json:"geo"`
	// Store is "embedded" where the figures stay on the machine of Klar, else "server".
	Store  string         `json:"store"`
	Tables []PrivacyTable `json:"tables"`
	// Sites are what the sites add; the answer has the one that was asked for.
	Sites []PrivacySite `json:"-"`
}

// GeoDatabase says what is known of whereabouts, and from whom.
type GeoDatabase struct {
	What string `json:"what"` // country, city or provider
	Name string `json:"name"` // as the file calls itself
	Date string `json:"date"` // the day when it was made
}

// PrivacyTable is one stored table in words.
type PrivacyTable struct {
	Name    string          `json:"name"`
	Text    Bilingual       `json:"text"`
	Columns []PrivacyColumn `json:"columns"`
}

// PrivacyColumn is one of its columns.
type PrivacyColumn struct {
	Name string    `json:"name"`
	Text Bilingual `json:"text"`
}

// Bilingual is a text for everybody.
type Bilingual struct {
	English string `json:"en"`
	German  string `json:"de"`
}

// PrivacySite is what holds for one site only.
type PrivacySite struct {
	ID    string   `json:"id"`
	Hosts []string `json:"-"` // beside ID, to tell whether the page stands on one of them
	// RetentionDays and RetentionMonths are how long figures are kept, but for the totals of days; both 0: until they
	// are deleted by hand.
	RetentionDays   int `json:"retention_days"`
	RetentionMonths int `json:"retention_months"`
	// Logs says that a server's log is followed for the site, Beacons that page views and events are taken from browsers.
	Logs    bool `json:"logs"`
	Beacons bool `json:"beacons"`
	// LogSignals are those of gpc and dnt which the format of each such log names. Another log may have them unnoticed.
	LogSignals []string `json:"log_signals"`
	Goals      bool     `json:"goals"`
	Revenue    bool     `json:"revenue"`
	// Origins are what the requests of the last 30 days came from: log, beacon, pixel, api. Nil while it is not known.
	Origins []string `json:"origins"`
	// Here says that the page was asked for under a name of the site, so that what a browser stores for the one holds for
	// the other.
	Here bool `json:"here"`
}

// originsOver is the time whose requests say where a site's figures come from.
const originsOver = 30 * 24 * time.Hour

// privacy answers what is collected and stored. Of the sites it tells the one that is named, and of no other that it
// exists: everybody may be allowed to ask.
func (h *handler) privacy(w http.ResponseWriter, r *http.Request) {
	if h.Privacy == nil {
		writeError(w, http.StatusNotImplemented, "this Klar collects nothing")
		return
	}
	answer := struct {
		Privacy
		Site *PrivacySite `json:"site"`
	}{Privacy: h.Privacy()}
	if id := r.URL.Query().Get("site_id"); id != "" {
		may := h.sitesFor
		if h.PublicPrivacy { // whoever names a site
			may = h.sites.get
		}
		sites, err := may(r.Context())
		if err != nil {
			h.failed(r.Context(), w, err)
			return
		}
		if _, known := sites.location(id); !known {
			writeError(w, http.StatusNotFound, "there is no such site")
			return
		}
		site := PrivacySite{ID: id, LogSignals: []string{}} // one whose logs were imported needs no configuration
		if i := slices.IndexFunc(answer.Sites, func(s PrivacySite) bool { return s.ID == id }); i >= 0 {
			site = answer.Sites[i]
		}
		site.Here = hostOnly(r.Host) == id || slices.Contains(site.Hosts, hostOnly(r.Host))
		site.Origins = h.origins.of(r.Context(), id, h.originsOf)
		answer.Site = &site
	}
	writeJSON(w, http.StatusOK, answer)
}

// originsOf asks the store what the requests of a site came from; nil if it does not answer soon.
func (h *handler) originsOf(ctx context.Context, site string) []string {
	// Others wait for the answer, too: it is not given up when the asker goes.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), originsPatience)
	defer cancel()
	now := h.Now().UTC()
	result, err := h.Reports.Query(ctx, report.Query{
		Site: site, Location: time.UTC, From: now.Add(-originsOver).Truncate(time.Hour), To: now.Truncate(time.Minute),
		Metrics: []report.Metric{report.Requests}, Dimensions: []report.Dimension{report.EventOrigin}, Limit: report.MaxRows, Now: now,
	})
	if err != nil {
		return nil
	}
	origins := []string{}
	for _, row := range result.Rows {
		origins = append(origins, row.Dimensions[0])
	}
	slices.Sort(origins)
	return origins
}

const (
	originsPatience = 5 * time.Second
	// originsFresh is how long an answer is used, also that there is none: everybody may ask, and few should reach the store.
	originsFresh = time.Minute
)

// originsCache holds what was found of the sites.
type originsCache struct {
	now func() time.Time

	mu    sync.Mutex
	known map[string]knownOrigins
}

type knownOrigins struct {
	origins []string
	at      time.Time
}

// of returns a site's origins, found at most originsFresh ago. Those who ask while they are looked up wait.
func (c *originsCache) of(ctx context.Context, site string, find func(context.Context, string) []string) []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	if k, ok := c.known[site]; ok && now.Sub(k.at) < originsFresh {
		return k.origins
	}
	k := knownOrigins{find(ctx, site), now}
	c.known[site] = k
	return k.origins
}
