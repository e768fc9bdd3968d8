package visit_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/klar-analytics/klar/anonymize/visit"
)

func TestHour(t *testing.T) {
	for _, c := range []struct{ zone, at, hour string }{
		{"UTC", "2026-06-01T10:59:59Z", "2026-06-01T10:00:00Z"},
		{"Asia/Kolkata", "2026-06-01T10:29:59Z", "2026-06-01T09:30:00Z"},
		{"Asia/Kolkata", "2026-06-01T10:30:00Z", "2026-06-01T10:30:00Z"},
		{"Asia/Kathmandu", "2026-06-01T10:14:59Z", "2026-06-01T09:15:00Z"},
		{"Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z"},
		{"Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25T00:00:00Z"}, // the first 02:30
		{"Europe/Berlin", "2026-10-25T01:30:00Z", "2026-10-25T01:00:00Z"}, // the second
		{"UTC", "1969-12-31T23:59:59Z", "1969-12-31T23:00:00Z"},
		// Clocks go back from 02:00 to 01:30: what follows is an hour of its own.
		{"Australia/Lord_Howe", "2026-04-04T14:59:59Z", "2026-04-04T14:00:00Z"},
		{"Australia/Lord_Howe", "2026-04-04T15:10:00Z", "2026-04-04T15:00:00Z"},
		{"Australia/Lord_Howe", "2026-04-04T15:30:00Z", "2026-04-04T15:30:00Z"},
	} {
		at, _ := time.Parse(time.RFC3339, c.at)
		got := visit.NewCalendar(zone(t, c.zone)).Hour(at.Unix())
		if got := time.Unix(got, 0).UTC().Format(time.RFC3339); got != c.hour {
			t.Errorf("%s at %s: %s, want %s", c.zone, c.at, got, c.hour)
		}
	}
}

// TestDayIsTheLocalDate compares with package time, every 17 minutes of years with all sorts of changes.
func TestDayIsTheLocalDate(t *testing.T) {
	for _, name := range []string{
		"UTC", "Europe/Berlin", "Asia/Kolkata", "America/Havana", "America/Sao_Paulo", "America/St_Johns", "Pacific/Apia",
		"Australia/Lord_Howe", "Africa/Cairo", "Pacific/Kiritimati",
	} {
		l := zone(t, name)
		c := visit.NewCalendar(l)
		for at := time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2013; at = at.Add(17 * time.Minute) {
			y, m, d := at.In(l).Date()
			want := int32(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
			if got := c.Day(at.Unix()); got != want {
				t.Fatalf("%s at %s: day %d, want %d", name, at, got, want)
			}
		}
	}
}

// TestDayStart compares with the first instant of each local date that is met on a walk over years, minute by minute
// around midnight and by quarters of an hour elsewhere.
func TestDayStart(t *testing.T) {
	for _, c := range []struct {
		zone string
		year int
	}{
		{"UTC", 2010}, {"Europe/Berlin", 2010}, {"Asia/Kolkata", 2010}, {"Asia/Kathmandu", 2010},
		{"America/Havana", 2010},    // midnight is left out, and comes twice
		{"America/Sao_Paulo", 2010}, // midnight is left out; 24:00 becomes 23:00 of the same day
		{"America/St_Johns", 2009},  // at 00:01 the clock goes back into the day before
		{"Africa/Cairo", 2010}, {"Asia/Beirut", 2010}, {"Pacific/Apia", 2010}, {"Australia/Lord_Howe", 2010},
		{"Pacific/Kiritimati", 2010}, {"Asia/Gaza", 2010}, {"America/Asuncion", 2010},
	} {
		l := zone(t, c.zone)
		starts := map[string]int64{}
		calendar := visit.NewCalendar(l)
		for at := time.Date(c.year, 1, 1, 0, 0, 0, 0, l); at.Year() < c.year+2; {
			day := at.Format(time.DateOnly)
			if _, ok := starts[day]; !ok {
				starts[day] = at.Unix()
			}
			if got := calendar.DayStart(at.Unix() + 59); got != starts[day] {
				t.Fatalf("%s at %v: the day starts at %v, want %v", c.zone, at, time.Unix(got, 0).In(l), time.Unix(starts[day], 0).In(l))
			}
			if step := time.Minute; at.Hour() < 2 || at.Hour() >= 22 {
				at = at.Add(step)
			} else {
				at = at.Add(15 * step)
			}
		}
	}
}

// TestDayStartBackAndForth asks for days in no order, as logs out of order do.
func TestDayStartBackAndForth(t *testing.T) {
	l := zone(t, "Europe/Berlin")
	calendar, random := visit.NewCalendar(l), rand.New(rand.NewPCG(1, 1))
	for range 10_000 {
		at := time.Unix(random.Int64N(2_000_000_000), 0).In(l)
		if got, want := calendar.DayStart(at.Unix()), visit.NewCalendar(l).DayStart(at.Unix()); got != want {
			t.Fatalf("at %v: the day starts at %v, want %v", at, time.Unix(got, 0).In(l), time.Unix(want, 0).In(l))
		}
	}
}

func BenchmarkDayStart(b *testing.B) {
	calendar := visit.NewCalendar(zone(b, "Europe/Berlin"))
	for at := int64(1_747_000_000); b.Loop(); at++ {
		calendar.DayStart(at)
	}
}

func TestNoZoneIsUTC(t *testing.T) {
	if got := visit.NewCalendar(nil).Hour(7199); got != 3600 {
		t.Errorf("the hour starts at %d", got)
	}
}
