package visit

import "github.com/klar-analytics/klar/hit"

// start is the moment that the times of the day's visitors are counted from: the start of the day before, in UTC.
func (d *day) start() int64 { return int64(d.number-1) * secondsPerDay }

// flow says how the hit continues its visit, and remembers the page of a page view.
func (t *memory) flow(d *day, p *visitor, v *Visit, at uint32, o *Outcome) {
	isNew := v.Event.IsZero() && o.Marks.Has(hit.FirstOfVisitOnPage)
	if isNew && v.Reported {
		o.Moves |= hit.Timed
	}
	switch {
	case !v.Event.IsZero():
		if o.Seconds > 0 { // which the page before takes part in
			t.from(d, p, o)
		}
		return
	case !p.page.IsZero() && at < p.pageAt:
		o.From, o.FromHost, o.FromHour, o.Lasted = v.Page, v.Host, t.calendar.Hour(v.Time), 0
		return
	case !p.page.IsZero():
		t.from(d, p, o)
		if p.flags&reported == 0 {
			o.Reading = at - p.pageAt
			if p.flags&newPage != 0 {
				o.Moves |= hit.FromTimed
			}
		}
		if !d.exited(p, p.page) {
			o.Moves |= hit.ExitLeft
		}
		if p.pageHost != v.Host && !d.exitedHost(p, p.pageHost) {
			o.Moves |= hit.ExitHostLeft
		}
	}
	if !d.exited(p, v.Page) {
		o.Moves |= hit.ExitFirst
	}
	if (p.page.IsZero() || p.pageHost != v.Host) && !d.exitedHost(p, v.Host) {
		o.Moves |= hit.ExitHostFirst
	}
	p.flags &^= reported | newPage
	if isNew {
		p.flags |= newPage
	}
	if v.Reported {
		p.flags |= reported
	}
	p.page, p.pageHost, p.pageAt = v.Page, v.Host, at
}

// from names the page that the visitor is on, if any.
func (t *memory) from(d *day, p *visitor, o *Outcome) {
	if !p.page.IsZero() {
		o.From, o.FromHost, o.FromHour = p.page, p.pageHost, t.calendar.Hour(d.start()+int64(p.pageAt))
	}
}

// exited reports whether the page is the last of one of the visitor's visits that have ended.
func (d *day) exited(p *visitor, page hit.Path) bool {
	if p.visit == 1 {
		return false
	}
	note := d.noted(p, kindPage, page.String())
	return note != nil && *note&noteExit != 0
}

// exitedHost reports whether such a page is on the host.
func (d *day) exitedHost(p *visitor, host hit.Host) bool {
	if p.flags&hostKept == 0 {
		return p.flags&hostExited != 0
	}
	note := d.noted(p, uint64(hit.FirstOnHost), host.String())
	return note != nil && *note&noteExit != 0
}

// leave ends the visitor's visit, of which the last page is kept, and its host.
func (d *day) leave(p *visitor) {
	if !p.page.IsZero() {
		d.exit(p, kindPage, p.page.String())
		if p.flags&hostKept != 0 {
			d.exit(p, uint64(hit.FirstOnHost), p.pageHost.String())
		}
		p.flags |= hostExited
	}
	p.page, p.flags = hit.Path{}, p.flags&^(reported|newPage)
}

// exit notes where one of the visitor's visits has ended.
func (d *day) exit(p *visitor, kind uint64, where string) {
	if note := d.noted(p, kind, where); note != nil {
		*note |= noteExit
	}
}
