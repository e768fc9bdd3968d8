package beacon

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// Bounds of what an event may carry, the number as in Plausible. What is longer is left out.
const (
	maxProps     = 30
	maxPropName  = 300  // bytes
	maxPropValue = 2000 // bytes
)

// property is a property of an event.
type property struct{ name, value string }

// revenue is money that an event brought, as it was written; empty for none.
type revenue struct{ amount, currency string }

// either returns the first JSON value that is there, and that within a string, as older trackers send it.
func either(long, short json.RawMessage) json.RawMessage {
	if long == nil {
		long = short
	}
	var text string
	if json.Unmarshal(long, &text) == nil {
		return json.RawMessage(text)
	}
	return long
}

// properties reads an object of texts, numbers and truth values. What is none of these is left out, and of too many those
// whose names come last.
func properties(object json.RawMessage) []property {
	var fields map[string]json.RawMessage
	if len(object) == 0 || json.Unmarshal(object, &fields) != nil {
		return nil
	}
	var list []property
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		value, ok := scalar(fields[name])
		if ok && name != "" && len(name) <= maxPropName && value != "" && len(value) <= maxPropValue && len(list) < maxProps {
			list = append(list, property{name, value})
		}
	}
	return list
}

// scalar returns a text without its quotes, and numbers and truth values as they are written.
func scalar(value json.RawMessage) (string, bool) {
	value = bytes.TrimSpace(value)
	switch {
	case len(value) == 0 || value[0] == '{' || value[0] == '[' || string(value) == "null":
		return "", false
	case value[0] != '"':
		return string(value), true
	}
	var text string
	err := json.Unmarshal(value, &text)
	return text, err == nil
}

// revenueOf reads an object of currency and amount. What is no such object is no revenue.
func revenueOf(object json.RawMessage) revenue {
	var fields struct {
		Currency string
		Amount   json.RawMessage
	}
	if len(object) == 0 || json.Unmarshal(object, &fields) != nil {
		return revenue{}
	}
	amount, ok := scalar(fields.Amount)
	if !ok {
		return revenue{}
	}
	return revenue{amount, fields.Currency}
}
