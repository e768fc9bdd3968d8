package alert

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"time"
)

// id names an occurrence: the same event has the same, also after a restart.
func id(e Event) string {
	series := ""
	if e.Figures != nil {
		series = e.Figures.Series
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %d", e.Rule, e.Site, e.Net, series, e.Time.Unix()))
	return hex.EncodeToString(sum[:12])
}

// link leads to the page of the site's security, on the day of the event.
func link(e Event) string {
	q := url.Values{"site": {e.Site}, "alert": {id(e)}}
	if !e.Time.IsZero() {
		q.Set("day", e.Time.Format(time.DateOnly))
	}
	return "/security?" + q.Encode()
}
