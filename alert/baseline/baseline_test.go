package baseline

import (
	"bufio"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
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

// minutes draws the minutes of days, with what is done to each.
func minutes(days int, change func(minute int, v float64) float64) []float64 {
	r := rand.New(rand.NewPCG(1, 2))
	list := make([]float64, days*24*60)
	for i := range list {
		list[i] = poisson(r, season(monday.Add(time.Duration(i)*time.Minute)))
		if change != nil {
			list[i] = change(i, list[i])
		}
	}
	return list
}

// watch judges each minute from one on, as klar does, and returns where something is unusual.
func watch(start time.Time, list []float64, from int) (above, below []int) {
	var past Past
	var usual Range
	known := false
	for i := from; i < len(list); i++ {
		if i%60 == 0 || i == from {
			past = Past{Start: start, Hours: hours(list[:i-i%60]), Minutes: list[max(0, i-1440):i]}
			past.Known = len(past.Hours)
			usual, known = past.Expect(start.Add(time.Duration(i) * time.Minute))
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

func hours(minutes []float64) []float64 {
	list := make([]float64, len(minutes)/60)
	for i := range list {
		list[i] = sum(minutes[i*60 : i*60+60])
	}
	return list
}

func TestAWeekAsUsualRaisesNothing(t *testing.T) {
	if above, below := watch(monday, minutes(35, nil), 28*1440); len(above)+len(below) > 0 {
		t.Errorf("of a week's 10,080 minutes %d are too many and %d too few", len(above), len(below))
	}
}

func TestWhatIsUnusualIsSeenWithinThreeMinutes(t *testing.T) {
	const at = 30*1440 + 11*60 // a Wednesday's forenoon
	for name, c := range map[string]struct {
		change func(v float64) float64
		above  bool
	}{
		"three times as many": {func(v float64) float64 { return 3 * v }, true},
		"a fixed burst":       {func(v float64) float64 { return v + 100 }, true},
		"silence":             {func(float64) float64 { return 0 }, false},
		"a tenth is left":     {func(v float64) float64 { return math.Floor(v / 10) }, false},
	} {
		above, below := watch(monday, minutes(31, func(i int, v float64) float64 {
			if i >= at && i < at+30 {
				return c.change(v)
			}
			return v
		}), 30*1440)
		seen := below
		if c.above {
			seen = above
		}
		if len(seen) < 20 || seen[0] < at || seen[0] > at+2 || seen[len(seen)-1] > at+33 || len(above)+len(below) != len(seen) {
			t.Errorf("%s: above %v, below %v; want from minute %d for half an hour", name, above, below, at)
		}
	}
}

func TestASingleMinuteIsNothing(t *testing.T) {
	const at = 30*1440 + 11*60
	above, below := watch(monday, minutes(31, func(i int, v float64) float64 {
		if i == at {
			return 1000
		}
		return v
	}), 30*1440)
	if len(above)+len(below) > 0 {
		t.Errorf("one minute raises %v, %v", above, below)
	}
}

func TestNothingIsExpectedWhileItWarmsUp(t *testing.T) {
	list := minutes(16, nil)
	for days, want := range map[int]bool{0: false, 2: false, 3: true, 15: true} {
		p := Past{Start: monday, Hours: hours(list[:days*1440])}
		p.Known = len(p.Hours)
		if _, ok := p.Expect(monday.Add(time.Duration(days)*24*time.Hour + 10*time.Hour)); ok != want {
			t.Errorf("after %d days: %v, want %v", days, ok, want)
		}
	}
	// Empty hours before the first line are not known to have been empty.
	p := Past{Start: monday, Hours: make([]float64, 28*24), Known: 48}
	if _, ok := p.Expect(monday.Add(28 * 24 * time.Hour)); ok {
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
	usual, ok := Sparse(calm)
	if !ok || !usual.Rare() || usual.Outside([3]float64{1, 2, 1}) != Within || usual.Outside([3]float64{0, 30, 25}) != Above {
		t.Errorf("of an error each twenty minutes %+v is expected, %v", usual, ok)
	}
	if _, ok := Sparse(calm[:100]); ok {
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
	list := make([]float64, 83*60)
	for s := bufio.NewScanner(f); s.Scan(); {
		_, clock, _ := strings.Cut(s.Text(), "[")
		clock, _, _ = strings.Cut(clock, "]")
		at, err := time.Parse("02/Jan/2006:15:04:05 -0700", clock)
		if err != nil {
			t.Fatal("a line has no time")
		}
		if i := int(at.Sub(start) / time.Minute); i >= 0 && i < len(list) {
			list[i]++
		}
	}
	if total := sum(list); total < 9900 {
		t.Fatalf("only %v lines are looked at", total)
	}
	if above, below := watch(start, list, 72*60); len(above)+len(below) > 0 {
		t.Errorf("too many in minutes %v, too few in %v", above, below)
	}
	p := Past{Start: start, Hours: hours(list)}
	p.Known = len(p.Hours)
	if r, ok := p.Expect(start.Add(83 * time.Hour)); !ok || r.Usual < 0.5 || r.Usual > 20 {
		t.Errorf("after 83 hours %+v is expected: %v", r, ok)
	}
}
