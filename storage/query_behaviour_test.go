package storage

import "testing"

// TestBehaviour asks about those who reached a goal, and those who did not.
func TestBehaviour(t *testing.T) {
	db := testDB(t)
	storeShop(t, db)
	const (
		people   = `"metrics": ["visitors", "visits"], `
		did      = `["has_done", ["is", "event:goal", ["Visit /thanks"]]]`
		didNot   = `["has_not_done", ["is", "event:goal", ["Thanks"]]]`
		google   = `["is", "visit:source", ["Google"]]`
		notOrder = `["has_not_done", ["is", "event:goal", ["Order"]]]`
	)
	for _, c := range []struct{ question, want string }{
		{people + `"filters": [` + did + `]`, "2 2"},
		{people + `"filters": [` + didNot + `]`, "8 8"},
		{people + `"filters": [` + notOrder + `, ` + google + `]`, "3 3"},
		{people + `"filters": [` + did + `, ` + google + `]`, "1 1"},
		{`"metrics": ["visitors", "percentage"], "dimensions": ["visit:source"], "filters": [` + notOrder + `]`, "Direct / None 4 57.1\nGoogle 3 42.9"},
		{`"metrics": ["visitors", "percentage"], "dimensions": ["visit:source"], "filters": [` + did + `]`, "Direct / None 1 50\nGoogle 1 50"},
		{`"metrics": ["visitors"], "dimensions": ["visit:country"], "filters": [` + didNot + `]`, "DE 8"},
		// Of the next day a visitor of the goal is stored, but none of the site: there are not fewer than none.
		{`"metrics": ["visitors"], "dimensions": ["time:day"], "filters": [` + didNot + `]`, "2026-03-10 9\n2026-03-11 0"},
		{people + `"filters": [["has_done", ["is", "event:goal", ["Nothing"]]]]`,
			`filters[0][1]: "Nothing" is not defined for the site as event:goal; known are "Thanks, Order, Gift, Never"`},
		{people + `"filters": [["has_done", ["is", "event:goal", ["Thanks", "Order"]]]]`,
			"filters[0][1]: has_done takes one goal by its name: who did one thing or another is not counted once"},
		{people + `"filters": [["not", ` + did + `]]`, "filters[0]: event:goal can only be filtered on at the top level"},
		{people + `"filters": [` + did + `, ` + didNot + `]`,
			"filters: has_not_done stands twice: who did two things is not kept; count them by a configured funnel"},
		{`"metrics": ["visitors", "bounce_rate"], "filters": [` + did + `]`,
			"metrics[1]: bounce_rate is not known of visits that reached a goal or did not, as nothing stored tells which hits were theirs; " +
				"only visitors, visits and percentage are"},
		{people + `"dimensions": ["event:page"], "filters": [` + didNot + `]`,
			"dimensions[0]: has_not_done and event:page cannot be asked together: which hits were of such visits is not kept"},
		{people + `"filters": [` + did + `, ["is", "event:goal", ["Order"]]]`,
			"filters: has_done and event:goal cannot be asked together: which hits were of such visits is not kept"},
		{people + `"filters": [` + did + `, ["is", "event:props:plan", ["pro"]]]`,
			"filters: has_done and event:props:plan cannot be asked together: which hits were of such visits is not kept"},
		{people + `"dimensions": ["time:hour"], "filters": [` + did + `]`,
			"dimensions[0]: goals, groups and funnels are counted by the day, so that few visitors do not stand alone; ask by time:day"},
	} {
		if got := askShop(t, db, c.question); got != c.want {
			t.Errorf("%s\ngives %s\nwant  %s", c.question, got, c.want)
		}
	}
}
