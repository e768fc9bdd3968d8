package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// rowsOf asks klar serve about today at example.org until the rows are as wanted, such as "Order 1 2; Thanks 3 4".
func rowsOf(t *testing.T, base, question, want string) {
	t.Helper()
	got := ""
	for late := time.Now().Add(patience); time.Now().Before(late); {
		var result struct {
			Results []struct {
				Dimensions []string `json:"dimensions"`
				Metrics    []any    `json:"metrics"`
			} `json:"results"`
		}
		if err := json.Unmarshal([]byte(answer(t, base+"/api/v2/query", `{"site_id": "example.org", "date_range": "day", `+question+`}`)), &result); err != nil {
			t.Fatal(err)
		}
		var rows []string
		for _, r := range result.Results {
			rows = append(rows, strings.Trim(strings.Join(r.Dimensions, " ")+" "+strings.Trim(fmt.Sprint(r.Metrics), "[]"), " "))
		}
		if got = strings.Join(rows, "; "); got == want {
			return
		}
	}
	t.Errorf("%s gives %s, want %s", question, got, want)
}

// goalsConfig is a configuration of example.org with goals; the goal Later comes with a reload.
func goalsConfig(later string) string {
	return `http: {listen: '127.0.0.1:0'}
sites:
  - id: example.org
    goals:
      - {name: Thanks, page: "/*/thanks"}
      - {name: Signup, event: Sign up}
      - {name: Read, page: /blog/*, scroll: 75}
      - {name: Order, event: Order, props: {plan: pro}, currency: EUR}
` + later + `    groups: [{name: Blog, pages: ["/blog/**"]}]
    funnels: [{name: Buying, steps: [/tariffs, "goal:Signup", "/order/**"]}]
`
}

// TestGoalsOfBeacons counts what two visitors reach, also after a reload.
func TestGoalsOfBeacons(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "klar.yaml")
	write(t, file, goalsConfig(""), os.O_TRUNC)
	p, base := startServe(t, filepath.Join(dir, "data"), "--config", file)
	const other = "Accept-Language: fr"
	event := func(name string, headers ...string) {
		t.Helper()
		send(t, base, fmt.Sprintf(`{"n":%q,"u":"https://example.org/x","d":"example.org"}`, name), headers...)
	}
	for _, path := range []string{"/tariffs", "/blog/a", "/order/thanks"} {
		send(t, base, viewOf(path))
		send(t, base, viewOf(path), other)
	}
	for _, depth := range []int{40, 90, 100} {
		send(t, base, fmt.Sprintf(`{"n":"engagement","u":"https://example.org/blog/a","d":"example.org","e":3000,"sd":%d}`, depth))
	}
	event("Sign up")
	event("Call")
	send(t, base, viewOf("/order/thanks"))
	const people = `"metrics": ["visitors", "visits", "events", "conversion_rate"], `
	rowsOf(t, base, people+`"dimensions": ["event:goal"]`, "Thanks 2 2 3 100; Read 1 1 1 50; Signup 1 1 1 50")
	const revenue = `"metrics": ["visitors", "total_revenue"], "filters": [["is", "event:goal", ["Order"]]]`
	for _, plan := range []string{"pro", "free", "pro"} {
		send(t, base, fmt.Sprintf(`{"n":"Order","u":"https://example.org/x","d":"example.org","props":{"plan":%q},"revenue":{"currency":"EUR","amount":0.1}}`, plan))
	}
	rowsOf(t, base, revenue, "1 map[currency:EUR long:€0.20 short:€0.20 value:0.2")
	rowsOf(t, base, `"metrics": ["visitors", "events"], "dimensions": ["event:props:plan"]`, "free 1 1; pro 1 2")
	rowsOf(t, base, `"metrics": ["visitors", "pageviews"], "dimensions": ["event:group"]`, "Blog 2 2")
	const funnel = `"metrics": ["visits", "visitors"], "dimensions": ["event:funnel_step"], "filters": [["is", "event:funnel", ["Buying"]]]`
	rowsOf(t, base, funnel, "1 2 2; 2 1 1; 3 1 1")

	write(t, file, goalsConfig("      - {name: Later, event: Call}\n"), os.O_TRUNC)
	if err := p.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	metric(t, base, `klar_config_reloads_total{result="taken"} 1`)
	event("Call", other)
	event("Sign up", other)
	rowsOf(t, base, `"metrics": ["visitors", "conversions"], "dimensions": ["event:goal"]`, "Signup 2 2; Thanks 2 3; Later 1 1; Order 1 2; Read 1 1")
	rowsOf(t, base, funnel, "1 2 2; 2 2 2; 3 1 1")
	if said, err := p.stop(t, syscall.SIGINT); err != nil {
		t.Errorf("serve ended with %v: %s", err, said)
	}
}
