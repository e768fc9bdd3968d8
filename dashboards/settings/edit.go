package settings

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
)

// Bounds of what is kept; the configuration's own are narrower for goals, groups and funnels.
const (
	maxSites       = 1000
	maxDefinitions = 256  // of a kind, of a site
	maxAnnotations = 2000 // of a site
	maxReceivers   = 50   // of each report
)

// Edit is one change of what was made for a site.
type Edit struct {
	Site string
	Kind Kind
	// Name is what is changed, empty for what is new. Of sites it is the id.
	Name string
	// New is what it is called afterwards, empty for what is removed.
	New string

	change func(*Site) error
}

// Put returns the edit that replaces what has the name, or adds something new if that is empty, by what the JSON
// describes. Its error is of type *[Error].
func Put(site string, kind Kind, name string, body []byte) (Edit, error) {
	e := Edit{Site: site, Kind: kind, Name: name}
	switch kind {
	case Goals:
		return putting(e, body, func(s *Site) *[]Goal { return &s.Goals })
	case Groups:
		return putting(e, body, func(s *Site) *[]Group { return &s.Groups })
	case Funnels:
		return putting(e, body, func(s *Site) *[]Funnel { return &s.Funnels })
	case Segments:
		return putting(e, body, func(s *Site) *[]Segment { return &s.Segments })
	case ReportsOf:
		return putReports(e, body)
	}
	var d Definition
	if err := decode(body, &d); err != nil {
		return e, err
	}
	if len(d.Hosts) > maxDefinitions {
		return e, &Error{"hosts", "are more than " + strconv.Itoa(maxDefinitions)}
	}
	e.Name, e.New = site, site
	e.change = func(s *Site) error { s.Definition = &d; return nil }
	return e, nil
}

func putReports(e Edit, body []byte) (Edit, error) {
	var r Reports
	if err := decode(body, &r); err != nil {
		return e, err
	}
	for field, list := range map[string][]string{"weekly": r.Weekly, "monthly": r.Monthly, "notices": r.Notices} {
		if len(list) > maxReceivers {
			return e, &Error{field, "are more than " + strconv.Itoa(maxReceivers)}
		}
	}
	e.Name, e.New = string(ReportsOf), string(ReportsOf)
	e.change = func(s *Site) error { s.Reports = &r; return nil }
	return e, nil
}

// Remove returns the edit that removes what has the name; of a site, everything that was made for it.
func Remove(site string, kind Kind, name string) Edit {
	e := Edit{Site: site, Kind: kind, Name: name}
	switch kind {
	case Goals:
		return removing(e, func(s *Site) *[]Goal { return &s.Goals })
	case Groups:
		return removing(e, func(s *Site) *[]Group { return &s.Groups })
	case Funnels:
		return removing(e, func(s *Site) *[]Funnel { return &s.Funnels })
	case Segments:
		return removing(e, func(s *Site) *[]Segment { return &s.Segments })
	case ReportsOf:
		e.Name = string(ReportsOf)
		e.change = func(s *Site) error {
			if s.Reports == nil {
				return ErrUnknown
			}
			s.Reports = nil
			return nil
		}
		return e
	}
	e.Name = site
	e.change = func(s *Site) error {
		if s.Definition == nil {
			return ErrUnknown
		}
		*s = Site{ID: s.ID}
		return nil
	}
	return e
}

// Apply returns the settings after the edit, and leaves those before it as they are.
func (e Edit) Apply(s Settings) (Settings, error) {
	s.Sites = slices.Clone(s.Sites)
	at := slices.IndexFunc(s.Sites, func(site Site) bool { return site.ID == e.Site })
	if at < 0 {
		if len(s.Sites) >= maxSites {
			return s, &Error{"", "there are " + strconv.Itoa(maxSites) + " sites already"}
		}
		at = len(s.Sites)
		s.Sites = append(s.Sites, Site{ID: e.Site})
	}
	if err := e.change(&s.Sites[at]); err != nil {
		return s, err
	}
	if s.Sites[at].empty() {
		s.Sites = slices.Delete(s.Sites, at, at+1)
	}
	return s, nil
}

type named interface{ called() string }

func putting[T named](e Edit, body []byte, of func(*Site) *[]T) (Edit, error) {
	var one T
	if err := decode(body, &one); err != nil {
		return e, err
	}
	e.New = one.called()
	if e.New == "" {
		return e, &Error{"name", "is missing"}
	}
	e.change = func(s *Site) error {
		list := slices.Clone(*of(s))
		at, other := index(list, e.Name), index(list, e.New)
		switch {
		case e.Name != "" && at < 0:
			return ErrUnknown
		case other >= 0 && other != at:
			return &Error{"name", "there are two of " + strconv.Quote(e.New)}
		case e.Name != "":
			list[at] = one
		case len(list) >= maxDefinitions:
			return &Error{"", "there are " + strconv.Itoa(maxDefinitions) + " already"}
		default:
			list = append(list, one)
		}
		*of(s) = list
		return nil
	}
	return e, nil
}

func removing[T named](e Edit, of func(*Site) *[]T) Edit {
	e.change = func(s *Site) error {
		at := index(*of(s), e.Name)
		if at < 0 {
			return ErrUnknown
		}
		*of(s) = slices.Delete(slices.Clone(*of(s)), at, at+1)
		return nil
	}
	return e
}

func index[T named](list []T, name string) int {
	return slices.IndexFunc(list, func(one T) bool { return one.called() == name })
}

// decode reads one JSON value that has no other keys than v.
func decode(body []byte, v any) error {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	err := dec.Decode(v)
	if err == nil && dec.More() {
		err = io.ErrUnexpectedEOF
	}
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
		return &Error{wrong.Field, "is of the wrong kind: " + wrong.Value}
	}
	if err != nil {
		return &Error{"", "is not JSON with the keys that are described in docs/api.md"}
	}
	return nil
}
