package visit_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unique"

	"github.com/klar-analytics/klar/anonymize/visit"
	"github.com/klar-analytics/klar/hit"
)

const oneDay = 86400

var (
	rare = hit.Visitor{
		Country: hit.NewCountry("LI"), Device: hit.DeviceTablet, Browser: hit.NewBrowser("Konqueror"), BrowserVersion: hit.NewVersion("5"),
		OS: hit.NewOS("FreeBSD"), OSVersion: hit.NewVersion("14"), Alone: hit.Alone{Provider: hit.NewProvider("Provider")},
	}
	nothing = hit.Visitor{}
)

// comes lets a person with the given attributes come on a day, alone in a batch, and returns their combination.
func comes(tr *visit.Tracker, who, day int, a hit.Visitor) hit.Visitor {
	return cameTogether(tr, day, a, who)[0]
}

// cameTogether lets people with the same attributes come in one batch.
func cameTogether(tr *visit.Tracker, day int, a hit.Visitor, who ...int) []hit.Visitor {
	var outcomes []visit.Outcome
	for _, w := range who {
		p := person(w)
		p.attributes = a
		s := at(w, p, monday+int64(day)*oneDay, 1, hit.Arrival{})
		outcomes = append(outcomes, tr.Touch(&s.visit))
	}
	crowd := tr.Settle()
	var out []hit.Visitor
	for _, o := range outcomes {
		if o.Pending >= 0 {
			o.Crowd = crowd[o.Pending].Crowd
		}
		out = append(out, o.Crowd.Value())
	}
	return out
}

func numbers(from, n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = from + i
	}
	return out
}

// depth names the level of a combination, so that a failure prints no attributes.
func depth(exact, stored hit.Visitor) int {
	for l := range visit.Levels + 1 {
		if visit.Generalise(exact, l) == stored {
			return l
		}
	}
	return -1
}

func wantDepth(t *testing.T, what string, exact, stored hit.Visitor, want int) {
	t.Helper()
	if got := depth(exact, stored); got != want {
		t.Errorf("%s: generalised to level %d, want %d", what, got, want)
	}
}

func TestCrowdOfK(t *testing.T) {
	tr := newTracker(t, visit.Options{})
	for _, v := range cameTogether(tr, 0, rare, numbers(0, 9)...) {
		wantDepth(t, "one of nine", rare, v, visit.Levels)
	}
	wantDepth(t, "the tenth", rare, comes(tr, 9, 0, rare), 0)
	wantDepth(t, "the eleventh", rare, comes(tr, 10, 0, rare), 0)

	tr = newTracker(t, visit.Options{})
	for _, v := range cameTogether(tr, 0, rare, numbers(0, 10)...) {
		wantDepth(t, "one of ten", rare, v, 0)
		if !v.Provider.IsZero() {
			t.Error("a combination holds the provider")
		}
	}
}

func TestOnePersonIsNoCrowd(t *testing.T) {
	tr := newTracker(t, visit.Options{Crowd: 5})
	for day := range 20 {
		wantDepth(t, "day "+strconv.Itoa(day), rare, comes(tr, 1, day, rare), visit.Levels)
	}
	// Nor are their twenty days in one import.
	tr = newTracker(t, visit.Options{Crowd: 5})
	for day := range 20 {
		s := at(1, &someone{net: person(1).net, attributes: rare}, monday+int64(day)*oneDay, 1, hit.Arrival{})
		tr.Touch(&s.visit)
	}
	for _, h := range tr.Settle() {
		wantDepth(t, "import", rare, h.Crowd.Value(), visit.Levels)
	}
}

func TestCrowdComesTogetherWithinThirtyDays(t *testing.T) {
	for _, c := range []struct{ day, want int }{{29, 0}, {30, visit.Levels}} {
		tr := newTracker(t, visit.Options{})
		cameTogether(tr, 0, rare, numbers(0, 9)...)
		wantDepth(t, fmt.Sprintf("the tenth on day %d", c.day), rare, comes(tr, 9, c.day, rare), c.want)
	}
}

func TestNameLapses(t *testing.T) {
	for _, c := range []struct{ day, want int }{{29, 0}, {30, visit.Levels}} {
		tr := newTracker(t, visit.Options{})
		cameTogether(tr, 0, rare, numbers(0, 10)...)
		wantDepth(t, fmt.Sprintf("alone on day %d", c.day), rare, comes(tr, 50, c.day, rare), c.want)
	}
	// Ten others on day 20 confirm it, so that it holds until day 49.
	tr := newTracker(t, visit.Options{})
	cameTogether(tr, 0, rare, numbers(0, 10)...)
	cameTogether(tr, 20, rare, numbers(20, 10)...)
	wantDepth(t, "confirmed", rare, comes(tr, 50, 49, rare), 0)
	// Nine do not, when the first ten are too long ago.
	tr = newTracker(t, visit.Options{})
	cameTogether(tr, 0, rare, numbers(0, 10)...)
	cameTogether(tr, 29, rare, numbers(20, 9)...)
	wantDepth(t, "not confirmed", rare, comes(tr, 50, 60, rare), visit.Levels)
}

// TestOlderFilesAfterNewer reads the days backwards, as a list of rotated logs is sorted.
func TestOlderFilesAfterNewer(t *testing.T) {
	tr := newTracker(t, visit.Options{})
	for day := 100; day >= 0; day-- {
		for _, v := range cameTogether(tr, day, rare, numbers(day, 10)...) {
			wantDepth(t, "day "+strconv.Itoa(day), rare, v, 0)
		}
	}
	wantDepth(t, "after the last", rare, comes(tr, 500, 120, rare), 0)
	wantDepth(t, "in the middle", rare, comes(tr, 501, 50, rare), 0)
}

// TestNameHoldsWithinItsBatch imports nine people of day 0, one of day 20 who makes them ten, and one of day 45, who is
// in no window with nine others but comes before the name lapses.
func TestNameHoldsWithinItsBatch(t *testing.T) {
	tr := newTracker(t, visit.Options{})
	for who := range 11 {
		p := person(who)
		p.attributes = rare
		s := at(who, p, monday+int64(max(0, who-8)*20+max(0, who-9)*5)*oneDay, 1, hit.Arrival{})
		tr.Touch(&s.visit)
	}
	for who, h := range tr.Settle() {
		wantDepth(t, "visitor "+strconv.Itoa(who), rare, h.Crowd.Value(), 0)
	}
}

// TestFarthestSightingGivesWay brings three people together within thirty days while two of long ago are remembered.
func TestFarthestSightingGivesWay(t *testing.T) {
	tr := newTracker(t, visit.Options{Crowd: 3})
	for who, day := range []int{40, 0, 1, 41} {
		wantDepth(t, "day "+strconv.Itoa(day), rare, comes(tr, who, day, rare), visit.Levels)
	}
	wantDepth(t, "the third", rare, comes(tr, 4, 42, rare), 0)
}

// TestGeneralisationOrder has nine people whose combinations differ in one thing more each time, and one who
// shares the rest.
func TestGeneralisationOrder(t *testing.T) {
	drop := []func(v *hit.Visitor, s string){
		func(v *hit.Visitor, s string) { v.OSVersion = hit.NewVersion(s) },
		func(v *hit.Visitor, s string) { v.BrowserVersion = hit.NewVersion(s) },
		func(v *hit.Visitor, s string) { v.OS = hit.NewOS("OS " + s) },
		func(v *hit.Visitor, s string) { v.Browser = hit.NewBrowser("B " + s) },
		func(v *hit.Visitor, s string) { v.Country = hit.NewCountry("A" + string('A'+s[len(s)-1]-'0')) },
	}
	for level := range len(drop) + 1 {
		tr := newTracker(t, visit.Options{})
		var outcomes []visit.Outcome
		for who := range 10 {
			a := rare
			for _, d := range drop[:level] {
				d(&a, strconv.Itoa(who))
			}
			p := person(who)
			p.attributes = a
			s := at(who, p, monday, 1, hit.Arrival{})
			outcomes = append(outcomes, tr.Touch(&s.visit))
		}
		crowd := tr.Settle()
		for _, o := range outcomes {
			wantDepth(t, fmt.Sprintf("%d things differ", level), o.Visitor.Value(), crowd[o.Pending].Crowd.Value(), level)
		}
	}
}

// mixed makes up attributes of which some are common and most are rare.
func mixed(r *rand.Rand) hit.Visitor {
	skew := func(n int) int { return int(float64(n) * r.Float64() * r.Float64() * r.Float64()) }
	return hit.Visitor{
		Country: hit.NewCountry("A" + string(rune('A'+skew(26)))), Device: hit.Device(skew(4)),
		Browser: hit.NewBrowser("B" + strconv.Itoa(skew(8))), BrowserVersion: hit.NewVersion(strconv.Itoa(skew(40))),
		OS: hit.NewOS("O" + strconv.Itoa(skew(8))), OSVersion: hit.NewVersion(strconv.Itoa(skew(10))),
		Alone: hit.Alone{Provider: hit.NewProvider("P" + strconv.Itoa(skew(90)))},
	}
}

// TestOneBatchStoresCrowdsOnly imports logs of 1 to 100 days in one batch: under every combination but nothing stand
// at least k people, who came together in 30 days, at most 30 days before or after each who is stored so.
func TestOneBatchStoresCrowdsOnly(t *testing.T) {
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 9))
		k, days := 2+r.IntN(15), 1+r.IntN(100)
		tr := newTracker(t, visit.Options{Crowd: k})
		type visitor struct{ who, day int }
		var came []visitor
		var outcomes []visit.Outcome
		for who := range 2000 {
			p := person(who)
			p.attributes = mixed(r)
			for range 1 + r.IntN(4) {
				c := visitor{who, r.IntN(days)}
				s := at(who, p, monday+int64(c.day)*oneDay, 1, hit.Arrival{})
				came, outcomes = append(came, c), append(outcomes, tr.Touch(&s.visit))
			}
		}
		crowd := tr.Settle()
		stored := map[hit.Visitor][]visitor{}
		kept := 0
		for i, o := range outcomes {
			v := crowd[o.Pending].Crowd.Value()
			stored[v] = append(stored[v], came[i])
			if depth(o.Visitor.Value(), v) < 0 {
				t.Fatal("a combination is not one of the visitor's own")
			}
			if v != nothing {
				kept++
			}
		}
		if kept < len(outcomes)/4 {
			t.Errorf("seed %d: of %d visitors only %d are stored with anything", seed, len(outcomes), kept)
		}
		for v, all := range stored {
			if v == nothing {
				continue
			}
			for _, c := range all {
				near := map[int]bool{}
				for _, d := range all {
					if c.day-d.day < 60 && d.day-c.day < 60 {
						near[d.who] = true
					}
				}
				if len(near) < k {
					t.Fatalf("seed %d: a combination is stored of %d people, want %d", seed, len(near), k)
				}
			}
		}
	}
}

// TestOneDayAgainstCounting decides a batch of one day as the rule is written down.
func TestOneDayAgainstCounting(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	tr := newTracker(t, visit.Options{})
	exact := make([]hit.Visitor, 3000)
	for who := range exact {
		p := person(who)
		exact[who] = mixed(r)
		p.attributes = exact[who]
		s := at(who, p, monday, 1, hit.Arrival{})
		tr.Touch(&s.visit)
	}
	got := tr.Settle()
	want := make([]hit.Visitor, len(exact))
	reached := map[hit.Visitor]bool{}
	open := numbers(0, len(exact))
	for level := 0; level < visit.Levels; level++ {
		have := map[hit.Visitor]int{}
		for _, who := range open {
			have[visit.Generalise(exact[who], level)]++
		}
		open = slices.DeleteFunc(open, func(who int) bool {
			v := visit.Generalise(exact[who], level)
			if have[v] >= visit.DefaultCrowd {
				reached[v] = true
			}
			if reached[v] {
				want[who] = v
			}
			return reached[v]
		})
	}
	for who := range want {
		if got[who].Crowd.Value() != want[who] {
			t.Errorf("visitor %d: level %d, want %d", who, depth(exact[who], got[who].Crowd.Value()), depth(exact[who], want[who]))
		}
	}
}

func TestRestartKeepsNamesOnly(t *testing.T) {
	tr := newTracker(t, visit.Options{})
	cameTogether(tr, 0, rare, numbers(0, 10)...)
	common := hit.Visitor{Device: hit.DeviceDesktop, OS: hit.NewOS("Linux")}
	cameTogether(tr, 0, common, numbers(20, 9)...)
	names, err := tr.Names()
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"crowd":10,"names":[{"provider":"Provider","from":"2026-06-01","last":"2026-06-01"},{"device":"Tablet","country":"LI","browser":"Konqueror","browser_version":"5",` +
		`"os":"FreeBSD","os_version":"14","from":"2026-06-01","last":"2026-06-01"}]}`
	if string(names) != want {
		t.Errorf("names are %s\nwant %s", names, want)
	}
	again := newTracker(t, visit.Options{})
	if err := again.Load(names); err != nil {
		t.Fatal(err)
	}
	if n := again.People(); n != 0 {
		t.Errorf("%d people outlived the restart", n)
	}
	wantDepth(t, "reached before", rare, comes(again, 40, 5, rare), 0)
	wantDepth(t, "the tenth, of whom nine came before", common, comes(again, 42, 5, common), visit.Levels)
	wantDepth(t, "lapsed", rare, comes(again, 41, 30, rare), visit.Levels)

	stricter := newTracker(t, visit.Options{Crowd: 11})
	if err := stricter.Load(names); err != nil {
		t.Fatal(err)
	}
	wantDepth(t, "reached by fewer than are asked for now", rare, comes(stricter, 40, 5, rare), visit.Levels)
}

func TestLoadRefusesWrongNames(t *testing.T) {
	tr := newTracker(t, visit.Options{})
	for _, c := range []struct{ in, want string }{
		{`{`, "unexpected end"},
		{`{"crowd":10,"names":[{"from":"2026-06-01","last":"2026-06-01"},{"from":"2026-06-02","last":"2026-06-01"}]}`, "entry 2"},
		{`{"crowd":10,"names":[{"from":"yesterday","last":"2026-06-01"}]}`, "entry 1"},
	} {
		if err := tr.Load([]byte(c.in)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("got %v, want one with %q", err, c.want)
		}
	}
	if n := tr.Figures().Combinations; n != 0 {
		t.Errorf("%d combinations were loaded", n)
	}
}

// TestCombinationsAreBounded has every visitor bring a new combination.
func TestCombinationsAreBounded(t *testing.T) {
	tr := newTracker(t, visit.Options{MaxCombinations: 50})
	for who := range 500 {
		a := rare
		a.BrowserVersion, a.OSVersion = hit.NewVersion(strconv.Itoa(who)), hit.NewVersion(strconv.Itoa(who%7))
		comes(tr, who, 0, a)
	}
	if n := tr.Figures().Combinations; n > 50 {
		t.Errorf("%d combinations are remembered", n)
	}
	// What is common within one batch is stored even so.
	for _, v := range cameTogether(tr, 0, hit.Visitor{OS: hit.NewOS("Haiku")}, numbers(1000, 10)...) {
		if v != (hit.Visitor{OS: hit.NewOS("Haiku")}) {
			t.Error("a crowd within the batch was generalised")
		}
	}
}

// TestHitsOfOneVisitorWaitTogether looks at the hits before and after their visitor is decided.
func TestHitsOfOneVisitorWaitTogether(t *testing.T) {
	tr := newTracker(t, visit.Options{})
	touch := func(who int) visit.Outcome {
		s := at(who, &someone{net: person(who).net, agent: person(who).agent, attributes: rare}, monday+60, 1, hit.Arrival{})
		return tr.Touch(&s.visit)
	}
	first, other, second := touch(0), touch(3), touch(0)
	if first.Pending < 0 || second.Pending != first.Pending || other.Pending == first.Pending {
		t.Fatalf("pending: %d, %d, of another visitor %d", first.Pending, second.Pending, other.Pending)
	}
	if n := len(tr.Settle()); n != 2 {
		t.Fatalf("%d were decided, want 2", n)
	}
	if o := touch(0); o.Pending >= 0 || o.Crowd != unique.Make(nothing) {
		t.Error("a visitor who is decided has no combination")
	}
	if n := len(tr.Settle()); n != 0 {
		t.Errorf("%d were decided again", n)
	}
}
