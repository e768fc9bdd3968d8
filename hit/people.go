package hit

import "strings"

type (
	// Region is a part of a country by its code after ISO 3166-2, "DE-BE".
	Region struct{ text }
	// City is a city's English name, at most 80 bytes.
	City struct{ text }
	// Language is a language after ISO 639, with the country if one is said: "de", "en-US".
	Language struct{ text }
)

// NewRegion returns the region with a code; zero for what is no code after ISO 3166-2.
func NewRegion(code string) Region {
	if len(code) < 4 || len(code) > 6 || code[2] != '-' || NewCountry(code[:2]) == (Country{}) {
		return Region{}
	}
	for _, c := range []byte(code[3:]) {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return Region{}
		}
	}
	return Region{intern(code)}
}

// NewCity returns the city with a name, zero if it cannot be one.
func NewCity(name string) City { return City{intern(label(name, 80, " .,-'()/"))} }

// NewLanguage returns the language that a tag names: two or three small letters, and a country's two capital ones if
// there is one; zero for anything else.
func NewLanguage(tag string) Language {
	name, country, more := strings.Cut(tag, "-")
	if len(name) < 2 || len(name) > 3 || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz") != "" {
		return Language{}
	}
	if more && NewCountry(country) == (Country{}) {
		return Language{}
	}
	return Language{intern(tag)}
}

// Screen is the class of how wide a page is shown.
type Screen uint8

// The classes, which part at 576, 992 and 1,440 CSS pixels.
const (
	ScreenUnknown Screen = iota
	ScreenMobile
	ScreenTablet
	ScreenLaptop
	ScreenDesktop
)

var screenNames = [...]string{"", "Mobile", "Tablet", "Laptop", "Desktop"}

// String returns the class as Plausible named it, empty if unknown.
func (s Screen) String() string { return name(screenNames[:], int(s)) }

// ScreenOf returns the class of a width in CSS pixels; unknown for 0 and less.
func ScreenOf(width int) Screen {
	switch {
	case width <= 0:
		return ScreenUnknown
	case width < 576:
		return ScreenMobile
	case width < 992:
		return ScreenTablet
	case width < 1440:
		return ScreenLaptop
	}
	return ScreenDesktop
}
