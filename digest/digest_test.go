package digest

import (
	"context"
	"testing"
	"time"

	"github.com/klar-analytics/klar/report"
)

// TestReportsAreSentOnce goes through weeks of a site, with restarts.
func TestReportsAreSentOnce(t *testing.T) {
	t.Parallel()
	const week = "weekly/example.org/2026-11-16 to webhook-ada"
	d := newDesk(t, "2026-11-22 23:59")
	d.want(t, "2026-11-22 23:59", "")
	d.want(t, "2026-11-23 06:59", "")
	d.want(t, "2026-11-23 07:00", week)
	d.want(t, "2026-11-23 07:01", "")
	d.restart(t)
	d.want(t, "2026-11-23 07:02", "")
	d.want(t, "2026-11-24 07:00", "")

	// Klar was off on Monday, and comes back within a day, or after it.
	d.want(t, "2026-12-01 07:00", "monthly/example.org/2026-11-01 to webhook-ada, monthly/example.org/2026-11-01 to webhook-boss, weekly/example.org/2026-11-23 to webhook-ada")
	d.restart(t)
	d.want(t, "2026-12-08 07:01", "")

	// The clock is set back: what was sent is not sent again.
	d.want(t, "2026-11-23 08:00", "")
	// Nobody came: there is nothing to tell, and it is not asked each minute.
	d.store.empty, d.store.asked = true, nil
	d.want(t, "2026-12-14 07:00", "")
	asked := len(d.store.asked)
	d.want(t, "2026-12-14 07:01", "")
	if asked == 0 || len(d.store.asked) != asked {
		t.Errorf("of an empty week %d questions are asked, and then %d", asked, len(d.store.asked))
	}
}

// TestSentForgetsSites drops a site that is told of no more, so that its name does not stay.
func TestSentForgetsSites(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "2026-11-23 07:00")
	d.sent.set("gone.example", Weekly, clock(t, "2026-11-16 00:00"))
	d.sent.set("recent.example", Weekly, clock(t, "2026-11-23 00:00"))
	d.sent.set("example.org", Monthly, clock(t, "2026-11-01 00:00"))
	d.at(t, "2026-11-23 07:00")
	d.restart(t)
	if _, gone := d.sent["gone.example"]; gone || len(d.sent) != 2 || len(d.sent["example.org"]) != 2 {
		t.Errorf("kept is %v", d.sent)
	}
}

// TestReportsOfOthersWait wants failures to be tried again, and not each minute.
func TestReportsOfOthersWait(t *testing.T) {
	t.Parallel()
	const week = "weekly/example.org/2026-11-16 to webhook-ada"
	d := newDesk(t, "2026-11-23 06:00")
	d.store.err = errAway
	d.want(t, "2026-11-23 07:00", "")
	d.store.err = nil
	d.want(t, "2026-11-23 07:09", "")
	d.outbox.err = errAway
	d.want(t, "2026-11-23 07:10", "")
	d.outbox.err = nil
	d.want(t, "2026-11-23 07:20", week)
	d.want(t, "2026-11-23 07:40", "")
}

// TestQuestionsCoverTheirDays wants the ranges of reports in the site's time zone, over a change of the clock.
func TestQuestionsCoverTheirDays(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "2026-10-26 07:00")
	d.site.Drop = false
	d.at(t, "2026-10-26 07:00")
	if len(d.store.asked) != 6 {
		t.Fatalf("%d questions are asked", len(d.store.asked))
	}
	for _, q := range d.store.asked {
		if q.Site != "example.org" || !q.From.Equal(clock(t, "2026-10-19 00:00")) || !q.To.Equal(clock(t, "2026-10-26 00:00")) {
			t.Errorf("asked is %s from %v to %v", q.Site, q.From, q.To)
		}
		if q.Dimensions == nil && (q.Compare == nil || !q.Compare.From.Equal(clock(t, "2026-10-12 00:00")) || !q.Compare.To.Equal(q.From)) {
			t.Errorf("it is compared with %+v", q.Compare)
		}
	}
	for now, want := range map[string][2]string{ // weeks begin on Monday, months have lengths of their own
		"2026-11-22 12:00": {"2026-11-09 2026-11-15 2026-11-02 2026-11-08", "2026-10-01 2026-10-31 2026-09-01 2026-09-30"},
		"2026-11-23 00:00": {"2026-11-16 2026-11-22 2026-11-09 2026-11-15", "2026-10-01 2026-10-31 2026-09-01 2026-09-30"},
		"2026-03-31 23:59": {"2026-03-23 2026-03-29 2026-03-16 2026-03-22", "2026-02-01 2026-02-28 2026-01-01 2026-01-31"},
		"2026-01-01 00:00": {"2025-12-22 2025-12-28 2025-12-15 2025-12-21", "2025-12-01 2025-12-31 2025-11-01 2025-11-30"},
	} {
		for i, p := range []Period{LastWeek(clock(t, now)), LastMonth(clock(t, now))} {
			got := ""
			for _, day := range []time.Time{p.From, p.To, p.BeforeFrom, p.BeforeTo} {
				got += " " + day.Format(time.DateOnly)
			}
			if got[1:] != want[i] {
				t.Errorf("at %s the period is%s, want %s", now, got, want[i])
			}
		}
	}
	for s, ok := range map[string]bool{"week": true, "month": true, "7d": true, "366d": true, "367d": false, "0d": false, "": false, "07d": false, "day": false} {
		if _, _, err := ParsePeriod(s, d.now); (err == nil) != ok {
			t.Errorf("%q is read: %v", s, err)
		}
	}
}

// TestRunEnds looks at once, at each tick, and ends.
func TestRunEnds(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "2026-11-23 07:00")
	ctx, cancel := context.WithCancel(t.Context())
	tick, ended := make(chan time.Time), make(chan struct{})
	go func() { defer close(ended); d.Run(ctx, tick) }()
	tick <- d.now // it has looked
	cancel()
	<-ended
	if len(d.outbox.told) != 1 {
		t.Errorf("handed on is %q", d.outbox.told)
	}
}

// TestSpike tells of many visitors once a day.
func TestSpike(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "2026-11-24 12:00")
	d.site.Spike, d.current = 100, 99
	d.want(t, "2026-11-24 12:00", "")
	d.current = 1100
	d.want(t, "2026-11-24 12:01", "spike/example.org/2026-11-24 to webhook-ops")
	golden(t, "spike.en.txt", d.outbox.last.Title+"\n\n"+d.outbox.last.Text)
	golden(t, "spike.json", string(d.outbox.last.Payload)+"\n")
	d.want(t, "2026-11-24 12:02", "")
	d.restart(t)
	d.want(t, "2026-11-24 23:59", "")
	d.want(t, "2026-11-25 00:00", "spike/example.org/2026-11-25 to webhook-ops")
	d.site.Spike = 0
	d.want(t, "2026-11-26 00:00", "")
}

// usual makes a store know the same number of visitors in each hour of five weeks up to a time.
func (s *store) usual(t *testing.T, until string, n int64) {
	t.Helper()
	s.hours = map[string]int64{}
	end := clock(t, until)
	for hour := end.Add(-5 * 7 * 24 * time.Hour); hour.Before(end); hour = hour.Add(time.Hour) {
		s.hours[hour.Format(hourLabel)] = n
	}
}

// TestDrop tells of hours without anybody once a day, if that is unusual.
func TestDrop(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "2026-11-24 00:00")
	d.store.usual(t, "2026-11-24 12:00", 12)
	d.want(t, "2026-11-24 12:30", "") // the last whole hour had visitors
	d.want(t, "2026-11-24 13:09", "") // the next may not be complete
	d.current = 1
	d.want(t, "2026-11-24 13:10", "") // somebody is there, and on the way to the store
	d.current = 0
	d.want(t, "2026-11-24 13:11", "drop/example.org/2026-11-24 to webhook-ops")
	golden(t, "drop.en.txt", d.outbox.last.Title+"\n\n"+d.outbox.last.Text)
	golden(t, "drop.json", string(d.outbox.last.Payload)+"\n")
	d.want(t, "2026-11-24 14:11", "")
	// While it stays silent, that is no news.
	for _, hour := range []string{"2026-11-25 00:15", "2026-11-25 11:15", "2026-11-25 12:15", "2026-11-25 18:15", "2026-11-26 07:15"} {
		d.want(t, hour, "")
	}
	d.store.hours["2026-11-26 08:00:00"] = 1 // and once again
	d.site.Notices[0].Language = German
	d.restart(t)
	d.want(t, "2026-11-26 10:15", "drop/example.org/2026-11-26 to webhook-ops")
	golden(t, "drop.de.txt", d.outbox.last.Title+"\n\n"+d.outbox.last.Text)
}

// TestDropOfSmallSites needs more hours, and one week that was empty, too, makes it usual.
func TestDropOfSmallSites(t *testing.T) {
	t.Parallel()
	d := newDesk(t, "2026-11-24 00:00")
	d.store.usual(t, "2026-11-24 12:00", 3)
	d.want(t, "2026-11-24 15:10", "") // 9 visitors in 3 hours
	d.want(t, "2026-11-24 16:10", "drop/example.org/2026-11-24 to webhook-ops")

	d = newDesk(t, "2026-11-24 00:00")
	d.store.usual(t, "2026-11-24 12:00", 100)
	for hour := clock(t, "2026-11-10 00:00"); hour.Before(clock(t, "2026-11-11 00:00")); hour = hour.Add(time.Hour) {
		d.store.hours[hour.Format(hourLabel)] = 0
	}
	d.want(t, "2026-11-24 16:10", "")
	asked := len(d.store.asked)
	d.want(t, "2026-11-24 16:11", "")
	if len(d.store.asked) != asked {
		t.Error("the same hour is asked about again")
	}
	if q := d.store.asked[0]; !q.To.Equal(clock(t, "2026-11-24 16:00")) || !q.From.Equal(clock(t, "2026-10-26 16:00")) || q.Dimensions[0] != report.TimeHour {
		t.Errorf("asked is from %v to %v by %v", q.From, q.To, q.Dimensions)
	}
}
