package main

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/klar-analytics/klar/alert"
	"github.com/klar-analytics/klar/anonymize"
	"github.com/klar-analytics/klar/collector/beacon"
)

// reasonOf says why a beacon was dropped.
func reasonOf(err error) beacon.Reason {
	for reason, is := range map[beacon.Reason]error{
		beacon.UnknownSite: anonymize.ErrSite,
		beacon.ForeignHost: anonymize.ErrHost,
		beacon.Bot:         anonymize.ErrBot,
		beacon.OptedOut:    anonymize.ErrOptedOut,
		beacon.RateLimit:   anonymize.ErrRate,
		beacon.BadAddress:  anonymize.ErrAddress,
	} {
		if errors.Is(err, is) {
			return reason
		}
	}
	return beacon.Dropped
}

// beaconSink is a liveSink whose Commit does not wait: while the spool is full, beacons are refused before.
type beaconSink struct{ *liveSink }

func (s beaconSink) Commit(_ context.Context, key string, position []byte) error {
	return s.keep(key, position)
}

// beaconSpool is the name of the spool of beacons.
const beaconSpool = "beacon"

// beacons is the handler of beacons and its sink.
type beacons struct {
	handler *beacon.Handler
	sink    *liveSink
	rules   []alert.Rule // that hold
}

// beacons opens the handler of beacons, whose hits have a spool of their own and share the visits with those of logs. An
// error of theirs ends the context
// by fail.
func (c *call) beacons(ctx context.Context, fail func(error), store *opening, reg prometheus.Registerer) (*beacons, error) {
	tokens, err := c.config.tokens()
	if err != nil {
		return nil, err
	}
	s, err := c.openLiveSink(ctx, beaconSpool, store, c.log, reg)
	if err != nil {
		return nil, err
	}
	h := beacon.New(beacon.Options{Sink: beaconSink{s}, Full: s.writer.Full, Reason: reasonOf, Failed: fail, Registerer: reg})
	h.SetTokens(tokens)
	return &beacons{h, s, c.config.ruleset}, nil
}

// reconfigure makes the handler follow another configuration.
func (b *beacons) reconfigure(next *config) error {
	tokens, err := next.tokens()
	if err == nil {
		err = b.handler.Between(func() error {
			if err := b.sink.Reconfigure(b.sink.policy(next)); err != nil || reflect.DeepEqual(b.rules, next.ruleset) {
				return err
			}
			b.rules = next.ruleset
			return b.sink.windows.Take(b.rules)
		})
	}
	if err == nil {
		b.handler.SetTokens(tokens)
	}
	return err
}

// end delivers what is on its way, when no request is being answered any more.
func (b *beacons) end() error {
	// Should the store take nothing and not say no, the beacons that wait for it are not acknowledged.
	late := time.AfterFunc(b.sink.flush, b.sink.giveUp)
	b.handler.Close()
	late.Stop()
	return b.sink.end()
}

// withBeacons serves the addresses of beacons beside the dashboard's. That of events is found without asking the rest: it is
// on the path of every beacon.
func withBeacons(beacons, dashboard http.Handler) http.Handler {
	mux := http.NewServeMux()
	for _, path := range beacon.Paths {
		mux.Handle(path, beacons)
	}
	mux.Handle("/", dashboard)
	event := unwatched(beacons) // what was sent counts, also when the page and its connection have gone
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == beacon.EventPath {
			event.ServeHTTP(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}
