package alert

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"github.com/klar-analytics/klar/hit"
	"github.com/klar-analytics/klar/report"
)

// The bounds of a board.
const (
	// maxNamed is how many networks have an alert of their own, of one rule on one site. All others share one.
	maxNamed = 20
	// maxHistory is how many alerts are remembered that are over.
	maxHistory = 1000
	// maxAge is how long they are.
	maxAge = 90 * 24 * time.Hour
	// settle is how long an alert lasts after the last time that it could have been raised again.
	settle = 5 * time.Minute
	// stale is how old what raises an alert may be for it to be told. Older ones are of logs that are read late.
	stale = time.Hour
	// coarse is the step of the times of what rules raise: beside a network, table signals tells no finer ones.
	coarse = hit.SignalSeconds * time.Second
)

// Event says that something was seen that raises an alert, or lets it go on.
type Event struct {
	Rule, Severity string
	Description    Text
	Labels         map[string]string
	Site, Net      string
	Finding        string          // see report.Alert
	Figures        *report.Figures // nil for rules
	Time           time.Time       // of rules, the alert tells its five minutes only
	// Silent is how long the same cannot be seen again.
	Silent time.Duration
}

// Event returns a trip as what a board takes.
func (t Trip) Event() Event {
	return Event{
		Rule: t.Rule.Name, Description: t.Rule.Description, Severity: t.Rule.Severity, Labels: t.Rule.Labels,
		Site: t.Site.String(), Net: t.Net.String(), Finding: t.Finding.String(), Time: time.Unix(t.Time, 0).UTC(), Silent: time.Duration(t.Rule.BlackHole),
	}
}

// Board holds the alerts that are firing and those that were. It is safe for concurrent use. What it holds is bounded however
// many networks there are: of each rule on each site 20 have an alert of their own, and the others share one.
type Board struct {
	mu      sync.Mutex
	silence []Silence
	groups  map[groupKey]*group
	history []*entry  // over, in the order of their ends
	changed bool      // since it was kept
	news    bool      // since Alertmanager was told
	minute  time.Time // in which messages are counted, and how many there were
	sent    int
	raised  func(Event)
}

// groupKey names a rule on a site; of figures each series has a group.
type groupKey struct{ rule, site, series string }

// group is what fires of one rule on one site.
type group struct {
	named  []*entry
	others *entry // of all networks that have none of their own; nil for none
	told   told
}

// entry is an alert with what the board knows besides.
type entry struct {
	report.Alert
	// Until is when it is over if nothing comes.
	Until time.Time `json:"until"`
	// Sent is what Alertmanager knows of it, since SentAt. That is so soon after what raised it that it is not kept.
	Sent   sending   `json:"sent,omitempty"`
	SentAt time.Time `json:"-"`
	// Known says that Tick has seen it, and Late that it was stale by then, and is history only.
	Known bool `json:"known,omitempty"`
	Late  bool `json:"late,omitempty"`
	// Told says that the receivers of messages know of it.
	Told bool `json:"told,omitempty"`
}

// NewBoard returns a board without alerts. raised is told of each new alert, in the goroutine of Raise; it may be nil.
func NewBoard(silences []Silence, raised func(Event)) *Board {
	if raised == nil {
		raised = func(Event) {}
	}
	return &Board{silence: silences, groups: map[groupKey]*group{}, raised: raised}
}

// Silence replaces the silences.
func (b *Board) Silence(silences []Silence) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.silence, b.news = silences, true
}

// Raise takes in that something was seen.
func (b *Board) Raise(e Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.changed = true
	until := e.Time.Add(e.Silent + settle)
	if e.Figures == nil {
		e.Time, until = e.Time.Truncate(coarse), until.Add(coarse-1).Truncate(coarse)
	}
	key := groupKey{rule: e.Rule, site: e.Site}
	if e.Figures != nil {
		key.series = e.Figures.Series
	}
	g := b.groups[key]
	if g == nil {
		g = &group{}
		b.groups[key] = g
	}
	i := slices.IndexFunc(g.named, func(a *entry) bool { return a.Net == e.Net })
	switch {
	case i >= 0:
		g.named[i].again(e, until)
	case len(g.named) < maxNamed:
		g.named = append(g.named, b.enter(e, until))
	case g.others == nil:
		e.Net = ""
		g.others = b.enter(e, until)
		g.others.Others = 1
	default:
		g.others.again(e, until)
		g.others.Others++
	}
}

// enter makes an alert of what was seen, which is over then if nothing comes.
func (b *Board) enter(e Event, until time.Time) *entry {
	b.news = true
	b.raised(e)
	a := &entry{Alert: report.Alert{
		ID: id(e), Rule: e.Rule, Description: e.Description.English, German: e.Description.German, Severity: e.Severity, Labels: e.Labels, Site: e.Site, Net: e.Net, Finding: e.Finding,
		Figures: e.Figures, Times: 1, Firing: true, Start: e.Time, Last: e.Time, Link: link(e),
	}, Until: until}
	a.Silenced = b.silenced(&a.Alert, e.Time)
	return a
}

// again notes that what raised an alert was seen again.
func (a *entry) again(e Event, until time.Time) {
	a.Times++
	if e.Time.After(a.Last) {
		a.Last = e.Time
	}
	if until.After(a.Until) {
		a.Until = until
	}
	if e.Figures != nil {
		a.Figures = e.Figures
	}
	if e.Finding != "" {
		a.Finding = e.Finding
	}
}

// Tick ends what has not been seen for a while, by the time that it is, and forgets what nobody asks for any more.
func (b *Board) Tick(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.know(now)
	for key, g := range b.groups {
		g.named = slices.DeleteFunc(g.named, func(a *entry) bool { return b.over(a, now) })
		if g.others != nil && b.over(g.others, now) {
			g.others = nil
		}
		if g.empty() && g.told.done() {
			delete(b.groups, key)
		}
	}
	had := len(b.history)
	if more := had - maxHistory; more > 0 {
		b.history = slices.Delete(b.history, 0, more)
	}
	b.history = slices.DeleteFunc(b.history, func(a *entry) bool { return now.Sub(a.End) > maxAge })
	b.changed = b.changed || len(b.history) < had
}

// know decides which of the new alerts are to be told. The lock is held.
func (b *Board) know(now time.Time) {
	for _, a := range b.firing() {
		if !a.Known {
			a.Known, a.Late = true, now.Sub(a.Start) >= stale
		}
		a.Silenced = b.silenced(&a.Alert, now)
	}
}

// over moves an alert to the history if it is over.
func (b *Board) over(a *entry, now time.Time) bool {
	if a.Until.After(now) {
		return false
	}
	a.Firing, a.End = false, a.Until
	b.history = append(b.history, a)
	b.changed, b.news = true, true
	return true
}

// Alerts returns the alerts of a site, or of all sites with an empty id: first those that are firing, the newest first, then
// those of after since, the last to end first.
func (b *Board) Alerts(site string, since time.Time) []report.Alert {
	b.mu.Lock()
	defer b.mu.Unlock()
	list := []report.Alert{}
	for _, a := range b.firing() {
		if site == "" || a.Site == site {
			list = append(list, a.Alert)
		}
	}
	slices.SortStableFunc(list, func(x, y report.Alert) int {
		return cmp.Or(y.Start.Compare(x.Start), cmp.Compare(x.Rule, y.Rule), cmp.Compare(x.Net, y.Net))
	})
	for i := range slices.Backward(b.history) {
		if a := b.history[i]; (site == "" || a.Site == site) && a.End.After(since) {
			list = append(list, a.Alert)
		}
	}
	return list
}

// firing lists what is firing, in no order.
func (b *Board) firing() []*entry {
	var list []*entry
	for _, g := range b.groups {
		list = append(list, g.named...)
		if g.others != nil {
			list = append(list, g.others)
		}
	}
	return list
}
