package anonymize_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/klar-analytics/klar/anonymize"
	"github.com/klar-analytics/klar/collector/raw"
	"github.com/klar-analytics/klar/hit"
)

// beacon is a page view of example.org by a person, changed by change.
func beacon(change func(f *raw.Fields)) raw.Hit {
	h := raw.New()
	f := h.Fields()
	*f = raw.Fields{
		Site: "example.org", Host: []byte("example.org"), Target: []byte("/a.json?q=1&utm_source=letter"), Origin: raw.FromBeacon, Time: now.Unix(),
		Addr: []byte("203.0.113.7"), UserAgent: []byte(firefox), Language: []byte("de"),
	}
	change(f)
	return h
}

func TestBeaconsAreDropped(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(f *raw.Fields)
		want   error
	}{
		"another site":         {func(f *raw.Fields) { f.Site = "unknown.org" }, anonymize.ErrSite},
		"the host of nobody":   {func(f *raw.Fields) { f.Host = []byte("evil.org") }, anonymize.ErrHost},
		"the host of another":  {func(f *raw.Fields) { f.Host = []byte("shop.example") }, anonymize.ErrHost},
		"no host":              {func(f *raw.Fields) { f.Host = nil }, anonymize.ErrHost},
		"an address as a host": {func(f *raw.Fields) { f.Host = []byte("203.0.113.9") }, anonymize.ErrHost},
		"GPC":                  {func(f *raw.Fields) { f.GPC = true }, anonymize.ErrOptedOut},
		"DNT":                  {func(f *raw.Fields) { f.DNT = true }, anonymize.ErrOptedOut},
		"a bot":                {func(f *raw.Fields) { f.UserAgent = []byte("Googlebot/2.1 (+http://www.google.com/bot.html)") }, anonymize.ErrBot},
		"no agent":             {func(f *raw.Fields) { f.UserAgent = nil }, anonymize.ErrBot},
		"no address":           {func(f *raw.Fields) { f.Addr = []byte("unknown") }, anonymize.ErrAddress},
		"the future":           {func(f *raw.Fields) { f.Time += 3 * 86400 }, anonymize.ErrTime},
	} {
		a := open(t, policy())
		if _, err := a.Add(beacon(test.change)); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
		if left := len(a.Seal()); left != 0 {
			t.Errorf("%s left %d hits", name, left)
		}
		if want := uint64(map[bool]int{true: 1}[errors.Is(test.want, anonymize.ErrOptedOut)]); a.OptedOut() != want {
			t.Errorf("%s: %d are counted as opted out", name, a.OptedOut())
		}
	}
}

// TestReportsJoinTheVisit sends page views of two people and what their pages report, of which the last is of nobody.
func TestReportsJoinTheVisit(t *testing.T) {
	t.Parallel()
	a := open(t, policy())
	report := func(f *raw.Fields) {
		f.Time += 20
		f.Engagement = raw.Engagement{Told: true, Milliseconds: 3600, Depth: 70}
	}
	for i, change := range []func(f *raw.Fields){
		func(*raw.Fields) {},
		report,
		func(f *raw.Fields) { report(f); f.Addr = []byte("198.51.100.7") },
	} {
		if _, err := a.Add(beacon(change)); err != nil {
			t.Fatalf("beacon %d: %v", i, err)
		}
	}
	hits := a.Seal()
	view, told, nobody := hits[0], hits[1], hits[2]
	want := hit.Flow{From: view.Path, FromHost: view.Host, FromHour: view.Hour, Reading: 4, Scroll: 70, Moves: hit.FromScrolled}
	if told.Kind != hit.KindEngagement || told.Flow != want || told.Crowd != view.Crowd || told.Arrival != view.Arrival || told.Marks != 0 {
		t.Error("a report is not that of the page view before")
	}
	if nobody.Counts() || nobody.Flow != (hit.Flow{}) {
		t.Error("a report of nobody counts")
	}
}

// TestEventsJoinTheVisit sends a page view, an event nobody caused and one that somebody did.
func TestEventsJoinTheVisit(t *testing.T) {
	t.Parallel()
	a := open(t, policy())
	for i, change := range []func(f *raw.Fields){
		func(*raw.Fields) {},
		func(f *raw.Fields) { f.Event = []byte("Shown") },
		func(f *raw.Fields) { f.Event, f.Interactive = []byte("Call anna@example.org"), true },
		func(f *raw.Fields) { f.Origin = raw.FromPixel; f.Host = []byte("www.example.org:443") },
	} {
		if _, err := a.Add(beacon(func(f *raw.Fields) { change(f); f.Time = now.Unix() + int64(i) })); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
	}
	hits := a.Seal()
	if len(hits) != 4 {
		t.Fatalf("%d hits", len(hits))
	}
	for i, want := range []struct {
		path, event string
		kind        hit.Kind
		origin      hit.Origin
		has, not    hit.Marks
	}{
		{"/a.json", "", hit.KindPage, hit.OriginBeacon, hit.FirstToday | hit.FirstOfVisit | hit.FirstOnPage, hit.Second},
		{"", "Shown", hit.KindEvent, hit.OriginBeacon, hit.FirstOnPage, hit.Second | hit.FirstOfVisit},
		{"", "unnamed", hit.KindEvent, hit.OriginBeacon, hit.FirstOnPage | hit.Second, hit.FirstOfVisit},
		{"/a.json", "", hit.KindPage, hit.OriginPixel, hit.FirstOnHost, hit.FirstOfVisit | hit.FirstOnPage | hit.Second},
	} {
		h := &hits[i]
		if h.Path.String() != want.path || h.Event.String() != want.event || h.Kind != want.kind || h.Origin != want.origin {
			t.Errorf("%d: path %q, event %q, %s, %s", i, h.Path, h.Event, h.Kind, h.Origin)
		}
		if !h.Marks.Has(want.has) || h.Marks&want.not != 0 || h.Status != 0 {
			t.Errorf("%d: marks %016b, status %d", i, h.Marks, h.Status)
		}
		if arrival := h.Arrival.Value(); arrival.UTMSource.String() != "letter" || arrival.Entry.String() != "/a.json" {
			t.Errorf("%d: arrived by %q at %q", i, arrival.UTMSource, arrival.Entry)
		}
	}
}

// TestRateOfANetwork lets ten beacons a minute through: of one network, whatever its addresses, and of any number of sites.
func TestRateOfANetwork(t *testing.T) {
	t.Parallel()
	o := policy()
	o.BeaconRate = 10
	a := open(t, o)
	taken := func(addr string, after, of int) (n int) {
		for range of {
			_, err := a.Add(beacon(func(f *raw.Fields) { f.Addr = []byte(addr); f.Time = now.Unix() + int64(after) }))
			if err == nil {
				n++
			} else if !errors.Is(err, anonymize.ErrRate) {
				t.Fatal(err)
			}
		}
		return n
	}
	for _, step := range []struct {
		addr            string
		after, of, want int
	}{
		{"203.0.113.7", 0, 15, 10}, {"203.0.113.8", 1, 5, 0}, {"198.51.100.1", 1, 15, 10}, {"203.0.113.7", 13, 5, 2},
		{"203.0.113.7", 60, 20, 8}, {"203.0.113.7", 600, 20, 10}, {"203.0.113.7", -3600, 5, 0}, {"203.0.113.7", -3540, 20, 10},
	} {
		if got := taken(step.addr, step.after, step.of); got != step.want {
			t.Errorf("after %d s %d of %d were taken, want %d", step.after, got, step.of, step.want)
		}
	}
}

// TestHostileBeaconsAreSignals holds that the network of an attack is told, and what it sent before, even of a beacon that is
// dropped, and that rules see of it numbers and closed values.
func TestHostileBeaconsAreSignals(t *testing.T) {
	t.Parallel()
	o := policy()
	var seen []hit.Observation
	o.Observe = func(o *hit.Observation) []hit.Tripped { seen = append(seen, *o); return nil }
	a := open(t, o)
	for _, change := range []func(f *raw.Fields){
		func(*raw.Fields) {},
		func(f *raw.Fields) {
			f.Event = []byte("Search")
			f.Props = []raw.Property{{Name: []byte("q"), Value: []byte("it's fine")}}
		},
		func(f *raw.Fields) { f.Host, f.Target = []byte("evil.org"), []byte("/?q=<script>alert(1)</script>") },
		func(f *raw.Fields) { f.Origin, f.Event = raw.FromAPI, []byte("<script>alert(1)</script>") }, // of a server with a token
	} {
		_, _ = a.Add(beacon(change))
	}
	want := []string{"12:00 203.0.113.0/24 xss 1 1", "12:00 203.0.113.0/24  2 0"}
	if got := signals(a.Seal()); !slices.Equal(got, want) {
		t.Errorf("signals are %q, want %q", got, want)
	}
	if len(seen) != 3 || seen[0].Kind != hit.KindEvent || seen[0].File == seen[1].File || seen[2].Threat != hit.ThreatXSS {
		t.Errorf("%d beacons were shown to the rules, or not as what they are", len(seen))
	}
}
