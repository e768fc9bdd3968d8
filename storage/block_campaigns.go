package storage

import (
	"strings"

	"github.com/klar-analytics/klar/hit"
)

// campaignDimension holds source, medium and campaign of a visit together, so that they can be crossed with each other
// and with nothing else. Hits has source, channel and campaign of the same day beside all that it has; this tells hardly
// more. Content and term, which are finer, stay alone. Nothing is counted for an arrival without any of the three.
const campaignDimension = "visit:utm"

// campaignBetween stands between the three. No parameter holds it: hit.NewCampaign takes no control characters.
const campaignBetween = "\x1f"

// campaign returns the value of campaignDimension, empty without any parameter.
func campaign(a *hit.Arrival) string {
	if a.UTMSource.IsZero() && a.UTMMedium.IsZero() && a.UTMCampaign.IsZero() {
		return ""
	}
	return strings.Join([]string{a.UTMSource.String(), a.UTMMedium.String(), a.UTMCampaign.String()}, campaignBetween)
}

// firstFromCampaign returns how many visitors came from the three of a row for the first time today: as many as from the
// one of them that was new to most.
func firstFromCampaign(p *people) uint64 {
	return max(p.first(hit.FirstFromUTMSource), p.first(hit.FirstFromUTMMedium), p.first(hit.FirstFromUTMCampaign))
}
