package anonymize_test

import (
	"testing"

	"github.com/klar-analytics/klar/anonymize"
	"github.com/klar-analytics/klar/hit"
)

// watch returns an anonymizer and what the rules of alerts see of a line in it.
func watch(t *testing.T) (*anonymize.Anonymizer, func(line) hit.Observation) {
	t.Helper()
	var seen []hit.Observation
	o := policy()
	o.Observe = func(o *hit.Observation) []hit.Tripped { seen = append(seen, *o); return nil }
	a := open(t, o)
	return a, func(l line) hit.Observation {
		t.Helper()
		before := len(seen)
		if _, err := add(t, a, l); err != nil {
			t.Fatal(err)
		}
		if len(seen) != before+1 {
			t.Fatalf("a request was shown %d times", len(seen)-before)
		}
		return seen[before]
	}
}

func TestRulesSeeClosedValues(t *testing.T) {
	_, see := watch(t)
	for _, c := range []struct {
		request string
		status  int
		kind    hit.Kind
		login   hit.Login
		series  bool
	}{
		{"GET / HTTP/1.1", 200, hit.KindPage, hit.LoginNone, false},
		{"GET /missing.png HTTP/1.1", 404, hit.KindStatic, hit.LoginNone, false},
		{"GET /missing HTTP/1.1", 404, hit.KindPage, hit.LoginNone, false},
		{"POST /contact HTTP/1.1", 200, hit.KindPage, hit.LoginNone, false},
		{"POST /api/x HTTP/1.1", 200, hit.KindAPI, hit.LoginNone, false},
		{"POST /wp-login.php?a=b HTTP/1.1", 200, hit.KindPage, hit.LoginWordPress, false},
		{"POST /admin/Login/ HTTP/1.1", 401, hit.KindPage, hit.LoginForm, false},
		{"GET /login HTTP/1.1", 401, hit.KindPage, hit.LoginNone, false},
		{"POST /catalogin HTTP/1.1", 401, hit.KindPage, hit.LoginNone, false},
		{"GET /invoice?id=17 HTTP/1.1", 200, hit.KindPage, hit.LoginNone, true},
		{"GET /invoice/17 HTTP/1.1", 200, hit.KindPage, hit.LoginNone, true},
		{"GET /top10 HTTP/1.1", 200, hit.KindPage, hit.LoginNone, false},
	} {
		o := see(line{request: c.request, status: c.status})
		if o.Kind != c.kind || o.Login != c.login || (o.Series != 0) != c.series {
			t.Errorf("%s %d: %s, login %q, series %v; want %s, %q, %v", c.request, c.status, o.Kind, o.Login, o.Series != 0, c.kind, c.login, c.series)
		}
		if o.Net.String() != "203.0.113.0/24" {
			t.Errorf("%s: the network is not shortened", c.request)
		}
	}
}

func TestNumbersTellRequestsApart(t *testing.T) {
	_, see := watch(t)
	get := func(target, agent string) hit.Observation {
		return see(line{request: "GET " + target + " HTTP/1.1", agent: agent})
	}
	one := get("/a?q=1", "x")
	for _, c := range []struct {
		name               string
		other              hit.Observation
		file, query, agent bool // the same
	}{
		{"the same", get("/a?q=1", "x"), true, true, true},
		{"another query", get("/a?q=2", "x"), true, false, true},
		{"another path", get("/b?q=1", "x"), false, true, true},
		{"another agent", get("/a?q=1", "y"), true, true, false},
	} {
		if o := c.other; (o.File == one.File) != c.file || (o.Query == one.Query) != c.query || (o.Agent == one.Agent) != c.agent {
			t.Errorf("%s: file %v, query %v, agent %v", c.name, o.File == one.File, o.Query == one.Query, o.Agent == one.Agent)
		}
	}
	if get("/i/1", "x").Series != get("/i/22", "x").Series || get("/i/1", "x").Series == get("/j/1", "x").Series {
		t.Error("a series is not that of the targets that differ in their last number only")
	}
	_, other := watch(t)
	if o := other(line{request: "GET /a?q=1 HTTP/1.1", agent: "x"}); o.File == one.File || o.Agent == one.Agent {
		t.Error("another process has the same numbers: they could be looked up")
	}
}

func TestWarmLinesAreNotJudged(t *testing.T) {
	seen := 0
	o := policy()
	o.Observe = func(*hit.Observation) []hit.Tripped { seen++; return nil }
	a := open(t, o)
	p := newParser(t, format, "")
	l := []byte(line{request: "GET / HTTP/1.1"}.String())
	a.Warm(p.parse(l))
	if seen != 0 {
		t.Error("a line that an earlier run stored was shown to the rules")
	}
	if _, err := a.Add(p.parse(l)); err != nil || seen != 1 {
		t.Errorf("a new line was shown %d times: %v", seen, err)
	}
}
