package attack

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/klar-analytics/klar/hit"
)

// scheme is a way to store page views.
type scheme struct {
	name string
	// attributes returns what of the visitor stands together on the row of a page view, lasting what of it is the same on
	// another day.
	attributes, lasting func(*view) string
	// confirms reports whether a row may be one of a person, of whom everything is known.
	confirms func(row, known *view) bool
	// group returns what rows of one visit have in common, besides being near in time.
	group func(*view) string
	// unit returns the day or hour that rows hold sums of; nil if each is a page view with its second.
	unit func(*view) int64
	// ids says that rows hold an identifier of the visit, and one of the visitor that changes daily.
	ids bool
	// goals says that rows of table goals stand beside: which steps of funnels a page view passed.
	goals bool
}

// shortened returns the address's network of 24 or 48 bits.
func shortened(addr string) string {
	a, err := netip.ParseAddr(addr)
	if err != nil {
		return ""
	}
	return hit.NewNet(a, 24, 48).String()
}

// firstOfVisit is the mark of which table hits has the sum of visits.
const firstOfVisit = hit.FirstOfVisit

// klar is what this program stores: sums of table hits, by the day and by what [scheme.group] returns.
var klar = scheme{
	name:       "Klar",
	attributes: crowd, lasting: crowd,
	confirms: func(row, known *view) bool {
		have, full := row.Crowd.Value(), known.Visitor.Value()
		return may(&have, &full)
	},
	group: func(v *view) string {
		a, c := v.Arrival.Value(), v.Crowd.Value()
		return strings.Join([]string{v.Host.String(), a.Source.String(), a.Channel.String(), a.UTMCampaign.String(), a.Entry.String(), combination(&c)}, "\x00")
	},
	unit: func(v *view) int64 { return v.Day },
}

// klarHours is what it stores of the last two days, in table hours: the same by the hour.
var klarHours = func() scheme {
	s := klar
	s.unit = func(v *view) int64 { return v.Hour }
	return s
}()

// klarGoals is table hits with table goals beside it, whose rows have the same key and what was reached.
var klarGoals = func() scheme {
	s := klar
	s.goals = true
	return s
}()

// spooled is what lies in the spool while ClickHouse is away: hit by hit, with all attributes.
var spooled = simple("Klar, in the spool", func(v *view) string {
	return exact(v) + "\x00" + fmt.Sprint(v.Visitor.Value().Alone)
})

func crowd(v *view) string {
	c := v.Crowd.Value()
	return combination(&c)
}

func exact(v *view) string {
	a := v.Visitor.Value()
	return combination(&a)
}

// others are what Klar is compared with.
var others = []scheme{
	simple("Rows with prefix /24, browser", func(v *view) string {
		a := v.Visitor.Value()
		return fmt.Sprint(v.net, " ", a.Browser)
	}),
	simple("Rows with country, browser, system, versions", func(v *view) string {
		a := v.Visitor.Value()
		return strings.Join([]string{a.Country.String(), a.Browser.String(), a.BrowserVersion.String(), a.OS.String(), a.OSVersion.String()}, "\x00")
	}),
	// Plausible's table of events: an identifier that changes daily beside attributes. Of the place it has only the
	// country here, as without a database of cities.
	{
		name:       "Plausible, salt gone",
		attributes: func(v *view) string { return fmt.Sprint(v.person, " ", v.day) }, lasting: exact,
		group:    visit,
		confirms: func(row, known *view) bool { return exact(row) == exact(known) },
		ids:      true,
	},
	// While the salt is in its database, whose an identifier is can be reckoned.
	{
		name:       "Plausible, last 48 hours",
		attributes: person, lasting: person,
		group:    visit,
		confirms: func(row, known *view) bool { return row.person == known.person },
		ids:      true,
	},
}

func person(v *view) string { return fmt.Sprint(v.person) }

func visit(v *view) string { return fmt.Sprint(v.visit) }

// simple is a table of page views with some attributes of the visitor and no identifier.
func simple(name string, attributes func(*view) string) scheme {
	return scheme{
		name: name, attributes: attributes, lasting: attributes, group: attributes,
		confirms: func(row, known *view) bool { return attributes(row) == attributes(known) },
	}
}

// combination writes attributes out, to compare them; nothing known is "".
func combination(v *hit.Visitor) string {
	s := []string{
		v.Country.String(), v.Device.String(), v.Browser.String(), v.BrowserVersion.String(), v.OS.String(), v.OSVersion.String(),
	}
	if strings.Join(s, "") == "" {
		return ""
	}
	return strings.Join(s, "\x00")
}

// may reports whether a stored combination may be that of a visitor with these attributes: it says nothing else.
func may(stored, full *hit.Visitor) bool {
	return (stored.Country == (hit.Country{}) || stored.Country == full.Country) &&
		(stored.Device == 0 || stored.Device == full.Device) &&
		(stored.Browser.IsZero() || stored.Browser == full.Browser) &&
		(stored.BrowserVersion.IsZero() || stored.BrowserVersion == full.BrowserVersion) &&
		(stored.OS.IsZero() || stored.OS == full.OS) &&
		(stored.OSVersion.IsZero() || stored.OSVersion == full.OSVersion)
}
