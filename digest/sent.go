package digest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/klar-analytics/klar/atomicfile"
)

// sent holds the day on which each kind of message of each site was due last, of those that were sent.
type sent map[string]map[Kind]string

func loadSent(name string) (sent, error) {
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return sent{}, nil
	}
	s := sent{}
	if err == nil {
		err = json.Unmarshal(b, &s)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w; without the file, Klar forgets which reports it has sent", name, err)
	}
	return s, nil
}

// save replaces the file as a whole, so that a crash leaves the old one.
func (s sent) save(name string) error {
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return atomicfile.Write(name, b)
}

// is reports whether the message that was due on a day, or one that was due later, was sent.
func (s sent) is(site string, kind Kind, day time.Time) bool {
	return s[site][kind] >= day.Format(time.DateOnly)
}

func (s sent) set(site string, kind Kind, day time.Time) {
	if s[site] == nil {
		s[site] = map[Kind]string{}
	}
	s[site][kind] = day.Format(time.DateOnly)
}

// forget drops sites that are told of no more, once nothing of theirs could be due again.
func (s sent) forget(told []Site, now time.Time) {
	old := now.AddDate(0, 0, -3).Format(time.DateOnly)
	for site, days := range s {
		recent := slices.ContainsFunc(slices.Collect(maps.Values(days)), func(day string) bool { return day > old })
		if !recent && !slices.ContainsFunc(told, func(t Site) bool { return t.ID == site }) {
			delete(s, site)
		}
	}
}
