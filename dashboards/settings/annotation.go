package settings

import (
	"cmp"
	"crypto/rand"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxText bounds the text of an annotation, in characters.
const maxText = 200

// Annotation is a word about a day of a site.
type Annotation struct {
	ID   string `json:"id"`
	Site string `json:"site,omitempty"`
	Day  string `json:"day"`  // of the site's time zone, such as 2026-11-20
	Text string `json:"text"` // plain, in one line
}

// Annotations returns those of a site by their days.
func (s *Store) Annotations(site string) []Annotation {
	list := []Annotation{}
	for _, a := range s.Now().Annotations {
		if a.Site == site {
			list = append(list, a)
		}
	}
	slices.SortStableFunc(list, func(a, b Annotation) int { return cmp.Compare(a.Day, b.Day) })
	return list
}

// Annotate adds an annotation. Its error is of type *[Error] if the day or the text cannot be one.
func (s *Store) Annotate(site, day, text string) (Annotation, error) {
	a := Annotation{ID: rand.Text()[:12], Site: site, Day: day, Text: strings.TrimSpace(text)}
	if err := a.check(); err != nil {
		return a, err
	}
	return a, s.Change(func(now Settings) (Settings, error) {
		if len(s.Annotations(site)) >= maxAnnotations {
			return now, &Error{"", "the site has " + strconv.Itoa(maxAnnotations) + " annotations already"}
		}
		now.Annotations = append(slices.Clone(now.Annotations), a)
		return now, nil
	}, nil)
}

// Unannotate removes an annotation of a site, or returns [ErrUnknown].
func (s *Store) Unannotate(site, id string) error {
	return s.Change(func(now Settings) (Settings, error) {
		rest := slices.DeleteFunc(slices.Clone(now.Annotations), func(a Annotation) bool { return a.Site == site && a.ID == id })
		if len(rest) == len(now.Annotations) {
			return now, ErrUnknown
		}
		now.Annotations = rest
		return now, nil
	}, nil)
}

func (a Annotation) check() error {
	if _, err := time.Parse(time.DateOnly, a.Day); err != nil {
		return &Error{"day", strconv.Quote(a.Day) + " is not a day such as 2026-11-20"}
	}
	n := utf8.RuneCountInString(a.Text)
	if n == 0 || n > maxText || strings.ContainsFunc(a.Text, unicode.IsControl) {
		return &Error{"text", "must have 1 to " + strconv.Itoa(maxText) + " characters in one line"}
	}
	return nil
}
