package main

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// request is what is sent to the HTTP interface.
type request struct {
	method, path string
	query        url.Values
	header       map[string]string
	body         []byte
}

// input is one place of a request that a text can be put into.
type input struct {
	method, path string
	name         string   // of the parameter or header, or the place in the body, such as filters[0][2][0]
	taken        bool     // a harmless text must be
	texts        []string // that are put into it; nil: all, one by one
	with         func(text string) request
}

func (in input) String() string { return in.method + " " + in.path + " " + in.name }

// textForms put a text behind what a parameter's value begins with.
var textForms = map[string][]string{
	"filters":    {"event:page==", "event:page!=/|", "event:props:", "event:props:plan=="},
	"property":   {"event:props:"},
	"metrics":    {"visitors,"},
	"date":       {"2015-05-17,"},
	"date_range": {"2015-05-17,"},
	"dimensions": {"event:props:"},
}

// document is JSON that was read: the description, or a body.
type document = map[string]any

// inputsOf lists all inputs of the HTTP interface by its description.
func inputsOf(t *testing.T, description string) []input {
	t.Helper()
	var d describing
	if err := json.Unmarshal([]byte(description), &d.root); err != nil {
		t.Fatal(err)
	}
	var list []input
	paths := d.root["paths"].(document)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		for _, method := range slices.Sorted(maps.Keys(paths[path].(document))) {
			o := operation{describing: d, method: strings.ToUpper(method), path: path, of: paths[path].(document)[method].(document)}
			list = append(list, o.inputs(t)...)
		}
	}
	return append(list, d.conditions()...)
}

// describing is an OpenAPI description.
type describing struct{ root document }

// resolved follows a reference.
func (d describing) resolved(v any) document {
	s, _ := v.(document)
	ref, ok := s["$ref"].(string)
	if !ok {
		return s
	}
	var at any = d.root
	for name := range strings.SplitSeq(strings.TrimPrefix(ref, "#/"), "/") {
		at = at.(document)[name]
	}
	return d.resolved(at)
}

// operation is one method of one address.
type operation struct {
	describing
	method, path string
	of           document
}

// inputs lists the parameters, and the places in the bodies.
func (o operation) inputs(t *testing.T) []input {
	t.Helper()
	base := request{method: o.method, path: o.path, query: url.Values{}, header: map[string]string{}}
	parameters, _ := o.of["parameters"].([]any)
	for _, p := range parameters {
		p := o.resolved(p)
		name, example := p["name"].(string), p["example"].(string)
		if p["in"] == "header" {
			base.header[name] = example
		} else {
			base.query.Set(name, example)
		}
	}
	content, _ := o.resolved(o.of["requestBody"])["content"].(document)
	of, _ := content["application/json"].(document)
	bodies := moreBodies[o.method+" "+o.path]
	if example, ok := of["example"]; ok {
		b, err := json.Marshal(example)
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, string(b))
		base.body = b
	}
	var list []input
	for name := range base.query {
		for _, form := range append([]string{""}, textForms[name]...) {
			in := input{method: o.method, path: o.path, name: name + " " + form}
			in.with = func(text string) request {
				r := base
				r.query = maps.Clone(base.query)
				r.query.Set(name, form+text)
				return r
			}
			list = append(list, in)
		}
	}
	for name := range base.header {
		in := input{method: o.method, path: o.path, name: name}
		in.with = func(text string) request {
			r := base
			r.header = map[string]string{name: strings.Map(visible, text)}
			return r
		}
		list = append(list, in)
	}
	has := map[string]bool{}
	for _, body := range bodies {
		list = append(list, bodyInputs(base, body, has)...)
	}
	for _, name := range o.properties(of["schema"], "", nil) {
		if !has[name] {
			t.Errorf("%s %s: no body has the property %s: add one to moreBodies", o.method, o.path, name)
		}
	}
	return list
}

// visible leaves out what cannot be sent in a header.
func visible(r rune) rune {
	if r < ' ' || r > '~' {
		return -1
	}
	return r
}

// properties lists the places of a schema's properties, as in include.comparisons.mode.
func (o operation) properties(schema any, at string, within []string) []string {
	if ref, ok := documentOf(schema)["$ref"].(string); ok {
		if slices.Contains(within, ref) {
			return nil
		}
		within = append(slices.Clone(within), ref)
	}
	s := o.resolved(schema)
	var list []string
	for name, of := range documentOf(s["properties"]) {
		list = append(append(list, at+name), o.properties(of, at+name+".", within)...)
	}
	for _, kind := range []string{"anyOf", "prefixItems"} {
		of, _ := s[kind].([]any)
		for _, one := range of {
			list = append(list, o.properties(one, at, within)...)
		}
	}
	if items, ok := s["items"].(document); ok {
		list = append(list, o.properties(items, at, within)...)
	}
	return list
}

func documentOf(v any) document { d, _ := v.(document); return d }
