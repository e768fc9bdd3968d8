package storage

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unique"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/report"
)

// shopDefinitions are what the site shop counts.
var shopDefinitions = report.Definitions{
	Goals: []report.Definition{
		{Name: "Thanks", Counted: "page /thanks", Also: []string{"Visit /thanks"}, Pages: "^(?s:/thanks)$", OnePage: true},
		{Name: "Order", Counted: "event Order", Event: "Order", Currency: "EUR"}, {Name: "Gift", Counted: "event Gift", Currency: "CHF"}, {Name: "Never", Counted: "event Never"},
	},
	Groups: []report.Definition{{Name: "Blog", Counted: "/blog/**", Pages: "^(?s:/blog/.*)$"}},
	Funnels: []report.Definition{{Name: "Buying", Counted: "page /a > event Order"}, {
		Name: "Reading", Counted: "page /blog/** > page /thanks",
		Steps: []report.Definition{{Pages: "^(?s:/blog/.*)$"}, {Pages: "^(?s:/thanks)$", OnePage: true}},
	}},
}

// askShop asks about the site shop and returns the rows as text, such as "Thanks 3 1", or the error.
func askShop(t *testing.T, db *DB, question string) string {
	t.Helper()
	text, _ := askShopWarned(t, db, question)
	return text
}

// askShopWarned returns the answer's warnings, too.
func askShopWarned(t *testing.T, db *DB, question string) (string, map[report.Metric]report.Warning) {
	t.Helper()
	return askShopAs(t, db, question, shopDefinitions)
}

// askShopAs asks as if the site defined something else.
func askShopAs(t *testing.T, db *DB, question string, definitions report.Definitions) (string, map[report.Metric]report.Warning) {
	t.Helper()
	if !strings.Contains(question, "date_range") {
		question = `"date_range": ["2026-03-01", "2026-03-31"], ` + question
	}
	q, err := report.Parse([]byte(`{"site_id": "shop", `+question+`}`), report.Options{
		Now: questionTime, Sites: func(string) (*time.Location, bool) { return time.UTC, true },
		Definitions: func(string) report.Definitions { return definitions },
	})
	if err != nil {
		return err.Error(), nil
	}
	result, err := db.Query(t.Context(), q)
	if err != nil {
		return err.Error(), nil
	}
	var rows []string
	for _, r := range result.Rows {
		text := strings.Join(r.Dimensions, " ")
		for _, m := range r.Metrics {
			b, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			text += " " + string(b)
		}
		rows = append(rows, strings.TrimSpace(text))
	}
	return strings.Join(rows, "\n"), result.Warnings
}

// shopView is a page view of the site shop, or an event if the path has no slash, by somebody who is new.
func shopView(at int64, what, source string, reached ...hit.Reached) hit.Hit {
	german := unique.Make(hit.Visitor{Country: hit.NewCountry("DE")})
	h := hit.Hit{
		Site: hit.NewSite("shop"), Time: at, Hour: at - at%3600, Day: at - at%86400, Host: hit.NewHost("shop.example"), Path: hit.NewPath(what),
		Arrival: unique.Make(hit.Arrival{Source: hit.NewSource(source), Channel: hit.ChannelReferral, Entry: hit.NewPath("/a")}),
		Visitor: german, Crowd: german, Reached: hit.ListOf(reached),
		Marks: hit.FirstToday | hit.FirstOfVisit | hit.FirstOnPage | hit.FirstFromSource,
	}
	if !strings.HasPrefix(what, "/") {
		h.Kind, h.Path, h.Event = hit.KindEvent, hit.Path{}, hit.NewEvent(what)
	}
	return h
}

// first is a target that the visitor, and the visit, reaches for the first time.
func first(kind hit.Counted, definition string, step uint8) hit.Reached {
	return hit.Reached{Target: hit.Target{Definition: hit.NewDefinition(definition), Kind: kind, Step: step}, FirstToday: true, FirstOfVisit: true}
}

// tellShop says that all that the site defines is counted.
func tellShop() []hit.Reached {
	var list []hit.Reached
	for kind, definitions := range map[hit.Counted][]report.Definition{
		hit.CountedGoal: shopDefinitions.Goals, hit.CountedGroup: shopDefinitions.Groups, hit.CountedFunnel: shopDefinitions.Funnels,
	} {
		for _, d := range definitions {
			list = append(list, hit.Reached{Target: hit.Target{Definition: hit.NewDefinition(d.Counted), Kind: kind}, Defined: true})
		}
	}
	return list
}

// storeShop writes a day of the shop: ten visitors, four from Google.
func storeShop(t *testing.T, db *DB) {
	t.Helper()
	const day = 1_773_100_800 // 2026-03-10
	thanks, order := first(hit.CountedGoal, "page /thanks", 0), first(hit.CountedGoal, "event Order", 0)
	again := thanks
	again.FirstToday, again.FirstOfVisit = false, false
	order.Revenue = hit.Revenue{Units: 1_299_999, Currency: hit.NewCurrency("EUR")}
	dollars := order
	dollars.Revenue.Currency = hit.NewCurrency("USD")
	const buying = "page /a > event Order"
	var hits []hit.Hit
	for i := range 10 {
		source := map[bool]string{true: "Google"}[i < 4]
		hits = append(hits, shopView(day+int64(i)*3600, "/a", source, first(hit.CountedFunnel, buying, 1)))
	}
	for _, v := range []hit.Hit{
		shopView(day+100, "/thanks", "Google", thanks), shopView(day+200, "/thanks", "Google", again), shopView(day+90_000, "/thanks", "", thanks),
		shopView(day+300, "Order", "Google", order, first(hit.CountedFunnel, buying, 2)),
		shopView(day+400, "/blog/x", "", first(hit.CountedGroup, "/blog/**", 0)),
		shopView(day+500, "/blog/y", "Google", first(hit.CountedGroup, "/blog/**", 0)),
		shopView(day+310, "Order", "", order), shopView(day+320, "Order", "", dollars),
		shopView(day+600, "/old", "", first(hit.CountedGoal, "page /old", 0)), // is defined no more
	} {
		v.Marks = 0
		hits = append(hits, v)
	}
	for _, i := range []int{10, 12} { // the first of each day
		hits[i].Reached = hit.ListOf(append(tellShop(), thanks))
	}
	for i, value := range []string{"pro", "pro", "free", "", "pro"} {
		if one := &hits[i]; value != "" {
			one.Props = unique.Make(hit.Property{Name: hit.NewProp("plan"), Value: hit.NewProp(value), FirstToday: i != 1, FirstOfVisit: true})
			if i < 4 {
				one.Kind, one.Path, one.Event = hit.KindEvent, hit.Path{}, hit.NewEvent("Order")
			}
		}
	}
	hits[0].Props = unique.Make(hit.Property{Name: hit.NewProp("size"), Value: hit.NewProp("L"), FirstToday: true, Next: hits[0].Props})
	appendShop(t, db, hits)
}

// TestGoals asks about goals, groups and funnels what can be asked, and some of what cannot.
func TestGoals(t *testing.T) {
	db := testDB(t)
	storeShop(t, db)
	if n := one(t, db, "SELECT sum(told) FROM definitions WHERE kind = 'goal' AND definition = 'event Order'"); n != 2 {
		t.Errorf("%d days say that the order was defined", n)
	}
	const people = `"metrics": ["visitors", "visits", "pageviews", "events"], `
	for _, c := range []struct{ question, want string }{
		{people + `"dimensions": ["event:goal"]`, "Order 3 3 0 3\nThanks 2 2 3 3"},
		{people + `"dimensions": ["event:goal"], "filters": [["is", "visit:source", ["Google"]]]`, "Order 1 1 0 1\nThanks 1 1 2 2"},
		{people + `"filters": [["is", "event:goal", ["Visit /thanks"]]]`, "2 2 3 3"},
		{people + `"filters": [["contains", "event:goal", ["hank", "rde"]]]`, "5 5 3 6"},
		{`"metrics": ["conversions", "conversion_rate"], "dimensions": ["event:goal"]`, "Order 3 30\nThanks 3 20"},
		{`"metrics": ["visitors", "conversion_rate", "percentage"], "dimensions": ["visit:source"], "filters": [["is", "event:goal", ["Thanks"]]]`,
			"Direct / None 1 10 50\nGoogle 1 10 50"},
		{`"metrics": ["group_conversion_rate", "visitors"], "dimensions": ["visit:source", "event:goal"]`,
			"Direct / None Order 33.33 2\nGoogle Order 25 1\nGoogle Thanks 25 1\nDirect / None Thanks 16.67 1"},
		{`"metrics": ["group_conversion_rate"], "dimensions": ["visit:source"], "filters": [["is", "event:goal", ["Thanks"]]]`, "Google 25\nDirect / None 16.67"},
		{`"metrics": ["visitors", "group_conversion_rate"], "dimensions": ["time:day", "visit:country"], "filters": [["is", "event:goal", ["Thanks"]]]`,
			"2026-03-10 DE 1 10\n2026-03-11 DE 1 0"},
		{people + `"dimensions": ["event:group"]`, "Blog 2 2 2 2"},
		{people + `"dimensions": ["event:page"], "filters": [["is", "event:group", ["Blog"]]]`, "/blog/x 1 1 1 1\n/blog/y 1 1 1 1"},
		{`"metrics": ["visits", "visitors"], "dimensions": ["event:funnel_step"], "filters": [["is", "event:funnel", ["Buying"]]]`, "1 10 10\n2 1 1"},
		{`"metrics": ["visits"], "dimensions": ["event:funnel", "event:funnel_step"], "filters": [["is", "visit:source", ["Google"]]]`, "Buying 1 4\nBuying 2 1"},
		{`"metrics": ["total_revenue", "average_revenue", "conversions"], "filters": [["is", "event:goal", ["Order"]]]`,
			`{"currency":"EUR","value":259.9998,"short":"€260.00","long":"€260.00"} {"currency":"EUR","value":129.9999,"short":"€130.00","long":"€130.00"} 3`},
		{`"metrics": ["total_revenue", "group_conversion_rate"], "dimensions": ["event:goal"], "filters": [["is", "event:goal", ["Order", "Thanks"]]]`,
			`Order {"currency":"EUR","value":259.9998,"short":"€260.00","long":"€260.00"} 30` + "\nThanks null 20"},
		{people + `"dimensions": ["event:props:plan"]`, "pro 2 3 1 3\nfree 1 1 0 1"},
		{people + `"dimensions": ["event:props:plan", "event:name"], "filters": [["is", "event:props:plan", ["pro"]]]`, "pro Order 1 2 0 2\npro pageview 1 1 1 1"},
		{people + `"dimensions": ["time:day"], "filters": [["is", "event:props:size", ["L"]]]`, "2026-03-10 1 0 0 1"},
		{`"metrics": ["conversions", "conversion_rate"], "dimensions": ["event:props:plan"], "filters": [["is", "event:goal", ["Order"]]]`, "pro 2 10\nfree 1 10"},
		{`"metrics": ["visitors"], "dimensions": ["event:props:plan"], "filters": [["is", "event:goal", ["Thanks"]]]`,
			`filters: properties are kept with events: the goal "Thanks" is a page or asks for properties itself`},
		{`"metrics": ["events"], "dimensions": ["event:property"]`, "plan 4\nsize 1"},
		{`"metrics": ["events"], "dimensions": ["event:property"], "filters": [["is", "event:name", ["Order"]]]`, "plan 3\nsize 1"},
		{`"metrics": ["visitors"], "dimensions": ["event:property"]`,
			"metrics[0]: visitors is not counted by event:property: an event has several; ask for events"},
		{`"metrics": ["visitors"], "dimensions": ["event:props:plan", "visit:source"]`,
			"dimensions[1]: event:props:plan stands alone or with event:name and event:goal; visit:source is not kept with it, so that values cannot be tied to visitors"},
		{`"metrics": ["bounce_rate"], "dimensions": ["event:props:plan"]`, "metrics[0]: bounce_rate is not counted by event:props:plan"},
		// What cannot be asked.
		{`"metrics": ["total_revenue"], "dimensions": ["event:goal"]`, "metrics[0]: total_revenue needs goals with a currency, all of the same; filter on them by their names"},
		{`"metrics": ["average_revenue"], "filters": [["is", "event:goal", ["Thanks"]]]`, "metrics[0]: average_revenue needs goals with a currency, all of the same; filter on them by their names"},
		{`"metrics": ["conversion_rate"]`, "metrics[0]: conversion_rate needs event:goal as a dimension or a filter"},
		{`"metrics": ["visitors"], "filters": [["is", "event:goal", ["Nothing"]]]`, `filters[0]: "Nothing" is not defined for the site as event:goal; known are "Thanks, Order, Gift, Never"`},
		{`"metrics": ["visitors"], "filters": [["is_not", "event:goal", ["Order"]]]`, "filters[0]: event:goal knows is, contains and matches only"},
		{`"metrics": ["visitors"], "filters": [["not", ["is", "event:goal", ["Order"]]]]`, "filters[0]: event:goal can only be filtered on at the top level"},
		{`"metrics": ["visitors"], "dimensions": ["event:funnel"]`, "dimensions[0]: needs event:funnel_step as a dimension or a filter: the steps of a funnel do not add up"},
		{`"metrics": ["visitors"], "dimensions": ["event:funnel_step"]`, "dimensions[0]: needs event:funnel as a dimension or a filter"},
		{`"metrics": ["visitors"], "dimensions": ["event:goal", "event:group"]`, "dimensions[1]: event:group cannot be crossed with event:goal"},
		{`"metrics": ["visitors"], "dimensions": ["event:goal", "visit:referrer"]`, "dimensions[1]: event:goal cannot be crossed with or filtered by visit:referrer"},
		{`"metrics": ["bounce_rate"], "dimensions": ["event:goal"]`, "metrics[0]: bounce_rate is not counted by event:goal: which visits and pages lie behind is not kept"},
	} {
		if got := askShop(t, db, c.question); got != c.want {
			t.Errorf("%s\ngives %s\nwant  %s", c.question, got, c.want)
		}
	}
}

// TestNothingDefined asks a site without goals, groups and funnels for those of certain names.
func TestNothingDefined(t *testing.T) {
	db := questionDB(t)
	for _, c := range []struct{ metric, dimensions, filter string }{
		{"visitors", "", `["contains", "event:goal", ["x"]]`},
		{"visitors", `"event:group"`, `["matches", "event:group", ["x"]]`},
		{"visitors", `"event:funnel_step"`, `["matches_wildcard", "event:funnel", ["x"]]`},
		{"events", `"event:props:plan"`, `["contains", "event:goal", ["x"]]`},
	} {
		result, err := ask(t, db, fmt.Appendf(nil, `{"site_id": "shop", "metrics": [%q], "date_range": "all", "dimensions": [%s], "filters": [%s]}`, c.metric, c.dimensions, c.filter))
		if rows := result.Rows; err != nil || len(rows) > 0 && rows[0].Metrics[0] != int64(0) {
			t.Errorf("%v: %v, %v", c, rows, err)
		}
	}
}

// TestMoney adds up amounts beyond 64 bits.
func TestMoney(t *testing.T) {
	t.Parallel()
	var sum money
	for range 1 << 20 {
		sum.add(units(hit.MaxRevenue))
	}
	for range 1 << 20 {
		sum.add(units(-hit.MaxRevenue))
	}
	sum.add(units(-7))
	if got := fmt.Sprint(int64(sum.low), sum.high); got != "-7 -1" {
		t.Errorf("the sum is %s", got)
	}
}
