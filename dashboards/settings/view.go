package settings

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
)

// Source is where something was defined.
type Source string

// The sources. What the file says cannot be changed in the interface; a site that nobody has defined has figures only.
const (
	FromFile      Source = "file"
	FromInterface Source = "interface"
	FromFigures   Source = "figures"
)

// Origin is where something was defined, and why it does not hold, empty if it does.
type Origin struct {
	Source  Source `json:"source"`
	Problem string `json:"problem,omitempty"`
}

// View is what is defined for a site, by the file and in the interface.
type View struct {
	Site     SiteView      `json:"site"`
	Goals    []GoalView    `json:"goals"`
	Groups   []GroupView   `json:"groups"`
	Funnels  []FunnelView  `json:"funnels"`
	Segments []SegmentView `json:"segments"`
	Reports  *ReportsView  `json:"reports"` // nil if nobody is told
	// Receivers are who can be told.
	Receivers Receivers `json:"receivers"`
}

// Receivers are who can be told of a site: any mail address if there is a mail account, and webhooks by their names.
type Receivers struct {
	Mail     bool     `json:"mail"`
	Webhooks []string `json:"webhooks"`
}

// ReportsView is who is told, and where that was defined.
type ReportsView struct {
	Reports
	Origin
}

// SiteView is a site and where it was defined.
type SiteView struct {
	ID string `json:"id"`
	Definition
	Origin
}

// GoalView is a goal and where it was defined.
type GoalView struct {
	Goal
	Origin
}

// GroupView is a group and where it was defined.
type GroupView struct {
	Group
	Origin
}

// FunnelView is a funnel and where it was defined.
type FunnelView struct {
	Funnel
	Origin
}

// SegmentView is a segment and where it was defined.
type SegmentView struct {
	Segment
	Origin
}

// NewView returns the view of a site that has nothing but figures.
func NewView(id string) View {
	return View{
		Site:  SiteView{ID: id, Definition: Definition{Hosts: []string{}, Timezone: "UTC"}, Origin: Origin{Source: FromFigures}},
		Goals: []GoalView{}, Groups: []GroupView{}, Funnels: []FunnelView{}, Segments: []SegmentView{},
		Receivers: Receivers{Webhooks: []string{}},
	}
}

// Add adds what one source says of the site. Of a site that is defined already only the rest is added, and reports if it has
// none.
func (v *View) Add(s Site, origin func(kind Kind, name string) Origin) {
	if d := s.Definition; d != nil && v.Site.Source == FromFigures {
		v.Site.Definition, v.Site.Origin = *d, origin(Sites, s.ID)
		if d.Hosts == nil {
			v.Site.Hosts = []string{}
		}
		if d.Timezone == "" {
			v.Site.Timezone = "UTC"
		}
	}
	for _, g := range s.Goals {
		v.Goals = append(v.Goals, GoalView{g, origin(Goals, g.Name)})
	}
	for _, g := range s.Groups {
		v.Groups = append(v.Groups, GroupView{g, origin(Groups, g.Name)})
	}
	for _, f := range s.Funnels {
		v.Funnels = append(v.Funnels, FunnelView{f, origin(Funnels, f.Name)})
	}
	for _, one := range s.Segments {
		v.Segments = append(v.Segments, SegmentView{one, origin(Segments, one.Name)})
	}
	if s.Reports != nil && v.Reports == nil {
		v.Reports = &ReportsView{*s.Reports, origin(ReportsOf, string(ReportsOf))}
		for _, list := range []*[]string{&v.Reports.Weekly, &v.Reports.Monthly, &v.Reports.Notices} {
			if *list == nil {
				*list = []string{}
			}
		}
	}
}

// Tag is the view's entity tag, with its quotes: another one when anything of it is other.
func (v View) Tag() string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // what was read from YAML or JSON can be written
	}
	sum := sha256.Sum256(b)
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
}
