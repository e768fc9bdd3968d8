package visit

import (
	"slices"
	"unique"

	"github.com/dchest/siphash"

	"github.com/klar-analytics/klar/anonymize/memo"
	"github.com/klar-analytics/klar/hit"
)

type name = unique.Handle[hit.Visitor]

// crowd decides under which combination of attributes a visitor is stored: the finest one that at least k people had
// within [window] days; and whether with provider, region and city, which as many must have had. It is decided once per
// visitor and day, for all who are new in a batch together.
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
	settled []Settled

	// What a call of settle works with.
	answer     []name
	open, next []int32
	groups     map[name]int32
	names      []name
	members    [][]int32
	evidence   []evidence
	present    map[uint32]int
}

// waiting is a visitor who is new in this batch.
type waiting struct {
	sighting
	visitor *visitor
	asked   [questions]name // what must be shared, nothing where that is no question
}

func newCrowd(k, most int, people secret) *crowd {
	return &crowd{
		k: k, most: most, people: people, nothing: unique.Make(hit.Visitor{}), known: map[name]*combination{},
		ladders: map[name]*[levels]name{},
		handles: memo.NewHandles[hit.Visitor](maxHandles),
		newest:  longAgo, swept: longAgo, groups: map[name]int32{}, present: map[uint32]int{},
	}
}

// enter returns the combination of a visitor, of whom all is known, if it is common already, and so are provider, region and
// city. Otherwise the visitor waits, and until that is settled the attributes are without those that are not.
func (c *crowd) enter(v *visitor, all hit.Visitor, day int32, input []byte) (name, int32) {
	k0, k1 := c.people.halves()
	w := waiting{sighting: sighting{uint32(siphash.Hash(k0, k1, input)), day}, visitor: v}
	bare, waits := all, false
	for q := range questions {
		w.asked[q] = c.nothing
		about, ok := q.about(&all)
		if !ok {
			continue
		}
		n := c.handles.Of(about)
		rare := q == ofCity && w.asked[ofRegion] != c.nothing || !c.common(n, w.sighting)
		if rare {
			waits = true
			q.hide(&bare)
		}
		if rare || q == ofCombination {
			w.asked[q] = n
		}
	}
	v.attributes = c.handles.Of(bare)
	if !waits {
		return w.asked[ofCombination], -1
	}
	c.waiting = append(c.waiting, w)
	return name{}, int32(len(c.waiting) - 1)
}

// common reports whether enough people have been seen with something, and if so that one more was.
func (c *crowd) common(n name, s sighting) bool {
	known := c.known[n]
	if known == nil || !known.covers(s.day) {
		return false
	}
	known.note(s, c.k)
	c.newest = max(c.newest, known.last)
	return true
}

// settle decides for all who wait.
func (c *crowd) settle() []Settled {
	c.settled = slices.Grow(c.settled[:0], len(c.waiting))[:len(c.waiting)]
	clear(c.settled)
	for q := range questions {
		c.ask(q)
		for i, shared := range c.answer {
			c.settled[i].take(q, shared)
		}
	}
	for i := range c.waiting {
		w, s := &c.waiting[i], &c.settled[i]
		if w.asked[ofRegion] != c.nothing && s.Shared.Region.IsZero() {
			s.Shared.City = hit.City{}
		}
		w.visitor.crowd, w.visitor.pending = s.Crowd, -1
		if s.Shared != (hit.Alone{}) {
			w.visitor.attributes = c.handles.Of(s.Complete(w.visitor.attributes.Value()))
		}
	}
	clear(c.waiting)
	c.waiting = c.waiting[:0]
	return c.settled
}

// ask answers one question for all who wait, level by level.
func (c *crowd) ask(q question) {
	c.answer = slices.Grow(c.answer[:0], len(c.waiting))[:len(c.waiting)]
	c.open = c.open[:0]
	for i := range c.waiting {
		c.answer[i] = c.nothing
		if c.waiting[i].asked[q] != c.nothing {
			c.open = append(c.open, int32(i))
		}
	}
	for level := 0; level < q.steps() && len(c.open) > 0; level++ {
		c.next = c.next[:0]
		for i, n := range c.group(q, level) {
			c.decide(n, c.members[i])
		}
		c.open, c.next = c.next, c.open
	}
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
