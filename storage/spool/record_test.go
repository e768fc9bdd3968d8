package spool

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"unique"

	"github.com/klar-analytics/klar/hit"
)

// someHits makes hits as a site has them: mostly files and bots, and people with their visits.
func someHits(rng *rand.Rand, n int) []hit.Hit {
	hits := make([]hit.Hit, n)
	for i := range hits {
		at := int64(1_700_000_000 + i/10)
		hits[i] = hit.Hit{
			Site: hit.NewSite(fmt.Sprint("site", rng.IntN(2))), Time: at, Hour: at - at%3600, Day: at - at%86400, Bytes: rng.Uint64N(1 << 20),
			Host: hit.NewHost("www.example.org"), Path: hit.NewPath(fmt.Sprintf("/static/%d.css", rng.IntN(300))),
			Status: 200, Kind: hit.KindStatic, Method: hit.MethodGet,
		}
		switch rng.IntN(4) {
		case 0:
			hits[i].Bot, hits[i].BotClass = hit.NewBot(fmt.Sprint("bot", rng.IntN(20))), hit.BotClass(rng.IntN(int(hit.BotOther)+1))
			hits[i].Kind, hits[i].Status = hit.KindError, 404
		case 1:
			makePerson(rng, &hits[i])
		case 2:
			if rng.IntN(5) == 0 {
				hits[i] = hit.SignalOf(hits[i].Site, at, someSignal(rng))
			}
		}
	}
	return hits
}

func someSignal(rng *rand.Rand) hit.Signal {
	class := hit.Threat(rng.IntN(len(hit.Threats()) + 1))
	return hit.Signal{
		Net: hit.ParseNet(fmt.Sprintf("198.51.%d.0/24", rng.IntN(9))), Country: hit.NewCountry("DE"), Provider: hit.NewProvider("Example Net"),
		Threat: class, Rule: hit.Finding{Threat: class}.Name(), Requests: rng.Uint64N(1 << 20), Certain: rng.Uint64N(9),
	}
}

func makePerson(rng *rand.Rand, h *hit.Hit) {
	h.Kind = hit.KindPage
	if rng.IntN(10) == 0 {
		h.Kind, h.Path, h.Event = hit.KindEvent, hit.Path{}, hit.NewEvent("Sign up")
	}
	v := hit.Visitor{
		Country: hit.NewCountry("DE"), Browser: hit.NewBrowser("Firefox"), BrowserVersion: hit.NewVersion(fmt.Sprint(100 + rng.IntN(30))),
		OS: hit.NewOS("Windows"), OSVersion: hit.NewVersion("10"), Device: hit.DeviceDesktop,
	}
	h.Crowd = unique.Make(v)
	v.Provider = hit.NewProvider(fmt.Sprint("Provider ", rng.IntN(9)))
	v.City, v.Language, v.Screen = hit.NewCity("San José"), hit.NewLanguage("es-CR"), hit.Screen(rng.IntN(5))
	v.Region = hit.NewRegion(fmt.Sprint("CR-", rng.IntN(9)))
	h.Visitor = unique.Make(v)
	if rng.IntN(9) == 0 {
		v.Screen, v.Language = hit.ScreenUnknown, hit.Language{}
		h.Before = unique.Make(v)
	}
	h.Arrival = unique.Make(hit.Arrival{
		Source: hit.NewSource("Google"), Channel: hit.ChannelOrganicSearch, Referrer: hit.NewReferrer("google.com/"),
		UTMTerm: hit.NewCampaign(fmt.Sprint("t", rng.IntN(3))), Entry: hit.NewPath(fmt.Sprint("/p/", rng.IntN(50))),
		EntryHost: hit.NewHost(fmt.Sprint("www", rng.IntN(3), ".example.org")),
	})
	h.Marks, h.Seconds = hit.Marks(rng.Uint32N(uint32(hit.Known)<<1)), rng.Uint32N(1801)
	h.Lasted = rng.Uint32N(2)
	if rng.IntN(2) == 0 {
		h.From, h.FromHost, h.FromHour = hit.NewPath(fmt.Sprint("/p/", rng.IntN(50))), h.Host, h.Hour-3600*rng.Int64N(2)
		h.Reading, h.Scroll, h.Moves = rng.Uint32N(1801), uint8(rng.IntN(101)), hit.Moves(rng.IntN(int(hit.AllMoves)+1))
	}
	if rng.IntN(9) == 0 {
		h.FromHost = hit.NewHost("example.org")
	}
	h.Reached = someTargets(rng)
	for range rng.IntN(3) {
		h.Props = unique.Make(hit.Property{
			Name: hit.NewProp(fmt.Sprint("p", rng.IntN(3))), Value: hit.NewProp(fmt.Sprint("v", rng.IntN(9))),
			FirstToday: rng.IntN(2) == 0, FirstOfVisit: rng.IntN(2) == 0, Next: h.Props,
		})
	}
}

// someTargets makes a list of up to three targets.
func someTargets(rng *rand.Rand) unique.Handle[hit.Reached] {
	list := make([]hit.Reached, rng.IntN(4))
	for i := range list {
		list[i] = hit.Reached{
			Target:     hit.Target{Definition: hit.NewDefinition(fmt.Sprintf("page /%d/**", rng.IntN(3))), Kind: hit.Counted(rng.IntN(3)), Step: uint8(i)},
			FirstToday: rng.IntN(2) == 0, FirstOfVisit: rng.IntN(2) == 0, Defined: rng.IntN(9) == 0,
		}
		if rng.IntN(3) == 0 {
			list[i].Revenue = hit.Revenue{Units: rng.Int64N(2*hit.MaxRevenue) - hit.MaxRevenue, Currency: hit.NewCurrency("eur")}
		}
	}
	return hit.ListOf(list)
}

func encode(hits []hit.Hit, key string, position []byte) []byte {
	var index Index
	var e Encoder
	return e.Append(nil, hits, index.Refs(nil, hits), key, position)
}

func TestRecordRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var index Index
	var e Encoder
	for n := range 40 { // one encoder, as for one segment
		hits := someHits(rng, n*n)
		if n == 7 { // a crowd that is not the visitor's, and neither, and only an arrival
			hits[0].Crowd, hits[0].Visitor = hits[1].Visitor, unique.Handle[hit.Visitor]{}
			hits[1].Arrival = unique.Make(hit.Arrival{})
			hits[2].Time, hits[2].Hour, hits[2].Day = -5, 1<<40, -7
			hits[3].Day++ // of another time zone, in the same hour
		}
		got, err := Decode(e.Append(nil, hits, index.Refs(nil, hits), "log", []byte{byte(n)}))
		if err != nil {
			t.Fatal(err)
		}
		if got.Key != "log" || len(got.Position) != 1 || got.Position[0] != byte(n) || len(got.Hits) != len(hits) {
			t.Fatalf("record %d came back with key %q, position %v and %d hits", n, got.Key, got.Position, len(got.Hits))
		}
		for i := range hits {
			if got.Hits[i] != hits[i] {
				t.Fatalf("record %d: hit %d came back changed", n, i)
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{0, 1, 5} {
		f.Add(encode(someHits(rng, n), "key", []byte("position")))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		r, err := Decode(payload)
		if err != nil {
			return
		}
		again, err := Decode(encode(r.Hits, r.Key, r.Position))
		if err != nil || len(again.Hits) != len(r.Hits) {
			t.Fatalf("what was read cannot be written and read again: %v", err)
		}
		for i := range r.Hits {
			if again.Hits[i] != r.Hits[i] {
				t.Fatalf("hit %d came back changed", i)
			}
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	hits := someHits(rand.New(rand.NewPCG(1, 2)), 4096)
	var index Index
	var e Encoder
	var refs []Refs
	var buffer []byte
	b.ReportAllocs()
	for b.Loop() {
		refs = index.Refs(refs[:0], hits)
		buffer = e.Append(buffer[:0], hits, refs, "log", []byte("position"))
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/4096, "ns/hit")
	b.ReportMetric(float64(len(buffer))/4096, "B/hit")
}

func BenchmarkDecode(b *testing.B) {
	payload := encode(someHits(rand.New(rand.NewPCG(1, 2)), 4096), "log", nil)
	for b.Loop() {
		if _, err := Decode(payload); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/4096, "ns/hit")
}
