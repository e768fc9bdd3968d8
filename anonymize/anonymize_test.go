package anonymize_test

import (
	"errors"
	"fmt"
	"testing"
	"time"
	"unique"

	"github.com/klar-analytics/klar/anonymize"
	"github.com/klar-analytics/klar/collector/raw"
	"github.com/klar-analytics/klar/hit"
)

func TestWhoCountsAsAVisitor(t *testing.T) {
	for _, c := range []struct {
		name   string
		line   line
		kind   hit.Kind
		person bool
		bot    string
	}{
		{"a page view", line{}, hit.KindPage, true, ""},
		{"a page from the cache", line{status: 304}, hit.KindPage, true, ""},
		{"a bot", line{agent: "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}, hit.KindPage, false, "Googlebot"},
		{"no agent", line{agent: "-"}, hit.KindPage, false, "No agent"},
		{"a static file", line{request: "GET /a.css HTTP/1.1"}, hit.KindStatic, false, ""},
		{"an error", line{status: 404}, hit.KindError, false, ""},
		{"a redirect", line{status: 302}, hit.KindRedirect, false, ""},
		{"a form", line{request: "POST / HTTP/1.1"}, hit.KindAPI, false, ""},
		{"another protocol", line{request: `\x16\x03`}, hit.KindOther, false, ""},
	} {
		h, err := add(t, open(t, policy()), c.line)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if h.Kind != c.kind || h.Counts() != c.person || h.Bot.String() != c.bot {
			t.Errorf("%s: kind %s, a person: %v, bot %q; want %s, %v, %q", c.name, h.Kind, h.Counts(), h.Bot, c.kind, c.person, c.bot)
		}
		if !c.person && (h.Marks != 0 || h.Seconds != 0 || h.Arrival != unique.Handle[hit.Arrival]{} || h.Crowd != unique.Handle[hit.Visitor]{}) {
			t.Errorf("%s: what is no person's has something of a visit", c.name)
		}
	}
}

func TestOptOutsAreRespectedOneByOne(t *testing.T) {
	for _, c := range []struct{ respectGPC, respectDNT, gpc, dnt, counted bool }{
		{true, true, false, false, true},
		{true, true, true, false, false},
		{true, true, false, true, false},
		{true, false, false, true, true},
		{true, false, true, true, false},
		{false, true, true, false, true},
		{false, true, true, true, false},
		{false, false, true, true, true},
	} {
		o := policy()
		o.RespectGPC, o.RespectDNT = c.respectGPC, c.respectDNT
		l := line{gpc: "0"}
		if c.gpc {
			l.gpc = "1"
		}
		if c.dnt {
			l.dnt = "1"
		}
		a := open(t, o)
		h, err := add(t, a, l)
		if err != nil {
			t.Fatal(err)
		}
		if h.Counts() != c.counted || a.OptedOut() == 0 != c.counted {
			t.Errorf("%+v: counted %v, %d opted out", c, h.Counts(), a.OptedOut())
		}
		if h.Path.String() != "/" || h.Bytes != 100 {
			t.Errorf("%+v: the request is not counted", c)
		}
	}
}

func TestSiteOfARequest(t *testing.T) {
	o := policy()
	o.Sites = append(o.Sites, anonymize.Site{ID: "Blog.Example", Hosts: []string{"www.diary.example"}})
	a := open(t, o)
	for host, want := range map[string]string{
		"example.org": "example.org", "EXAMPLE.org": "example.org", "www.example.org": "example.org", "example.org:8443": "example.org",
		"www.example.org:80": "example.org", "example.org.": "example.org", "shop.example": "shop", "www.shop.example": "shop", "shop": "shop",
		"blog.example": "Blog.Example", "www.diary.example": "Blog.Example",
		"diary.example": "", "sub.example.org": "", "example.com": "", "-": "", "203.0.113.9": "", "[2001:db8::1]:80": "",
	} {
		h, err := add(t, a, line{host: host})
		if want == "" {
			if !errors.Is(err, anonymize.ErrSite) {
				t.Errorf("the host %s gives the error %v, want ErrSite", host, err)
			}
		} else if err != nil || h.Site.String() != want {
			t.Errorf("the host %s is of the site %s (%v), want %s", host, h.Site, err, want)
		}
	}
	// What the source says goes before the host.
	for site, want := range map[string]error{"shop": nil, "gone": anonymize.ErrSite} {
		_, err := a.Add(newParser(t, format, site).parse([]byte(line{}.String())))
		if !errors.Is(err, want) {
			t.Errorf("the site %s of a source gives the error %v, want %v", site, err, want)
		}
	}
	if hits := a.Seal(); len(hits) != 1 || hits[0].Site.String() != "shop" || hits[0].Host.String() != "example.org" {
		t.Errorf("the site of the source is not taken")
	}
}

func TestTimesThatAreBelieved(t *testing.T) {
	a := open(t, policy())
	for clock, want := range map[string]error{
		"31/Dec/1994:23:59:59": anonymize.ErrTime,
		"01/Jan/1995:00:00:00": nil,
		"01/Jun/2026:12:00:00": nil,
		"02/Jun/2026:12:00:00": nil, // a day ahead
		"02/Jun/2026:12:00:01": anonymize.ErrTime,
	} {
		if _, err := add(t, a, line{clock: clock}); !errors.Is(err, want) {
			t.Errorf("%s: error %v, want %v", clock, err, want)
		}
	}
}

func TestTimesAheadMoveWithTheClock(t *testing.T) {
	o, at := policy(), now
	o.Now = func() time.Time { return at }
	a := open(t, o)
	tomorrow := line{clock: "02/Jun/2026:12:00:01"}
	if _, err := add(t, a, tomorrow); !errors.Is(err, anonymize.ErrTime) {
		t.Errorf("more than a day ahead: error %v", err)
	}
	at = at.Add(2 * time.Second)
	a.Discard()
	if _, err := add(t, a, tomorrow); err != nil {
		t.Errorf("two seconds later: error %v", err)
	}
}

func TestDroppedRequestsLeaveNothing(t *testing.T) {
	a := open(t, policy())
	for _, l := range []line{{addr: "203.0.113.077"}, {addr: "unknown"}, {addr: "2001:db8::zz"}} {
		if _, err := add(t, a, l); !errors.Is(err, anonymize.ErrAddress) {
			t.Errorf("error %v, want ErrAddress", err)
		}
	}
	h, err := add(t, a, line{})
	if err != nil || !h.Marks.Has(hit.FirstToday) {
		t.Errorf("the first who was not dropped is not new: %v", err)
	}
}

func TestNothingOfTheRawHitStays(t *testing.T) {
	a, p := open(t, policy()), newParser(t, format, "")
	l := []byte(line{}.String())
	h := p.parse(l)
	if _, err := a.Add(h); err != nil {
		t.Fatal(err)
	}
	if f := h.Fields(); f.Addr != nil || f.Forwarded != nil {
		t.Error("the address is still there after it was shortened")
	}
	for i := range l {
		l[i] = 'x'
	}
	h.Clear()
	if sealed := a.Seal(); sealed[0].Path.String() != "/" || sealed[0].Host.String() != "example.org" {
		t.Error("a stored hit points into the line")
	}
}

// crowdOf adds one new visitor for each network and returns the names of their combinations.
func crowdOf(t *testing.T, a *anonymize.Anonymizer, agent string, networks ...int) (browsers []string) {
	t.Helper()
	p := newParser(t, format, "")
	for _, n := range networks {
		if _, err := a.Add(p.parse([]byte(line{addr: fmt.Sprintf("10.0.%d.1", n), agent: agent}.String()))); err != nil {
			t.Fatal(err)
		}
	}
	for _, h := range a.Seal() {
		v := h.Crowd.Value()
		browsers = append(browsers, v.Browser.String())
	}
	return browsers
}

func TestSealDecidesTheCrowdOfTheWholeBatch(t *testing.T) {
	o := policy()
	o.Crowd = 3
	a := open(t, o)
	if got := fmt.Sprint(crowdOf(t, a, firefox, 1, 2)); got != "[ ]" {
		t.Errorf("two of three have the browsers %s, want none", got)
	}
	if got := fmt.Sprint(crowdOf(t, a, firefox, 3)); got != "[Firefox]" {
		t.Errorf("the third has %s, want Firefox", got)
	}
	b := open(t, o)
	if got := fmt.Sprint(crowdOf(t, b, firefox, 1, 2, 3)); got != "[Firefox Firefox Firefox]" {
		t.Errorf("three in one batch have %s, want Firefox all", got)
	}
	if len(b.Seal()) != 0 {
		t.Error("a batch is sealed twice")
	}
}

func TestNamesOutliveARestart(t *testing.T) {
	a := open(t, policy())
	crowdOf(t, a, firefox, 1, 2)
	names, err := a.Names()
	if err != nil {
		t.Fatal(err)
	}
	again := open(t, policy())
	if err := again.Load(names); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(crowdOf(t, again, firefox, 9)); got != "[Firefox]" {
		t.Errorf("after a restart a visitor has %s, want Firefox, which was common before", got)
	}
	if got := fmt.Sprint(crowdOf(t, open(t, policy()), firefox, 9)); got != "[]" {
		t.Errorf("without the names a visitor has %s, want nothing", got)
	}
	o := policy()
	o.Sites = o.Sites[1:]
	if err := open(t, o).Load(names); err != nil {
		t.Errorf("names of a site that is no longer measured: %v", err)
	}
	for _, bad := range []string{"", "[]", "{", `{"example.org": 7}`} {
		if err := open(t, policy()).Load([]byte(bad)); err == nil {
			t.Errorf("the names %q are taken", bad)
		}
	}
}

func TestSitesThatCannotBe(t *testing.T) {
	for _, id := range []string{"", "a b", "203.0.113.7", "a?b"} {
		if _, err := anonymize.New(anonymize.Options{Sites: []anonymize.Site{{ID: id}}}); err == nil {
			t.Errorf("%q can be a site's id", id)
		}
	}
	if _, err := anonymize.New(anonymize.Options{Query: []string{"email"}}); err == nil {
		t.Error("any parameter of the query can be kept")
	}
}

// TestWarmingUpContinuesTheVisits compares a run that was broken off and warmed up again with one that was not.
func TestWarmingUpContinuesTheVisits(t *testing.T) {
	lines := realLog(t)
	const half, size = 5000, 1000
	o := policy()
	o.Sites[0].ID = "site"
	whole, broken := open(t, o), open(t, o)
	p := newParser(t, "combined", "site")
	run := func(a *anonymize.Anonymizer, from int) (hits []hit.Hit) {
		for i := from; i < len(lines); i += size {
			for _, l := range lines[i : i+size] {
				if _, err := a.Add(p.parse(l)); err != nil {
					t.Fatalf("in lines %d to %d: %v", i+1, i+size, err)
				}
			}
			hits = append(hits, requests(a.Seal())...)
		}
		return hits
	}
	each(whole.Warm, p, lines[:half])
	if sealed := requests(whole.Seal()); len(sealed) != half {
		t.Fatalf("%d hits of %d lines", len(sealed), half)
	}
	want := run(whole, half)
	each(broken.Warm, p, lines[:half])
	broken.Discard()
	got := run(broken, half)
	if len(got) != len(want) || len(want) != len(lines)-half {
		t.Fatalf("%d and %d hits of %d lines", len(got), len(want), len(lines)-half)
	}
	known := 0
	for i := range got {
		if got[i] != want[i] {
			t.Fatalf("line %d counts otherwise than in an uninterrupted run", half+i+1)
		}
		if got[i].Counts() && !got[i].Marks.Has(hit.FirstToday) {
			known++
		}
	}
	if known == 0 {
		t.Error("nobody of the second half was known; the test shows nothing")
	}
}

func each(take func(raw.Hit), p *parser, lines [][]byte) {
	for _, l := range lines {
		take(p.parse(l))
	}
}
