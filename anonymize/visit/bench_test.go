package visit_test

import (
	"math/rand/v2"
	"net/netip"
	"strconv"
	"testing"

	"github.com/klar-analytics/klar/anonymize/visit"
	"github.com/klar-analytics/klar/hit"
)

const monday = 1_780_272_000 // 2026-06-01T00:00:00Z

// crowdOf makes the hits of n people who look at a page each in turn, with agents as long as real ones.
func crowdOf(n int) []visit.Visit {
	attributes := make([]hit.Visitor, 200)
	for i := range attributes {
		attributes[i] = hit.Visitor{
			Country: hit.NewCountry("DE"), Browser: hit.NewBrowser("Chrome"), BrowserVersion: hit.NewVersion(strconv.Itoa(i % 20)),
			OS: hit.NewOS("Windows"), OSVersion: hit.NewVersion(strconv.Itoa(i % 10)), Device: hit.DeviceDesktop,
		}
	}
	pages := make([]hit.Path, 300)
	for i := range pages {
		pages[i] = hit.NewPath("/articles/2026/06/some-title-" + strconv.Itoa(i))
	}
	// Few agents, which stay in the processor's cache as those of a line just read do.
	agents := make([][]byte, 100)
	for i := range agents {
		agents[i] = []byte("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 " +
			strconv.Itoa(i))
	}
	host := hit.NewHost("example.org")
	visits := make([]visit.Visit, n)
	for i := range visits {
		visits[i] = visit.Visit{
			Who: identity(hit.NewNet(netip.AddrFrom4([4]byte{byte(i >> 16), byte(i >> 8), byte(i), 0}), 24, 48), agents[i%len(agents)], nil), Host: host,
			Page:       pages[i%len(pages)],
			Attributes: func() hit.Visitor { return attributes[i%len(attributes)] },
		}
	}
	rand.New(rand.NewPCG(1, 1)).Shuffle(n, func(i, j int) { visits[i], visits[j] = visits[j], visits[i] })
	return visits
}

const people = 100_000

// BenchmarkReturning is the steady state: 100,000 visitors of the day, of whom one comes back in each round, mostly to
// a page that they saw.
func BenchmarkReturning(b *testing.B) {
	visits := crowdOf(people)
	tr := newTracker(b, visit.Options{})
	second := int64(monday)
	for i := range visits {
		visits[i].Time = second
		tr.Touch(&visits[i])
	}
	tr.Settle()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if i++; i == len(visits) {
			i, second = 0, second+1
		}
		v := &visits[i]
		v.Time = second
		tr.Touch(v)
	}
}

// BenchmarkNew is a visitor's first hit of the day, the crowd rule's decision in batches of 4,096 included.
func BenchmarkNew(b *testing.B) {
	visits := crowdOf(people)
	tr := newTracker(b, visit.Options{})
	b.ReportAllocs()
	day, i := int64(monday), 0
	for b.Loop() {
		if i++; i == len(visits) {
			i, day = 0, day+86400
			tr.Forget(day)
		}
		visits[i].Time = day
		tr.Touch(&visits[i])
		if i%4096 == 0 {
			tr.Settle()
		}
	}
}

// BenchmarkMemory reports the bytes that a visitor of the day takes who has three page views on two pages.
func BenchmarkMemory(b *testing.B) {
	visits := crowdOf(people)
	other := hit.NewPath("/second")
	var f visit.Figures
	for b.Loop() {
		tr := newTracker(b, visit.Options{})
		for i := range visits {
			v := visits[i]
			v.Time = monday
			tr.Touch(&v)
			tr.Touch(&v)
			v.Page = other
			tr.Touch(&v)
		}
		f = tr.Figures()
	}
	b.ReportMetric(float64(f.Bytes)/people, "bytes/visitor")
	b.ReportMetric(float64(f.Entries)/people, "entries/visitor")
}

// BenchmarkHour is the hour of a hit that is not touched.
func BenchmarkHour(b *testing.B) {
	c := visit.NewCalendar(zone(b, "Europe/Berlin"))
	t := int64(monday)
	for b.Loop() {
		t++
		c.Hour(t)
	}
}
