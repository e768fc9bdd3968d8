package main

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// moreBodies have what the description's example of an operation has not; together they must have every property. Where a
// key may be any text, it is the placeholder.
var moreBodies = map[string][]string{
	"POST /api/v2/query": {
		`{"site_id": "example.org", "metrics": ["visitors"], "date_range": "all", "dimensions": ["event:page"], "filters": [["is", "event:page", ["/"]]],
		 "order_by": [["visitors", "desc"]], "pagination": {"limit": 10, "offset": 0}}`,
		`{"site_id": "example.org", "metrics": ["visitors"], "date_range": "all", "filters": [["or", [["contains", "visit:source", ["x"], {"case_sensitive": false}], ["not", ["is", "visit:source", ["x"]]]]]],
		 "include": {"imports": true}}`,
		`{"site_id": "example.org", "metrics": ["events"], "date_range": "all", "filters": [["and", [["is", "event:props:plan", ["pro"]]]]]}`,
		`{"site_id": "example.org", "metrics": ["events"], "date_range": "all", "dimensions": ["event:props:plan"]}`,
		`{"site_id": "example.org", "metrics": ["visitors"], "date_range": "all", "filters": [["has_done", ["is", "event:goal", ["Order"]]]]}`,
		`{"site_id": "example.org", "metrics": ["visitors"], "date_range": "7d", "dimensions": ["time:day"], "include": {"time_labels": true, "compare": "previous_period", "compare_match_day_of_week": true}}`,
		`{"site_id": "example.org", "metrics": ["visitors"], "date_range": ["2015-05-17", "2015-05-20"], "include": {"comparisons": {"mode": "custom", "date_range": ["2015-05-17", "2015-05-18"]}}}`,
		`{"site_id": "example.org", "metrics": ["visitors"], "date_range": ["2015-05-17", "2015-05-20"], "include": {"compare": ["2015-05-17", "2015-05-18"]}}`,
	},
	"PUT /api/settings/goals": {
		`{"name": "Sale", "event": "Sale", "props": {"plan": "pro"}, "currency": "EUR"}`, `{"name": "Read", "page": "/read", "scroll": 75}`,
		`{"name": "Sale", "event": "Sale", "props": {"the text": "pro"}}`,
	},
	"PUT /api/settings/reports": {
		`{"weekly": ["ada@example.org"], "notices": [], "drop": true, "hour": 8, "language": "de", "languages": {"ada@example.org": "en"}}`,
		`{"weekly": ["ada@example.org"], "languages": {"the text": "en"}}`,
	},
	"PUT /api/settings/segments": {`{"name": "Phones", "id": 7, "filters": [["is", "visit:device", ["Mobile"], {"case_sensitive": false}]]}`},
	"POST /api/users": {
		`{"name": "new", "password": "correct horse battery", "role": "viewer"}`, `{"name": "new", "password": "correct horse battery", "sites": {"the text": "viewer"}}`,
	},
	"PUT /api/users":   {`{"password": "correct horse battery", "role": "viewer"}`},
	"POST /api/links":  {`{"name": "new", "password": "too short"}`},
	"POST /api/shared": {`{"link": "none", "password": "correct horse battery"}`},
}

// bodyInputs lists the places of a body, and notes which properties it has.
func bodyInputs(base request, body string, has map[string]bool) []input {
	if base.method == "PUT" {
		base.query = maps.Clone(base.query)
		base.query.Del("name") // what is new
	}
	if strings.Contains(body, `"`+placeholder+`"`) {
		return []input{bodyInput(base, body, nil, "")}
	}
	var list []input
	var walk func(v any, place []any, property string)
	walk = func(v any, place []any, property string) {
		switch v := v.(type) {
		case document:
			for name, e := range v {
				has[property+name] = true
				walk(e, append(slices.Clone(place), name), property+name+".")
			}
		case []any:
			for i, e := range v {
				walk(e, append(slices.Clone(place), i), property)
			}
		default:
			list = append(list, bodyInput(base, body, place, ""))
			if text, ok := v.(string); ok && strings.HasPrefix(text, "event:props:") {
				list = append(list, bodyInput(base, body, place, "event:props:"))
			}
		}
	}
	var v any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		panic(err) // it stands in the description or above
	}
	walk(v, nil, "")
	return list
}

// placeholder stands for the text while a body is put together.
const placeholder = "the text"

// bodyInput is the place of a body that is led to by names and numbers.
func bodyInput(base request, body string, place []any, begins string) input {
	name := "body "
	for i, step := range place {
		switch step := step.(type) {
		case int:
			name += "[" + strconv.Itoa(step) + "]"
		case string:
			if i > 0 {
				name += "."
			}
			name += step
		}
	}
	var v any
	_ = json.Unmarshal([]byte(body), &v) // it was read before
	set(v, place)
	form, _ := json.Marshal(v) // it was read from JSON
	in := input{method: base.method, path: base.path, name: name}
	in.with = func(text string) request {
		quoted, _ := json.Marshal(begins + text) // a string can be
		if !utf8.ValidString(text) {
			quoted = []byte(`"` + begins + text + `"`)
		}
		r := base
		r.body = []byte(strings.Replace(string(form), `"`+placeholder+`"`, string(quoted), 1))
		return r
	}
	return in
}

// set puts the placeholder where the steps lead.
func set(v any, place []any) {
	for i, step := range place {
		last := i == len(place)-1
		switch at := v.(type) {
		case document:
			if last {
				at[step.(string)] = placeholder
			}
			v = at[step.(string)]
		case []any:
			if last {
				at[step.(int)] = placeholder
			}
			v = at[step.(int)]
		}
	}
}
