package attack

import "fmt"

// rate is a share.
type rate struct{ of, all int }

func (r rate) percent() float64 {
	if r.all == 0 {
		return 0
	}
	return 100 * float64(r.of) / float64(r.all)
}

func (r rate) String() string { return fmt.Sprintf("%.1f %% (%d of %d)", r.percent(), r.of, r.all) }

// holders collects who has a key.
type holders map[string]map[int]bool

func (h holders) add(key string, who int) {
	if h[key] == nil {
		h[key] = map[int]bool{}
	}
	h[key][who] = true
}

// singledOut returns the share of people with a stored combination that belongs to nobody else. What says nothing, the
// empty combination, is none.
func singledOut(t *truth, attributes func(*view) string) rate { return amongFew(t, attributes, 2) }

// amongFew returns the share of people with a stored combination that fewer than k have, themselves among them.
func amongFew(t *truth, attributes func(*view) string, k int) rate {
	people := holders{}
	for i := range t.views {
		people.add(attributes(&t.views[i]), t.views[i].person)
	}
	alone := map[int]bool{}
	for key, who := range people {
		if key == "" || len(who) >= k {
			continue
		}
		for p := range who {
			alone[p] = true
		}
	}
	return rate{len(alone), t.people}
}

// singledOutByDay is the same for each day by itself, of people and days.
func singledOutByDay(t *truth, attributes func(*view) string) rate {
	people, all := holders{}, map[[2]int]bool{}
	for i := range t.views {
		v := &t.views[i]
		all[[2]int{v.person, v.day}] = true
		if a := attributes(v); a != "" {
			people.add(fmt.Sprint(v.day, " ", a), v.person)
		}
	}
	alone := map[[2]int]bool{}
	for i := range t.views {
		v := &t.views[i]
		if len(people[fmt.Sprint(v.day, " ", attributes(v))]) == 1 {
			alone[[2]int{v.person, v.day}] = true
		}
	}
	return rate{len(alone), len(all)}
}

// returning lists the days of all who came on several.
func returning(t *truth) map[int]map[int]bool {
	days := map[int]map[int]bool{}
	for i := range t.views {
		v := &t.views[i]
		if days[v.person] == nil {
			days[v.person] = map[int]bool{}
		}
		days[v.person][v.day] = true
	}
	for p, d := range days {
		if len(d) < 2 {
			delete(days, p)
		}
	}
	return days
}

// relinked returns the share of those who came on several days who are recognised on all of them: by a signature that is
// theirs alone.
func relinked(t *truth, signature func(*view) string) rate {
	people, days := holders{}, map[string]map[int]bool{}
	for i := range t.views {
		v := &t.views[i]
		s := signature(v)
		if s == "" {
			continue
		}
		people.add(s, v.person)
		if days[s] == nil {
			days[s] = map[int]bool{}
		}
		days[s][v.day] = true
	}
	back, known := returning(t), map[int]bool{}
	for s, who := range people {
		for p := range who {
			if len(who) == 1 && len(back[p]) > 0 && len(days[s]) == len(back[p]) {
				known[p] = true
			}
		}
	}
	return rate{len(known), len(back)}
}

// guesses are claims of an attacker who cannot know: how many are true, and how much of what there is they find.
type guesses struct{ right, found rate }

func (g guesses) String() string { return fmt.Sprintf("%s, right %s", g.found, g.right) }

// guessed has the attacker claim that who is alone with a signature on each of several days is one person.
func guessed(t *truth, signature func(*view) string) guesses {
	days := map[string]map[int]map[int]bool{} // by signature and day: who
	for i := range t.views {
		v := &t.views[i]
		s := signature(v)
		if s == "" {
			continue
		}
		if days[s] == nil {
			days[s] = map[int]map[int]bool{}
		}
		if days[s][v.day] == nil {
			days[s][v.day] = map[int]bool{}
		}
		days[s][v.day][v.person] = true
	}
	back, known := returning(t), map[int]bool{}
	var g guesses
	for _, on := range days {
		everybody, claimed := map[int]bool{}, len(on) > 1
		for _, who := range on {
			claimed = claimed && len(who) == 1
			for p := range who {
				everybody[p] = true
			}
		}
		if !claimed {
			continue
		}
		g.right.all++
		if len(everybody) == 1 {
			g.right.of++
			for p := range everybody {
				known[p] = known[p] || len(on) == len(back[p])
			}
		}
	}
	for _, all := range known {
		if all {
			g.found.of++
		}
	}
	g.found.all = len(back)
	return g
}
