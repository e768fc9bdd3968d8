package schema

import (
	"bytes"
	_ "embed" // for described.json
	"encoding/json"
	"fmt"
	"sync"
)

//go:embed described.json
var described []byte

// Text is said in two languages.
type Text struct {
	English string `json:"en"`
	German  string `json:"de"`
}

// Table is one of those in which sites' figures stand, and what it is in words for everybody.
type Table struct {
	Name string
	Text
	// Needs is "goals" of a table that is empty as long as no site counts something under names of its own; else empty.
	Needs   string
	Columns []Column
}

// Column is one of a table.
type Column struct {
	Name string
	Text
}

// Described returns the tables in the order to show them in. A test in package storage holds them against those that
// ClickHouse has: a new column is described, or fails it.
var Described = sync.OnceValue(func() []Table {
	var file struct {
		Columns map[string]Text // what a name means in any table
		Tables  []struct {
			Name string
			Text
			Needs   string
			Own     map[string]Text // what it means in this one
			Columns []string
		}
	}
	decoder := json.NewDecoder(bytes.NewReader(described))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&file); err != nil {
		panic(fmt.Sprintf("described.json: %v", err)) // the file is in the program
	}
	var all []Table
	for _, t := range file.Tables {
		table := Table{Name: t.Name, Text: t.Text, Needs: t.Needs}
		for _, name := range t.Columns {
			text, own := t.Own[name]
			if !own {
				text = file.Columns[name]
			}
			table.Columns = append(table.Columns, Column{name, text})
		}
		all = append(all, table)
	}
	return all
})
