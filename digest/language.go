package digest

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/klar-analytics/klar/report"
)

// texts are what stands in messages of a language.
type texts struct {
	lang                  string
	kinds                 map[Kind]string
	metrics               map[report.Metric]string
	dimensions            map[report.Dimension]string
	names                 map[string]string // of values that are words
	months, weekdays      []string          // from January, and from Sunday
	points                string            // behind the change of a percentage
	visitors              string            // behind a number
	visitorsPerDay        string
	comparedWith          string // %s: a range
	open                  string
	note, why             string
	rate                  string // %s: a percentage
	spikeTitle, spikeText string
	dropTitle, dropText   string
	today                 string
	point, thousands      string
	percent               string // behind a percentage
	countries             display.Namer
}

var spoken = map[Language]*texts{
	English: {
		lang:  "en",
		kinds: map[Kind]string{Weekly: "Weekly report", Monthly: "Monthly report", Asked: "Report", Spike: "Many visitors", Drop: "No visitors"},
		metrics: map[report.Metric]string{
			report.Visitors: "Visitors", report.Visits: "Visits", report.Pageviews: "Page views",
			report.BounceRate: "Bounce rate", report.VisitDuration: "Visit duration",
		},
		dimensions: map[report.Dimension]string{
			report.VisitSource: "Sources", report.EventPage: "Pages", report.VisitCountry: "Countries", report.EventGoal: "Goals",
		},
		names:          map[string]string{report.DirectNone: "Direct / none", report.NotSet: "Unknown"},
		months:         strings.Fields("January February March April May June July August September October November December"),
		weekdays:       strings.Fields("Sun Mon Tue Wed Thu Fri Sat"),
		points:         "\u00a0points",
		visitors:       "visitors",
		visitorsPerDay: "Visitors per day",
		comparedWith:   "compared with %s",
		open:           "Open the dashboard",
		note:           "Visitors are counted by the day: who comes on several days counts on each of them.",
		why:            "You get this mail because the configuration of Klar names your address for the site %s. It has no remote content and does not tell anybody that you read it.",
		rate:           "%s of visitors",
		spikeTitle:     "%s: %s visitors right now",
		spikeText:      "%s has %s visitors at the moment. This notice comes from %s on, at most once a day.",
		dropTitle:      "%s: no visitors since %s",
		dropText:       "Nobody has visited %s since %s. In these hours there are usually about %s visitors: %s in the last four weeks. Either nobody reaches the site, or Klar does not get its log or beacons. This notice comes at most once a day.",
		today:          "Today so far",
		point:          ".", thousands: ",", percent: "%",
		countries: display.English.Regions(),
	},
	German: {
		lang:  "de",
		kinds: map[Kind]string{Weekly: "Wochenbericht", Monthly: "Monatsbericht", Asked: "Bericht", Spike: "Viele Besucher", Drop: "Keine Besucher"},
		metrics: map[report.Metric]string{
			report.Visitors: "Besucher", report.Visits: "Besuche", report.Pageviews: "Seitenaufrufe",
			report.BounceRate: "Absprungrate", report.VisitDuration: "Besuchsdauer",
		},
		dimensions: map[report.Dimension]string{
			report.VisitSource: "Quellen", report.EventPage: "Seiten", report.VisitCountry: "Länder", report.EventGoal: "Ziele",
		},
		names:          map[string]string{report.DirectNone: "Direkt / keine", report.NotSet: "Unbekannt"},
		months:         strings.Fields("Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
		weekdays:       strings.Fields("So Mo Di Mi Do Fr Sa"),
		points:         "\u00a0Punkte",
		visitors:       "Besucher",
		visitorsPerDay: "Besucher pro Tag",
		comparedWith:   "verglichen mit %s",
		open:           "Zum Dashboard",
		note:           "Besucher werden tageweise gezählt: Wer an mehreren Tagen kommt, zählt an jedem davon.",
		why:            "Sie bekommen diese E-Mail, weil in der Konfiguration von Klar Ihre Adresse für die Site %s steht. Sie lädt nichts nach und verrät niemandem, dass Sie sie lesen.",
		rate:           "%s der Besucher",
		spikeTitle:     "%s: gerade %s Besucher",
		spikeText:      "%s hat im Moment %s Besucher. Diese Nachricht kommt ab %s, höchstens einmal am Tag.",
		dropTitle:      "%s: keine Besucher seit %s",
		dropText:       "Seit %[2]s hat niemand %[1]s besucht. In diesen Stunden sind es sonst etwa %[3]s Besucher: %[4]s in den letzten vier Wochen. Entweder erreicht niemand die Site, oder Klar bekommt ihr Log oder ihre Beacons nicht. Diese Nachricht kommt höchstens einmal am Tag.",
		today:          "Heute bisher",
		point:          ",", thousands: ".", percent: "\u00a0%",
		countries: display.German.Regions(),
	},
}

// of returns the texts of a language, English ones of an unknown one.
func of(l Language) *texts {
	if t, ok := spoken[l]; ok {
		return t
	}
	return spoken[English]
}

// number writes a number with a number of decimals.
func (t *texts) number(n float64, decimals int) string {
	whole, rest, _ := strings.Cut(strconv.FormatFloat(math.Abs(n), 'f', decimals, 64), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + t.thousands + whole[i:]
	}
	if rest != "" {
		whole += t.point + rest
	}
	if n < 0 && strings.Trim(whole, "0"+t.point) != "" {
		return "−" + whole
	}
	return whole
}

// value writes a figure of a metric; nil is a dash.
func (t *texts) value(m report.Metric, v *float64) string {
	switch {
	case v == nil:
		return "–"
	case m == report.BounceRate:
		return t.number(*v, 0) + t.percent
	case m == report.VisitDuration:
		return fmt.Sprintf("%d:%02d min", int(*v)/60, int(*v)%60)
	}
	return t.number(*v, 0)
}

// change writes by how much a figure has changed: in percent, of rates in points. It is empty where nothing can be said.
func (t *texts) change(m report.Metric, v, before *float64) string {
	if v == nil || before == nil {
		return ""
	}
	by, unit := *v-*before, t.percent
	if m == report.BounceRate {
		unit = t.points
	} else if *before == 0 {
		return ""
	} else {
		by = by / *before * 100
	}
	by = math.Round(by)
	switch {
	case by > 0:
		return "+" + t.number(by, 0) + unit
	case by < 0:
		return t.number(by, 0) + unit
	}
	return "±0" + unit
}

// day writes a date, without its year if told so.
func (t *texts) day(d time.Time, year bool) string {
	s := fmt.Sprintf("%d %s", d.Day(), t.months[d.Month()-1])
	if t.lang == "de" {
		s = fmt.Sprintf("%d. %s", d.Day(), t.months[d.Month()-1])
	}
	if year {
		s += fmt.Sprintf(" %d", d.Year())
	}
	return s
}

// days writes a range of whole days as short as it can be said.
func (t *texts) days(from, to time.Time) string {
	point := ""
	if t.lang == "de" {
		point = "."
	}
	switch {
	case from.Equal(to):
		return t.day(to, true)
	case from.Day() == 1 && to.AddDate(0, 0, 1).Equal(from.AddDate(0, 1, 0)):
		return fmt.Sprintf("%s %d", t.months[to.Month()-1], to.Year())
	case from.Year() == to.Year() && from.Month() == to.Month():
		return fmt.Sprintf("%d%s–%s", from.Day(), point, t.day(to, true))
	}
	return t.day(from, from.Year() != to.Year()) + " – " + t.day(to, true)
}

// weekday returns the short name of a day's weekday.
func (t *texts) weekday(d time.Time) string { return t.weekdays[d.Weekday()] }

// maxName bounds the names of pages and sources, in characters.
const maxName = 80

// name writes a value of a dimension: names of countries in the language, pages and sources on one line.
func (t *texts) name(of report.Dimension, value string) string {
	if known, ok := t.names[value]; ok {
		return known
	}
	if of == report.VisitCountry {
		if region, err := language.ParseRegion(value); err == nil {
			if name := t.countries.Name(region); name != "" {
				return name
			}
		}
	}
	value = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '·'
		}
		return r
	}, value)
	if runes := []rune(value); len(runes) > maxName {
		return string(runes[:maxName-1]) + "…"
	}
	return value
}
