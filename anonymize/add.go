package anonymize

import (
	"bytes"
	"unique"

	"github.com/klar-analytics/klar/anonymize/scrub"
	"github.com/klar-analytics/klar/anonymize/useragent"
	"github.com/klar-analytics/klar/anonymize/visit"
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
	agent := a.agents.Parse(f.UserAgent)
	method := hit.MethodOf(f.Method)
	out := hit.Hit{
		Site:   s.id,
		Time:   f.Time,
		Hour:   s.visits.Calendar().Hour(f.Time),
		Bytes:  f.Bytes,
		Path:   a.scrubber.Path(f.Target),
		Bot:    agent.Bot,
		Status: uint16(f.Status),
		Kind:   scrub.Kind(method, f.Target, f.Status),
		Method: method,
	}
	if len(f.Host) > 0 {
		out.Host = hit.NewHost(string(f.Host))
	}
	if out.Kind == hit.KindPage && out.Bot.IsZero() {
		a.visit(s, f, &out, &agent, net)
	}
	a.batch = append(a.batch, out)
	return !out.Bot.IsZero(), nil
}

// visit counts a page view as a person's.
func (a *Anonymizer) visit(s *site, f *raw.Fields, out *hit.Hit, agent *useragent.Agent, net hit.Net) {
	if f.GPC && a.options.RespectGPC || f.DNT && a.options.RespectDNT {
		a.optedOut++
		return
	}
	o := s.visits.Touch(&visit.Visit{
		Time: f.Time, Net: net, Agent: f.UserAgent, Language: f.Language, Host: out.Host, Page: out.Path,
		Arrival: func() hit.Arrival {
			_, query, _ := bytes.Cut(f.Target, []byte{'?'})
			arrival, _ := a.referrers.Resolve(f.Referrer, query, s.hosts)
			return arrival
		},
		Attributes: func() unique.Handle[hit.Visitor] { return a.attributes(agent, net) },
	})
	out.Marks, out.Seconds, out.Arrival, out.Visitor, out.Crowd = o.Marks, o.Seconds, o.Arrival, o.Visitor, o.Crowd
	if o.Pending >= 0 {
		s.pending = append(s.pending, pending{len(a.batch), o.Pending})
	}
}

// attributes says what is known of a visitor: the agent's closed values, and country and provider of the network.
func (a *Anonymizer) attributes(agent *useragent.Agent, net hit.Net) unique.Handle[hit.Visitor] {
	v := hit.Visitor{
		Browser: agent.Browser, BrowserVersion: agent.BrowserVersion, OS: agent.OS, OSVersion: agent.OSVersion,
		Device: agent.Device,
	}
	if a.options.Geo != nil {
		v.Country, v.Provider = a.options.Geo.Lookup(net)
	}
	return a.visitors.Of(v)
}

// site finds the site of a request: by the id that its source gave, or else by its host.
func (a *Anonymizer) site(f *raw.Fields) *site {
	if f.Site != "" {
		return a.sites[f.Site]
	}
	if s, ok := a.sites[string(f.Host)]; ok {
		return s
	}
	return a.sites[hit.NewHost(string(f.Host)).String()]
}
