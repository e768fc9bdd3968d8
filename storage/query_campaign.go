package storage

import (
	"fmt"
	"slices"
	"strings"

	"github.com/klar-analytics/klar/report"
)

// campaignTags are the dimensions that campaignDimension holds together, in their order there.
var campaignTags = []report.Dimension{report.VisitUTMSource, report.VisitUTMMedium, report.VisitUTMCampaign}

// campaignNames are they, for an error.
const campaignNames = "visit:utm_source, visit:utm_medium and visit:utm_campaign"

// countedCampaign takes counts for several campaign parameters of whole days, unless a filter lets through visits without
// any. Rows without any of those that are asked for are left out, as they are with a single one.
func (p *plan) countedCampaign(tags, keys []report.Dimension) (*part, error) {
	if err := p.byDay(tags[0]); err != nil {
		return nil, err
	}
	columns := map[report.Dimension]string{}
	var some []string
	for i, d := range campaignTags {
		columns[d] = fmt.Sprintf("splitByChar(char(31), value)[%d]", i+1)
		if slices.Contains(keys, d) {
			some = append(some, columns[d]+" != ''")
		}
	}
	where := []string{"dimension = '" + campaignDimension + "'"}
	switch {
	case len(some) > 0:
		where = append(where, "("+strings.Join(some, " OR ")+")")
	case p.letsMissingThrough():
		return nil, report.Refuse("filters", "visits without %s are not counted apart, so this filter cannot let them through", tags[0])
	}
	s := arrivalsSource
	s.columns = columns
	return &part{source: s, keys: keys, where: where}, nil
}
