package report

import "time"

// Alert is something about a site that somebody should know of: a rule that a network or the site tripped, or figures that are
// not as usual. It holds a shortened network at most, and nothing of what was sent.
type Alert struct {
	// ID names this occurrence, also towards receivers.
	ID string `json:"id"`
	// Rule is what was tripped, Description a sentence that says what that means, German the same in German or empty, Severity
	// info, warning or critical.
	Rule        string            `json:"rule"`
	Description string            `json:"description"`
	German      string            `json:"description_de,omitempty"`
	Severity    string            `json:"severity"`
	Labels      map[string]string `json:"labels,omitempty"`
	Site        string            `json:"site_id"`
	// Net is the shortened network; empty for alerts of the whole site, and for the one that stands for Others.
	Net string `json:"net,omitempty"`
	// Finding is what was last recognised, if that is more than the rule says: a CVE.
	Finding string `json:"finding,omitempty"`
	// Others counts the alerts of networks for which this one stands, because there were too many to name each.
	Others int `json:"others,omitempty"`
	// Times counts how often the rule was tripped.
	Times int `json:"times"`
	// Figures is what is not as usual; nil for rules.
	Figures *Figures `json:"figures,omitempty"`
	// Firing says that it goes on. Silenced says that the configuration keeps it from being told.
	Firing   bool `json:"firing"`
	Silenced bool `json:"silenced,omitempty"`
	// Start is the first time and Last the last time that it was seen, of the log's time; End is when it was over, zero while
	// it is firing.
	Start time.Time `json:"start"`
	Last  time.Time `json:"last"`
	End   time.Time `json:"end,omitzero"`
	// Link leads to the dashboard, relative to its address.
	Link string `json:"link"`
}

// Figures are a series with a value outside of what is expected of it.
type Figures struct {
	// Series names what is counted, such as requests or status:5xx.
	Series string `json:"series"`
	// Value is the last, and Low and High are between what it usually is.
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}
