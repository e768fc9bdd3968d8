package baseline

import (
	"bufio"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// monday is the first hour of the made up weeks.
var monday = time.Date(2026, time.October, 5, 0, 0, 0, 0, time.UTC)

// season is how many requests a minute there usually are: more by day than by night, fewer at weekends.
func season(at time.Time) float64 {
	level := 40 + 30*math.Sin(float64(at.Hour()-8)/24*2*math.Pi)
	if at.Weekday() == time.Saturday || at.Weekday() == time.Sunday {
		level /= 2
	}
	return level
}

// poisson draws a count with a mean.
func poisson(r *rand.Rand, mean float64) float64 {
	limit, n := math.Exp(-mean), 0.0
	for p := r.Float64(); p > limit; p *= r.Float64() {
		n++
	}
	return n
}

// buckets are what is judged: so many a minute.
type buckets int

// lengths are those that klar judges by.
var lengths = []buckets{1, 2}

func (b buckets) long() time.Duration { return time.Minute / time.Duration(b) }

// of is how many buckets so many minutes have.
func (b buckets) of(minutes int) int { return minutes * int(b) }

// draw draws the buckets of days, with what is done to each.
func (b buckets) draw(days int, change func(bucket int, v float64) float64) []float64 {
	r := rand.New(rand.NewPCG(1, 2))
	list := make([]float64, b.of(days*24*60))
	for i := range list {
		list[i] = poisson(r, season(monday.Add(time.Duration(i)*b.long()))/float64(b))
		if change != nil {
			list[i] = change(i, list[i])
		}
	}
	return list
}

// watch judges each bucket from one on, as klar does, and returns where something is unusual.
func (b buckets) watch(start time.Time, list []float64, from int) (above, below []int) {
	var past Past
	var usual Range
	known := false
	for i := from; i < len(list); i++ {
		if hour := b.of(60); i%hour == 0 || i == from {
			past = Past{Start: start, Hours: sums(list[:i-i%hour], hour), Minutes: sums(list[max(0, i-b.of(1440)):i], b.of(1))}
			past.Known = len(past.Hours)
			usual, known = past.Expect(start.Add(time.Duration(i)*b.long()), b.long())
		}
		if !known {
			continue
		}
		switch usual.Outside([3]float64{list[i-2], list[i-1], list[i]}) {
		case Above:
			above = append(above, i)
		case Below:
			below = append(below, i)
		}
	}
	return above, below
}

// sums adds up so many at a time.
func sums(list []float64, of int) []float64 {
	all := make([]float64, len(list)/of)
	for i := range all {
		all[i] = sum(list[i*of : i*of+of])
	}
	return all
}

func TestAWeekAsUsualRaisesNothing(t *testing.T) {
	for _, b := range lengths {
		if above, below := b.watch(monday, b.draw(35, nil), b.of(28*1440)); len(above)+len(below) > 0 {
			t.Errorf("of the %v of a week %d are too many and %d too few", b.long(), len(above), len(below))
		}
	}
}

func TestWhatIsUnusualIsSeenWithinThreeBuckets(t *testing.T) {
	const wednesday = 30*1440 + 11*60 // its forenoon
	for name, c := range map[string]struct {
		change func(v float64) float64
		above  bool
		slow   bool // seen by the minute only
	}{
		"three times as many": {func(v float64) float64 { return 3 * v }, true, false},
		"a fixed burst":       {func(v float64) float64 { return v + 100 }, true, false},
		"silence":             {func(float64) float64 { return 0 }, false, false},
		"a tenth is left":     {func(v float64) float64 { return math.Floor(v / 10) }, false, true},
	} {
		for _, b := range lengths {
			at := b.of(wednesday)
			above, below := b.watch(monday, b.draw(31, func(i int, v float64) float64 {
				if i >= at && i < at+b.of(30) {
					return c.change(v)
				}
				return v
			}), b.of(30*1440))
			seen := below
			if c.above {
				seen = above
			}
			if c.slow && b > 1 {
				continue
			}
			if len(seen) < b.of(20) || seen[0] < at || seen[0] > at+2 || seen[len(seen)-1] > at+b.of(30)+3 || len(above)+len(below) != len(seen) {
				t.Errorf("%s: above %v, below %v; want from the %d-th %v for half an hour", name, above, below, at, b.long())
			}
		}
	}
}

func TestASingleBucketIsNothing(t *testing.T) {
	for _, b := range lengths {
		at := b.of(30*1440 + 11*60)
		above, below := b.watch(monday, b.draw(31, func(i int, v float64) float64 {
			if i == at {
				return 1000
			}
			return v
		}), b.of(30*1440))
		if len(above)+len(below) > 0 {
			t.Errorf("one of %v raises %v, %v", b.long(), above, below)
		}
	}
}

func TestNothingIsExpectedWhileItWarmsUp(t *testing.T) {
	list := buckets(1).draw(16, nil)
	for days, want := range map[int]bool{0: false, 2: false, 3: true, 15: true} {
		p := Past{Start: monday, Hours: sums(list[:days*1440], 60)}
		p.Known = len(p.Hours)
		if _, ok := p.Expect(monday.Add(time.Duration(days)*24*time.Hour+10*time.Hour), time.Minute); ok != want {
			t.Errorf("after %d days: %v, want %v", days, ok, want)
		}
	}
	// Empty hours before the first line are not known to have been empty.
	p := Past{Start: monday, Hours: make([]float64, 28*24), Known: 48}
	if _, ok := p.Expect(monday.Add(28*24*time.Hour), time.Minute); ok {
		t.Error("weeks without a line count as usual")
	}
}

func TestErrorsAreComparedWithTheLastHour(t *testing.T) {
	calm := make([]float64, 600)
	for i := range calm {
		if i%20 == 0 {
			calm[i] = 1
		}
	}
	usual, ok := Sparse(calm, time.Minute)
	if !ok || !usual.Rare() || usual.Outside([3]float64{1, 2, 1}) != Within || usual.Outside([3]float64{0, 30, 25}) != Above {
		t.Errorf("of an error each twenty minutes %+v is expected, %v", usual, ok)
	}
	if _, ok := Sparse(calm[:100], time.Minute); ok {
		t.Error("less than two hours are enough")
	}
}

// TestTheRealLogRaisesNothing takes its last hours, for which there are three days before.
func TestTheRealLogRaisesNothing(t *testing.T) {
	f, err := os.Open(filepath.FromSlash("../../../shared/data/logs/apache-combined-10k.log"))
	if err != nil {
		t.Fatalf("the real log is missing beside the repository: %v", err)
	}
	defer f.Close()
	start := time.Date(2015, time.May, 17, 10, 0, 0, 0, time.UTC)
	list := make([]float64, 83*120)
	for s := bufio.NewScanner(f); s.Scan(); {
		_, clock, _ := strings.Cut(s.Text(), "[")
		clock, _, _ = strings.Cut(clock, "]")
		at, err := time.Parse("02/Jan/2006:15:04:05 -0700", clock)
		if err != nil {
			t.Fatal("a line has no time")
		}
		if i := int(at.Sub(start) / (30 * time.Second)); i >= 0 && i < len(list) {
			list[i]++
		}
	}
	if total := sum(list); total < 9900 {
		t.Fatalf("only %v lines are looked at", total)
	}
	for _, b := range lengths {
		list := sums(list, 2/int(b))
		if above, below := b.watch(start, list, b.of(72*60)); len(above)+len(below) > 0 {
			t.Errorf("too many in these of %v: %v, too few in %v", b.long(), above, below)
		}
		p := Past{Start: start, Hours: sums(list, b.of(60))}
		p.Known = len(p.Hours)
		if r, ok := p.Expect(start.Add(83*time.Hour), b.long()); !ok || r.Usual < 0.5/float64(b) || r.Usual > 20 {
			t.Errorf("after 83 hours %+v is expected: %v", r, ok)
		}
	}
}

// TestNoneIsLessThanExpected holds that where nothing is too little, more than nothing is said to be expected.
func TestNoneIsLessThanExpected(t *testing.T) {
	for level, want := range map[float64]Side{4: Within, 6: Below, 60: Below} {
		hours := slices.Repeat([]float64{60 * level}, 7*24)
		usual, ok := Past{Start: monday, Hours: hours, Known: len(hours)}.Expect(monday.AddDate(0, 0, 7), time.Minute)
		if got := usual.Outside([3]float64{}); !ok || got != want || (usual.Low > 0) != (want == Below) {
			t.Errorf("usual are %v, none is on side %d of %+v", level, got, usual)
		}
	}
}
