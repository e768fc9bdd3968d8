package visit

import (
	"cmp"
	"slices"
	"unique"

	"github.com/dchest/siphash"

	"github.com/klar-analytics/klar/anonymize/memo"
	"github.com/klar-analytics/klar/hit"
)

type name = unique.Handle[hit.Visitor]

// crowd decides under which combination of attributes a visitor is stored: the finest one that at least k people had
// within [window] days. It is decided once per visitor and day, for all who are new in a batch together.
//
// People of several days are told apart by a hash under a key of its own, of which 32 bits are kept, for at most k
// people of a combination. Neither leaves memory, and a restart begins anew; only names outlive it.
type crowd struct {
	k       int
	most    int // combinations remembered
	people  secret
	nothing name
	handles memo.Handles[hit.Visitor]
	ladders map[name]*[levels]name // what full combinations are generalised to
	known   map[name]*combination
	newest  int32 // latest day on which a name was confirmed; a single wrong clock does not move it
	swept   int32 // newest when the combinations were last swept

	waiting []waiting
	answer  []name

	// What a call of settle works with.
	open, next []int32
	groups     map[name]int32
	members    [][]int32
	evidence   []evidence
	present    map[uint32]int
}

// waiting is a visitor who is new in this batch.
type waiting struct {
	sighting
	visitor    *visitor
	attributes name
}

// evidence is a sighting in a batch, or of an earlier one if of is negative.
type evidence struct {
	sighting
	of int32
}

func newCrowd(k, most int, people secret) *crowd {
	return &crowd{
		k: k, most: most, people: people, nothing: unique.Make(hit.Visitor{}), known: map[name]*combination{},
		ladders: map[name]*[levels]name{},
		handles: memo.NewHandles[hit.Visitor](maxHandles),
		newest:  longAgo, swept: longAgo, groups: map[name]int32{}, present: map[uint32]int{},
	}
}

// enter returns the combination of a visitor whose exact one is common already, and lets the others wait.
func (c *crowd) enter(v *visitor, day int32, input []byte) (name, int32) {
	k0, k1 := c.people.halves()
	s := sighting{uint32(siphash.Hash(k0, k1, input)), day}
	all := v.attributes.Value()
	if c.hideRare(&all, s) {
		v.attributes = c.handles.Of(all)
	}
	full := c.handles.Of(generalise(all, 0))
	if full == c.nothing {
		return full, -1
	}
	if known := c.known[full]; known != nil && known.covers(day) {
		known.note(s, c.k)
		c.newest = max(c.newest, known.last)
		return full, -1
	}
	c.waiting = append(c.waiting, waiting{s, v, full})
	return name{}, int32(len(c.waiting) - 1)
}

// hideRare takes away provider, region and city, unless k people had them, and reports whether anything was taken. Of what
// is counted alone these have the most values, and what is counted alone can be joined to some extent: one that few people
// have would be enough to know one of them.
func (c *crowd) hideRare(v *hit.Visitor, s sighting) bool {
	before := *v
	if !v.Provider.IsZero() && !c.common(hit.Visitor{Alone: hit.Alone{Provider: v.Provider}}, s) {
		v.Provider = hit.Provider{}
	}
	if !v.City.IsZero() && !c.common(hit.Visitor{Country: v.Country, Alone: hit.Alone{Region: v.Region, City: v.City}}, s) {
		v.City = hit.City{}
	}
	if !v.Region.IsZero() && !c.common(hit.Visitor{Country: v.Country, Alone: hit.Alone{Region: v.Region}}, s) {
		v.Region, v.City = hit.Region{}, hit.City{}
	}
	return *v != before
}

// common reports whether k people had something within the window, who came before or are the visitor.
func (c *crowd) common(what hit.Visitor, s sighting) bool {
	known := c.recall(c.handles.Of(what))
	known.note(s, c.k)
	if known.crowded(s.day, c.k) {
		known.extend(s.day, s.day)
		c.newest = max(c.newest, known.last)
	}
	return known.covers(s.day)
}

// settle decides for all who wait, level by level, and returns their combinations.
func (c *crowd) settle() []name {
	c.answer = slices.Grow(c.answer[:0], len(c.waiting))[:len(c.waiting)]
	c.open = c.open[:0]
	for i := range c.waiting {
		c.answer[i] = c.nothing
		c.open = append(c.open, int32(i))
	}
	for level := 0; level < levels && len(c.open) > 0; level++ {
		c.next = c.next[:0]
		for i, n := range c.group(level) {
			c.decide(n, c.members[i])
		}
		c.open, c.next = c.next, c.open
	}
	for i, w := range c.waiting {
		w.visitor.crowd, w.visitor.pending = c.answer[i], -1
	}
	clear(c.waiting)
	c.waiting = c.waiting[:0]
	return c.answer
}

// steps returns the combinations that a full one is generalised to, by level.
func (c *crowd) steps(full name) *[levels]name {
	s := c.ladders[full]
	if s == nil {
		if len(c.ladders) >= maxHandles {
			clear(c.ladders)
		}
		s = &[levels]name{full}
		for level := 1; level < levels; level++ {
			s[level] = unique.Make(generalise(full.Value(), level))
		}
		c.ladders[full] = s
	}
	return s
}

// group sorts those who are not settled by their combination at a level, in the order of their first member.
func (c *crowd) group(level int) []name {
	clear(c.groups)
	var names []name
	for _, i := range c.open {
		n := c.waiting[i].attributes
		if level > 0 {
			n = c.steps(n)[level]
		}
		g, ok := c.groups[n]
		if !ok {
			g = int32(len(names))
			c.groups[n] = g
			names = append(names, n)
			if len(c.members) < len(names) {
				c.members = append(c.members, nil)
			}
			c.members[g] = c.members[g][:0]
		}
		c.members[g] = append(c.members[g], i)
	}
	return names
}

// decide settles those of a combination's members for whom it is common enough, and passes the others on.
func (c *crowd) decide(n name, members []int32) {
	if n == c.nothing {
		return // which is their answer already
	}
	known := c.recall(n)
	rest := members[:0]
	for _, i := range members {
		if w := &c.waiting[i]; known.covers(w.day) {
			c.answer[i] = n
			known.note(w.sighting, c.k)
		} else {
			rest = append(rest, i)
		}
	}
	if len(rest) == 0 {
		return
	}
	c.gather(known, rest)
	c.search(known, n)
	if known.reached {
		c.newest = max(c.newest, known.last)
	}
	for _, e := range c.evidence {
		if e.of < 0 {
			continue
		}
		known.note(e.sighting, c.k)
		if known.covers(e.day) {
			c.answer[e.of] = n
		}
		if c.answer[e.of] != n {
			c.next = append(c.next, e.of)
		}
	}
}

// gather puts the open members and the people remembered from earlier batches into the order of their days.
func (c *crowd) gather(known *combination, rest []int32) {
	c.evidence = c.evidence[:0]
	for _, s := range known.people {
		c.evidence = append(c.evidence, evidence{s, -1})
	}
	for _, i := range rest {
		c.evidence = append(c.evidence, evidence{c.waiting[i].sighting, i})
	}
	slices.SortStableFunc(c.evidence, func(a, b evidence) int { return cmp.Compare(a.day, b.day) })
}

// search moves a window over the evidence and settles all who stand in one with at least k people.
func (c *crowd) search(known *combination, n name) {
	if len(c.evidence) < c.k {
		return
	}
	left, settled := 0, 0
	for right, e := range c.evidence {
		c.present[e.person]++
		for ; c.evidence[left].day <= e.day-window; left++ {
			c.leave(c.evidence[left].person)
		}
		if len(c.present) < c.k {
			continue
		}
		for settled = max(settled, left); settled <= right; settled++ {
			if of := c.evidence[settled].of; of >= 0 {
				c.answer[of] = n
			}
		}
		known.extend(e.day, e.day)
	}
	// One by one: clearing the map would cost as much as the largest group so far.
	for _, e := range c.evidence[left:] {
		c.leave(e.person)
	}
}

// leave takes one of a person's sightings out of the window.
func (c *crowd) leave(person uint32) {
	if n := c.present[person] - 1; n > 0 {
		c.present[person] = n
	} else {
		delete(c.present, person)
	}
}

// recall returns what is known of a combination. Beyond the bound, what is newly learnt of one is not kept.
func (c *crowd) recall(n name) *combination {
	known := c.known[n]
	if known != nil {
		return known
	}
	if len(c.known) >= c.most && c.swept < c.newest {
		c.swept = c.newest
		for n, old := range c.known {
			if old.newest() <= c.newest-window {
				delete(c.known, n)
			}
		}
	}
	known = &combination{}
	if len(c.known) < c.most {
		c.known[n] = known
	}
	return known
}
