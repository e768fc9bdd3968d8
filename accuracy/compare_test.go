package accuracy

import (
	"errors"
	"maps"
	"math"
	"slices"
	"testing"

	"github.com/klar-analytics/klar/report"
)

// deviation is by how much answers differ from the reference.
type deviation struct {
	cells   int
	want    float64 // the sum over all cells
	off     float64 // the sum of the absolute differences
	over    float64 // the sum of the differences: by how much all together is too much
	largest float64 // of any cell
	small   float64 // what stands among the small groups
	at      key     // the cell with the largest difference
	about   string  // what was asked for it
}

// percent is the summed absolute error, in percent of the sum.
func (d *deviation) percent() float64 { return 100 * d.off / max(d.want, 1) }

func (d *deviation) add(q *question, k key, want, got float64) {
	d.cells++
	d.want += want
	d.over += got - want
	off := math.Abs(got - want)
	if d.off += off; off > d.largest {
		d.largest, d.at, d.about = off, k, q.about()
	}
}

// join adds another deviation of the same kind.
func (d *deviation) join(o *deviation) {
	d.cells += o.cells
	d.want += o.want
	d.off += o.off
	d.over += o.over
	d.small += o.small
	if o.largest > d.largest {
		d.largest, d.at, d.about = o.largest, o.at, o.about
	}
}

// outcome is what came of one metric of one question.
type outcome struct {
	metric report.Metric
	class  string
	deviation
}

// compare asks both counters and returns the differences.
func (k *klar) compare(t testing.TB, q *question, ref *reference) []outcome {
	t.Helper()
	result, err := k.ask(t, q.body())
	if refused := (*report.Error)(nil); errors.As(err, &refused) {
		t.Errorf("refused: %s: %v", q.body(), err)
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	got := read(q, result)
	var list []outcome
	if c := q.letsSeveral(); c != "" {
		one := *q
		one.perValue = c
		list = q.outcomes(ref.expect(&one), got, result.Crossed)
		for _, o := range q.outcomes(ref.expect(q), got, result.Crossed) {
			if o.class == exact && o.off > 0 {
				o.class = several
				list = append(list, o)
			}
		}
		return list
	}
	return q.outcomes(ref.expect(q), got, result.Crossed)
}

// letsSeveral returns the dimension of which a filter lets several values through that visitors are counted by.
func (q *question) letsSeveral() report.Dimension {
	for _, c := range q.filters {
		eventsOnly := c.operator == report.IsNot && slices.Contains(c.values, report.PageviewEvent)
		if slices.Contains(marked, c.dimension) && !q.breaksBy(c.dimension) && (len(c.values) > 1 || c.operator == report.Contains || eventsOnly) {
			return c.dimension
		}
	}
	return ""
}

func (q *question) outcomes(want, got cells, crossed bool) []outcome {
	var list []outcome
	for _, m := range q.metrics {
		o := outcome{metric: m, class: q.class(m)}
		switch {
		case !crossed:
			o.both(q, m, want, got)
		case !slices.Contains(peopleMetrics, m) && m != report.Conversions && m != report.UniquePageviews && m != report.Exits:
			continue // a rate of visits of which some are generalised says nothing of the others
		default:
			o.withinGroups(q, want, got)
		}
		list = append(list, o)
	}
	return list
}

// both compares the cells that either has.
func (d *deviation) both(q *question, m report.Metric, want, got cells) {
	all := maps.Clone(want)
	maps.Copy(all, got)
	for k := range all {
		w, wanted := want[k][m]
		g, given := got[k][m]
		if wanted || given {
			d.add(q, k, w, g)
		}
	}
}

// withinGroups compares an answer in which rare attributes are generalised: without the attributes, everything must add up
// to what it is, and no value may have more than it truly has.
func (o *outcome) withinGroups(q *question, want, got cells) {
	named := 0.0
	for k, cell := range got {
		if q.generalised(k) {
			continue
		}
		named += cell[o.metric]
		if q.filtersBy(attributes...) && q.filters[0].operator == report.IsNot {
			continue // what is hidden of the value that is left out comes through
		}
		if over := cell[o.metric] - want[k][o.metric]; over > 0 && o.class == exact {
			o.add(q, k, want[k][o.metric], cell[o.metric])
		}
	}
	before := o.want
	if q.filtersBy(attributes...) { // who is among the small groups does not come through
		for _, cell := range want {
			o.want += cell[o.metric]
		}
		o.small += math.Abs(o.want - before - named)
		return
	}
	o.both(q, o.metric, q.without(want), q.without(got))
	o.small += o.want - before - named
}

// generalised reports whether an attribute of the cell is unknown or hidden.
func (q *question) generalised(k key) bool {
	for i, d := range q.dimensions {
		if d.IsAttribute() && k[i] == "" {
			return true
		}
	}
	return false
}

// without adds up the cells over the attributes of visitors.
func (q *question) without(of cells) cells {
	all := cells{}
	for k, cell := range of {
		for i, d := range q.dimensions {
			if d.IsAttribute() {
				k[i] = ""
			}
		}
		into := all.of(k)
		for m, n := range cell {
			into[m] += n
		}
	}
	return all
}

// read brings an answer into the form of the reference.
func read(q *question, result report.Result) cells {
	all := cells{}
	for _, row := range result.Rows {
		var k key
		for i, v := range row.Dimensions {
			if v != report.NotSet && v != report.DirectNone && v != report.SmallGroups {
				k[i] = v
			}
		}
		c := all.of(k)
		for i, m := range q.metrics {
			switch n := row.Metrics[i].(type) {
			case int64:
				c[m] += float64(n)
			case float64:
				c[m] += n
			}
		}
	}
	return all
}
