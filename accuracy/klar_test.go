package accuracy

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/klar-analytics/klar/anonymize"
	"github.com/klar-analytics/klar/anonymize/geo"
	"github.com/klar-analytics/klar/collector/accesslog"
	"github.com/klar-analytics/klar/collector/raw"
	"github.com/klar-analytics/klar/report"
	"github.com/klar-analytics/klar/storage"
	"github.com/klar-analytics/klar/storage/embedded"
)

// asked is when the questions are asked: after the last day of every log.
var asked = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// stored is when everything is stored: before the first day of every log, so that table hours has and keeps all of it.
func stored() time.Time { return time.Date(2015, 5, 1, 0, 0, 0, 0, time.UTC) }

// klar is the whole path of a hit without the program around it: a line or beacon is parsed, anonymized, spooled, added
// up and inserted, and questions are parsed and answered as klar query does.
type klar struct {
	db    *storage.DB
	geo   *geo.DB
	sites map[string]*time.Location
	late  map[string][]report.Definition // funnels that each site defines when everything is counted
}

func openGeo(t testing.TB) *geo.DB {
	t.Helper()
	country, asn := filepath.Join(assets, "country.mmdb"), filepath.Join(assets, "asn.mmdb")
	if _, err := os.Stat(country); err != nil {
		t.Fatal("the databases of countries are missing: run make assets")
	}
	// The public test data knows a few cities.
	db, err := geo.Open(geo.Files{Country: country, City: filepath.Join("..", "..", "shared", "data", "geoip", "GeoIP2-City-Test.mmdb"), ASN: asn})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// open starts an engine with empty tables.
func open(t testing.TB, logs []*site) *klar {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	engine, err := embedded.Open(t.Context(), embedded.Options{Dir: t.TempDir(), Command: []string{exe}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(engine.Close)
	k := &klar{geo: openGeo(t), sites: map[string]*time.Location{}, late: map[string][]report.Definition{}}
	if k.db, err = storage.Connect(t.Context(), storage.Options{Dial: engine.Dial, Now: stored}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = k.db.Close() })
	for _, s := range logs {
		k.sites[s.id] = s.location
	}
	return k
}

// batch is after how many lines the path commits: several times in each log, so that sums are of several cuts.
const batch = 4096

// take brings the requests of all sites into the tables.
func (k *klar) take(t testing.TB, logs []*site) {
	t.Helper()
	counted, _ := defined(t)
	o := anonymize.Options{Geo: k.geo, RespectGPC: true, RespectDNT: true, Now: func() time.Time { return asked }}
	for _, s := range logs {
		o.Sites = append(o.Sites, anonymize.Site{ID: s.id, Hosts: s.hosts, Location: s.location, Logs: s.beacons, Counted: counted})
	}
	a, err := anonymize.New(o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = a.Close() }()
	store := func(context.Context) (*storage.DB, error) { return k.db, nil }
	w, err := storage.OpenWriter(t.Context(), store, storage.WriterOptions{Dir: t.TempDir(), Now: stored})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range logs {
		format, err := accesslog.Compile(s.format)
		if err != nil {
			t.Fatal(err)
		}
		parser, h := format.NewParser(), raw.New()
		for i, r := range logged(s.requests) {
			s.add(t, a, parser, h, r)
			if i%batch == batch-1 || i == len(s.requests)-1 {
				if err := w.Append(a.Seal(), s.id, []byte{1}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if err := errors.Join(w.Drain(t.Context()), w.Close(t.Context())); err != nil {
		t.Fatal(err)
	}
}

// add passes one request on, as a line or as what the receiver of beacons makes of it.
func (s *site) add(t testing.TB, a *anonymize.Anonymizer, parser *accesslog.Parser, h raw.Hit, r request) {
	t.Helper()
	if r.origin == raw.FromLog {
		line := r.line()
		if s.format == "combined" {
			line = r.combined()
		}
		h.Fields().Site = s.id
		if err := parser.Parse([]byte(line), h); err != nil {
			t.Fatalf("a line of %s is not understood", s.id)
		}
	} else {
		*h.Fields() = raw.Fields{
			Site: s.id, Time: r.at, Addr: []byte(r.addr), Host: []byte(r.host), Target: []byte(r.target), Referrer: []byte(r.referrer),
			UserAgent: []byte(r.agent), Language: []byte(r.language), Event: []byte(r.event), Interactive: r.interactive,
			Origin: r.origin, GPC: r.gpc, DNT: r.dnt,
		}
	}
	if _, err := a.Add(h); err != nil && !errors.Is(err, anonymize.ErrBot) && !errors.Is(err, anonymize.ErrOptedOut) {
		t.Fatalf("a request of %s is dropped: %v", s.id, err)
	}
}

// ask answers a question in the JSON of the Stats API.
func (k *klar) ask(t testing.TB, body []byte) (report.Result, error) {
	t.Helper()
	q, err := report.Parse(body, report.Options{Now: asked, Sites: func(id string) (*time.Location, bool) {
		l, ok := k.sites[id]
		return l, ok
	}, Definitions: func(id string) report.Definitions {
		_, shown := defined(t)
		shown.Funnels = append(shown.Funnels, k.late[id]...)
		return shown
	}})
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return k.db.Query(t.Context(), q)
}
