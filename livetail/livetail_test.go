package livetail

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unique"

	"github.com/klar-analytics/klar/hit"
)

// rig is a tail with a crowd of three, whose clock and number of visitors the test sets.
type rig struct {
	*Tail
	now      time.Time
	visitors int
}

func newRig() *rig {
	r := &rig{now: time.Date(2026, 11, 23, 12, 0, 30, 0, time.UTC), visitors: 3}
	r.Tail = New(Options{Crowd: 3, Now: func() time.Time { return r.now }})
	return r
}

// count is the number of visitors within five minutes.
func (r *rig) count(within time.Duration) int {
	if within != 5*time.Minute {
		return 0
	}
	return r.visitors
}

func (r *rig) watch(t *testing.T) *Watcher {
	t.Helper()
	w, ok := r.Watch("s.org", r.count)
	if !ok {
		t.Fatal("nobody may watch")
	}
	t.Cleanup(w.Close)
	return w
}

// take lets the second pass and returns what it had.
func (r *rig) take(w *Watcher) ([]Line, int) {
	r.now = r.now.Add(time.Second)
	return w.Take()
}

// person is a page view of somebody with a browser, whose exact attributes are rarer than what the crowd has.
func (r *rig) person(path, browser string, marks hit.Marks) hit.Hit {
	return hit.Hit{
		Site: hit.NewSite("s.org"), Time: r.now.Unix(), Path: hit.NewPath(path), Kind: hit.KindPage, Method: hit.MethodGet, Status: 200, Marks: marks,
		Arrival: unique.Make(hit.Arrival{Source: hit.NewSource("secret.example"), Channel: hit.ChannelReferral, Entry: hit.NewPath("/entry")}),
		Visitor: unique.Make(hit.Visitor{Browser: hit.NewBrowser("Exactly"), Country: hit.NewCountry("LI"), Alone: hit.Alone{City: hit.NewCity("Vaduz")}}),
		Crowd:   unique.Make(hit.Visitor{Browser: hit.NewBrowser(browser), BrowserVersion: hit.NewVersion("128"), Device: hit.DeviceDesktop}),
	}
}

func text(t *testing.T, lines []Line) string {
	t.Helper()
	b, err := json.Marshal(lines)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestLineOfBot(t *testing.T) {
	r := newRig()
	r.visitors = 0
	w := r.watch(t)
	r.Offer([]hit.Hit{{
		Site: hit.NewSite("s.org"), Time: r.now.Unix(), Path: hit.NewPath("/robots.txt"), Kind: hit.KindOther, Method: hit.MethodGet, Status: 404,
		Bot: hit.NewBot("Googlebot"), Bytes: 4711, Host: hit.NewHost("www.s.org"),
	}})
	lines, _ := r.take(w)
	const want = `[{"minute":"2026-11-23T12:00:00Z","origin":"log","kind":"other","path":"/robots.txt","method":"GET","status":404,"bot":"Googlebot"}]`
	if got := text(t, lines); got != want {
		t.Errorf("a bot is shown as %s, want %s", got, want)
	}
}

// TestAttributesOfFewAreWithheld shows attributes from the third visit on that began with them, and hides them again.
func TestAttributesOfFewAreWithheld(t *testing.T) {
	r := newRig()
	w := r.watch(t)
	for visit := range 3 {
		r.Offer([]hit.Hit{r.person("/a", "Firefox", hit.FirstOfVisit), r.person("/b", "Firefox", 0), r.person("/c", "Rare", hit.FirstOfVisit*hit.Marks(visit/2))})
		lines, _ := r.take(w)
		got := text(t, lines)
		if strings.Contains(got, "Rare") || strings.Contains(got, "Firefox") != (visit == 2) || !strings.Contains(got, `"/b"`) {
			t.Errorf("after %d visits: %s", visit+1, got)
		}
		for _, never := range []string{"Exactly", "LI", "Vaduz", "secret", "/entry"} {
			if strings.Contains(got, never) {
				t.Errorf("%s is shown: %s", never, got)
			}
		}
	}
	r.now = r.now.Add(6 * time.Minute)
	r.Offer([]hit.Hit{r.person("/b", "Firefox", 0)})
	if lines, _ := r.take(w); strings.Contains(text(t, lines), "Firefox") {
		t.Errorf("when the others have gone: %s", text(t, lines))
	}
}

// TestPathsOfFewAreWithheld hides where people are while few are there, and what an old log tells.
func TestPathsOfFewAreWithheld(t *testing.T) {
	r := newRig()
	w := r.watch(t)
	old := r.person("/secret", "Firefox", hit.FirstOfVisit)
	old.Time -= 3600
	picture := hit.Hit{Site: hit.NewSite("s.org"), Time: r.now.Unix(), Path: hit.NewPath("/secret.png"), Kind: hit.KindStatic}
	other := r.person("/secret", "Firefox", 0)
	other.Site = hit.NewSite("other.org")
	r.Offer([]hit.Hit{old, other})
	r.visitors = 2
	r.Offer([]hit.Hit{r.person("/secret", "Firefox", 0), picture})
	lines, _ := r.take(w)
	if len(lines) != 3 || strings.Contains(text(t, lines), "secret") {
		t.Errorf("shown are %s", text(t, lines))
	}
	for _, l := range lines {
		if !l.Withheld {
			t.Errorf("%+v does not say that its path is withheld", l)
		}
	}
}

// TestMuchIsSampled counts what is not shown, and shows a second only when it is over and in another order.
func TestMuchIsSampled(t *testing.T) {
	r := newRig()
	w, beside := r.watch(t), r.watch(t)
	var hits []hit.Hit
	for i := range 1000 {
		hits = append(hits, r.person(fmt.Sprintf("/%04d", i), "Firefox", 0))
	}
	r.Offer(hits)
	for _, who := range []*Watcher{w, beside} {
		if lines, skipped := who.Take(); len(lines) != 0 || skipped > 980 {
			t.Errorf("before the second is over, %d lines are shown and %d skipped", len(lines), skipped)
		}
	}
	r.Offer(nil)
	lines, _ := r.take(w)
	if len(lines) != PerSecond {
		t.Fatalf("%d lines of a second, want %d", len(lines), PerSecond)
	}
	var paths []string
	for _, l := range lines {
		paths = append(paths, l.Path)
	}
	if slices.IsSorted(paths) {
		t.Error("the lines are in the order in which they came") // by chance once in 20!
	}
	if slices.Max(paths) < "/0500" {
		t.Error("only the first lines of the second are shown") // by chance once in a million
	}
	r.Offer(hits[:30])
	r.now = r.now.Add(time.Second)
	r.Offer(hits[:5])
	if lines, skipped := r.take(w); len(lines) != 5 || skipped != 10+20 {
		t.Errorf("of two seconds %d lines are shown and %d skipped, want the 5 of the last one and 30", len(lines), skipped)
	}
}

func TestWatchersAreFew(t *testing.T) {
	r := newRig()
	var all []*Watcher
	for range MaxWatchers {
		all = append(all, r.watch(t))
	}
	if _, ok := r.Watch("s.org", r.count); ok {
		t.Error("more watch than may")
	}
	all[0].Close()
	if _, ok := r.Watch("s.org", r.count); !ok {
		t.Error("nobody may watch after one has left")
	}
}

// BenchmarkOffer is what every batch pays while nobody watches.
func BenchmarkOffer(b *testing.B) {
	r := newRig()
	hits := make([]hit.Hit, 1000)
	b.ReportAllocs()
	for b.Loop() {
		r.Offer(hits)
	}
}

// TestOfferIsFreeUnwatched has Offer wait for nothing when nobody watches any more.
func TestOfferIsFreeUnwatched(t *testing.T) {
	r := newRig()
	r.watch(t).Close()
	r.mu.Lock() // Offer must not wait for it
	hits := make([]hit.Hit, 1000)
	n := testing.AllocsPerRun(10, func() { r.Offer(hits) })
	r.mu.Unlock()
	if n > 0 {
		t.Errorf("%v allocations", n)
	}
}
