package report

import (
	"slices"
	"strings"
)

// The dimensions.
const (
	EventPage     Dimension = "event:page"
	EventHostname Dimension = "event:hostname"
	EventName     Dimension = "event:name"
	// EventPreviousPage is the page that the same visit saw before; it stands alone or with EventPage.
	EventPreviousPage Dimension = "event:previous_page"

	EventGoal       Dimension = "event:goal"
	EventGroup      Dimension = "event:group"
	EventFunnel     Dimension = "event:funnel"
	EventFunnelStep Dimension = "event:funnel_step" // "1" to "8"

	// EventProperty is the name of a property of events, PropertyPrefix and a name one property's values.
	EventProperty Dimension = "event:property"

	VisitEntryPage   Dimension = "visit:entry_page"
	VisitExitPage    Dimension = "visit:exit_page"
	VisitEntryHost   Dimension = "visit:entry_page_hostname"
	VisitExitHost    Dimension = "visit:exit_page_hostname"
	VisitSource      Dimension = "visit:source"
	VisitChannel     Dimension = "visit:channel"
	VisitReferrer    Dimension = "visit:referrer"
	VisitUTMSource   Dimension = "visit:utm_source"
	VisitUTMMedium   Dimension = "visit:utm_medium"
	VisitUTMCampaign Dimension = "visit:utm_campaign"
	VisitUTMContent  Dimension = "visit:utm_content"
	VisitUTMTerm     Dimension = "visit:utm_term"

	VisitCountry        Dimension = "visit:country"      // ISO 3166-1 alpha-2
	VisitCountryName    Dimension = "visit:country_name" // in English
	VisitProvider       Dimension = "visit:provider"
	VisitRegion         Dimension = "visit:region"      // ISO 3166-2
	VisitRegionName     Dimension = "visit:region_name" // as it is called where it is
	VisitCity           Dimension = "visit:city"        // in English
	VisitCityName       Dimension = "visit:city_name"   // the same
	VisitLanguage       Dimension = "visit:language"
	VisitScreen         Dimension = "visit:screen"
	VisitDevice         Dimension = "visit:device"
	VisitBrowser        Dimension = "visit:browser"
	VisitBrowserVersion Dimension = "visit:browser_version" // with the browser's name
	VisitOS             Dimension = "visit:os"
	VisitOSVersion      Dimension = "visit:os_version" // with the system's name

	EventStatus   Dimension = "event:status"
	EventMethod   Dimension = "event:method"
	EventKind     Dimension = "event:kind"
	EventOrigin   Dimension = "event:origin"
	EventThreat   Dimension = "event:threat"
	EventBot      Dimension = "event:bot"
	EventBotClass Dimension = "event:bot_class"

	Time       Dimension = "time" // the interval that suits the range; Parse replaces it
	TimeMinute Dimension = "time:minute"
	TimeHour   Dimension = "time:hour"
	TimeDay    Dimension = "time:day"
	TimeWeek   Dimension = "time:week" // from Monday
	TimeMonth  Dimension = "time:month"
)

var allMetrics = []Metric{
	Visitors, Visits, Pageviews, Events, BounceRate, VisitDuration, ViewsPerVisit, Percentage,
	UniquePageviews, Exits, ExitRate, TimeOnPage, ScrollDepth,
	Conversions, ConversionRate, GroupConversionRate, TotalRevenue, AverageRevenue,
	Requests, Bytes, Errors, Threats, Bots, BeaconlessRate,
}

var valueDimensions = []Dimension{
	EventPage, EventPreviousPage, EventHostname, EventName, EventGoal, EventGroup, EventFunnel, EventFunnelStep,
	EventProperty,
	VisitEntryPage, VisitEntryHost, VisitExitPage, VisitExitHost, VisitSource, VisitChannel, VisitReferrer,
	VisitUTMSource, VisitUTMMedium, VisitUTMCampaign, VisitUTMContent, VisitUTMTerm,
	VisitCountry, VisitCountryName, VisitProvider, VisitDevice, VisitBrowser, VisitBrowserVersion, VisitOS, VisitOSVersion,
	VisitRegion, VisitRegionName, VisitCity, VisitCityName, VisitLanguage, VisitScreen,
	EventStatus, EventMethod, EventKind, EventOrigin, EventThreat, EventBot, EventBotClass,
}

var timeDimensions = []Dimension{Time, TimeMinute, TimeHour, TimeDay, TimeWeek, TimeMonth}

// laterDimensions are Plausible's that Klar does not have yet; one that ends in a colon stands for all it begins.
var laterDimensions = []Dimension{
	"visit:props:", "visit:entry_props:",
}

// Metrics lists every metric that can be asked for.
func Metrics() []Metric { return slices.Clone(allMetrics) }

// Dimensions lists every dimension that can be asked for, but those of time.
func Dimensions() []Dimension { return slices.Clone(valueDimensions) }

// TimeDimensions lists the dimensions of time.
func TimeDimensions() []Dimension { return slices.Clone(timeDimensions) }

// IsShare reports whether m has decimals.
func (m Metric) IsShare() bool {
	switch m {
	case ViewsPerVisit, Percentage, BeaconlessRate, ExitRate, ConversionRate, GroupConversionRate:
		return true
	}
	return false
}

// IsMoney reports whether m is an amount of money.
func (m Metric) IsMoney() bool { return m == TotalRevenue || m == AverageRevenue }

// IsTime reports whether d groups by time.
func (d Dimension) IsTime() bool { return slices.Contains(timeDimensions, d) }

// IsAttribute reports whether d is an attribute of the visitor, which falls under the crowd rule when it is crossed
// with anything else.
func (d Dimension) IsAttribute() bool {
	switch d {
	case VisitCountry, VisitCountryName, VisitProvider, VisitDevice, VisitBrowser, VisitBrowserVersion, VisitOS, VisitOSVersion,
		VisitRegion, VisitRegionName, VisitCity, VisitCityName, VisitLanguage, VisitScreen:
		return true
	}
	return false
}

// checkMetric returns an error unless m is a metric.
func checkMetric(part, m string) error {
	switch {
	case slices.Contains(allMetrics, Metric(m)):
		return nil
	}
	return Refuse(part, "%s is not a metric; known are %s", quote(m), list(allMetrics))
}

// checkDimension returns an error unless d is one of known.
func checkDimension(part, d string, known []Dimension) error {
	if slices.Contains(known, Dimension(d)) || Dimension(d).IsProperty() {
		return nil
	}
	if Dimension(d) == SegmentDimension {
		return Refuse(part, "a segment is filtered on: [\"is\", \"segment\", [\"NAME\"]]")
	}
	for _, later := range laterDimensions {
		if Dimension(d) == later || strings.HasSuffix(string(later), ":") && strings.HasPrefix(d, string(later)) {
			return Refuse(part, "%s is not yet available; known are %s", quote(d), list(known))
		}
	}
	return Refuse(part, "%s is not a dimension; known are %s", quote(d), list(known))
}

// list joins names for an error.
func list[T ~string](names []T) string {
	var b strings.Builder
	for i, n := range names {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(n))
	}
	return b.String()
}
