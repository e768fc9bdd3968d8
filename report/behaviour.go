package report

import "encoding/json"

// behaviour reads [has_done, filter] and [has_not_done, filter].
func (p *filterParser) behaviour(part string, pieces []json.RawMessage, op Operator, depth int) (Filter, error) {
	if len(pieces) != 2 {
		return Filter{}, Refuse(part, "%s takes one filter", op)
	}
	if _, err := p.one(at(part, 1), pieces[1], depth+1); err != nil {
		return Filter{}, err
	}
	return Filter{}, Refuse(at(part, 0), "%s asks what else a visit did, which would need an identifier of the visit on each hit; nothing that is stored has one. Visits that did one thing after another are counted by a configured funnel: event:funnel with event:funnel_step", op)
}
