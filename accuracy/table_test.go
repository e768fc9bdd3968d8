package accuracy

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/klar-analytics/klar/report"
)

// line is a line of the table of errors: one metric of one log by what it was asked.
type line struct {
	site, about string
	metric      report.Metric
}

// table collects the errors, by what was asked and by class.
type table struct {
	lines   map[line]*deviation
	figures map[string]map[figure]*deviation // by site
}

func newTable() *table {
	return &table{map[line]*deviation{}, map[string]map[figure]*deviation{}}
}

func (a *table) add(q *question, o outcome) {
	l := line{q.site.id, q.about(), o.metric}
	if o.class == several {
		l.about += ", each visitor once"
	}
	if a.lines[l] == nil {
		a.lines[l] = &deviation{}
	}
	a.lines[l].join(&o.deviation)
	of := a.figures[q.site.id]
	if of == nil {
		of = map[figure]*deviation{}
		a.figures[q.site.id] = of
	}
	f := figure{o.metric, o.class}
	if of[f] == nil {
		of[f] = &deviation{}
	}
	of[f].join(&o.deviation)
}

// print writes the table: metrics that are exact together, the others a line each.
func (a *table) print(w io.Writer) {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "log\tby\tmetric\tcells\terror\tall together\tlargest\tin small groups")
	byAbout := map[line][]report.Metric{}
	for l := range a.lines {
		of := line{site: l.site, about: l.about}
		byAbout[of] = append(byAbout[of], l.metric)
	}
	order := func(x, y line) int { return cmp.Or(cmp.Compare(x.about, y.about), cmp.Compare(x.site, y.site)) }
	for _, of := range slices.SortedFunc(maps.Keys(byAbout), order) {
		var exactly []string
		all := deviation{}
		slices.Sort(byAbout[of])
		for _, m := range byAbout[of] {
			d := a.lines[line{of.site, of.about, m}]
			if d.off == 0 {
				exactly = append(exactly, string(m))
				all.cells += d.cells
				if m == report.Visitors {
					all.small, all.want = d.small, d.want
				}
				continue
			}
			fmt.Fprintf(out, "%s\t%s\t%s\t%d\t%.2f %%\t%+.2f %%\t%.6g\t%s\n", of.site, of.about, m, d.cells, d.percent(), 100*d.over/max(d.want, 1), d.largest, d.hidden())
		}
		if exactly != nil {
			fmt.Fprintf(out, "%s\t%s\t%s\t%d\texact\t\t0\t%s\n", of.site, of.about, strings.Join(exactly, ", "), all.cells, all.hidden())
		}
	}
	_ = out.Flush()
}

// hidden says how much of the sum stands in small groups.
func (d *deviation) hidden() string {
	if d.small == 0 {
		return ""
	}
	return fmt.Sprintf("%.0f %%", 100*d.small/d.want)
}
