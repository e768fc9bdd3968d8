package anonymize_test

import (
	"sync"
	"testing"
	"time"

	"github.com/klar-analytics/klar/anonymize"
)

// TestCurrentVisitors counts the people of a minute ago, while another goroutine asks and the sites change.
func TestCurrentVisitors(t *testing.T) {
	o := policy()
	o.Now = func() time.Time { return time.Date(2026, 3, 12, 10, 1, 0, 0, time.UTC) }
	a := open(t, o)
	done := make(chan struct{})
	var asking sync.WaitGroup
	defer asking.Wait()
	asking.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
				a.CurrentVisitors("example.org", 5*time.Minute)
			}
		}
	})
	defer close(done)
	for _, l := range []line{
		{}, {request: "GET /b HTTP/1.1"}, {addr: "198.51.100.1"}, {addr: "192.0.2.1", host: "shop.example"},
		{addr: "192.0.2.9", clock: "12/Mar/2026:09:55:00"}, {addr: "198.51.100.99", agent: "Googlebot/2.1"}, {addr: "192.0.2.44", gpc: "1"},
	} {
		if _, err := add(t, a, l); err != nil {
			t.Fatal(err)
		}
	}
	for site, want := range map[string]int{"example.org": 2, "shop": 1, "else.org": 0} {
		if got := a.CurrentVisitors(site, 5*time.Minute); got != want {
			t.Errorf("%s has %d current visitors, want %d", site, got, want)
		}
	}
	o.Sites = []anonymize.Site{{ID: "example.org"}, {ID: "new.org"}}
	if err := a.Reconfigure(o); err != nil {
		t.Fatal(err)
	}
	for site, want := range map[string]int{"example.org": 2, "shop": 0, "new.org": 0} {
		if got := a.CurrentVisitors(site, 5*time.Minute); got != want {
			t.Errorf("after the sites changed, %s has %d current visitors, want %d", site, got, want)
		}
	}
}
