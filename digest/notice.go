package digest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/klar-analytics/klar/notify"
	"github.com/klar-analytics/klar/report"
)

const (
	// currentTime is how far back current visitors were seen last.
	currentTime = 5 * time.Minute
	// atMost is how far back current visitors are known.
	atMost = 30 * time.Minute
	// settled is how long after the end of an hour its figures are taken for complete.
	settled = 10 * time.Minute
	// weeks are those whose same hours say what is usual.
	weeks = 4
	// silence is how many hours without a visitor are looked back upon.
	silence = 24
	// usually is how many visitors there must have been on the mean of the weeks, and half of it in each of them, in hours in
	// which there are none now. A site with ten visitors in these hours has none in one of 22,000 of them by chance.
	usually = 10
)

// Notice is what programs get of a spike or a drop.
type Notice struct {
	Site     string  `json:"site"`
	Kind     Kind    `json:"kind"`
	Current  int     `json:"current,omitempty"`   // visitors, of a spike
	From     int     `json:"threshold,omitempty"` // of a spike
	Since    string  `json:"since,omitempty"`     // when a drop began, as in RFC 3339
	Usual    []int64 `json:"usual,omitempty"`     // visitors in the same hours of the last four weeks, the latest first
	Lists    []List  `json:"lists,omitempty"`     // of a spike: where the visitors of today came from, and what they see
	Link     string  `json:"link,omitempty"`
	location *time.Location
}

// spike tells of many visitors, once a day.
func (d *Digest) spike(ctx context.Context, s Site, now time.Time) error {
	if len(s.Notices) == 0 || s.Spike == 0 || d.Current == nil || d.sent.is(s.ID, Spike, date(now)) {
		return nil
	}
	current := d.Current(s.ID, currentTime)
	if current < s.Spike {
		return nil
	}
	n := Notice{Site: s.ID, Kind: Spike, Current: current, From: s.Spike, Link: s.link(now, now)}
	a := asker{ctx, d.Statistics, s, now}
	today := date(now)
	for _, dimension := range []report.Dimension{report.VisitSource, report.EventPage} {
		list, err := a.list(Period{From: today, To: today, BeforeFrom: today.AddDate(0, 0, -7), BeforeTo: today.AddDate(0, 0, -7)}, dimension)
		if err != nil {
			return err
		}
		for i := range list.Rows {
			list.Rows[i].Before = nil // of a whole day
		}
		n.Lists = append(n.Lists, list)
	}
	return d.notice(s, n, now)
}

// drop tells of hours without a visitor, once a day.
func (d *Digest) drop(ctx context.Context, s Site, now time.Time) error {
	end := now.Add(-settled)
	end = end.Add(-time.Duration(end.Minute())*time.Minute - time.Duration(end.Second())*time.Second).Truncate(time.Second)
	if len(s.Notices) == 0 || !s.Drop || d.sent.is(s.ID, Drop, date(now)) || d.looked[s.ID].Equal(end) {
		return nil
	}
	if d.Current != nil && d.Current(s.ID, atMost) > 0 { // what they did may still be on its way to the store
		return nil
	}
	hours, err := asker{ctx, d.Statistics, s, now}.hours(end)
	if err != nil {
		return err
	}
	d.looked[s.ID] = end
	since, usual := silent(hours, end, d.began)
	if since.IsZero() || d.sent.is(s.ID, Drop, date(since)) { // it goes on since a day that was told of
		return nil
	}
	return d.notice(s, Notice{
		Site: s.ID, Kind: Drop, Since: since.Format(time.RFC3339), Usual: usual, Link: s.link(now, now), location: s.Location,
	}, now)
}

// notice hands a notice on.
func (d *Digest) notice(s Site, n Notice, now time.Time) error {
	payload, err := json.Marshal(n)
	if err != nil {
		return err
	}
	err = d.put(s.Notices, func(l Language) (notify.Message, error) {
		return n.view(of(l)).message(notify.Message{
			ID: fmt.Sprintf("%s/%s/%s", n.Kind, s.ID, now.Format(time.DateOnly)), About: string(n.Kind), Link: n.Link, Time: now, Payload: payload,
		})
	})
	if err != nil {
		return err
	}
	return d.note(s.ID, n.Kind, date(now))
}

// hours asks for the visitors of each hour of the last four weeks up to the end of one, by its label.
func (a asker) hours(end time.Time) (map[string]int64, error) {
	from := end.AddDate(0, 0, -7*weeks).Add(-silence * time.Hour)
	result, err := a.askRaw(question{
		Metrics: []report.Metric{report.Visitors}, Dimensions: []report.Dimension{report.TimeHour},
		Range: [2]string{from.Format(time.RFC3339), end.Add(-time.Second).Format(time.RFC3339)},
	})
	if err != nil {
		return nil, err
	}
	on := map[string]int64{}
	for _, row := range result.Rows {
		on[row.Dimensions[0]] = count(row.Metrics[0])
	}
	return on, nil
}

// hourLabel is how the dimension time:hour names an hour.
const hourLabel = "2006-01-02 15:04:05"

// silent returns since when there has been nobody, up to the end of an hour, and how many visitors there were in the same
// hours of the last four weeks, if that is unusual; else the zero time. Hours before Klar began are not looked at: it may
// not know yet what was in them. A silence of a day is no news.
func silent(hours map[string]int64, end, began time.Time) (since time.Time, usual []int64) {
	sums := make([]int64, weeks)
	for n := 1; n <= silence; n++ {
		hour := end.Add(-time.Duration(n) * time.Hour)
		if hour.Before(began) || hours[hour.Format(hourLabel)] > 0 {
			break
		}
		for w := range sums {
			sums[w] += hours[hour.AddDate(0, 0, -7*(w+1)).Format(hourLabel)]
		}
		total, least := int64(0), sums[0]
		for _, sum := range sums {
			total, least = total+sum, min(least, sum)
		}
		if total >= usually*weeks && least >= usually/2 {
			since, usual = hour, slices.Clone(sums)
		}
	}
	if since.Equal(end.Add(-silence * time.Hour)) {
		return time.Time{}, nil
	}
	return since, usual
}

func (n Notice) view(t *texts) view {
	v := view{Lang: t.lang, Site: n.Site, Link: n.Link, LinkText: t.open, Why: fmt.Sprintf(t.why, n.Site)}
	if n.Kind == Spike {
		current := t.number(float64(n.Current), 0)
		v.Title, v.Heading = fmt.Sprintf(t.spikeTitle, n.Site, current), t.kinds[Spike]
		v.Paragraph = fmt.Sprintf(t.spikeText, n.Site, current, t.number(float64(n.From), 0))
		for _, list := range n.Lists {
			if shown := listView(t, list); len(shown.Rows) > 0 {
				shown.Title += " – " + t.today
				v.Lists = append(v.Lists, shown)
			}
		}
		return v
	}
	since, _ := time.Parse(time.RFC3339, n.Since) // our own
	clock := since.In(n.location).Format("15:04")
	if t.lang == "de" {
		clock += " Uhr"
	}
	var each []string
	total := int64(0)
	for _, u := range n.Usual {
		each, total = append(each, t.number(float64(u), 0)), total+u
	}
	v.Title, v.Heading = fmt.Sprintf(t.dropTitle, n.Site, clock), t.kinds[Drop]
	v.Paragraph = fmt.Sprintf(t.dropText, n.Site, clock, t.number(float64(total)/weeks, 0), strings.Join(each, ", "))
	return v
}
