package storage

import (
	"slices"

	"github.com/klar-analytics/klar/report"
)

// places are the dimensions of where a visitor is, from the finest. Each implies those after it, so that they can be
// asked for together.
var places = []report.Dimension{report.VisitCity, report.VisitRegion, report.VisitCountry}

// placeNames are they, for an error.
const placeNames = "visit:country, visit:region and visit:city"

// called are the dimensions that are another's values by their names.
var called = map[report.Dimension]report.Dimension{
	report.VisitCountryName: report.VisitCountry,
	report.VisitRegionName:  report.VisitRegion,
	report.VisitCityName:    report.VisitCity,
}

// code is the dimension whose values d's are, if need be by their names.
func code(d report.Dimension) report.Dimension {
	if of, ok := called[d]; ok {
		return of
	}
	return d
}

// codes returns the dimensions whose values those of a list are, each once.
func codes(list []report.Dimension) []report.Dimension {
	var of []report.Dimension
	for _, d := range list {
		if !slices.Contains(of, code(d)) {
			of = append(of, code(d))
		}
	}
	return of
}

// cityIn is what a row of visit:city begins with, a region or country. Rows that are older than this have the city only.
const cityIn = "if(position(value, char(31)) = 0, '', splitByChar(char(31), value)[1])"

// placeColumns are the columns of rows of visit:city and visit:region in table counts (block_places.go).
var placeColumns = map[report.Dimension]map[report.Dimension]string{
	report.VisitCity: {
		report.VisitCity:    "splitByChar(char(31), value)[-1]",
		report.VisitRegion:  "if(length(" + cityIn + ") > 2, " + cityIn + ", '')",
		report.VisitCountry: "substring(" + cityIn + ", 1, 2)",
	},
	report.VisitRegion: {
		report.VisitRegion:  "if(length(value) > 2, value, '')",
		report.VisitCountry: "substring(value, 1, 2)",
	},
}

// place returns the dimension of counts that has all that the whole question is about, empty if it is not about regions
// or cities, or about something else, too.
func (p *plan) place() report.Dimension {
	finest := len(places)
	for _, d := range p.uses(p.query.Dimensions) {
		i := slices.Index(places, code(d))
		if i < 0 {
			return ""
		}
		finest = min(finest, i)
	}
	if finest == len(places) || places[finest] == report.VisitCountry {
		return ""
	}
	return places[finest]
}

// countedPlace takes counts for visitors by day, region and city, and by the country that these are in.
func (p *plan) countedPlace(at string, m report.Metric, of report.Dimension, keys []report.Dimension) (*part, error) {
	if moreThanVisitors(m) {
		return nil, refuseMore(at, m, of)
	}
	if err := p.byDay(of); err != nil {
		return nil, err
	}
	s := attributesSource
	s.columns = map[report.Dimension]string{}
	for _, d := range p.uses(p.query.Dimensions) {
		s.columns[d] = placeColumns[of][code(d)]
	}
	return &part{source: s, keys: keys, where: []string{"dimension = '" + string(of) + "'"}}, nil
}
