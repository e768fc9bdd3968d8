package report

import (
	"encoding/json"
	"strconv"
)

// SegmentDimension is what filters name a saved segment by.
const SegmentDimension Dimension = "segment"

// Segment is a list of filters that is saved under a name.
type Segment struct {
	ID      int // 0: it has none
	Name    string
	Filters json.RawMessage // all must hold
}

// Is reports whether the segment is meant by a name or a number.
func (s Segment) Is(key string) bool {
	return key == s.Name || s.ID > 0 && key == strconv.Itoa(s.ID)
}

// isSegment reports whether a filter is on saved segments.
func isSegment(dimension json.RawMessage) bool {
	var name string
	return json.Unmarshal(dimension, &name) == nil && Dimension(name) == SegmentDimension
}

// segment reads [is, "segment", names or numbers] and returns the filters that are saved under them: one of several is
// enough.
func (p *filterParser) segment(part string, pieces []json.RawMessage, op Operator, depth int) (Filter, error) {
	if op != Is && op != IsNot {
		return Filter{}, Refuse(at(part, 0), "%s cannot be asked of a segment; is and is_not can", quote(string(op)))
	}
	if p.segments == nil {
		return Filter{}, Refuse(at(part, 1), "a segment cannot be made of segments")
	}
	if len(pieces) != 3 {
		return Filter{}, Refuse(part, "must have an operator, segment, and a list of names or numbers")
	}
	keys := Filter{Op: Is}
	if err := keys.parseValues(at(part, 2), pieces[2]); err != nil {
		return Filter{}, err
	}
	any := Filter{Op: Or}
	for i, key := range keys.Values {
		saved, ok := p.segments(p.site, key)
		if !ok {
			return Filter{}, Refuse(at(at(part, 2), i), "%s is not a segment of this site", quote(key))
		}
		inner := filterParser{conditions: p.conditions}
		filters, err := inner.list("segment "+strconv.Quote(key), saved, depth+1)
		if err != nil {
			return Filter{}, err
		}
		p.conditions = inner.conditions
		any.Filters = append(any.Filters, oneOf(And, filters))
	}
	found := oneOf(Or, any.Filters)
	if op == IsNot {
		found = Filter{Op: Not, Filters: []Filter{found}}
	}
	return found, nil
}

// oneOf joins filters, of which a single one stands for itself.
func oneOf(op Operator, filters []Filter) Filter {
	if len(filters) == 1 {
		return filters[0]
	}
	return Filter{Op: op, Filters: filters}
}

// CheckFilters reads the filters of a segment. Its errors are of type Error and name the part as "filters[0]…".
func CheckFilters(filters json.RawMessage) error {
	p := filterParser{}
	list, err := p.list("filters", filters, 1)
	if err == nil && len(list) == 0 {
		return Refuse("filters", "a segment needs at least one filter")
	}
	return err
}
