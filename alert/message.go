package alert

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/klar-analytics/klar/notify"
	"github.com/klar-analytics/klar/report"
)

// The bounds of messages: one about a rule on a site each five minutes, and ten a minute in all.
const (
	groupPause  = 5 * time.Minute
	maxMessages = 10
	rateOver    = time.Minute
)

// told is what the receivers of messages know of a group.
type told struct {
	At   time.Time `json:"at"`
	Open bool      `json:"open"` // that it fires, and not yet that it is over
}

// done reports whether nothing is left to be told.
func (t told) done() bool { return !t.Open }

// messages returns what the receivers are to be told now, and notes that they were: what fires and what is over, by rule and
// site.
func (b *Board) messages(now time.Time, to Telling) []notify.Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.know(now)
	if now.Sub(b.minute) >= rateOver {
		b.minute, b.sent = now, 0
	}
	var list []notify.Message
	for _, key := range b.order() {
		g := b.groups[key]
		if b.sent >= maxMessages {
			return list
		}
		if firing := g.untold(now); len(firing) > 0 && now.Sub(g.told.At) >= groupPause {
			list = append(list, message(firing, to, now))
			g.told = told{now, true}
		} else if g.told.Open && g.resolved(now) {
			list = append(list, b.overMessage(key, to, now))
			g.told.Open = false
		} else {
			continue
		}
		b.changed = true
		b.sent++
	}
	return list
}

// order returns the groups, those that were told least recently first, so that none waits for ever.
func (b *Board) order() []groupKey {
	var keys []groupKey
	for k := range b.groups {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(x, y groupKey) int {
		return cmp.Or(b.groups[x].told.At.Compare(b.groups[y].told.At), cmp.Compare(x.rule, y.rule), cmp.Compare(x.site, y.site), cmp.Compare(x.series, y.series))
	})
	return keys
}

// untold returns the alerts of a group of which nobody was told yet, and notes that somebody is.
func (g *group) untold(now time.Time) (list []report.Alert) {
	all := g.named
	if g.others != nil {
		all = append(slices.Clone(all), g.others)
	}
	for _, a := range all {
		if !a.Told && !a.Silenced && !a.Late {
			list = append(list, a.Alert)
		}
	}
	if len(list) > 0 && now.Sub(g.told.At) >= groupPause {
		for _, a := range all {
			a.Told = true
		}
	}
	return list
}

// resolved reports whether nothing of the group will be firing any more.
func (g *group) resolved(now time.Time) bool {
	return !slices.ContainsFunc(g.named, func(a *entry) bool { return a.Until.After(now) }) && (g.others == nil || !g.others.Until.After(now))
}

// payload is what programs get.
type payload struct {
	Status string         `json:"status"` // firing or resolved
	Alerts []report.Alert `json:"alerts"`
}

// message tells of alerts of one group.
func message(alerts []report.Alert, to Telling, now time.Time) notify.Message {
	say, first := to.wording(), alerts[0]
	var text strings.Builder
	fmt.Fprintf(&text, "%s: %s.\n\n", first.Rule, say.description(&first))
	for _, a := range alerts {
		fmt.Fprintf(&text, say.line, say.subject(&a), a.Start.UTC().Format(say.clock))
	}
	about := say.subject(&first)
	if len(alerts) > 1 {
		about = fmt.Sprintf(say.networks, len(alerts))
	}
	data, _ := json.Marshal(payload{"firing", alerts}) // of texts, numbers and times: it cannot fail
	return notify.Message{
		ID: "alert-" + first.ID, About: "alert", Title: fmt.Sprintf(say.title, say.severity(first.Severity), first.Rule, about, first.Site),
		Text: text.String(), Link: to.Base + first.Link, Time: now.Truncate(coarse), Payload: data,
	}
}

// overMessage tells that a group is over.
func (b *Board) overMessage(key groupKey, to Telling, now time.Time) notify.Message {
	say, what := to.wording(), key.rule
	if key.series != "" {
		what += " (" + say.seriesName(key.series) + ")"
	}
	data, _ := json.Marshal(payload{"resolved", []report.Alert{}})
	e := Event{Rule: key.rule, Site: key.site, Time: now, Figures: &report.Figures{Series: key.series}}
	return notify.Message{
		ID: "resolved-" + id(e), About: "alert", Title: fmt.Sprintf(say.overTitle, what, key.site),
		Text: fmt.Sprintf(say.overText, what), Link: to.Base + link(e), Time: now.Truncate(coarse), Payload: data,
	}
}
