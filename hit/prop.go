package hit

import "unique"

// Prop is the name or the value of a property of an event, at most 120 characters.
type Prop struct{ text }

// NewProp returns the name or value, zero if it cannot be one.
func NewProp(s string) Prop { return Prop{intern(label(s, 120, eventMarks))} }

// OtherProp is the value of what came when a site had too many values of its properties in a day.
const OtherProp = "(other)"

// Property is a property that a page view or an event had. A handle of it is a list, the zero handle the empty one.
type Property struct {
	Name, Value Prop
	// FirstToday and FirstOfVisit say that the hit is the visitor's first today, and the visit's first, of its event with it.
	FirstToday, FirstOfVisit bool
	Next                     unique.Handle[Property]
}

// EachProperty calls f for every property of a list.
func EachProperty(list unique.Handle[Property], f func(*Property)) {
	for none := (unique.Handle[Property]{}); list != none; {
		p := list.Value()
		f(&p)
		list = p.Next
	}
}
