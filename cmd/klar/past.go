package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/dustin/go-humanize"

	"github.com/klar-analytics/klar/alert"
	"github.com/klar-analytics/klar/collector"
)

// past is what the rules raise on past logs; nil when nobody asked.
type past struct{ alert.Tally }

// judgePast lets the import's sink judge what it adds, if that is asked for.
func (c *call) judgePast(asked bool) (*past, error) {
	if !asked {
		return nil, nil
	}
	rules, err := c.config.rules()
	if err != nil {
		return nil, err
	}
	p := &past{}
	c.windows, err = alert.NewWindows(rules, p.Add)
	return p, err
}

// list returns what was raised, nil when nobody asked.
func (p *past) list() *[]alert.Past {
	if p == nil {
		return nil
	}
	list := p.Past()
	return &list
}

// judgedSummary is the summary of an import with what the rules raised.
type judgedSummary struct {
	collector.Summary
	Alerts *[]alert.Past `json:"alerts,omitempty"`
}

// minutely is how the summary tells times, which are of five minutes.
const minutely = "2006-01-02 15:04"

// print writes a line for each rule.
func (s judgedSummary) print(w io.Writer) {
	if s.Alerts == nil {
		return
	}
	if len(*s.Alerts) == 0 {
		fmt.Fprintln(w, "no alerts")
	}
	for _, p := range *s.Alerts {
		var top []string
		for _, n := range p.Top {
			top = append(top, n.Net)
		}
		who := "the whole site"
		if p.Networks > 0 {
			who = fmt.Sprintf("%s networks: %s", humanize.Comma(int64(p.Networks)), strings.Join(top, ", "))
		}
		if p.Networks > len(top) {
			who += ", …"
		}
		fmt.Fprintf(w, "%s (%s) on %s: %s alerts, %s to %s, %s\n", p.Rule, p.Severity, p.Site, humanize.Comma(int64(p.Alerts)),
			p.First.Format(minutely), p.Last.Format(minutely), who)
	}
}
