package tail

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// model does what servers and logrotate do to two logs, in any order, and looks at them between and meanwhile.
type model struct {
	*rig
	rnd     *rand.Rand
	clock   time.Time
	servers []*server
	written []string
	actions []string
	ended   bool
}

// act has one of the servers do something.
func (m *model) act() {
	s := m.servers[m.rnd.IntN(2)]
	s.actions = nil
	s.act(m.rnd)
	for _, a := range s.actions {
		m.actions = append(m.actions, s.name+" "+a)
	}
}

// look looks at the files and reads them, while the servers go on.
func (m *model) look() {
	m.now = m.clock
	var before [2]int
	for i, s := range m.servers {
		if s.lines > 0 {
			before[i] = s.files
		}
	}
	m.during = func() {
		if !m.ended && m.rnd.IntN(4) == 0 {
			m.act()
		}
	}
	m.actions = append(m.actions, "[")
	m.step()
	m.actions = append(m.actions, "]")
	m.during = func() {}
	for i, s := range m.servers {
		s.seen = max(s.seen, before[i])
	}
}

// next does one thing.
func (m *model) next() {
	switch m.rnd.IntN(10) {
	case 0, 1:
		m.look()
	case 2:
		m.restart()
		m.actions = append(m.actions, "restart")
	case 3:
		m.clock = m.clock.Add(2 * time.Minute)
	case 4: // killed before it reads what it has opened
		m.now = m.clock
		m.set.Scan()
		m.restart()
		m.actions = append(m.actions, "scan, restart")
	default:
		m.act()
	}
}

// end has the servers end what they have begun, and looks for the last time.
func (m *model) end() {
	m.ended = true
	for _, s := range m.servers {
		if s.copied != nil {
			s.copyTruncate(0)
		}
		if s.packing {
			s.packOn(0)
		}
		s.append(1)
		s.must(s.out.Close())
	}
	for range 3 {
		m.look()
	}
	m.set.Close()
}

// TestAnyOrderOfRotations does what servers and logrotate do to two logs, in any order, with restarts between.
func TestAnyOrderOfRotations(t *testing.T) {
	seeds := 100
	if testing.Short() {
		seeds = 30
	}
	for seed := range seeds {
		rnd := rand.New(rand.NewPCG(uint64(seed), 20261123))
		pattern := []string{"*.log", "*.log*"}[rnd.IntN(2)]
		m := &model{rig: newRig(t, pattern), rnd: rnd, clock: time.Unix(1_000_000_000, 0)}
		for _, name := range []string{"a.log", "b.log"} {
			s := &server{rig: m.rig, name: name, clock: &m.clock, written: &m.written}
			s.open()
			m.servers = append(m.servers, s)
		}
		m.look()
		for range 120 {
			m.next()
		}
		m.end()
		m.want(strings.Join(m.written, "\n"))
		if t.Failed() {
			t.Fatalf("seed %d, pattern %s: %v", seed, pattern, m.actions)
		}
	}
}
