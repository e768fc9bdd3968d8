package visit

import "github.com/klar-analytics/klar/hit"

// window is the number of days within which a crowd must come together, and after which a name that was not
// confirmed lapses.
const window = 30

// levels is how often a combination can be generalised until nothing is left of it.
const levels = 6

// generalise returns what of a visitor's attributes may be crossed at a level: all at 0, nothing at [levels].
func generalise(v hit.Visitor, level int) hit.Visitor {
	v.Alone = hit.Alone{}
	if level >= 1 {
		v.OSVersion = hit.Version{}
	}
	if level >= 2 {
		v.BrowserVersion = hit.Version{}
	}
	if level >= 3 {
		v.OS = hit.OS{}
	}
	if level >= 4 {
		v.Browser = hit.Browser{}
	}
	if level >= 5 {
		v.Country = hit.Country{}
	}
	if level >= levels {
		v.Device = hit.Device(0)
	}
	return v
}

// combination is what is remembered of one combination of attributes. It is reached when at least k people had it
// within [window] days of each other.
type combination struct {
	reached    bool
	from, last int32 // first and last day on which it was confirmed, if reached
	people     []sighting
}

// sighting is a person who had a combination, by a hash that nothing outside memory knows, and the day of it.
type sighting struct {
	person uint32
	day    int32
}

// covers reports whether a visitor of the day may be stored under the name.
func (c *combination) covers(day int32) bool {
	return c.reached && day > c.from-window && day < c.last+window
}

// extend says that k people had the combination on the days from first to last. Of two periods that are too far apart
// to be one, the later is kept.
func (c *combination) extend(first, last int32) {
	switch {
	case c.reached && first < c.last+window && last > c.from-window:
		c.from, c.last = min(c.from, first), max(c.last, last)
	case !c.reached || last > c.last:
		c.reached, c.from, c.last = true, first, last
	}
}

// note remembers that a person had the combination. Of more than k people the one whose day is farthest gives way. A
// reached name is confirmed when all k were seen within the window that ends on the day.
func (c *combination) note(s sighting, k int) {
	far := -1
	for i := range c.people {
		p := &c.people[i]
		if p.person == s.person {
			p.day = max(p.day, s.day)
			far = -2
			break
		}
		if far < 0 || distance(p.day, s.day) > distance(c.people[far].day, s.day) {
			far = i
		}
	}
	switch {
	case far == -2:
	case len(c.people) < k:
		c.people = append(c.people, s)
	default:
		c.people[far] = s
	}
	if c.reached && s.day != c.last && c.crowded(s.day, k) {
		c.extend(s.day, s.day)
	}
}

// crowded reports whether k people were seen within the window that ends on the day.
func (c *combination) crowded(day int32, k int) bool {
	n := 0
	for _, p := range c.people {
		if p.day <= day && p.day > day-window {
			n++
		}
	}
	return n >= k
}

// longAgo is a day before all others, far enough from the smallest number to reckon with.
const longAgo = int32(-1 << 30)

// newest returns the last day that anything is known of.
func (c *combination) newest() int32 {
	day := longAgo
	if c.reached {
		day = c.last
	}
	for _, p := range c.people {
		day = max(day, p.day)
	}
	return day
}

func distance(a, b int32) int32 { return max(a-b, b-a) }
