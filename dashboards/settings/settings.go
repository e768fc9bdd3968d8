// Package settings owns what was made in the interface: sites, what they count, their segments and annotations, in one
// file of the data directory. Who merges it with the configuration file decides what of it holds.
package settings

import "errors"

// Kind is what an [Edit] is about.
type Kind string

// The kinds. All but Sites are definitions of a site, which names tell apart.
const (
	Sites    Kind = "sites"
	Goals    Kind = "goals"
	Groups   Kind = "groups"
	Funnels  Kind = "funnels"
	Segments Kind = "segments"
	// Reports are who is told of the site; there is one of them, of this name.
	ReportsOf Kind = "reports"
)

// Definitions are the kinds of what a site counts, saves and tells.
var Definitions = []Kind{Goals, Groups, Funnels, Segments, ReportsOf}

// Settings is all that was made in the interface. The zero value is nothing.
type Settings struct {
	Sites       []Site       `json:"sites"`
	Annotations []Annotation `json:"annotations"`
}

// Site is what was made for one site.
type Site struct {
	ID string `json:"id"`
	// Definition is nil for a site of the configuration file, to which the rest is added.
	Definition *Definition `json:"definition,omitempty"`
	Goals      []Goal      `json:"goals,omitempty"`
	Groups     []Group     `json:"groups,omitempty"`
	Funnels    []Funnel    `json:"funnels,omitempty"`
	Segments   []Segment   `json:"segments,omitempty"`
	Reports    *Reports    `json:"reports,omitempty"`
}

// Definition is a site itself, with the keys of the configuration file.
type Definition struct {
	Hosts     []string `json:"hosts"`
	Timezone  string   `json:"timezone"`
	Retention string   `json:"retention"` // such as 25 months; empty: until the figures are deleted
}

// Goal is a page or an event that a site counts.
type Goal struct {
	Name     string            `json:"name"`
	Page     string            `json:"page,omitempty"`
	Scroll   int               `json:"scroll,omitempty"` // percent
	Event    string            `json:"event,omitempty"`
	Props    map[string]string `json:"props,omitempty"`
	Currency string            `json:"currency,omitempty"`
}

// Group is pages that are counted together.
type Group struct {
	Name  string   `json:"name"`
	Pages []string `json:"pages"`
}

// Funnel is steps that a visit passes in order.
type Funnel struct {
	Name  string   `json:"name"`
	Steps []string `json:"steps"`
}

// Segment is a list of filters that can be asked for by name.
type Segment struct {
	ID      int    `json:"id,omitempty"`
	Name    string `json:"name"`
	Filters []any  `json:"filters"`
}

// Reports say who is told of a site by itself, with the keys of the configuration file: mail addresses, and names of
// webhooks.
type Reports struct {
	Weekly    []string          `json:"weekly"`
	Monthly   []string          `json:"monthly"`
	Notices   []string          `json:"notices"`
	Language  string            `json:"language,omitempty"`  // en or de; empty: en
	Languages map[string]string `json:"languages,omitempty"` // of receivers that read another one
	Hour      *int              `json:"hour,omitempty"`      // of the site's day at which reports are sent; nil: 7
	Spike     int               `json:"spike,omitempty"`     // current visitors that are worth a notice; 0: no number is
	Drop      *bool             `json:"drop,omitempty"`      // whether none, where there usually are, is worth one; nil: it is
}

func (g Goal) called() string    { return g.Name }
func (g Group) called() string   { return g.Name }
func (f Funnel) called() string  { return f.Name }
func (s Segment) called() string { return s.Name }

// empty reports whether nothing was made for the site.
func (s *Site) empty() bool {
	return s.Definition == nil && s.Reports == nil && len(s.Goals)+len(s.Groups)+len(s.Funnels)+len(s.Segments) == 0
}

// Site returns what was made for a site, nothing if there is nothing.
func (s Settings) Site(id string) Site {
	for _, site := range s.Sites {
		if site.ID == id {
			return site
		}
	}
	return Site{ID: id}
}

// Error is why a change cannot be.
type Error struct {
	Field  string // of what was changed, such as hosts.0; empty: all of it
	Reason string
}

// Error says the field and the reason in a line.
func (e *Error) Error() string {
	if e.Field == "" {
		return e.Reason
	}
	return e.Field + ": " + e.Reason
}

// Why a change is refused that could be made otherwise.
var (
	ErrUnknown = errors.New("there is nothing of that name; it may have been deleted meanwhile")
	ErrFixed   = errors.New("stands in the configuration file and is changed there")
	ErrChanged = errors.New("somebody has changed the settings of this site meanwhile; look at them again before you save")
)
