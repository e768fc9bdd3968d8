package attack

import (
	"testing"

	"github.com/klar-analytics/klar/hit"
)

// mostBeside is the goal for who stands beside an attack, in percent of people.
const mostBeside = 1.0

// beside returns how many people have a page view from a network, and in five minutes, that table signals has a row of. Of
// them, and of nobody else, a copy of the tables says that somebody of their network was there when they were.
func beside(t *truth) rate {
	type window struct {
		net string
		at  int64
	}
	kept := map[window]bool{}
	for i := range t.hits {
		if h := &t.hits[i]; h.Kind == hit.KindSignal {
			signal := h.Signal.Value()
			kept[window{signal.Net.String(), h.Time}] = true
		}
	}
	people := map[int]bool{}
	for i := range t.views {
		if v := &t.views[i]; kept[window{shortened(v.addr), v.Time - v.Time%hit.SignalSeconds}] {
			people[v.person] = true
		}
	}
	return rate{len(people), t.people}
}

func TestSignalsAreOfAttackers(t *testing.T) {
	from := watch(t, *logFile, way{})
	if got := beside(from); got.percent() > mostBeside {
		t.Errorf("beside an attack: %v, more than %.1f %%", got, mostBeside)
	} else {
		t.Log("beside an attack: ", got)
	}
	// The same of people who are the attackers' neighbours: of them it must be said.
	for i := range from.hits {
		if h := &from.hits[i]; h.Kind == hit.KindSignal {
			v := &from.views[0]
			v.addr, v.Time = h.Signal.Value().Net.Addr().Next().String(), h.Time+1
			break
		}
	}
	if got := beside(from); got.of == 0 {
		t.Error("somebody who stands beside an attack is not found")
	}
}
