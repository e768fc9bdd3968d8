package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/klar-analytics/klar/report"
)

// checkSegments checks the saved segments of a site, which stands at key, and makes them ready to be asked for.
func (c *config) checkSegments(s *siteConfig, key string) error {
	s.segments = nil
	for i, one := range s.Segments {
		at := fmt.Sprintf("%s.segments.%d", key, i)
		switch {
		case strings.TrimSpace(one.Name) == "":
			return c.fail(at+".name", "is empty: a segment is asked for by its name")
		case one.ID < 0:
			return c.fail(at+".id", "%d is no number from 1", one.ID)
		}
		saved := report.Segment{ID: one.ID, Name: one.Name}
		for _, other := range s.segments {
			if other.Is(one.Name) || saved.Is(other.Name) {
				return c.fail(at+".name", "there are two segments %q", one.Name)
			}
			if one.ID > 0 && other.ID == one.ID {
				return c.fail(at+".id", "there are two segments %d", one.ID)
			}
		}
		var err error
		if saved.Filters, err = json.Marshal(one.Filters); err != nil {
			return c.fail(at+".filters", "are no filters as in the Stats API")
		}
		if err := report.CheckFilters(saved.Filters); err != nil {
			refused := (*report.Error)(nil)
			if errors.As(err, &refused) {
				return c.fail(at+"."+dotted(refused.Part), "%s", refused.Reason)
			}
			return c.fail(at+".filters", "%w", err)
		}
		s.segments = append(s.segments, saved)
	}
	return nil
}

// dotted writes a part of a question, such as filters[0][1], as keys of the configuration are: filters.0.1.
func dotted(part string) string {
	return strings.NewReplacer("[", ".", "]", "").Replace(part)
}
