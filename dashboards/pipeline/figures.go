package pipeline

import (
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// figures are the metrics of one moment, by their names.
type figures map[string]*dto.MetricFamily

func gather(from prometheus.Gatherer) figures {
	families, _ := from.Gather() // what could be gathered is good in spite of an error
	f := figures{}
	for _, family := range families {
		f[family.GetName()] = family
	}
	return f
}

// value is what a counter or gauge says; of a histogram, the number of observations.
func value(m *dto.Metric) float64 {
	switch {
	case m.Counter != nil:
		return m.Counter.GetValue()
	case m.Gauge != nil:
		return m.Gauge.GetValue()
	case m.Histogram != nil:
		return float64(m.Histogram.GetSampleCount())
	}
	return 0
}

// label is the value of a label, empty for none.
func label(m *dto.Metric, name string) string {
	for _, pair := range m.GetLabel() {
		if pair.GetName() == name {
			return pair.GetValue()
		}
	}
	return ""
}

// match are labels that a metric must have.
type match map[string]string

// each calls f for every metric of a name that has the labels.
func (f figures) each(name string, with match, do func(*dto.Metric)) {
	family := f[name]
	if family == nil {
		return
	}
metrics:
	for _, m := range family.GetMetric() {
		for key, want := range with {
			if label(m, key) != want {
				continue metrics
			}
		}
		do(m)
	}
}

// sum adds up all metrics of a name that have the labels.
func (f figures) sum(name string, with match) (total float64) {
	f.each(name, with, func(m *dto.Metric) { total += value(m) })
	return total
}

// most is the largest of all metrics of a name; 0 without any.
func (f figures) most(name string) (most float64) {
	f.each(name, nil, func(m *dto.Metric) { most = max(most, value(m)) })
	return most
}

// by adds up the metrics of a name that have the labels, by the value of another label. What is 0 is left out.
func (f figures) by(name, key string, with match) map[string]float64 {
	all := map[string]float64{}
	f.each(name, with, func(m *dto.Metric) {
		if v := value(m); v != 0 {
			all[label(m, key)] += v
		}
	})
	return all
}
