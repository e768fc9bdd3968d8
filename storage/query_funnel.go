package storage

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"

	"github.com/ClickHouse/clickhouse-go/v2"

	"github.com/klar-analytics/klar/report"
)

// Nobody knows which visits would have passed a funnel before it was defined. Table flows says where the views of each page
// lead to; of a visit that chose its next page by these shares alone, whatever it saw before, it is known how probably it
// gets from one step to the next. That is the estimate.

// byPages reports whether all steps of a funnel are views of pages.
func byPages(d report.Definition) bool {
	return len(d.Steps) > 0 && !slices.ContainsFunc(d.Steps, func(step report.Definition) bool { return step.Pages == "" })
}

// estimate gives the gaps of funnels of pages the share of visits at the first step that pass each step.
func (db *DB) estimate(ctx context.Context, p *plan) error {
	for i := range p.gaps {
		g := &p.gaps[i]
		if !byPages(g.of) {
			continue
		}
		ways, err := db.ways(ctx, p.query.Site, g.days[0], g.days[len(g.days)-1])
		if err != nil {
			return err
		}
		if g.shares, err = ways.passed(g.of.Steps); err != nil {
			return err
		}
	}
	return nil
}

// ways is where page views led to.
type ways struct {
	views map[string]float64 // of each page
	next  map[string]map[string]float64
}

// ways reads where the page views of some days led to.
func (db *DB) ways(ctx context.Context, site string, first, last int64) (ways, error) {
	w := ways{map[string]float64{}, map[string]map[string]float64{}}
	rows, err := db.conn.Query(reading(ctx), file("edges.sql"), clickhouse.Named("site", site),
		clickhouse.Named("first", strconv.FormatInt(first, 10)), clickhouse.Named("last", strconv.FormatInt(last, 10)))
	if err != nil {
		return w, fmt.Errorf("ways between pages: %w", reason(err))
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var from, to string
		var n int64
		if err := rows.Scan(&from, &to, &n); err != nil {
			return w, fmt.Errorf("ways between pages: %w", reason(err))
		}
		w.add(from, to, float64(n))
	}
	if err := rows.Err(); err != nil {
		return w, fmt.Errorf("ways between pages: %w", reason(err))
	}
	return w, nil
}

func (w ways) add(from, to string, n float64) {
	if w.views[to] += n; from == "" {
		return
	}
	if w.next[from] == nil {
		w.next[from] = map[string]float64{}
	}
	w.next[from][to] += n
}

// passed returns the shares of the visits at the first step that pass each of the steps.
func (w ways) passed(steps []report.Definition) ([]float64, error) {
	shares := []float64{1}
	pages, err := w.pages(steps[0])
	for i := 1; i < len(steps) && err == nil; i++ {
		var goal map[string]bool
		if goal, err = w.pages(steps[i]); err != nil {
			break
		}
		arrives, sum, all := w.arrives(goal), 0.0, 0.0
		for page := range pages {
			sum += w.views[page] * arrives[page]
			all += w.views[page]
		}
		share := 0.0
		if all > 0 {
			share = min(1, sum/all)
		}
		shares, pages = append(shares, shares[i-1]*share), goal
	}
	return shares, err
}

// pages returns the pages of a step.
func (w ways) pages(step report.Definition) (map[string]bool, error) {
	pattern, err := regexp.Compile(step.Pages)
	if err != nil {
		return nil, fmt.Errorf("pages of a funnel: %w", err)
	}
	pages := map[string]bool{}
	for page := range w.views {
		if pattern.MatchString(page) {
			pages[page] = true
		}
	}
	return pages, nil
}

// Bounds of arrives: visits of more than maxWay further pages, or what changes less than enough, do not matter.
const (
	maxWay = 50
	enough = 1e-4
)

// arrives returns how probably a visit on each page gets to the goal afterwards, however many pages lie between.
func (w ways) arrives(goal map[string]bool) map[string]float64 {
	known := map[string]float64{}
	for range maxWay {
		change, now := 0.0, make(map[string]float64, len(known))
		for from, next := range w.next {
			sum := 0.0
			for to, n := range next {
				if goal[to] {
					sum += n
				} else {
					sum += n * known[to]
				}
			}
			now[from] = min(1, sum/max(w.views[from], 1))
			change = max(change, math.Abs(now[from]-known[from]))
		}
		if known = now; change < enough {
			break
		}
	}
	return known
}
