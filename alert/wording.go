package alert

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/klar-analytics/klar/report"
)

// wording is what messages say in a language.
type wording struct {
	title                          string // severity, rule, what it is about, site
	line                           string // what an alert is about, since when
	clock                          string // of since when
	networks, others, manyNetworks string // the first two with a number
	unusual                        string // series, value, and what is expected
	overTitle, overText            string // rule and site; rule
	test                           string
	point                          string // of decimals
	// severities and series are called by their names where they stand in neither.
	severities, series map[string]string
	description        func(*report.Alert) string
}

var inEnglish = wording{
	title: "[%s] %s: %s on %s", line: "- %s, since %s\n", clock: "2006-01-02 15:04 UTC",
	networks: "%d networks", others: "%d more from other networks", manyNetworks: "many networks",
	unusual: "%s is %s, expected are %s to %s", overTitle: "[resolved] %s on %s", overText: "%s is over.\n",
	test: "[test] Klar's alerts arrive", point: ".",
	description: func(a *report.Alert) string { return a.Description },
}

var inGerman = wording{
	title: "[%s] %s: %s auf %s", line: "- %s, seit %s\n", clock: "02.01.2006, 15:04 UTC",
	networks: "%d Netze", others: "%d weitere aus anderen Netzen", manyNetworks: "viele Netze",
	unusual: "%s: %s, erwartet sind %s bis %s", overTitle: "[vorbei] %s auf %s", overText: "%s ist vorbei.\n",
	test: "[Test] Klars Alarme kommen an", point: ",",
	severities: map[string]string{"info": "Hinweis", "warning": "Warnung", "critical": "kritisch"},
	series: map[string]string{
		"requests": "Anfragen", "bytes": "gesendete Bytes", "threats": "Angriffe", "status:4xx": "falsch gestellte Anfragen",
		"status:5xx": "Fehler des Servers", "failed logins": "misslungene Anmeldungen", "new paths": "Anfragen nach neuen Pfaden",
		"country": "Anfragen aus", "provider": "Anfragen von", "bot": "Anfragen von",
	},
	description: func(a *report.Alert) string { return cmp.Or(a.German, a.Description) },
}

// severity returns what a severity is called.
func (w *wording) severity(s string) string { return cmp.Or(w.severities[s], s) }

// seriesName returns what a series is called; one of a country, provider or bot is named as in country:DE.
func (w *wording) seriesName(s string) string {
	if name, ok := w.series[s]; ok {
		return name
	}
	if of, value, ok := strings.Cut(s, ":"); ok && w.series[of] != "" {
		return w.series[of] + " " + value
	}
	return s
}

// subject says who or what an alert is about.
func (w *wording) subject(a *report.Alert) string {
	switch {
	case a.Figures != nil:
		return fmt.Sprintf(w.unusual, w.seriesName(a.Figures.Series), w.number(a.Figures.Value), w.number(a.Figures.Low), w.number(a.Figures.High))
	case a.Others > 0:
		return fmt.Sprintf(w.others, a.Others)
	case a.Net != "":
		return a.Net
	}
	return w.manyNetworks
}

func (w *wording) number(v float64) string { return strings.Replace(figure(v), ".", w.point, 1) }

// figure writes a number without more digits than anybody reads.
func figure(v float64) string {
	if v == float64(int64(v)) || v >= 100 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.2g", v)
}
