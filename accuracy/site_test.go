package accuracy

import (
	"fmt"
	"testing"
	"time"
)

// site is a site with what was asked of it.
type site struct {
	id       string
	hosts    []string
	location *time.Location
	format   string
	requests []request // in the order of their times
	// ordered says that the lines stand in the order of their times. Which hit came first is not known of others.
	ordered bool
	real    bool
	// beacons says that there are beacons beside the log.
	beacons bool
	days    [2]string // the first and last
	week    [2]string
	day     [2]string
}

// identity is what Klar tells people apart by.
func (s *site) identity() func(*request) string {
	if s.beacons {
		return silent
	}
	return shortened
}

// combined is the request as a line of the combined format.
func (r *request) combined() string {
	return fmt.Sprintf(`%s - - [%s] "%s %s HTTP/1.1" %d %d "%s" "%s"`, r.addr, time.Unix(r.at, 0).UTC().Format(clfTime), r.method,
		r.target, r.status, r.bytes, orDash(r.referrer), orDash(r.agent))
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// delayed says of lines in the order of a log how late they were written, at least.
func delayed(list []request) []request {
	latest := int64(0)
	for i := range list {
		latest = max(latest, list[i].at)
		list[i].delay = latest - list[i].at
	}
	return inOrder(list)
}

// sites are the logs that are counted: two generated ones around the end of summer time, the second logged by a server
// that writes a line when the answer has been sent; the real one in the order of time, and as it was written.
func sites(t testing.TB) []*site {
	t.Helper()
	berlin := &site{
		id: "berlin.example", hosts: []string{"www.berlin.example", "blog.berlin.example"}, location: zone(t, "Europe/Berlin"), format: logFormat,
		ordered: true, days: [2]string{"2026-10-19", "2026-11-03"}, week: [2]string{"2026-10-19", "2026-10-25"}, day: [2]string{"2026-10-25", "2026-10-25"},
	}
	berlin.requests = generate(berlin, 1, 0)
	johns := &site{
		id: "stjohns.example", hosts: []string{"www.stjohns.example", "blog.stjohns.example"}, location: zone(t, "America/St_Johns"), format: logFormat,
		days: [2]string{"2026-10-24", "2026-11-03"}, week: [2]string{"2026-10-26", "2026-11-01"}, day: [2]string{"2026-11-01", "2026-11-01"},
	}
	johns.requests = generate(johns, 2, 90)
	both := &site{
		id: "both.example", hosts: []string{"www.both.example", "blog.both.example"}, location: zone(t, "Europe/Berlin"), format: logFormat,
		ordered: true, beacons: true, days: berlin.days, week: berlin.week, day: berlin.day,
	}
	both.requests = generate(both, 3, 0)
	may := site{
		format: "combined", real: true, location: time.UTC, days: [2]string{"2015-05-17", "2015-05-20"}, week: [2]string{"2015-05-18", "2015-05-20"},
		day: [2]string{"2015-05-19", "2015-05-19"},
	}
	ordered, written := may, may
	ordered.id, ordered.ordered, ordered.requests = "ordered.example", true, inOrder(realLog(t))
	if !*everything {
		return []*site{berlin, johns, both, &ordered}
	}
	written.id, written.requests = "written.example", delayed(realLog(t))
	return []*site{berlin, johns, both, &ordered, &written}
}
