package accuracy

import (
	"fmt"
	"math"
	"time"

	"github.com/klar-analytics/klar/collector/raw"
)

// arrival is how a visit begins: the referrer of its first request, and the query it comes with.
type arrival struct{ referrer, query string }

var arrivals = []arrival{
	{},
	{referrer: "https://www.google.com/"},
	{referrer: "https://www.bing.com/"},
	{referrer: "https://chatgpt.com/", query: "utm_source=chatgpt.com"},
	{referrer: "https://news.example/today/klar"},
	{query: "utm_source=newsletter&utm_medium=email&utm_campaign=autumn&utm_content=top"},
	{query: "utm_source=newsletter&utm_medium=email&utm_campaign=winter&utm_content=foot"},
	{referrer: "https://t.co/abc"},
	{referrer: "https://www.google.com/", query: "utm_source=google&utm_medium=cpc&utm_campaign=autumn&utm_term=tariff&gclid=x"},
	{referrer: "https://forum.example/t/1"},
	{referrer: "https://forum.example/t/2"},
	{referrer: "https://www.facebook.com/"},
}

// visit lets somebody come on a day, perhaps so late that midnight falls into it, and look at some pages.
func (m *maker) visit(p *somebody, day time.Time) {
	at := day.Unix() + int64(3600*24*math.Pow(m.random.Float64(), 0.6))
	from := arrivals[m.zipf(len(arrivals))]
	host := "www." + m.site.id
	if m.chance(0.15) {
		host = "blog." + m.site.id
	}
	page := m.pages[m.zipf(len(m.pages))]
	if from.query != "" { // campaigns lead to a few pages
		page = m.pages[1+m.zipf(6)]
	}
	referrer := from.referrer
	for n := 0; n == 0 || m.chance(0.62); n++ {
		target := page
		if n == 0 && from.query != "" {
			target += "?" + from.query
		}
		m.view(p, at, host, target, referrer)
		referrer = "https://" + host + page
		at += int64(4 + 2400*math.Pow(m.random.Float64(), 6)) // now and then longer than a visit lasts
		page = m.pages[m.zipf(len(m.pages))]
		if m.chance(0.05) {
			host = map[bool]string{true: "blog.", false: "www."}[host[0] == 'w'] + m.site.id
		}
		if m.chance(0.06) { // goes back to where the visit came from, and comes again
			again := arrivals[m.zipf(len(arrivals))]
			referrer = again.referrer
		}
	}
}

// view asks for a page, and for some of what is on it.
func (m *maker) view(p *somebody, at int64, host, target, referrer string) {
	r := request{
		at: at, who: p.number, addr: p.addr, host: host, method: "GET", target: target, status: 200, bytes: uint64(m.random.IntN(40_000)),
		referrer: referrer, agent: p.agent, language: p.language, gpc: p.gpc, dnt: p.dnt,
	}
	m.see(p, r)
	r.referrer = "https://" + host + target
	for range m.random.IntN(3) {
		r.target = fmt.Sprintf("/static/%d.css", m.random.IntN(9))
		r.status = []int{200, 304, 200, 404}[m.zipf(4)]
		m.write(r)
	}
	if m.chance(0.03) {
		r.target, r.status = "/missing", 404
		m.write(r)
	}
	if m.chance(0.03) {
		r.method, r.target, r.status = "POST", "/api/basket", 204
		m.write(r)
	}
}

// see lets somebody see a page. Where the site has a tracker it tells of it, if nothing blocks it, and of what they do; now
// and then a page comes out of the browser's memory, and the server knows nothing.
func (m *maker) see(p *somebody, r request) {
	if !m.site.beacons {
		m.write(r)
		return
	}
	b := r
	b.origin, b.method, b.status, b.bytes, b.at = raw.FromBeacon, "", 0, 0, r.at+int64(1+m.random.IntN(2))
	blocked := p.number%5 == 0
	switch {
	case !blocked && m.chance(0.04):
		b.beaconed = true
		m.write(b)
	case blocked:
		m.write(r)
	default:
		r.beaconed, b.again = true, true
		m.write(r)
		m.write(b)
	}
	if !blocked && m.chance(0.08) {
		b.beaconed, b.again, b.at = false, false, b.at+1
		b.event, b.interactive = []string{"Signup", "Video"}[m.zipf(2)], m.chance(0.5)
		m.write(b)
	}
}

// write adds a request, which is logged when the answer has been sent.
func (m *maker) write(r request) {
	if m.delay > 0 && m.chance(0.3) {
		r.delay = int64(float64(m.delay) * math.Pow(m.random.Float64(), 3))
	}
	m.made = append(m.made, r)
}

var botAgents = []string{
	"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
	"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
	"Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
	"curl/8.5.0",
	"",
}

// bots ask for pages all day.
func (m *maker) bots(day time.Time) {
	for range 60 {
		m.write(request{
			at: day.Unix() + int64(m.random.IntN(24*3600)), addr: fmt.Sprintf("66.249.66.%d", m.random.IntN(250)), host: "www." + m.site.id,
			method: "GET", target: m.pages[m.zipf(len(m.pages))], status: []int{200, 404, 301}[m.zipf(3)],
			bytes: uint64(m.random.IntN(9000)), agent: botAgents[m.zipf(len(botAgents))],
		})
	}
}
