package shortening

import (
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"time"
)

// sender is a visitor, or an attacker who may have several addresses.
type sender struct {
	addrs []netip.Addr
	// rule is the one that an attacker is to trip; empty for a visitor.
	rule string
}

// request is a line of a log.
type request struct {
	at   time.Time
	addr netip.Addr
	// rest is the line behind the time.
	rest string
}

// traffic is a log and who sent it.
type traffic struct {
	senders  []sender
	requests []request
}

// log writes out the requests of those addresses that are asked for.
func (tr *traffic) log(of func(netip.Addr) bool) []byte {
	slices.SortStableFunc(tr.requests, func(a, b request) int { return cmp.Compare(a.at.UnixMilli(), b.at.UnixMilli()) })
	var b bytes.Buffer
	for _, r := range tr.requests {
		if of(r.addr) {
			fmt.Fprintf(&b, "%s - - [%s] %s\n", r.addr, r.at.Format("02/Jan/2006:15:04:05 -0700"), r.rest)
		}
	}
	return b.Bytes()
}

// send adds a request.
func (tr *traffic) send(at time.Time, from netip.Addr, request string, status, agent int) {
	tr.requests = append(tr.requests, newRequest(at, from, request, status, agent))
}

func newRequest(at time.Time, from netip.Addr, what string, status, agent int) request {
	browser := fmt.Sprintf("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:%d.0) Gecko/20100101 Firefox/%d.0", 90+agent, 90+agent)
	return request{at, from, fmt.Sprintf(`"%s HTTP/1.1" %d 4096 "-" "%s"`, what, status, browser)}
}

// attack is something that attackers do, n times, from one address or from several in turn.
type attack struct {
	rule   string
	n      int
	every  time.Duration
	status int
	what   func(n int) string
}

// attacks are of each kind that windows of time find, and some that one request shows.
var attacks = []attack{
	{"sql-injection", 20, time.Second, 200, func(n int) string {
		return fmt.Sprintf("GET /list?id=%d%%27%%20UNION%%20SELECT%%20user,password%%20FROM%%20users--", n)
	}},
	{"path-traversal", 10, time.Second, 404, func(n int) string {
		return fmt.Sprintf("GET /static%d/..%%2f..%%2f..%%2fetc%%2fpasswd", n)
	}},
	{"http-scan", 30, time.Second, 404, func(n int) string { return fmt.Sprintf("GET /backup%d/old%d", n, n) }},
	{"sensitive-files", 12, time.Second, 404, func(n int) string { return fmt.Sprintf("GET /site%d/.git/config", n) }},
	{"login-bruteforce", 30, time.Second, 401, func(int) string { return "POST /login" }},
	{"wordpress-bruteforce", 30, time.Second, 200, func(int) string { return "POST /wp-login.php" }},
	{"form-abuse", 30, time.Second, 200, func(int) string { return "POST /contact" }},
	{"http-crawl", 120, 50 * time.Millisecond, 200, func(n int) string { return fmt.Sprintf("GET /article%dtext/all", n) }},
	{"http-flood", 400, 5 * time.Millisecond, 200, func(int) string { return "GET /" }},
	{"id-enumeration", 120, 500 * time.Millisecond, 200, func(n int) string { return fmt.Sprintf("GET /invoice?id=%d", n) }},
}

// attack lets an attacker loose.
func (tr *traffic) attack(a attack, at time.Time, addrs ...netip.Addr) {
	tr.senders = append(tr.senders, sender{addrs, a.rule})
	for n := range a.n {
		tr.send(at.Add(time.Duration(n)*a.every), addrs[n%len(addrs)], a.what(n), a.status, 1)
	}
}

// visit adds a visitor, who reads some pages, seldom asks for one that is gone, signs in or sends a form.
func (tr *traffic) visit(rnd *rand.Rand, at time.Time, from netip.Addr) {
	agent := min(rnd.IntN(12), rnd.IntN(30)) // of which some are used much more
	tr.senders = append(tr.senders, sender{addrs: []netip.Addr{from}})
	for page := range 1 + rnd.IntN(8) {
		if page == 0 {
			for part := range 8 {
				tr.send(at, from, fmt.Sprintf("GET /style/part%d.css", part), 200, agent)
			}
		}
		switch n := rnd.IntN(1000); {
		case n < 15:
			tr.send(at, from, fmt.Sprintf("GET /gone/%c%c", 'a'+rnd.IntN(26), 'a'+rnd.IntN(26)), 404, agent)
		case n < 20:
			tr.send(at, from, "POST /login", 401, agent)
			tr.send(at.Add(8*time.Second), from, "POST /login", 302, agent)
		case n < 30:
			tr.send(at, from, "POST /contact", 200, agent)
		case n < 400:
			tr.send(at, from, fmt.Sprintf("GET /articles/%d", min(rnd.IntN(500), rnd.IntN(500))), 200, agent)
		default:
			tr.send(at, from, fmt.Sprintf("GET /pages/%c%c", 'a'+min(rnd.IntN(26), rnd.IntN(26)), 'a'+rnd.IntN(10)), 200, agent)
		}
		at = at.Add(time.Duration(5+rnd.IntN(55)) * time.Second)
	}
}
