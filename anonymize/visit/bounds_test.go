package visit_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/klar-analytics/klar/anonymize/visit"
	"github.com/klar-analytics/klar/hit"
)

func touch(tr *visit.Tracker, who int, unix int64, page int) visit.Outcome {
	s := at(who, person(who), unix, page, hit.Arrival{})
	return tr.Touch(&s.visit)
}

// TestFullDayErrsUpwards fills a tracker within one day.
func TestFullDayErrsUpwards(t *testing.T) {
	const most = 5000
	tr := newTracker(t, visit.Options{MaxEntries: most})
	for who := range 20_000 {
		if o := touch(tr, who, monday, 1+who%3); !o.Marks.Has(hit.FirstToday | hit.FirstOfVisit | hit.FirstOnPage) {
			t.Fatalf("visitor %d is not counted", who)
		}
		if f := tr.Figures(); f.Entries > most {
			t.Fatalf("%d entries", f.Entries)
		}
		if who%1000 == 0 {
			tr.Settle()
		}
	}
	f := tr.Figures()
	if f.Unremembered == 0 || f.DroppedDays != 0 {
		t.Errorf("%d not remembered, %d days dropped", f.Unremembered, f.DroppedDays)
	}
	if o := touch(tr, 3, monday+10, 1); o.Marks != hit.Second || o.Seconds != 10 {
		t.Error("an early visitor was forgotten")
	}
	if o := touch(tr, 19_999, monday+10, 2); !o.Marks.Has(hit.FirstToday) || o.Seconds != 0 {
		t.Error("a visitor without room is known")
	}
	// The next day has room again, by the first being forgotten.
	touch(tr, 1, monday+oneDay, 1)
	if o := touch(tr, 1, monday+oneDay+5, 1); o.Marks.Has(hit.FirstToday) || tr.Figures().DroppedDays != 1 {
		t.Error("the next day found no room")
	}
}

// TestDaysAreDroppedByUse reads a long log and returns to its first day again and again.
func TestDaysAreDroppedByUse(t *testing.T) {
	const most = 10_000
	tr := newTracker(t, visit.Options{MaxEntries: most})
	touch(tr, 0, monday, 1)
	for day := range 100 {
		for who := range 300 {
			touch(tr, who+1, monday+int64(day+1)*oneDay, 1)
		}
		if o := touch(tr, 0, monday+int64(day), 1); o.Marks.Has(hit.FirstToday) {
			t.Fatalf("the first day was dropped after %d others", day)
		}
		if f := tr.Figures(); f.Entries > most || f.Bytes > 1<<20 {
			t.Fatalf("%d entries, %d bytes", f.Entries, f.Bytes)
		}
	}
	if f := tr.Figures(); f.Days > 6 || int(f.DroppedDays)+f.Days != 101 || f.Unremembered != 0 {
		t.Errorf("%d days, %d dropped, %d not remembered", f.Days, f.DroppedDays, f.Unremembered)
	}
}

// TestManyDaysTakeManyKeys needs more keys than a page of memory holds.
func TestManyDaysTakeManyKeys(t *testing.T) {
	tr := newTracker(t, visit.Options{})
	for day := range int64(1000) {
		touch(tr, 1, monday-day*oneDay, 1)
	}
	keys := map[string]bool{}
	for day := range int64(1000) {
		if o := touch(tr, 1, monday-day*oneDay, 1); o.Marks.Has(hit.FirstToday) {
			t.Fatal("a day was forgotten")
		}
		keys[string(tr.KeyOfDay(monday-day*oneDay))] = true
	}
	if len(keys) != 1000 {
		t.Errorf("%d keys for 1,000 days", len(keys))
	}
}

func TestKeyIsReplacedAtLocalMidnight(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "Asia/Kolkata", "America/New_York"} {
		l := zone(t, name)
		tr := newTracker(t, visit.Options{Location: l})
		midnight := time.Date(2026, 6, 2, 0, 0, 0, 0, l).Unix()
		touch(tr, 1, midnight-1, 1)
		before := tr.KeyOfDay(midnight - 1)
		if o := touch(tr, 1, midnight, 1); !o.Marks.Has(hit.FirstToday|hit.FirstOfVisit) || o.Seconds != 0 {
			t.Errorf("%s: a visit went on over midnight", name)
		}
		after := tr.KeyOfDay(midnight)
		if bytes.Equal(before, after) || bytes.Equal(after, make([]byte, len(after))) {
			t.Errorf("%s: the day has no key of its own", name)
		}
		if !bytes.Contains(tr.KeyMemory(), before) {
			t.Fatal("the test looks for keys in the wrong place")
		}
		tr.Forget(midnight)
		if bytes.Contains(tr.KeyMemory(), before) || !bytes.Contains(tr.KeyMemory(), after) {
			t.Errorf("%s: the key was not wiped with its day, or another was", name)
		}
	}
}

// TestNothingShows prints a tracker in all usual ways and looks for keys, ids and agents.
func TestNothingShows(t *testing.T) {
	tr := newTracker(t, visit.Options{})
	secret := "secret agent of nobody else"
	p := person(1)
	p.agent = []byte(secret)
	s := at(1, p, monday, 1, hit.Arrival{})
	tr.Touch(&s.visit)
	if bytes.Contains(visit.Input(identifier), []byte("secret")) {
		t.Error("the agent is still in memory after Touch")
	}
	holder := struct{ tracker visit.Tracker }{*tr}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "tracker", tr, "holder", holder)
	out := log.String()
	for _, format := range []string{"%v", "%+v", "%#v", "%x", "%s", "%d"} {
		out += fmt.Sprintf(format, tr) + fmt.Sprintf(format, *tr) + fmt.Sprintf(format, holder)
	}
	b, err := json.Marshal(map[string]any{"tracker": tr})
	if err != nil {
		t.Fatal(err)
	}
	out += string(b)
	key := tr.KeyOfDay(monday)
	for i, form := range []string{
		secret, fmt.Sprintf("%x", secret), string(key), fmt.Sprint(key[:8]), fmt.Sprintf("%x", key),
		strconv.FormatUint(binary.LittleEndian.Uint64(key), 10), strconv.FormatUint(binary.LittleEndian.Uint64(key), 16),
		strings.Trim(fmt.Sprint(key[:6]), "[]"), string([]byte(secret)[:12]),
	} {
		if strings.Contains(out, form) {
			t.Errorf("a printed tracker shows a key or an agent, in form %d", i)
		}
	}
	if strings.Contains(out, "192.") {
		t.Error("a printed tracker shows a network")
	}
}

// TestReturningVisitorAllocatesNothing covers page views, new visits with the same arrival, and events.
func TestReturningVisitorAllocatesNothing(t *testing.T) {
	tr := newTracker(t, visit.Options{})
	s := at(1, person(1), monday, 1, hit.Arrival{})
	e := at(1, person(1), monday, 0, hit.Arrival{})
	tr.Touch(&s.visit)
	tr.Touch(&e.visit)
	tr.Settle()
	if n := testing.AllocsPerRun(100, func() {
		s.visit.Time++
		tr.Touch(&s.visit)
		tr.Touch(&e.visit)
		tr.Settle()
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestVisitorsOfADayStaySmall(t *testing.T) {
	tr := newTracker(t, visit.Options{})
	for who := range 50_000 {
		touch(tr, who, monday, 1)
		touch(tr, who, monday, 2)
		if who%1000 == 0 {
			tr.Settle()
		}
	}
	if n := tr.Figures().Bytes / 50_000; n > 200 {
		t.Errorf("%d bytes a visitor", n)
	}
}

// TestSeenAgainstMap holds the set of marks against a map, also with hashes that crowd at both ends.
func TestSeenAgainstMap(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, draw := range []func() uint64{
		func() uint64 { return 1 + r.Uint64N(1<<47) },
		func() uint64 { return 1 + r.Uint64N(30_000)<<33 },
		func() uint64 { return 1<<48 - 1 - r.Uint64N(3000) },
		func() uint64 { return 1 + r.Uint64N(3000) },
	} {
		set, want := visit.NewSeen(), map[uint64]bool{}
		for range 20_000 {
			if h := draw(); set.Add(h) == want[h] {
				t.Fatal("the set and the map disagree")
			} else {
				want[h] = true
			}
		}
		if n, _ := set.Size(); n != len(want) {
			t.Errorf("%d hashes, want %d", n, len(want))
		}
	}
	set := visit.NewSeen()
	for i := range 300_000 {
		set.Add(r.Uint64() | 1)
		if n, size := set.Size(); i > 5000 && size > 12*n+4096 {
			t.Fatalf("%d bytes for %d hashes", size, n)
		}
	}
}
