package anonymize_test

import (
	"errors"
	"testing"
	"time"

	"github.com/klar-analytics/klar/anonymize"
	"github.com/klar-analytics/klar/hit"
)

// TestReconfigure wants the visits of a site to go on that stays, and to begin anew where its days do.
func TestReconfigure(t *testing.T) {
	o := policy()
	a := open(t, o)
	first := func(host string) bool {
		t.Helper()
		h, err := add(t, a, line{host: host})
		if err != nil {
			t.Fatalf("%s: %v", host, err)
		}
		return h.Marks.Has(hit.FirstToday)
	}
	for _, host := range []string{"example.org", "shop.example"} {
		if !first(host) || first(host) {
			t.Errorf("%s: a visitor must be new once", host)
		}
	}
	o.Sites = []anonymize.Site{
		{ID: "example.org", Hosts: []string{"new.example"}, Location: time.UTC}, {ID: "shop", Hosts: []string{"shop.example"}, Location: time.UTC}, {ID: "blog"},
	}
	o.RespectGPC = false
	if err := a.Reconfigure(o); err != nil {
		t.Fatal(err)
	}
	if first("example.org") || first("new.example") {
		t.Error("the visits of a site that stays do not go on")
	}
	if !first("shop.example") || !first("blog") {
		t.Error("a site of another time zone, or a new one, knows its visitors")
	}
	if h, err := add(t, a, line{gpc: "1"}); err != nil || !h.Counts() {
		t.Errorf("the signals to respect are the old ones (%v)", err)
	}

	o.Sites = []anonymize.Site{{ID: "shop", Location: time.UTC}, {ID: "no site's id"}}
	if err := a.Reconfigure(o); err == nil {
		t.Fatal("a site was taken that cannot be")
	}
	if first("example.org") || first("shop.example") {
		t.Error("a refused change has changed the visits")
	}

	o.Sites = o.Sites[:1]
	if err := a.Reconfigure(o); err != nil {
		t.Fatal(err)
	}
	if _, err := add(t, a, line{host: "example.org"}); !errors.Is(err, anonymize.ErrSite) {
		t.Errorf("a site that is gone gives %v, want ErrSite", err)
	}
	if _, err := add(t, a, line{host: "shop.example"}); !errors.Is(err, anonymize.ErrSite) {
		t.Errorf("a host that is gone gives %v, want ErrSite", err)
	}
	if first("shop") {
		t.Error("the visits of a site that stays do not go on")
	}
}
