package visit_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/klar-analytics/klar/anonymize/visit"
	"github.com/klar-analytics/klar/hit"
)

// largestVisitor is the goal for the memory of a visitor of the day, in bytes.
const largestVisitor = 200

// busyDay lets people come as they come to a large site: every seventh twice, four in ten for one page and the others for
// 3.6 in the mean, of some thousand pages; half from one of many referrers, some from campaigns.
func busyDay(tr *visit.Tracker, people int) {
	r := rand.New(rand.NewPCG(4, 4))
	pages := rand.NewZipf(r, 1.1, 8, 5000)
	referrers := rand.NewZipf(r, 1.2, 4, 800)
	for who := range people {
		p := person(who)
		for range 1 + max(0, r.IntN(7)-5) {
			page := 1 + int(pages.Uint64())
			a := hit.Arrival{Entry: hit.NewPath(fmt.Sprint("/page/", page))}
			switch from := r.IntN(100); {
			case from < 50:
				n := referrers.Uint64()
				a.Source, a.Channel = hit.NewSource(fmt.Sprint("source ", n/4)), hit.ChannelReferral
				a.Referrer = hit.NewReferrer(fmt.Sprintf("site-%d.example/page", n))
			case from < 58:
				a.UTMSource, a.UTMMedium = hit.NewCampaign("newsletter"), hit.NewCampaign("email")
				a.UTMCampaign, a.Channel = hit.NewCampaign(fmt.Sprint("week ", r.IntN(20))), hit.ChannelEmail
			}
			now := monday + r.Int64N(80_000)
			for more := r.IntN(100) >= 40; ; more = r.IntN(100) < 62 {
				s := at(who, p, now, page, a)
				tr.Touch(&s.visit)
				if !more {
					break
				}
				now += 5 + r.Int64N(90)
				page = 1 + int(pages.Uint64())
			}
		}
		if who%1000 == 0 {
			tr.Settle()
		}
	}
	tr.Settle()
}

func TestVisitorsOfABusyDayStaySmall(t *testing.T) {
	const people = 20_000
	tr := newTracker(t, visit.Options{})
	busyDay(tr, people)
	if n := tr.Figures().Bytes / people; n > largestVisitor {
		t.Errorf("%d bytes a visitor, want at most %d", n, largestVisitor)
	}
}

// TestVisitorsWhoComeTwiceStaySmall holds the same for days on which everybody comes twice and sees two pages each time,
// which tell how they are read.
func TestVisitorsWhoComeTwiceStaySmall(t *testing.T) {
	const people = 20_000
	for name, again := range map[string]int{"to the same pages": 0, "to others": 2} {
		tr := newTracker(t, visit.Options{})
		for who := range people {
			for _, s := range []struct{ at, page int }{{0, 1}, {60, 2}, {40_000, 1 + again}, {40_060, 2 + again}} {
				view(tr, who, monday+int64(s.at), s.page)
				tr.Engage(report(who, monday+int64(s.at)+30, s.page, 30, 80))
			}
		}
		if n := tr.Figures().Bytes / people; n > largestVisitor {
			t.Errorf("%s: %d bytes a visitor, want at most %d", name, n, largestVisitor)
		}
	}
}

// BenchmarkBusyDay prints what a visitor of the day takes.
func BenchmarkBusyDay(b *testing.B) {
	for _, people := range []int{20_000, 150_000} {
		b.Run(fmt.Sprint(people), func(b *testing.B) {
			for b.Loop() {
				tr := newTracker(b, visit.Options{})
				busyDay(tr, people)
				f := tr.Figures()
				b.ReportMetric(float64(f.Bytes)/float64(people), "B/visitor")
				b.ReportMetric(float64(f.Entries)/float64(people), "entries/visitor")
			}
		})
	}
}
