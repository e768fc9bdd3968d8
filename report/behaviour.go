package report

import "encoding/json"

// behaviour reads [has_done, filter] and [has_not_done, filter], of which the filter must be one goal of the site: all else
// that a visit did is not known together.
func (p *filterParser) behaviour(part string, pieces []json.RawMessage, op Operator, depth int) (Filter, error) {
	if len(pieces) != 2 {
		return Filter{}, Refuse(part, "%s takes one filter", op)
	}
	inner, err := p.one(at(part, 1), pieces[1], depth+1)
	switch {
	case err != nil:
		return Filter{}, err
	case inner.Dimension != EventGoal:
		return Filter{}, Refuse(at(part, 0), "%s asks what else a visit did, which would need an identifier of the visit on each hit; nothing that is stored has one. It is known of a configured goal: [%q, [\"is\", %q, [\"NAME\"]]]. Visits that did one thing after another are counted by a configured funnel: event:funnel with event:funnel_step", op, op, EventGoal)
	case inner.Op != Is || len(inner.Values) != 1 || inner.CaseInsensitive:
		return Filter{}, Refuse(at(part, 1), "%s takes one goal by its name: who did one thing or another is not counted once", op)
	}
	return Filter{Op: op, Filters: []Filter{inner}}, nil
}

// IsBehaviour reports whether f asks what else a visit did. Its only inner filter is then one on EventGoal.
func (f Filter) IsBehaviour() bool { return f.Op == HasDone || f.Op == HasNotDone }
