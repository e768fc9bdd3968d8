package collector

import (
	"context"
	"slices"

	"github.com/klar-analytics/klar/collector/accesslog"
)

// sockets is another list of sources of syslog, of which those listen that did not before.
type sockets struct {
	all   []*syslogSource // with what holds from now on
	fresh []*syslogSource
	gone  []*syslogSource
}

// prepare begins to listen at the addresses of a list that are new, and says which are there no more. Nothing changes for
// those that are there already.
func (s *Syslog) prepare(list []SyslogSource) (*sockets, error) {
	n := &sockets{}
	for _, source := range list {
		i := slices.IndexFunc(s.sources, func(old *syslogSource) bool { return old.Address == source.Address })
		if i < 0 {
			opened, err := s.open(source)
			if err != nil {
				n.abandon()
				return nil, err
			}
			n.all, n.fresh = append(n.all, opened), append(n.fresh, opened)
			continue
		}
		format, err := accesslog.Compile(source.Format)
		if err != nil {
			n.abandon()
			return nil, err
		}
		kept := *s.sources[i]
		kept.SyslogSource, kept.parser = source, format.NewParser()
		n.all = append(n.all, &kept)
	}
	for _, old := range s.sources {
		if !slices.ContainsFunc(list, func(source SyslogSource) bool { return old.Address == source.Address }) {
			n.gone = append(n.gone, old)
		}
	}
	return n, nil
}

// abandon stops listening where that had begun.
func (n *sockets) abandon() {
	s := Syslog{sources: n.fresh, wake: make(chan struct{})}
	s.Close()
}

// changeSyslog counts what the sockets still hold that are there no more, and goes on with the others.
func (f *follower) changeSyslog(ctx context.Context, n *sockets) error {
	f.Syslog.sources = n.gone
	err := f.drain(ctx)
	f.observeSyslog()
	for _, old := range n.gone {
		f.metrics.end(old.Address)
	}
	f.Syslog.sources = n.all
	for _, s := range n.all {
		if s.TLS != nil {
			s.secret.Store(s.TLS)
		}
	}
	f.beginSyslog(n.fresh)
	f.Syslog.notify() // drain has taken the others' wake-ups
	return err
}
