package visit

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"time"
	"unique"

	"github.com/klar-analytics/klar/hit"
)

// savedNames is the form in which names outlive a restart.
type savedNames struct {
	Crowd int         `json:"crowd"` // the k they were reached with
	Names []savedName `json:"names"`
}

// savedName is a combination that enough people shared, and the first and last day of that, as YYYY-MM-DD.
type savedName struct {
	Device         string `json:"device,omitempty"`
	Country        string `json:"country,omitempty"`
	Browser        string `json:"browser,omitempty"`
	BrowserVersion string `json:"browser_version,omitempty"`
	OS             string `json:"os,omitempty"`
	OSVersion      string `json:"os_version,omitempty"`
	Region         string `json:"region,omitempty"` // alone, or with a city
	City           string `json:"city,omitempty"`
	Provider       string `json:"provider,omitempty"` // alone
	From           string `json:"from"`
	Last           string `json:"last"`
}

// compare orders names by what they say.
func (n savedName) compare(o savedName) int {
	return cmp.Or(
		cmp.Compare(n.Device, o.Device), cmp.Compare(n.Country, o.Country), cmp.Compare(n.Browser, o.Browser),
		cmp.Compare(n.BrowserVersion, o.BrowserVersion), cmp.Compare(n.OS, o.OS), cmp.Compare(n.OSVersion, o.OSVersion),
		cmp.Compare(n.Region, o.Region), cmp.Compare(n.City, o.City), cmp.Compare(n.Provider, o.Provider),
	)
}

func (c *crowd) save() ([]byte, error) {
	s := savedNames{Crowd: c.k, Names: []savedName{}}
	for n, known := range c.known {
		if !known.reached || known.last <= c.newest-window {
			continue
		}
		v := n.Value()
		s.Names = append(s.Names, savedName{
			Device: v.Device.String(), Country: v.Country.String(),
			Browser: v.Browser.String(), BrowserVersion: v.BrowserVersion.String(),
			OS: v.OS.String(), OSVersion: v.OSVersion.String(), Region: v.Region.String(), City: v.City.String(), Provider: v.Provider.String(),
			From: date(known.from), Last: date(known.last),
		})
	}
	// Sorted, so that the same names are the same bytes and the order in which they came up is not kept.
	slices.SortFunc(s.Names, savedName.compare)
	return json.Marshal(s)
}

func (c *crowd) load(b []byte) error {
	var s savedNames
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("visit: saved names: %w", err)
	}
	if s.Crowd < c.k {
		return nil
	}
	loaded := make(map[name]*combination, len(s.Names))
	for i, n := range s.Names[:min(len(s.Names), c.most)] {
		known, err := n.period()
		if err != nil {
			return fmt.Errorf("visit: saved names: entry %d: its days are not two dates in order", i+1)
		}
		v := hit.Visitor{
			Device: device(n.Device), Country: hit.NewCountry(n.Country),
			Browser: hit.NewBrowser(n.Browser), BrowserVersion: hit.NewVersion(n.BrowserVersion),
			OS: hit.NewOS(n.OS), OSVersion: hit.NewVersion(n.OSVersion),
			Alone: hit.Alone{Region: hit.NewRegion(n.Region), City: hit.NewCity(n.City), Provider: hit.NewProvider(n.Provider)},
		}
		loaded[unique.Make(v)] = known
		c.newest = max(c.newest, known.last)
	}
	c.known = loaded
	return nil
}

func (n *savedName) period() (*combination, error) {
	from, err := time.Parse(time.DateOnly, n.From)
	if err != nil {
		return nil, err
	}
	last, err := time.Parse(time.DateOnly, n.Last)
	if err != nil {
		return nil, err
	}
	if last.Before(from) {
		return nil, fmt.Errorf("ends before it starts")
	}
	return &combination{reached: true, from: number(from), last: number(last)}, nil
}

func date(day int32) string {
	return time.Unix(int64(day)*secondsPerDay, 0).UTC().Format(time.DateOnly)
}

func number(t time.Time) int32 { return int32(t.Unix() / secondsPerDay) }

func device(s string) hit.Device {
	for d := hit.Device(1); d.String() != ""; d++ {
		if d.String() == s {
			return d
		}
	}
	return hit.DeviceUnknown
}
