package dashboards

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// schema is an object of the description: of OpenAPI, or of JSON Schema as far as the description uses it.
type schema map[string]any

// UnmarshalJSON makes every object in it a schema, too.
func (s *schema) UnmarshalJSON(b []byte) error {
	var m map[string]any
	if err := json.Unmarshal(b, &m); err != nil {
		return err
	}
	*s = deep(m).(schema)
	return nil
}

func deep(v any) any {
	switch v := v.(type) {
	case map[string]any:
		s := schema{}
		for k, e := range v {
			s[k] = deep(e)
		}
		return s
	case []any:
		for i := range v {
			v[i] = deep(v[i])
		}
	}
	return v
}

// at goes down into the object.
func (s schema) at(keys ...string) schema {
	for _, k := range keys {
		s, _ = s[k].(schema)
	}
	return s
}

// resolved follows a reference into the description d.
func (d schema) resolved(s schema) schema {
	ref, ok := s["$ref"].(string)
	if !ok {
		return s
	}
	found := d.at(strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
	if found == nil {
		panic("the reference " + ref + " leads nowhere")
	}
	return d.resolved(found)
}

// example returns the request that the operation's examples make.
func (d schema) example(method, path string, op schema) *http.Request {
	query, header := url.Values{}, http.Header{}
	parameters, _ := op["parameters"].([]any)
	for _, p := range parameters {
		p := d.resolved(p.(schema))
		name, value := p["name"].(string), p["example"].(string)
		if p["in"] == "header" {
			header.Set(name, value)
		} else {
			query.Set(name, value)
		}
	}
	var body []byte
	if example, ok := op.at("requestBody", "content", "application/json")["example"]; ok {
		var err error
		if body, err = json.Marshal(example); err != nil {
			panic(err)
		}
		header.Set("Content-Type", "application/json")
	}
	r := httptest.NewRequest(strings.ToUpper(method), path+"?"+query.Encode(), bytes.NewReader(body))
	r.Header = header
	return r
}

// answered is what a handler answers.
func answered(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// contentOf returns the schema of the operation's answer with a status.
func (d schema) contentOf(op schema, status string) schema {
	return d.resolved(op.at("responses", status)).at("content", "application/json", "schema")
}

// holds reports where a value is not as the schema says.
func (d schema) holds(t *testing.T, where string, s schema, v any) {
	t.Helper()
	if s == nil {
		t.Errorf("%s has no schema", where)
		return
	}
	for _, wrong := range d.check(where, s, v) {
		t.Error(wrong)
	}
}

// check lists what is wrong with a value.
func (d schema) check(where string, s schema, v any) (wrong []string) {
	s = d.resolved(s)
	if options, ok := s["anyOf"].([]any); ok {
		for _, o := range options {
			if len(d.check(where, o.(schema), v)) == 0 {
				return nil
			}
		}
		return []string{fmt.Sprintf("%s: %v is none of what it may be", where, v)}
	}
	if enum, ok := s["enum"].([]any); ok && !slices.Contains(enum, v) {
		return []string{fmt.Sprintf("%s: %v is not in the list", where, v)}
	}
	if types, ok := s["type"]; ok && !isA(types, v) {
		return []string{fmt.Sprintf("%s: %v is not of type %v", where, v, types)}
	}
	switch v := v.(type) {
	case map[string]any:
		return d.checkObject(where, s, v)
	case []any:
		return d.checkList(where, s, v)
	case string:
		if p, ok := s["pattern"].(string); ok && !regexp.MustCompile(p).MatchString(v) {
			wrong = append(wrong, fmt.Sprintf("%s: %q does not match %s", where, v, p))
		}
	}
	return wrong
}

func (d schema) checkObject(where string, s schema, v map[string]any) (wrong []string) {
	required, _ := s["required"].([]any)
	for _, key := range required {
		if _, ok := v[key.(string)]; !ok {
			wrong = append(wrong, fmt.Sprintf("%s: %s is missing", where, key))
		}
	}
	for key, value := range v {
		of, known := s.at("properties")[key].(schema)
		if !known {
			of, known = s["additionalProperties"].(schema)
		}
		switch {
		case known:
			wrong = append(wrong, d.check(where+"."+key, of, value)...)
		case s["additionalProperties"] == false:
			wrong = append(wrong, fmt.Sprintf("%s: %s is not described", where, key))
		}
	}
	return wrong
}

func (d schema) checkList(where string, s schema, v []any) (wrong []string) {
	if n, ok := s["minItems"].(float64); ok && len(v) < int(n) {
		wrong = append(wrong, where+": too short")
	}
	if n, ok := s["maxItems"].(float64); ok && len(v) > int(n) {
		wrong = append(wrong, where+": too long")
	}
	first, _ := s["prefixItems"].([]any)
	for i, value := range v {
		of, known := s["items"].(schema)
		if i < len(first) {
			of, known = first[i].(schema), true
		}
		if known {
			wrong = append(wrong, d.check(fmt.Sprintf("%s[%d]", where, i), of, value)...)
		}
	}
	return wrong
}

// isA reports whether a value is of the type, or of one of the types.
func isA(types, v any) bool {
	if list, ok := types.([]any); ok {
		return slices.ContainsFunc(list, func(one any) bool { return isA(one, v) })
	}
	number, isNumber := v.(float64)
	switch types {
	case "object":
		_, ok := v.(map[string]any)
		return ok
	case "array":
		_, ok := v.([]any)
		return ok
	case "string":
		_, ok := v.(string)
		return ok
	case "boolean":
		_, ok := v.(bool)
		return ok
	case "null":
		return v == nil
	case "integer":
		return isNumber && number == float64(int64(number))
	}
	return isNumber
}

// TestSchemasCheck holds the checks themselves against answers that are wrong.
func TestSchemasCheck(t *testing.T) {
	d := described(t)
	for name, bad := range map[string][]string{
		"Answer": {
			`{}`, `[]`, `{"results":[],"meta":{"table":"hits"},"query":{"site_id":"a","metrics":["visitorz"],"date_range":"7d"}}`,
			`{"results":[{"dimensions":[1],"metrics":[]}],"meta":{"table":"hits"},"query":{"site_id":"a","metrics":["visitors"],"date_range":"7d"}}`,
			`{"results":[],"meta":{"table":"hits","new":1},"query":{"site_id":"a","metrics":["visitors"],"date_range":"7d"}}`,
		},
		"Filter":  {`["is","event:page"]`, `["is","event:page",[]]`, `["xor",[["is","event:page",["/"]]]]`, `["not",["is","page",["/"]]]`},
		"Figures": {`{"results":{"visitors":{"value":"3"}}}`, `{"results":{"visitors":3}}`},
		"Query":   {`{"site_id":"a","metrics":["visitors"],"date_range":"07d"}`, `{"site_id":"a","metrics":[],"date_range":"7d"}`},
	} {
		for _, text := range bad {
			if len(d.check("it", d.at("components", "schemas", name), decoded(t, []byte(text)))) == 0 {
				t.Errorf("%s is taken for a %s", text, name)
			}
		}
	}
}
