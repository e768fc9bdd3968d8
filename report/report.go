// Package report owns the questions that can be asked of the statistics and the shape of their answers, after
// Plausible's Stats API v2. It knows neither where the figures are stored nor who asks.
package report

import "time"

// Metric is a figure that can be asked for, by its name in the Stats API.
type Metric string

// The metrics. The first block counts people: no bots, no files, no errors; the second counts every request.
const (
	Visitors      Metric = "visitors"
	Visits        Metric = "visits"
	Pageviews     Metric = "pageviews"
	Events        Metric = "events"
	BounceRate    Metric = "bounce_rate"     // percent, whole
	VisitDuration Metric = "visit_duration"  // seconds, whole
	ViewsPerVisit Metric = "views_per_visit" // two decimals
	Percentage    Metric = "percentage"      // of all visitors of the query without its dimensions, one decimal

	UniquePageviews Metric = "unique_pageviews" // visits that saw a page, over all pages
	Exits           Metric = "exits"            // visits that ended with the page
	ExitRate        Metric = "exit_rate"        // percent of a page's views that were its visit's last, one decimal
	TimeOnPage      Metric = "time_on_page"     // seconds, whole
	ScrollDepth     Metric = "scroll_depth"     // percent, whole

	Conversions         Metric = "conversions"           // events that reached a goal
	ConversionRate      Metric = "conversion_rate"       // percent of all visitors who reached a goal, two decimals
	GroupConversionRate Metric = "group_conversion_rate" // percent of the visitors of the row's other dimensions, two decimals
	TotalRevenue        Metric = "total_revenue"         // Money that came with a goal
	AverageRevenue      Metric = "average_revenue"       // Money for each conversion that brought any

	Requests Metric = "requests"
	Bytes    Metric = "bytes"
	Errors   Metric = "errors" // answers 400 to 599
	Threats  Metric = "threats"
	Bots     Metric = "bots" // requests of bots

	BeaconlessRate Metric = "beaconless_rate" // page views that no beacon told of, in percent to 0.1
)

// Dimension is what an answer can be broken down by, or filtered on, by its name in the Stats API.
type Dimension string

// Operator is what a filter does.
type Operator string

// The operators. Those with "not" hold where the other does not.
const (
	Is          Operator = "is"
	IsNot       Operator = "is_not"
	Contains    Operator = "contains"
	ContainsNot Operator = "contains_not"
	Matches     Operator = "matches" // RE2, unanchored
	MatchesNot  Operator = "matches_not"
	HasDone     Operator = "has_done" // of one filter, on a goal that the visit reached
	HasNotDone  Operator = "has_not_done"
	// Wildcards are made regular expressions by Parse: no Filter has these two.
	MatchesWildcard    Operator = "matches_wildcard" // * stands for any characters
	MatchesWildcardNot Operator = "matches_wildcard_not"
	And                Operator = "and"
	Or                 Operator = "or"
	Not                Operator = "not" // of one filter
)

// Filter is a condition: either Op over Dimension and Values, or and, or, not over Filters.
type Filter struct {
	Op              Operator
	Dimension       Dimension
	Values          []string // one of them is enough
	CaseInsensitive bool
	Filters         []Filter
}

// Order is one key to sort by: a metric or a dimension of the query.
type Order struct {
	Key  string
	Desc bool
}

// Query is one question, checked and complete. Make it with Parse.
type Query struct {
	Site     string
	Location *time.Location // the site's time zone
	// Definitions of the site, which the names of goals, groups and funnels are of.
	Definitions Definitions
	// From and To, half open: whole hours of the site's time zone unless the range was given in times. From is
	// zero for "all": the range starts with the first figure (see Since).
	From, To   time.Time
	Metrics    []Metric    // at least one, each once
	Dimensions []Dimension // each once, at most one of time
	Filters    []Filter    // all must hold
	OrderBy    []Order
	Limit      int // 1 to MaxRows; 0 is no limit, of exports only
	Offset     int
	TimeLabels bool // list every interval of the time dimension in the answer
	Partial    bool // list the intervals that the range, or the present, cuts
	TotalRows  bool // count all rows, not only those of this page
	Imports    bool // asks for figures imported from other products; there are none
	// ImportsMeta asks whether there are any.
	ImportsMeta bool
	Compare     *Comparison // what each row is compared with; nil: nothing
	// Realtime is how far back a question about now reaches, From and To being whole minutes; 0 for all others.
	Realtime time.Duration
	Now      time.Time // when it was asked
}

// Row is one line of an answer, in the order of the query's dimensions and metrics.
type Row struct {
	Dimensions []string
	Metrics    []any     // int64, float64, Money, or nil where the figure means nothing, as the bounce rate of no visits
	Compared   *Compared // with what the question asks to compare; nil if it does not
}

// Result is an answer. It encodes itself as the Stats API's JSON.
type Result struct {
	Query      Query // as it was answered: with its range and its time dimension decided
	Rows       []Row
	TotalRows  int64    // before pagination; only if the query asked
	TimeLabels []string // every interval in order; only if the query asked
	Partial    []string // the labels of the intervals that are cut; only if the query asked
	// Table the figures come from, such as "hits" or "counts"; several are joined by "+". "memory" is none: current
	// visitors are stored nowhere.
	Table string
	// Crossed is true when more was asked of attributes of visitors than how many visitors had one on a day, so that rare
	// combinations stand together as SmallGroups (DESIGN section 1).
	Crossed bool
	// Warnings say of a metric why it is not exactly what its name says.
	Warnings map[Metric]Warning
	// RangeWarning says how the range was widened to what figures are stored by, or that of some of its days only totals
	// are left; zero if neither is so.
	RangeWarning Warning
}

// Warning is a reservation about a metric or about the whole answer.
type Warning struct {
	Code string `json:"code"` // stable, for programs
	Text string `json:"warning"`
}

// Values of dimensions that stand for a missing value, in answers and in filters.
const (
	// NotSet is an unknown value, as in Plausible.
	NotSet = "(not set)"
	// DirectNone is the source of a visit that came from nowhere known, as in Plausible.
	DirectNone = "Direct / None"
	// SmallGroups is an attribute of visitors, not counted alone, that is unknown or that too few visitors
	// share to be told apart. It stands only in answers that are Crossed.
	SmallGroups = "(small groups)"
	// VisitBegan is the previous page of a visit's first page view.
	VisitBegan = "(entry)"
	// PageviewEvent is the event:name of a page view, as in Plausible.
	PageviewEvent = "pageview"
)
