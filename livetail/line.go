package livetail

import (
	"strings"
	"time"

	"github.com/klar-analytics/klar/hit"
)

// Line is what is shown of one hit. It names no visitor and no visit, and says nothing of the page before.
type Line struct {
	Minute time.Time `json:"minute"` // UTC
	Origin string    `json:"origin"`
	Kind   string    `json:"kind"`
	Path   string    `json:"path,omitempty"` // or the name of an event
	// Withheld says that the path is not shown, as too few visitors are there.
	Withheld bool   `json:"withheld,omitempty"`
	Method   string `json:"method,omitempty"` // of lines of a log
	Status   uint16 `json:"status,omitempty"`
	Bot      string `json:"bot,omitempty"`
	// Of a person, if enough present ones share all of it.
	Channel string `json:"channel,omitempty"`
	Country string `json:"country,omitempty"`
	Device  string `json:"device,omitempty"`
	Browser string `json:"browser,omitempty"`
	System  string `json:"system,omitempty"`
}

// lineOf says of a hit what says nothing of its visitor.
func lineOf(h *hit.Hit) Line {
	l := Line{
		Minute: time.Unix(h.Time-h.Time%60, 0).UTC(), Origin: h.Origin.String(), Kind: h.Kind.String(), Path: h.Path.String(),
		Status: h.Status, Bot: h.Bot.String(),
	}
	if h.Kind == hit.KindEvent {
		l.Path = h.Event.String()
	}
	if h.Origin == hit.OriginLog {
		l.Method = h.Method.String()
	}
	return l
}

// describe adds what the crowd rule lets stand together of the visitor.
func (l *Line) describe(h *hit.Hit) {
	v := h.Crowd.Value()
	l.Channel, l.Country, l.Device = h.Arrival.Value().Channel.String(), v.Country.String(), v.Device.String()
	l.Browser = strings.TrimSpace(v.Browser.String() + " " + v.BrowserVersion.String())
	l.System = strings.TrimSpace(v.OS.String() + " " + v.OSVersion.String())
}
