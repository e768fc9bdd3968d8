package accuracy

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/klar-analytics/klar/anonymize/goal"
	"github.com/klar-analytics/klar/report"
)

// way is a funnel of pages that the site defines when all is counted, so that Klar has to estimate who passed it.
type way struct {
	definition report.Definition
	class      string
	pages      []string
}

// ways are the funnels of a site that are estimated: all of two of the pages that are viewed most, and those that visits
// passed most often, of pages in a row and of pages with one between.
func ways(t testing.TB, ref *reference) []way {
	t.Helper()
	frequent, viewed := 3, 3
	if *everything {
		frequent, viewed = 10, 7
	}
	seen := ref.pagesOfVisits()
	known := map[string]bool{name(pagesOf(funnel)): true} // which is counted
	var list []way
	add := func(class string, funnels [][]string) {
		for _, pages := range funnels {
			if !known[name(pages)] {
				known[name(pages)] = true
				list = append(list, newWay(t, class, pages))
			}
		}
	}
	var pairs [][]string
	for _, from := range taken(seen, 1, 1, nil)[:viewed] {
		for _, to := range taken(seen, 1, 1, nil)[:viewed] {
			if from[0] != to[0] {
				pairs = append(pairs, []string{from[0], to[0]})
			}
		}
	}
	add("estimated funnel, all pairs of frequent pages", pairs)
	for steps := 2; steps <= 4; steps++ {
		add(fmt.Sprintf("estimated funnel, %d pages in a row", steps), taken(seen, steps, 1, known)[:frequent])
		add(fmt.Sprintf("estimated funnel, %d pages, others between", steps), taken(seen, steps, 2, known)[:frequent])
	}
	return list
}

// name is what a funnel of pages is called.
func name(pages []string) string { return strings.Join(pages, " > ") }

func pagesOf(steps []goal.Goal) (pages []string) {
	for _, step := range steps {
		pages = append(pages, step.Page)
	}
	return pages
}

func newWay(t testing.TB, class string, pages []string) way {
	t.Helper()
	var counted goal.Funnel
	shown := report.Definition{Name: name(pages)}
	for _, page := range pages {
		counted.Steps = append(counted.Steps, goal.Goal{Page: page})
		shown.Steps = append(shown.Steps, report.Definition{Pages: goal.Expression(page), OnePage: true})
	}
	d, err := counted.Definition()
	if err != nil {
		t.Fatal(err)
	}
	shown.Counted = d.String()
	return way{shown, class, pages}
}

// pagesOfVisits returns the pages of each visit, in their order.
func (r *reference) pagesOfVisits() [][]string {
	seen := make([][]string, len(r.visits)+1)
	for i := range r.views {
		if v := &r.views[i]; v.person != 0 && v.page {
			seen[v.visit] = append(seen[v.visit], v.values.of(report.EventPage))
		}
	}
	return seen
}

// taken returns the ways over so many different pages that visits took, each page some views after the one before, without
// those that are known; the most frequent first.
func taken(seen [][]string, steps, apart int, known map[string]bool) [][]string {
	often := map[string]int{}
	for _, pages := range seen {
		for from := 0; from+(steps-1)*apart < len(pages); from++ {
			var over []string
			for n := range steps {
				if page := pages[from+n*apart]; !slices.Contains(over, page) {
					over = append(over, page)
				}
			}
			if len(over) == steps && !known[name(over)] {
				often[name(over)]++
			}
		}
	}
	var list [][]string
	for _, way := range slices.SortedFunc(maps.Keys(often), func(a, b string) int { return cmp.Or(often[b]-often[a], cmp.Compare(a, b)) }) {
		list = append(list, strings.Split(way, " > "))
	}
	return list
}

// estimated asks for funnels of the time before they were defined: for all steps but the first, which is no estimate.
func estimated(s *site, ways []way) (list []*question) {
	if !s.ordered {
		return nil
	}
	for i := range ways {
		steps := []string{"2", "3", "4"}[:len(ways[i].pages)-1]
		list = append(list, &question{
			site: s, way: &ways[i], days: s.days,
			metrics: []report.Metric{report.Visits, report.Visitors}, dimensions: []report.Dimension{report.EventFunnelStep},
			filters: []condition{{report.Is, report.EventFunnel, []string{ways[i].definition.Name}}, {report.Is, report.EventFunnelStep, steps}},
		})
	}
	return list
}

// passed counts the visits that got to each step of a funnel but the first, and their visitors.
func (r *reference) passed(q *question, all cells) {
	steps, s := map[int]int{}, seen{} // steps by visit
	for i := range r.views {
		v := &r.views[i]
		n := steps[v.visit]
		if v.person == 0 || !v.page || n == len(q.way.pages) || v.values.of(report.EventPage) != q.way.pages[n] {
			continue
		}
		steps[v.visit]++
		if n == 0 {
			continue
		}
		k := key{strconv.Itoa(n + 1)}
		all.of(k)[report.Visits]++
		all.of(k)[report.Visitors] += s.first(once{cell: k, person: v.person})
	}
}
