package attack

import (
	"bufio"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/klar-analytics/klar/anonymize"
	"github.com/klar-analytics/klar/anonymize/geo"
	"github.com/klar-analytics/klar/anonymize/goal"
	"github.com/klar-analytics/klar/collector/accesslog"
	"github.com/klar-analytics/klar/collector/raw"
	"github.com/klar-analytics/klar/hit"
)

const site = "example.org"

// view is a page view of a person: what is stored of it, and who it was, which nothing but this test knows.
type view struct {
	hit.Hit
	person int    // by full address and agent
	visit  int    // of the person, by 30 minutes of silence
	net    int    // shortened address, by number
	addr   string // full
	agent  string
	place  geo.Place // of the shortened address
	day    int       // by number, in the order of the log
}

// truth is a log as its server knows it.
type truth struct {
	lines  int
	hits   []hit.Hit // as they were stored, also those of bots and files
	views  []view
	events []view // which are of no visit
	people int
	visits int
	days   int
	names  []byte // of combinations, as they outlive a restart
}

// way is how a log comes in.
type way struct {
	batch int  // lines that are decided about together; 0 is the whole log
	crowd int  // k; 0 is the default
	noGeo bool // without countries and providers
	// drawn says that beacons tell of the page views, with what the log does not have.
	drawn bool
	// rewrite changes the addresses, to see whether what is stored changes with them.
	rewrite func(addr []byte) []byte
}

// watch reads the log and keeps what Klar stores of each line beside who it was of.
func watch(t testing.TB, log string, w way) *truth {
	t.Helper()
	a, places := open(t, log, w)
	var countries *geo.DB
	if w.drawn {
		countries = openGeo(t, geo.Files{Country: asset(t, "country.mmdb")})
	}
	format, err := accesslog.Compile("combined")
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(log)
	if err != nil {
		t.Fatal("the log cannot be opened: ", reasonOf(err))
	}
	defer func() { _ = f.Close() }()
	p, h := format.NewParser(), raw.New()
	h.Fields().Site = site
	out := &truth{}
	var asked []view
	seal := func() {
		for i, sealed := range a.Seal() {
			out.hits = append(out.hits, sealed)
			if !sealed.Counts() {
				continue
			}
			asked[i].Hit = sealed
			if sealed.Event.IsZero() {
				out.views = append(out.views, asked[i])
			} else {
				out.events = append(out.events, asked[i])
			}
		}
		asked = asked[:0]
	}
	for s := bufio.NewScanner(f); s.Scan(); {
		h.Clear()
		if p.Parse(s.Bytes(), h) != nil {
			continue
		}
		fields := h.Fields()
		if w.drawn && !draw(fields, countries) {
			continue
		}
		v := view{addr: string(fields.Addr), agent: string(fields.UserAgent)}
		if w.rewrite != nil {
			fields.Addr = w.rewrite(fields.Addr)
		}
		if _, err := a.Add(h); err != nil {
			continue
		}
		v.place = placeOf(places, v.addr)
		out.lines++
		asked = append(asked, v)
		if fields.Addr = []byte(v.addr); w.drawn && drawEvent(fields) {
			if _, err := a.Add(h); err != nil {
				t.Fatal("an event is not taken: ", err)
			}
			asked = append(asked, v)
		}
		if w.batch > 0 && len(asked) >= w.batch {
			seal()
		}
	}
	seal()
	if out.names, err = a.Names(); err != nil {
		t.Fatal(err)
	}
	out.number()
	return out
}

// reasonOf says what is wrong with a file without its name.
func reasonOf(err error) error {
	if e, ok := err.(*os.PathError); ok {
		return e.Err
	}
	return err
}

// counted is what the site counts specially: a goal, a group of pages and a funnel that many pass.
var counted = goal.Definitions{
	Goals:   []goal.Goal{{Page: "/articles/**"}},
	Groups:  []goal.Group{{Pages: []string{"/projects/**", "/blog/**"}}},
	Funnels: []goal.Funnel{{Steps: []goal.Goal{{Page: "/**"}, {Page: "/projects/**"}, {Page: "/**"}}}},
}

// placeOf looks up where and whose an address is, as Klar knows it.
func placeOf(db *geo.DB, addr string) geo.Place {
	a, err := netip.ParseAddr(addr)
	if db == nil || err != nil {
		return geo.Place{}
	}
	return db.Lookup(hit.NewNet(a, 24, 48))
}

// open returns what anonymizes the log, and the databases that it looks places up in, nil for none.
func open(t testing.TB, log string, w way) (*anonymize.Anonymizer, *geo.DB) {
	t.Helper()
	o := anonymize.Options{Sites: []anonymize.Site{{ID: site, Counted: counted}}, Crowd: w.crowd, Now: time.Now}
	files := geo.Files{Country: asset(t, "country.mmdb"), ASN: asset(t, "asn.mmdb")}
	if w.drawn {
		o.Sites[0].Counted = drawnCounted
		files.City = drawCities(t, log, openGeo(t, files))
	}
	if !w.noGeo {
		o.Geo = openGeo(t, files)
	}
	a, err := anonymize.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a, o.Geo
}

func openGeo(t testing.TB, files geo.Files) *geo.DB {
	t.Helper()
	db, err := geo.Open(files)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// asset is a file that make fetches.
func asset(t testing.TB, name string) string {
	t.Helper()
	dir := os.Getenv("KLAR_ASSETS")
	if dir == "" {
		dir = "../../bin/assets"
	}
	name, err := filepath.Abs(filepath.Join(dir, name))
	if err == nil {
		_, err = os.Stat(name)
	}
	if err != nil {
		t.Fatal("make assets fetches what the attacks need, and it is not there: ", reasonOf(err))
	}
	return name
}

// number gives people, visits, networks and days their numbers, in the order of time.
func (t *truth) number() {
	slices.SortStableFunc(t.views, func(a, b view) int { return int(a.Time - b.Time) })
	people, nets, days := map[string]int{}, map[string]int{}, map[int64]int{}
	type visit struct {
		number int
		last   int64
	}
	visits := map[[2]int]visit{}
	for i := range t.views {
		v := &t.views[i]
		v.person = number(people, v.addr+"\x00"+v.agent)
		v.net = number(nets, shortened(v.addr))
		v.day = number(days, v.Day)
		of := [2]int{v.person, v.day}
		running, ok := visits[of]
		if !ok || v.Time-running.last > 1800 {
			running.number = t.visits
			t.visits++
		}
		running.last = v.Time
		visits[of] = running
		v.visit = running.number
	}
	for i := range t.events {
		v := &t.events[i]
		v.person, v.day = number(people, v.addr+"\x00"+v.agent), number(days, v.Day)
	}
	t.people, t.days = len(people), len(days)
}

// number returns the number of a key, the next one if it is new.
func number[K comparable](numbers map[K]int, key K) int {
	n, ok := numbers[key]
	if !ok {
		n = len(numbers)
		numbers[key] = n
	}
	return n
}

func (t *truth) String() string {
	return fmt.Sprintf("%d lines, %d page views, %d people, %d visits, %d days", t.lines, len(t.views), t.people, t.visits, t.days)
}
