package main

import (
	"bytes"
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// conditions are filters by every dimension with every operator; negated ones, which only wrap the others, by one dimension.
// Each asks for a metric that the dimension has, so that the text comes as far as the store.
func (d describing) conditions() []input {
	schemas := d.root["components"].(document)["schemas"].(document)
	var list []input
	for _, dimension := range schemas["Dimension"].(document)["enum"].([]any) {
		dimension := dimension.(string)
		for _, operator := range schemas["Operator"].(document)["enum"].([]any) {
			operator := operator.(string)
			negated := strings.HasSuffix(operator, "_not")
			if negated && dimension != "event:page" || operator == "is" && slices.Contains(namedOnly, dimension) {
				continue
			}
			text := fmt.Sprintf(`{"site_id": "example.org", "metrics": [%q], "date_range": "all", "filters": [[%q, %q, ["x"]]%s]}`,
				cmp.Or(metricOf[dimension], "visitors"), operator, dimension, besides[dimension])
			in := bodyInput(request{method: "POST", path: "/api/v2/query", query: url.Values{}}, text, []any{"filters", 0, 2, 0}, "")
			in.name, in.taken = strings.Join([]string{in.name, operator, dimension}, " "), true
			in.texts = []string{valuesOf(operator)}
			one := in.with
			in.with = func(text string) request {
				r := one(text)
				r.body = bytes.Replace(r.body, []byte(betweenTexts), []byte(`", "`), -1)
				return r
			}
			list = append(list, in)
		}
	}
	return list
}

// betweenTexts stands between the values of a condition.
const betweenTexts = "BETWEEN"

// valuesOf joins the texts that an operator takes as values: not all are a regular expression.
func valuesOf(operator string) string {
	var list []string
	for _, text := range hostileTexts {
		if _, err := regexp.Compile(text); utf8.ValidString(text) && len(text) < 1000 && (err == nil || !strings.HasPrefix(operator, "matches")) {
			list = append(list, text)
		}
	}
	return strings.Join(list, betweenTexts)
}

// namedOnly are dimensions whose values a site defines; others are refused before the store is asked.
var namedOnly = []string{"event:goal", "event:group", "event:funnel", "event:funnel_step"}

// metricOf has the metrics of dimensions that are not counted by visitors.
var metricOf = map[string]string{
	"event:previous_page": "pageviews", "event:property": "events", "event:status": "requests", "event:method": "requests", "event:kind": "requests",
	"event:origin": "requests", "event:threat": "requests", "event:bot": "requests", "event:bot_class": "requests",
}

// besides are further filters that a dimension needs.
var besides = map[string]string{
	"event:funnel": `, ["is", "event:funnel_step", ["1"]]`, "event:funnel_step": `, ["contains", "event:funnel", ["x"]]`,
}
