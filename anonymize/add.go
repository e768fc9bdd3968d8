package anonymize

import (
	"bytes"
	"hash/maphash"

	"github.com/klar-analytics/klar/anonymize/useragent"
	"github.com/klar-analytics/klar/collector/raw"
	"github.com/klar-analytics/klar/hit"
)

// Add anonymizes one request into the batch. bot says that a bot sent it. The error is one of this package's reasons
// why the request was dropped. Nothing of h is kept.
func (a *Anonymizer) Add(h raw.Hit) (bot bool, err error) {
	f := h.Fields()
	net := a.shortener.network(f.Addr, f.Forwarded)
	f.Addr, f.Forwarded = nil, nil
	if net.IsZero() {
		return false, ErrAddress
	}
	if f.Time < earliest || f.Time > a.latest {
		return false, ErrTime
	}
	s := a.site(f)
	if s == nil {
		return false, ErrSite
	}
	if f.Origin != raw.FromLog {
		return false, a.addBeacon(s, f, net)
	}
	var agent useragent.Agent
	if !f.NoAgent { // who is not known to be a bot counts as a person
		agent = a.agents.Parse(f.UserAgent)
	}
	method := hit.MethodOf(f.Method)
	page := a.scrubber.Inspect(f.Target)
	found := a.recognise(f, page.Found, agent.Found)
	out := hit.Hit{
		Site:     s.id,
		Time:     f.Time,
		Hour:     s.calendar.Hour(f.Time),
		Day:      s.calendar.DayStart(f.Time),
		Bytes:    f.Bytes,
		Path:     page.Path,
		Bot:      agent.Bot,
		BotClass: agent.BotClass,
		Status:   uint16(f.Status),
		Kind:     page.Kind(method, f.Target, f.Status),
		Method:   method,
		Threat:   found.Threat,
	}
	if len(f.Host) > 0 {
		out.Host = a.host(f.Host)
	}
	if out.Kind == hit.KindPage && out.Bot.IsZero() && !found.Certain { // who attacks is no visitor
		a.visit(s, f, &agent, net)
	}
	var tripped []hit.Tripped
	if a.observed != nil {
		tripped = a.observe(f, &out, page, net, found)
	}
	a.watch.note(&a.batch, s, net, f.Time, found, tripped)
	a.batch.hits = add(a.batch.hits, out)
	return !out.Bot.IsZero(), nil
}

// visit notes a page view as a person's.
func (a *Anonymizer) visit(s *site, f *raw.Fields, agent *useragent.Agent, net hit.Net) {
	if a.refused(f) {
		return
	}
	a.person(s, f, agent, net)
}

// refused reports, and counts, that the visitor asked not to be counted.
func (a *Anonymizer) refused(f *raw.Fields) bool {
	refused := f.GPC && a.options.RespectGPC || f.DNT && a.options.RespectDNT
	if refused {
		a.optedOut++
	}
	return refused
}

// person notes who did what the batch's next hit tells.
func (a *Anonymizer) person(s *site, f *raw.Fields, agent *useragent.Agent, net hit.Net) *person {
	_, query, _ := bytes.Cut(f.Target, []byte{'?'})
	arrival, _ := a.referrers.Resolve(f.Referrer, query, s.hosts)
	language := f.Language
	if s.logs {
		language = nil
	}
	a.batch.people = add(a.batch.people, person{
		hit: len(a.batch.hits), site: s, who: a.identifier.Of(net, f.UserAgent, language), net: net, agent: *agent,
		arrival: arrival, language: a.languages.Parse(f.Language), screen: hit.ScreenOf(f.Width),
	})
	return &a.batch.people[len(a.batch.people)-1]
}

// site finds the site of a request: by the id that its source gave, or else by its host.
func (a *Anonymizer) site(f *raw.Fields) *site {
	if f.Site != "" {
		return a.sites[f.Site]
	}
	return a.siteOf(f.Host)
}

// siteOf finds the site that a host belongs to, nil if it is none's.
func (a *Anonymizer) siteOf(host []byte) *site {
	if s, ok := a.sites[string(host)]; ok {
		return s
	}
	return a.sites[a.host(host).String()]
}

// host returns the host as it is stored.
func (a *Anonymizer) host(b []byte) hit.Host {
	key := maphash.Bytes(a.seed, b)
	h, ok := a.hosts.Get(key)
	if !ok {
		h = hit.NewHost(string(b))
		a.hosts.Put(key, h)
	}
	return h
}
