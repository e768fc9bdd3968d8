package hit

import (
	"slices"
	"strings"
	"unicode/utf8"
	"unique"
)

// Counted says what a [Definition] defines.
type Counted uint8

// What can be defined.
const (
	CountedGoal Counted = iota
	CountedGroup
	CountedFunnel
)

var countedNames = [...]string{"goal", "group", "funnel"}

// String returns the name as the table goals has it.
func (c Counted) String() string { return name(countedNames[:], int(c)) }

// Definition says what of a site is counted as a goal, group or funnel: "page /blog/**", at most 4,096 bytes. It is the
// configuration's and holds nothing of a visitor.
type Definition struct{ text }

// NewDefinition returns the definition, zero if it is too long or holds control characters, an address, an agent or a query.
func NewDefinition(s string) Definition {
	if len(s) > 4096 || !utf8.ValidString(s) || strings.ContainsFunc(s, control) || strings.ContainsAny(s, "?#") ||
		strings.Contains(s, "Mozilla/") || holdsAddress(s) {
		return Definition{}
	}
	return Definition{intern(s)}
}

// Target is what a hit can reach: a goal, a group or a step of a funnel.
type Target struct {
	Definition Definition
	Kind       Counted
	// Step of a funnel, from 1 to 8; 0 for what is no funnel.
	Step uint8
}

// Reached is one target that a hit reached, and what else it did. A handle of it is a list, the zero handle the empty one:
// the usual hit reaches nothing and pays one word.
type Reached struct {
	Target
	// FirstToday and FirstOfVisit say that the hit is the visitor's first today, and the visit's first, to reach it.
	FirstToday, FirstOfVisit bool
	// Defined says that the target was not reached, but that it was being counted in the hit's hour.
	Defined bool
	// Revenue that came with it, of goals only.
	Revenue Revenue
	Next    unique.Handle[Reached]
}

// Each calls f for every target of a list.
func Each(list unique.Handle[Reached], f func(*Reached)) {
	for none := (unique.Handle[Reached]{}); list != none; {
		r := list.Value()
		f(&r)
		list = r.Next
	}
}

// Revenue is an amount of money, exact to a ten-thousandth. The zero value is none.
type Revenue struct {
	// Units are ten-thousandths of the currency's unit, at most [MaxRevenue] and at least -MaxRevenue.
	Units    int64
	Currency Currency
}

// MaxRevenue bounds the amount of one hit, in ten-thousandths: a billion.
const MaxRevenue = 1e9 * RevenueUnit

// RevenueUnit is how many units one dollar is.
const RevenueUnit = 10_000

// Currency is the three capital letters of ISO 4217; zero for none.
type Currency [3]byte

// NewCurrency returns the currency of three letters, in either case, and zero for anything else.
func NewCurrency(s string) Currency {
	var c Currency
	if len(s) != len(c) {
		return Currency{}
	}
	for i := range c {
		if c[i] = s[i] &^ 0x20; c[i] < 'A' || c[i] > 'Z' {
			return Currency{}
		}
	}
	return c
}

// String returns the three letters, empty for none.
func (c Currency) String() string {
	if c == (Currency{}) {
		return ""
	}
	return string(c[:])
}

// ListOf returns the list of targets in their order; what their Next was is lost.
func ListOf(targets []Reached) unique.Handle[Reached] {
	var list unique.Handle[Reached]
	for _, r := range slices.Backward(targets) {
		r.Next = list
		list = unique.Make(r)
	}
	return list
}
