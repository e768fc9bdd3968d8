package visit

import (
	"cmp"
	"slices"
)

// evidence is a sighting in a batch, or of an earlier one if of is negative.
type evidence struct {
	sighting
	of int32
}

// group sorts those who are not settled by their combination at a level, in the order of their first member.
func (c *crowd) group(q question, level int) []name {
	clear(c.groups)
	names := c.names[:0]
	for _, i := range c.open {
		n := c.waiting[i].asked[q]
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
	c.names = names
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
