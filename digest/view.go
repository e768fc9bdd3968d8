package digest

import (
	"bytes"
	_ "embed" // the page of mails
	"encoding/json"
	"fmt"
	"html/template"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/klar-analytics/klar/notify"
	"github.com/klar-analytics/klar/report"
)

// view is a message as it is shown, in words of its language.
type view struct {
	Lang, Site, Heading, Title string
	Period, Compared           string
	Paragraph                  string
	Lead                       *viewFigure // the first figure, shown large
	Figures                    []viewFigure
	BarsTitle                  string
	Bars                       []viewBar
	Lists                      []viewList
	Link, LinkText             string
	Notes                      []string
	Why                        string // a mail comes
	Credit                     bool   // to who knows the countries
}

type viewFigure struct {
	Label, Value, Change string
	Tone                 string // good, bad or even
}

// viewBar is a column of the graph. Height is in pixels, up to barHeight.
type viewBar struct {
	Label, Value string
	Height       int
}

const barHeight = 72

type viewList struct {
	Title string
	Rows  []viewRow
}

// viewRow has a Share of the list's largest value, in percent.
type viewRow struct {
	Name, Value, Detail, Tone string
	Share                     int
}

//go:embed mail.html.tmpl
var mailPage string

var mailTemplate = template.Must(template.New("mail").Parse(mailPage))

// Message is the report in a language.
func (r Report) Message(l Language, at time.Time) (notify.Message, error) {
	v := r.view(of(l))
	payload, err := json.Marshal(r)
	if err != nil {
		return notify.Message{}, err
	}
	return v.message(notify.Message{
		ID: fmt.Sprintf("%s/%s/%s", r.Kind, r.Site, r.From), About: "report", Link: r.Link, Time: at, Payload: payload,
	})
}

// message completes a message with a view's text and page.
func (v view) message(m notify.Message) (notify.Message, error) {
	var page bytes.Buffer
	if err := mailTemplate.Execute(&page, v); err != nil {
		return m, err
	}
	m.Title, m.Text, m.Footer, m.HTML = v.Title, v.text(), wrap(v.Why), page.String()
	return m, nil
}

func (r Report) view(t *texts) view {
	v := view{
		Lang: t.lang, Site: r.Site, Heading: t.kinds[r.Kind], Period: t.days(r.period.From, r.period.To),
		Compared: fmt.Sprintf(t.comparedWith, t.days(r.period.BeforeFrom, r.period.BeforeTo)),
		Link:     r.Link, LinkText: t.open, Notes: []string{t.note}, Why: fmt.Sprintf(t.why, r.Site),
	}
	v.Title = fmt.Sprintf("%s: %s, %s", r.Site, v.Heading, v.Period)
	for _, f := range r.Figures {
		shown := viewFigure{t.metrics[f.Metric], t.value(f.Metric, f.Value), t.change(f.Metric, f.Value, f.Before), tone(f)}
		v.Figures = append(v.Figures, shown)
	}
	if len(v.Figures) > 0 {
		v.Lead, v.Figures = &v.Figures[0], v.Figures[1:]
		v.Title += fmt.Sprintf(" – %s %s", v.Lead.Value, t.visitors)
	}
	if len(r.Days) > 1 {
		v.BarsTitle, v.Bars = t.visitorsPerDay, bars(t, r.Days)
	}
	for _, list := range r.Lists {
		v.Lists = append(v.Lists, listView(t, list))
		v.Credit = v.Credit || list.Dimension == report.VisitCountry
	}
	return v
}

// tone tells whether a change is for the better.
func tone(f Figure) string {
	switch {
	case f.Value == nil || f.Before == nil || *f.Value == *f.Before:
		return "even"
	case (*f.Value > *f.Before) == (f.Metric != report.BounceRate):
		return "good"
	}
	return "bad"
}

// bars are the columns of the graph: of up to two weeks with weekdays, of more with every seventh date.
func bars(t *texts, days []Day) []viewBar {
	most := int64(1)
	for _, d := range days {
		most = max(most, d.Visitors)
	}
	var list []viewBar
	for i, d := range days {
		on, _ := time.Parse(time.DateOnly, d.Date) // our own
		b := viewBar{Height: int(d.Visitors * barHeight / most)}
		if d.Visitors > 0 {
			b.Height = max(b.Height, 2)
		}
		switch {
		case len(days) <= 14:
			b.Label, b.Value = t.weekday(on), t.number(float64(d.Visitors), 0)
		case i%7 == 0: // there is no room for more
			b.Label = fmt.Sprint(on.Day())
		}
		list = append(list, b)
	}
	return list
}

func listView(t *texts, list List) viewList {
	shown := viewList{Title: t.dimensions[list.Dimension]}
	most := int64(1)
	for _, row := range list.Rows {
		most = max(most, row.Visitors)
	}
	for _, row := range list.Rows {
		r := viewRow{Name: t.name(list.Dimension, row.Name), Value: t.number(float64(row.Visitors), 0)}
		r.Share = int(row.Visitors * 100 / most)
		switch {
		case row.Rate != nil:
			r.Detail, r.Tone = fmt.Sprintf(t.rate, t.number(*row.Rate, 1)+t.percent), "even"
		case row.Before != nil:
			value, before := float64(row.Visitors), float64(*row.Before)
			f := Figure{report.Visitors, &value, &before}
			r.Detail, r.Tone = t.change(f.Metric, f.Value, f.Before), tone(f)
		}
		shown.Rows = append(shown.Rows, r)
	}
	return shown
}

// text is the message for those who do not read HTML.
func (v view) text() string {
	var b strings.Builder
	line := func(parts ...string) { b.WriteString(strings.TrimRight(strings.Join(parts, ""), " ") + "\n") }
	line(v.Site, " – ", v.Heading)
	if v.Period != "" {
		line(v.Period, ", ", v.Compared)
	}
	if v.Paragraph != "" {
		line("\n", wrap(v.Paragraph))
	}
	if v.Lead != nil {
		line()
		for _, f := range append([]viewFigure{*v.Lead}, v.Figures...) {
			line(pad(f.Label, 24), padLeft(f.Value, 12), "  ", f.Change)
		}
	}
	var days []string
	for _, bar := range v.Bars {
		if bar.Value != "" {
			days = append(days, bar.Label+" "+bar.Value)
		}
	}
	if len(days) > 0 {
		line("\n", wrap(v.BarsTitle+": "+strings.Join(days, ", ")))
	}
	for _, list := range v.Lists {
		line("\n", list.Title)
		for _, row := range list.Rows {
			line("  ", pad(row.Name, 46), padLeft(row.Value, 9), "  ", row.Detail)
		}
	}
	for _, note := range v.Notes {
		line("\n", wrap(note))
	}
	if v.Credit {
		line("IP Geolocation by DB-IP, https://db-ip.com")
	}
	return b.String()
}

// pad and padLeft fill up with spaces to a width, and pad cuts what is longer.
func pad(s string, width int) string {
	if runes := []rune(s); len(runes) > width {
		s = string(runes[:width-1]) + "…"
	}
	return s + strings.Repeat(" ", width-utf8.RuneCountInString(s))
}

func padLeft(s string, width int) string {
	return strings.Repeat(" ", max(0, width-utf8.RuneCountInString(s))) + s
}

// wrap breaks a paragraph into lines of up to 76 characters.
func wrap(s string) string {
	var b strings.Builder
	column := 0
	for _, word := range strings.Fields(s) {
		n := utf8.RuneCountInString(word)
		switch {
		case column == 0:
		case column+1+n > 76:
			b.WriteByte('\n')
			column = 0
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	return b.String()
}
