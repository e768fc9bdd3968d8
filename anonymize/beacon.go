package anonymize

import (
	"github.com/klar-analytics/klar/collector/raw"
	"github.com/klar-analytics/klar/hit"
)

// addBeacon anonymizes what a page reported of itself: a page view, whatever the path looks like, an event, or how it
// was read. Unlike a line of a log it is dropped whole when a bot sent it or its visitor asked for that. Anybody can
// send one for any site, so the host must be of the site and no network may send too many.
func (a *Anonymizer) addBeacon(s *site, f *raw.Fields, net hit.Net) error {
	page := a.scrubber.Inspect(f.Target)
	agent := a.agents.Parse(f.UserAgent)
	if f.Origin != raw.FromAPI && a.observed != nil {
		a.judgeBeacon(s, f, net, page.Found, agent.Found)
	}
	if a.limiter != nil && f.Origin != raw.FromAPI && !a.limiter.allow(net, f.Time) {
		return ErrRate
	}
	if a.siteOf(f.Host) != s {
		return ErrHost
	}
	if a.refused(f) {
		return ErrOptedOut
	}
	if !agent.Bot.IsZero() {
		return ErrBot
	}
	out := hit.Hit{
		Site: s.id, Host: a.host(f.Host), Kind: hit.KindPage, Origin: origin(f.Origin),
		Time: f.Time, Hour: s.calendar.Hour(f.Time), Day: s.calendar.DayStart(f.Time),
	}
	p := a.person(s, f, &agent, net)
	p.brought = a.brought(f)
	switch {
	case f.Engagement.Told:
		out.Kind, out.Path, p.engagement = hit.KindEngagement, page.Path, f.Engagement
	case len(f.Event) == 0:
		out.Path = page.Path
		if len(f.Document) > 0 {
			p.document = a.scrubber.Path(f.Document)
		}
	default:
		out.Kind, out.Event = hit.KindEvent, a.event(f.Event)
		p.on, p.interactive = page.Path, f.Interactive
	}
	a.batch.hits = add(a.batch.hits, out)
	return nil
}

// event returns an event's name; one that holds personal data is called "unnamed".
func (a *Anonymizer) event(name []byte) hit.Event {
	text, ok := a.scrubber.Text(name)
	if !ok {
		return hit.NewEvent("unnamed")
	}
	return hit.NewEvent(text)
}

func origin(o raw.Origin) hit.Origin {
	switch o {
	case raw.FromBeacon:
		return hit.OriginBeacon
	case raw.FromPixel:
		return hit.OriginPixel
	case raw.FromAPI:
		return hit.OriginAPI
	default:
		return hit.OriginLog
	}
}
