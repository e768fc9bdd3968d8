// Package baseline owns what is usual: from the past of a series of counts, what may be expected of some time, and whether
// the last ones are outside of it. It is pure: numbers in, numbers out.
package baseline

import (
	"math"
	"slices"
	"time"
)

// Warm-up, and how far from the usual is unusual.
const (
	// Weeks is how many weeks are looked back. From two weeks on, an hour is compared with the same hour of the week; from
	// three days on, with the same hour of the day; before, nothing is expected of it.
	Weeks     = 4
	minWeeks  = 2
	minDays   = 3
	deviation = 1.4826 // of a normal distribution, in its median absolute deviation
	// Far is how many deviations are unusual, and least how much more than the usual, at least, in a bucket.
	Far   = 5
	least = 10
	// quiet is below what usual number a bucket is never too few.
	quiet = 5
)

// Past is the past of a series.
type Past struct {
	// Hours are the sums of whole hours, the first of which begins at Start, in the site's time zone.
	Start time.Time
	Hours []float64
	// Minutes are sums of the last minutes before the present ones, up to a day.
	Minutes []float64
	// Known is how many of Hours, at the end, there are figures for: hours before the first line are not hours without any.
	Known int
}

// Range is what may be expected of a bucket, which is some time long. A value outside of it is unusual.
type Range struct{ Low, Usual, High float64 }

// Expect returns what may be expected of buckets that are so long, at most a minute, of the hour that at is in, and false
// during the warm-up.
func (p Past) Expect(at time.Time, bucket time.Duration) (Range, bool) {
	like := p.alike(at)
	if like == nil {
		return Range{}, false
	}
	buckets := float64(time.Hour) / float64(bucket)
	usual := median(like) / buckets
	apart := make([]float64, len(like))
	for i, v := range like {
		apart[i] = math.Abs(v/buckets - usual)
	}
	// Counts vary by the root of their number at least, and buckets more than their hours. What makes minutes restless comes
	// in bursts that are as large in a part of one, of which the usual number is smaller.
	unrest := 1 + (p.unrest()-1)*math.Sqrt(float64(time.Minute)/float64(bucket))
	spread := math.Max(deviation*median(apart), math.Sqrt(math.Max(usual, 1))*unrest)
	low := math.Max(0, usual-Far*spread)
	if usual >= quiet { // of so many, none is too few, however far they lie apart
		low = math.Max(low, 1)
	}
	return Range{Low: low, Usual: usual, High: usual + math.Max(least, Far*spread)}, true
}

// alike returns the hours that are compared with, nil for too few.
func (p Past) alike(at time.Time) []float64 {
	var weeks, days []float64
	at = at.In(p.Start.Location())
	for i := len(p.Hours) - p.Known; i < len(p.Hours); i++ {
		hour := p.Start.Add(time.Duration(i) * time.Hour)
		if hour.Hour() != at.Hour() || !hour.Before(at.Add(-time.Hour)) {
			continue
		}
		days = append(days, p.Hours[i])
		if hour.Weekday() == at.Weekday() {
			weeks = append(weeks, p.Hours[i])
		}
	}
	switch {
	case len(weeks) >= minWeeks:
		return weeks
	case len(days) >= minDays:
		return days
	}
	return nil
}

// unrest says how much more the minutes of the last day varied than counts do that are independent of each other; at least
// 1. The largest hundredth of them is left out: what is unusual must not become usual by itself.
func (p Past) unrest() float64 {
	if len(p.Minutes) < 60 {
		return 1
	}
	var apart []float64
	for from := 0; from+60 <= len(p.Minutes); from += 60 {
		hour := p.Minutes[from : from+60]
		mean := sum(hour) / 60
		for _, v := range hour {
			apart = append(apart, math.Abs(v-mean)/math.Sqrt(math.Max(mean, 1)))
		}
	}
	slices.Sort(apart)
	const normal = 2.576 // what a hundredth of a normal distribution is beyond, in deviations
	return math.Max(1, apart[len(apart)*99/100]/normal)
}

// Side is where a value is.
type Side int

// The sides.
const (
	Below  Side = -1
	Within Side = 0
	Above  Side = 1
)

// Outside says on which side of the range two of the last three buckets are.
func (r Range) Outside(last [3]float64) Side {
	above, below := 0, 0
	for _, v := range last {
		if v > r.High {
			above++
		}
		if v < r.Low {
			below++
		}
	}
	switch {
	case above >= 2:
		return Above
	case below >= 2 && r.Usual >= quiet:
		return Below
	}
	return Within
}

// Sparse returns what may be expected of the buckets of a series that is mostly empty, such as errors, from its last
// minutes, the newest last: their exponentially weighted mean, of which an hour ago weighs a third. It is false with less
// than two hours of them.
func Sparse(minutes []float64, bucket time.Duration) (Range, bool) {
	const memory = 60.0 // minutes
	if len(minutes) < 120 {
		return Range{}, false
	}
	mean := minutes[0]
	for _, v := range minutes {
		mean += (v - mean) / memory
	}
	mean *= float64(bucket) / float64(time.Minute)
	return Range{Usual: mean, High: mean + math.Max(least, Far*math.Sqrt(math.Max(mean, 1)))}, true
}

// Rare reports whether a series is so sparse that hours of weeks say little of it: of its minutes.
func (r Range) Rare() bool { return r.Usual < 1 }

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	n := len(v)
	if n%2 == 1 {
		return v[n/2]
	}
	return (v[n/2-1] + v[n/2]) / 2
}

func sum(v []float64) (s float64) {
	for _, x := range v {
		s += x
	}
	return s
}
