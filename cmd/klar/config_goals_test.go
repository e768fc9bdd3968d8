package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/klar-analytics/klar/report"
)

// TestGoalsBeforeTheirDefinition are known by the expressions that the configuration gives them.
func TestGoalsBeforeTheirDefinition(t *testing.T) {
	t.Parallel()
	c, err := configured(t, siteWith(`goals: [{name: A, page: /a.b}, {name: B, page: "/b/*", scroll: 50}, {name: C, event: C}, {name: D, event: C, props: {x: y}}]
    groups: [{name: G, pages: ["/**", /c]}]
    funnels: [{name: F, steps: ["/f/*", "goal:A", "goal:B", "goal:C", "goal:D"]}]`))
	if err != nil {
		t.Fatal(err)
	}
	const a, f = `^(?s:/a\.b)$`, `^(?s:/f/[^/]*)$`
	want := report.Definitions{
		Goals: []report.Definition{
			{Name: "A", Counted: "page /a.b", Also: []string{"Visit /a.b"}, Pages: a, OnePage: true},
			{Name: "B", Counted: "page /b/* scroll 50"},
			{Name: "C", Counted: "event C", Event: "C"},
			{Name: "D", Counted: "event C x=y", With: report.EventWith{Event: "C", Property: "x", Value: "y"}},
		},
		Groups: []report.Definition{{Name: "G", Counted: "/** /c", Pages: `^(?s:/.*|/c)$`}},
		Funnels: []report.Definition{{
			Name: "F", Counted: "page /f/* > page /a.b > page /b/* scroll 50 > event C > event C x=y",
			Steps: []report.Definition{
				{Name: "/f/*", Pages: f}, {Name: "goal:A", Pages: a, OnePage: true}, {Name: "goal:B"}, {Name: "goal:C", Event: "C"}, {Name: "goal:D"},
			},
		}},
	}
	if d := cmp.Diff(want, c.definitionsOf("a")); d != "" {
		t.Error(d)
	}
}
