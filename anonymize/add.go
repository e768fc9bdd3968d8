package anonymize

import (
	"bytes"
	"hash/maphash"
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
	a.now.agent = useragent.Agent{}
	if !f.NoAgent { // who is not known to be a bot counts as a person
		a.now.agent = a.agents.Parse(f.UserAgent)
	}
	method := hit.MethodOf(f.Method)
	calendar := s.visits.Calendar()
	out := hit.Hit{
		Site:   s.id,
		Time:   f.Time,
		Hour:   calendar.Hour(f.Time),
		Day:    calendar.DayStart(f.Time),
		Bytes:  f.Bytes,
		Path:   a.scrubber.Path(f.Target),
		Bot:    a.now.agent.Bot,
		Status: uint16(f.Status),
		Kind:   scrub.Kind(method, f.Target, f.Status),
		Method: method,
	}
	if len(f.Host) > 0 {
		out.Host = a.host(f.Host)
	}
	if out.Kind == hit.KindPage && out.Bot.IsZero() {
		a.visit(s, f, &out, net)
	}
	a.batch = append(a.batch, out)
	return !out.Bot.IsZero(), nil
}

// visit counts a page view as a person's.
func (a *Anonymizer) visit(s *site, f *raw.Fields, out *hit.Hit, net hit.Net) {
	if f.GPC && a.options.RespectGPC || f.DNT && a.options.RespectDNT {
		a.optedOut++
		return
	}
	a.now.fields, a.now.site, a.now.net = f, s, net
	o := s.visits.Touch(&visit.Visit{
		Time: f.Time, Net: net, Agent: f.UserAgent, Language: f.Language, Host: out.Host, Page: out.Path,
		Arrival: a.now.arrival, Attributes: a.now.attributes,
	})
	a.now.fields = nil
	out.Marks, out.Seconds, out.Arrival, out.Visitor, out.Crowd = o.Marks, o.Seconds, o.Arrival, o.Visitor, o.Crowd
	if o.Pending >= 0 {
		s.pending = append(s.pending, pending{len(a.batch), o.Pending})
	}
}

// request is what the visits may ask about the request that is being added. Its functions are bound once, because
// closures made for each request would be garbage; it holds the raw fields only while the visits are asked.
type request struct {
	fields     *raw.Fields
	site       *site
	agent      useragent.Agent
	net        hit.Net
	arrival    func() hit.Arrival
	attributes func() unique.Handle[hit.Visitor]
}

// arrival says where the request came from.
func (a *Anonymizer) arrival() hit.Arrival {
	_, query, _ := bytes.Cut(a.now.fields.Target, []byte{'?'})
	arrival, _ := a.referrers.Resolve(a.now.fields.Referrer, query, a.now.site.hosts)
	return arrival
}

// attributes says what is known of a visitor: the agent's closed values, and country and provider of the network.
func (a *Anonymizer) attributes() unique.Handle[hit.Visitor] {
	agent := &a.now.agent
	v := hit.Visitor{
		Browser: agent.Browser, BrowserVersion: agent.BrowserVersion, OS: agent.OS, OSVersion: agent.OSVersion,
		Device: agent.Device,
	}
	if a.options.Geo != nil {
		v.Country, v.Provider = a.options.Geo.Lookup(a.now.net)
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
	return a.sites[a.host(f.Host).String()]
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
