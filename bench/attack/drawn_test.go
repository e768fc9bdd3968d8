package attack

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"net/netip"
	"strings"

	"github.com/klar-analytics/klar/anonymize/geo"
	"github.com/klar-analytics/klar/anonymize/goal"
	"github.com/klar-analytics/klar/anonymize/scrub"
	"github.com/klar-analytics/klar/collector/raw"
	"github.com/klar-analytics/klar/hit"
)

// The log says nothing of regions, cities, languages and screens, and of no event. So for some attacks its page views are
// told by beacons that have them all, drawn for each network and person: skewed as those of a real site are, and the same
// in each run.

// drawnCounted is what the site counts of them. Of the last funnel every page view of a visit is a step: no other tells
// more of the order in which a visit saw its pages.
var drawnCounted = goal.Definitions{
	Goals: []goal.Goal{
		{Page: "/articles/**"}, {Page: "/projects/xdotool/"}, {Event: "Signup"}, {Event: "Signup", Props: map[string]string{"plan": "pro"}},
	},
	Groups: []goal.Group{{Pages: []string{"/projects/**", "/blog/**"}}},
	Funnels: []goal.Funnel{
		{Steps: []goal.Goal{{Page: "/projects/xdotool/"}, {Page: "/projects/xdotool/xdotool.xhtml"}}},
		{Steps: []goal.Goal{{Page: "/"}, {Page: "/blog/**"}, {Event: "Signup"}}},
		{Steps: []goal.Goal{{Page: "/**"}, {Page: "/**"}, {Page: "/**"}, {Page: "/**"}, {Page: "/**"}, {Page: "/**"}, {Page: "/**"}, {Page: "/**"}}},
	},
}

// dice draws for something, each time the same.
func dice(about ...[]byte) *rand.Rand {
	h := fnv.New64a()
	_, _ = h.Write(bytes.Join(about, []byte{0}))
	return rand.New(rand.NewPCG(h.Sum64(), 4))
}

// zipf draws a number below n, small ones more often.
func zipf(r *rand.Rand, n int) int {
	return min(int(math.Exp(r.Float64()*math.Log(float64(n+1))))-1, n-1)
}

// draw makes a beacon of a line, and reports whether it is one of a page view.
func draw(f *raw.Fields, countries *geo.DB) bool {
	if scrub.Kind(hit.MethodOf(f.Method), f.Target, f.Status) != hit.KindPage {
		return false
	}
	addr, err := netip.ParseAddr(string(f.Addr))
	if err != nil {
		return false
	}
	r := dice(f.Addr, f.UserAgent)
	f.Origin, f.Host = raw.FromAPI, []byte(site) // whose reading time is that until the next page view, as of a log
	f.Language = []byte(drawLanguage(r, countries.Lookup(hit.NewNet(addr, 24, 48)).Country.String()))
	f.Width = drawWidth(r, string(f.UserAgent))
	return true
}

// languages are those that most people of a country have.
var languages = map[string]string{
	"US": "en-US", "GB": "en-GB", "CA": "en-CA", "AU": "en-AU", "IN": "en-IN", "DE": "de-DE", "AT": "de-AT", "CH": "de-CH", "FR": "fr-FR",
	"BE": "nl-BE", "NL": "nl-NL", "ES": "es-ES", "MX": "es-MX", "AR": "es-AR", "CO": "es-CO", "IT": "it-IT", "PT": "pt-PT", "BR": "pt-BR",
	"RU": "ru-RU", "UA": "uk-UA", "PL": "pl-PL", "CZ": "cs-CZ", "RO": "ro-RO", "HU": "hu-HU", "SE": "sv-SE", "NO": "nb-NO", "DK": "da-DK",
	"FI": "fi-FI", "TR": "tr-TR", "GR": "el-GR", "JP": "ja-JP", "CN": "zh-CN", "TW": "zh-TW", "KR": "ko-KR", "VN": "vi-VN", "TH": "th-TH",
	"ID": "id-ID", "IL": "he-IL",
}

// drawLanguage draws what a browser accepts: three of four people have their country's language, the others English, the
// language alone, or that of another country.
func drawLanguage(r *rand.Rand, country string) string {
	own := languages[country]
	if own == "" {
		own = "en-US"
	}
	name, _, _ := strings.Cut(own, "-")
	switch n := r.IntN(100); {
	case n < 74:
		return own + "," + name + ";q=0.9"
	case n < 86:
		return "en-US,en;q=0.9"
	case n < 92:
		return name
	case n < 96:
		return "en-GB,en;q=0.8"
	}
	return []string{"es-ES", "zh-CN", "ru-RU", "hi-IN", "fr-FR", "pl-PL", "ar-EG", "pt-BR", "fa-IR", "ca-ES", "cy-GB", "eo"}[zipf(r, 12)]
}

// drawWidth draws how wide a page is shown, by the device: telephones, tablets, and windows of all widths.
func drawWidth(r *rand.Rand, agent string) int {
	switch {
	case strings.Contains(agent, "iPad"):
		return []int{768, 1024, 834, 375}[zipf(r, 4)]
	case strings.Contains(agent, "Mobi"), strings.Contains(agent, "Android"):
		return []int{390, 360, 412, 320, 844}[zipf(r, 5)]
	}
	return []int{1440, 1280, 1920, 1366, 2560, 960, 700, 500}[zipf(r, 8)]
}

// drawEvent makes of a page view's beacon one of an event that follows it, now and then.
func drawEvent(f *raw.Fields) bool {
	r := dice(f.Addr, f.UserAgent, f.Target, fmt.Append(nil, f.Time))
	switch n := r.IntN(100); {
	case n < 5:
		f.Event, f.Props = []byte("Signup"), []raw.Property{{Name: []byte("plan"), Value: []byte([]string{"free", "pro", "team"}[zipf(r, 3)])}}
	case n < 12:
		f.Event, f.Props = []byte("Download"), []raw.Property{{Name: []byte("file"), Value: fmt.Appendf(nil, "file-%d.zip", zipf(r, 30))}}
	default:
		return false
	}
	f.Time, f.Interactive = f.Time+2, true
	return true
}
