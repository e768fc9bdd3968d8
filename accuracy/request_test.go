package accuracy

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/klar-analytics/klar/collector/raw"
)

// request is one request in plain sight.
type request struct {
	at          int64 // seconds since 1970
	delay       int64 // seconds after which the server logged it
	who         int   // the person, where the log's maker knows; from 1
	addr        string
	host        string
	method      string
	target      string
	status      int
	bytes       uint64
	referrer    string
	agent       string
	language    string
	gpc, dnt    bool
	origin      raw.Origin
	event       string
	interactive bool
	// beaconed says of a line that a beacon tells of the same page view, and again of a beacon that it is this one.
	beaconed, again bool
}

// logFormat is nginx's log_format of generated lines.
const logFormat = `$remote_addr $host [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_accept_language" "$http_sec_gpc" "$http_dnt"`

const clfTime = "02/Jan/2006:15:04:05 -0700"

// line is the request as a server with logFormat writes it.
func (r *request) line() string {
	bit := map[bool]string{false: "-", true: "1"}
	return fmt.Sprintf(`%s %s [%s] "%s %s HTTP/1.1" %d %d "%s" "%s" "%s" "%s" "%s"`, r.addr, r.host,
		time.Unix(r.at, 0).UTC().Format(clfTime), r.method, r.target, r.status, r.bytes, orDash(r.referrer), orDash(r.agent),
		orDash(r.language), bit[r.gpc], bit[r.dnt])
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// logged puts requests into the order in which their lines are written.
func logged(list []request) []request {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b request) int { return int(a.logged() - b.logged()) })
	return list
}

// logged is when the request's line is written.
func (r *request) logged() int64 { return r.at + r.delay }

// inOrder puts requests into the order of their times.
func inOrder(list []request) []request {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b request) int { return int(a.at - b.at) })
	return list
}

// combined is a line in the combined format. A last field without its closing quote is taken as it stands.
var combined = regexp.MustCompile(`^(\S+) \S+ \S+ \[([^\]]+)\] "([^" ]*) ?([^" ]*)[^"]*" (\d+) (\d+|-) "([^"]*)" "([^"]*)"?$`)

// realLog reads the 10,000 lines of a real site.
func realLog(t testing.TB) []request {
	t.Helper()
	name, err := filepath.Abs("../../shared/data/logs/apache-combined-10k.log")
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("the real log is missing: these tests need shared/data beside the checkout: %v", err)
	}
	var list []request
	for n, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		m := combined.FindStringSubmatch(line)
		if m == nil {
			t.Fatalf("line %d of the real log is not understood", n+1)
		}
		at, err := time.Parse(clfTime, m[2])
		if err != nil {
			t.Fatalf("line %d of the real log has no time", n+1)
		}
		r := request{at: at.Unix(), addr: m[1], method: m[3], target: m[4], referrer: notDash(m[7]), agent: notDash(m[8])}
		r.status, _ = strconv.Atoi(m[5])
		r.bytes, _ = strconv.ParseUint(m[6], 10, 64)
		list = append(list, r)
	}
	return list
}

func notDash(s string) string {
	if s == "-" {
		return ""
	}
	return s
}
