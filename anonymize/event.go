package anonymize

import (
	"slices"

	"github.com/shopspring/decimal"

	"github.com/klar-analytics/klar/anonymize/goal"
	"github.com/klar-analytics/klar/collector/raw"
	"github.com/klar-analytics/klar/hit"
)

// list returns the properties as visits take them.
func (b *brought) list() []hit.Property {
	var list []hit.Property
	for _, p := range b.props {
		list = append(list, hit.Property{Name: hit.NewProp(p.Name), Value: hit.NewProp(p.Value)})
	}
	return list
}

// brought is what few beacons carry: properties and revenue.
type brought struct {
	props   []goal.Property
	revenue hit.Revenue
}

// brought returns the properties, scrubbed, and the revenue of a beacon, nil for neither. A value that holds personal data
// or what cannot be kept becomes "(removed)", a property with such a name is left out.
func (a *Anonymizer) brought(f *raw.Fields) *brought {
	if len(f.Props) == 0 && len(f.Amount) == 0 {
		return nil
	}
	b := &brought{revenue: revenue(f)}
	for _, p := range f.Props {
		name, ok := a.scrubber.Text(p.Name)
		if name = hit.NewProp(name).String(); !ok || name == "" {
			continue
		}
		value, ok := a.scrubber.Text(p.Value)
		if value = hit.NewProp(value).String(); !ok || value == "" {
			value = removed
		}
		if !slices.ContainsFunc(b.props, func(known goal.Property) bool { return known.Name == name }) {
			b.props = append(b.props, goal.Property{Name: name, Value: value})
		}
	}
	return b
}

// removed stands for a property's value that cannot be kept.
const removed = "(removed)"

// maxAmount bounds an amount as it is written, in bytes, and maxExponent its digits before and behind the point.
const (
	maxAmount   = 40
	maxExponent = 30
)

// revenue returns the revenue exactly to a ten-thousandth, half of one rounded away from nought; none if it is no number,
// too large, or of no currency.
func revenue(f *raw.Fields) hit.Revenue {
	currency := hit.NewCurrency(string(f.Currency))
	if len(f.Amount) == 0 || len(f.Amount) > maxAmount || currency == (hit.Currency{}) {
		return hit.Revenue{}
	}
	amount, err := decimal.NewFromString(string(f.Amount))
	if err != nil || amount.Exponent() > maxExponent || amount.Exponent() < -maxExponent {
		return hit.Revenue{}
	}
	units := amount.Mul(decimal.NewFromInt(hit.RevenueUnit)).Round(0)
	if units.Abs().GreaterThan(decimal.NewFromInt(hit.MaxRevenue)) {
		return hit.Revenue{}
	}
	return hit.Revenue{Units: units.IntPart(), Currency: currency}
}
