package goal_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/klar-analytics/klar/anonymize/goal"
	"github.com/klar-analytics/klar/hit"
)

// reached lists targets as "kind step definition".
func reached(targets []hit.Target) string {
	var list []string
	for _, t := range targets {
		list = append(list, fmt.Sprintf("%s %d %s", t.Kind, t.Step, t.Definition))
	}
	return strings.Join(list, "; ")
}

func TestPagesOfPatterns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ pattern, pages, others string }{
		{"/thanks", "/thanks", "/thanks/ /thank /thanks/x /Thanks /a/thanks"},
		{"/blog/*", "/blog/a /blog/", "/blog /blog/a/b /blogs/a"},
		{"/blog/**", "/blog/a /blog/ /blog/a/b", "/blog /blogs/a"},
		{"/*/order", "/de/order //order", "/order /de/x/order"},
		{"**/order", "/de/order /order /de/x/order", "/order/x"},
		{"/a**z", "/az /a/b/z /abcz", "/a /az/"},
		{"/**", "/ /a", ""},
		{"/a.b(c)", "/a.b(c)", "/axb(c)"},
	} {
		s, err := goal.New(goal.Definitions{Goals: []goal.Goal{{Page: c.pattern}}})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // the second time from memory
			for _, p := range strings.Fields(c.pages) {
				if len(s.Page(hit.NewPath(p))) != 1 {
					t.Errorf("%s is not %s", p, c.pattern)
				}
			}
			for _, p := range strings.Fields(c.others) {
				if len(s.Page(hit.NewPath(p))) != 0 {
					t.Errorf("%s is %s", p, c.pattern)
				}
			}
		}
	}
}

func TestTargets(t *testing.T) {
	t.Parallel()
	signup := goal.Goal{Event: "Signup", Props: map[string]string{"plan": "pro", "from": "blog"}}
	s, err := goal.New(goal.Definitions{
		Goals:   []goal.Goal{{Page: "/a"}, {Event: "Signup"}, signup},
		Groups:  []goal.Group{{Pages: []string{"/b/*", "/a"}}},
		Funnels: []goal.Funnel{{Steps: []goal.Goal{{Page: "/*"}, {Page: "/a"}, signup}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	const funnel = "page /* > page /a > event Signup from=blog plan=pro"
	for _, c := range []struct {
		got  []hit.Target
		want string
	}{
		{s.Page(hit.NewPath("/a")), "goal 0 page /a; group 0 /a /b/*; funnel 2 " + funnel + "; funnel 1 " + funnel},
		{s.Page(hit.NewPath("/b/c")), "group 0 /a /b/*"},
		{s.Page(hit.NewPath("/c/d")), ""},
		{s.Event(hit.NewEvent("Signup"), nil), "goal 0 event Signup"},
		{
			s.Event(hit.NewEvent("Signup"), []goal.Property{{"from", "blog"}, {"plan", "pro"}, {"x", "y"}}),
			"goal 0 event Signup; goal 0 event Signup from=blog plan=pro; funnel 3 " + funnel,
		},
		{s.Event(hit.NewEvent("Signup"), []goal.Property{{"from", "blog"}, {"plan", "free"}}), "goal 0 event Signup"},
		{s.Event(hit.NewEvent("Call"), nil), ""},
	} {
		if got := reached(c.got); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	if n := len(s.All()); n != 3+1+3 {
		t.Errorf("%d targets in all", n)
	}
}

// TestScrolledPages reaches what the depth passes, each time from the depth before.
func TestScrolledPages(t *testing.T) {
	t.Parallel()
	read := goal.Goal{Page: "/a", Scroll: 75}
	s, err := goal.New(goal.Definitions{
		Goals:   []goal.Goal{{Page: "/a"}, read, {Page: "/*", Scroll: 100}, {Page: "/a", Scroll: 1}},
		Funnels: []goal.Funnel{{Steps: []goal.Goal{{Page: "/a"}, read}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	const funnel = "page /a > page /a scroll 75"
	for range 2 {
		if got, want := reached(s.Page(hit.NewPath("/a"))), "goal 0 page /a; funnel 1 "+funnel; got != want {
			t.Errorf("a view is %s\nwant      %s", got, want)
		}
		for _, c := range []struct {
			page          string
			before, depth uint8
			want          string
		}{
			{"/a", 0, 74, "goal 0 page /a scroll 1"},
			{"/a", 1, 74, ""},
			{"/a", 74, 75, "goal 0 page /a scroll 75; funnel 2 " + funnel},
			{"/a", 75, 99, ""},
			{"/a", 75, 100, "goal 0 page /* scroll 100"},
			{"/b", 0, 100, "goal 0 page /* scroll 100"},
			{"/b/c", 0, 100, ""},
		} {
			if got := reached(s.Scrolled(hit.NewPath(c.page), c.before, c.depth)); got != c.want {
				t.Errorf("%s from %d to %d is %s\nwant %s", c.page, c.before, c.depth, got, c.want)
			}
		}
	}
	none, err := goal.New(goal.Definitions{Goals: []goal.Goal{{Page: "/a"}}})
	if err != nil || !s.Scrolls() || none.Scrolls() || (*goal.Set)(nil).Scrolls() {
		t.Errorf("what is asked of scrolling is not known; %v", err)
	}
}

func TestWhatCannotBeDefined(t *testing.T) {
	t.Parallel()
	page := func(p string) goal.Definitions { return goal.Definitions{Goals: []goal.Goal{{Page: p}}} }
	steps := func(n int) goal.Definitions {
		f := goal.Funnel{}
		for i := range n {
			f.Steps = append(f.Steps, goal.Goal{Page: fmt.Sprint("/", i)})
		}
		return goal.Definitions{Funnels: []goal.Funnel{f}}
	}
	for _, d := range []goal.Definitions{
		page(""), page("blog"), page("/a?b"), page("/a b"), page("/192.0.2.7"), page("/" + strings.Repeat("a", 255)), steps(1), steps(9),
		{Goals: []goal.Goal{{Page: "/a", Event: "b"}}}, {Goals: []goal.Goal{{Page: "/a", Props: map[string]string{"a": "b"}}}},
		{Goals: []goal.Goal{{Event: "a", Scroll: 50}}}, {Goals: []goal.Goal{{Page: "/a", Scroll: 101}}}, {Goals: []goal.Goal{{Page: "/a", Scroll: -1}}},
		{Goals: []goal.Goal{{Event: "a?b"}}}, {Groups: []goal.Group{{}}}, {Groups: []goal.Group{{Pages: []string{"a"}}}},
	} {
		if _, err := goal.New(d); err == nil {
			t.Errorf("%+v is taken", d)
		}
	}
	for _, d := range []goal.Definitions{{}, page("/a"), page("**"), steps(2), steps(8)} {
		if _, err := goal.New(d); err != nil {
			t.Errorf("%+v is not taken: %v", d, err)
		}
	}
}
