package spool

import (
	"encoding/binary"
	"unique"

	"github.com/klar-analytics/klar/hit"
)

// A record's payload: its version, the key and position, the number of hits, and the hits one after the other, each
// as what differs from the one before. Numbers are varints. A part is written once per record: the first time as
// refNew and itself, later as its place among the record's parts of that type, so that each record stands alone.
const recordVersion = 7

const (
	refZero  = 0 // the zero value
	refNew   = 1 // followed by the value
	refFirst = 2 // plus the place
)

// What stands in a hit's flags, a varint: the first seven take one byte, so that what is rare stands behind them.
const (
	sameSite uint64 = 1 << iota
	sameHost
	sameHour  // and day
	sameClass // origin, kind, method, threat and status
	hasBot
	hasPerson
	sameCrowd // as the exact attributes
	hasEvent
	hasReached
	hasFrom    // and its hour
	otherHost  // of From, where that of the hit is expected, or none
	hasMoves   // and Lasted
	hasReading // and Scroll
	hasBefore
	hasProps
	hasSignal

	knownFlags = hasSignal<<1 - 1
)

// Encoder writes records whose hits are numbered by one Index. It is not safe for concurrent use.
type Encoder struct {
	sites, hosts, paths, events, bots, arrivals, visitors, reached places
	record                                                         uint32
}

// places remembers the place of each numbered part in the current record.
type places struct {
	of []place // by the part's number
	n  uint32
}

type place struct{ record, at uint32 }

// ref appends the reference to the part with a number, and reports whether the part itself must follow.
func (p *places) ref(dst []byte, number, record uint32) ([]byte, bool) {
	if int(number) >= len(p.of) {
		p.of = append(p.of, make([]place, max(int(number)+1-len(p.of), len(p.of)))...)
	}
	if at := &p.of[number]; at.record != record {
		*at = place{record, p.n}
		p.n++
		return append(dst, refNew), true
	}
	return binary.AppendUvarint(dst, uint64(p.of[number].at)+refFirst), false
}

// Append appends the record of the hits to dst. refs are the hits' numbers in the Index that has been used since the
// Encoder's start or last Reset.
func (e *Encoder) Append(dst []byte, hits []hit.Hit, refs []Refs, key string, position []byte) []byte {
	e.begin()
	dst = append(dst, recordVersion)
	dst = appendString(dst, key)
	dst = binary.AppendUvarint(dst, uint64(len(position)))
	dst = append(dst, position...)
	dst = binary.AppendUvarint(dst, uint64(len(hits)))
	before := &hit.Hit{}
	for i := range hits {
		dst = e.hit(dst, &hits[i], before, &refs[i])
		before = &hits[i]
	}
	return dst
}

// Reset begins a new Index.
func (e *Encoder) Reset() {
	for _, p := range e.all() {
		clear(p.of)
	}
}

func (e *Encoder) all() [8]*places {
	return [...]*places{&e.sites, &e.hosts, &e.paths, &e.events, &e.bots, &e.arrivals, &e.visitors, &e.reached}
}

func (e *Encoder) begin() {
	e.record++
	if e.record == 0 { // after 2^32 records the marks of the first ones would count again
		e.Reset()
		e.record = 1
	}
	for _, p := range e.all() {
		p.n = 0
	}
}

func (e *Encoder) hit(dst []byte, h, before *hit.Hit, r *Refs) []byte {
	flags := flagsOf(h, before)
	dst = binary.AppendUvarint(dst, flags)
	if flags&sameSite == 0 {
		dst = appendText(dst, &e.sites, r.Site, e.record, h.Site)
	}
	if flags&sameHost == 0 {
		dst = appendText(dst, &e.hosts, r.Host, e.record, h.Host)
	}
	dst = appendText(dst, &e.paths, r.Path, e.record, h.Path)
	if flags&hasEvent != 0 {
		dst = appendText(dst, &e.events, r.Event, e.record, h.Event)
	}
	if flags&hasBot != 0 {
		dst = append(appendText(dst, &e.bots, r.Bot, e.record, h.Bot), byte(h.BotClass))
	}
	dst = binary.AppendVarint(dst, h.Time-before.Time)
	if flags&sameHour == 0 {
		dst = binary.AppendVarint(dst, h.Hour-before.Hour)
		dst = binary.AppendVarint(dst, h.Day-before.Day)
	}
	if flags&sameClass == 0 {
		dst = append(dst, byte(h.Origin), byte(h.Kind), byte(h.Method), byte(h.Threat), byte(h.Status), byte(h.Status>>8))
	}
	dst = binary.AppendUvarint(dst, h.Bytes)
	if flags&hasPerson != 0 {
		dst = e.person(dst, h, flags, r)
	}
	if flags&hasReached != 0 {
		var isNew bool
		if dst, isNew = e.reached.ref(dst, r.Reached, e.record); isNew {
			dst = appendReached(dst, h.Reached)
		}
	}
	if flags&hasProps != 0 {
		dst = appendProperties(dst, h.Props)
	}
	if flags&hasSignal != 0 {
		dst = appendSignal(dst, h.Signal.Value())
	}
	return dst
}

func flagsOf(h, before *hit.Hit) uint64 {
	var flags uint64
	if h.Site == before.Site {
		flags |= sameSite
	}
	if h.Host == before.Host {
		flags |= sameHost
	}
	if h.Hour == before.Hour && h.Day == before.Day {
		flags |= sameHour
	}
	if h.Kind == before.Kind && h.Status == before.Status && h.Method == before.Method && h.Origin == before.Origin && h.Threat == before.Threat {
		flags |= sameClass
	}
	if !h.Event.IsZero() {
		flags |= hasEvent
	}
	if !h.Bot.IsZero() {
		flags |= hasBot
	}
	if person(h) {
		flags |= hasPerson
	}
	if h.Crowd == h.Visitor {
		flags |= sameCrowd
	}
	if h.Reached != (unique.Handle[hit.Reached]{}) {
		flags |= hasReached
	}
	if h.Props != (unique.Handle[hit.Property]{}) {
		flags |= hasProps
	}
	if h.Signal != (unique.Handle[hit.Signal]{}) {
		flags |= hasSignal
	}
	if h.Before != (unique.Handle[hit.Visitor]{}) {
		flags |= hasBefore
	}
	return flags | flowFlags(h)
}

func (e *Encoder) person(dst []byte, h *hit.Hit, flags uint64, r *Refs) []byte {
	dst = e.visitor(dst, h.Visitor, r.Visitor)
	if flags&sameCrowd == 0 {
		dst = e.visitor(dst, h.Crowd, r.Crowd)
	}
	if flags&hasBefore != 0 {
		dst = e.visitor(dst, h.Before, r.Before)
	}
	if h.Arrival == (unique.Handle[hit.Arrival]{}) {
		dst = append(dst, refZero)
	} else {
		var isNew bool
		if dst, isNew = e.arrivals.ref(dst, r.Arrival, e.record); isNew {
			dst = appendArrival(dst, h.Arrival.Value())
		}
	}
	dst = binary.AppendUvarint(dst, uint64(h.Marks))
	dst = binary.AppendUvarint(dst, uint64(h.Seconds))
	return e.flow(dst, h, flags, r)
}

func (e *Encoder) visitor(dst []byte, v unique.Handle[hit.Visitor], number uint32) []byte {
	if v == (unique.Handle[hit.Visitor]{}) {
		return append(dst, refZero)
	}
	dst, isNew := e.visitors.ref(dst, number, e.record)
	if isNew {
		dst = appendVisitor(dst, v.Value())
	}
	return dst
}

// text is one of hit's closed types of text.
type text interface {
	String() string
	IsZero() bool
}

func appendText[T text](dst []byte, p *places, number, record uint32, t T) []byte {
	if t.IsZero() {
		return append(dst, refZero)
	}
	dst, isNew := p.ref(dst, number, record)
	if isNew {
		dst = appendString(dst, t.String())
	}
	return dst
}

func appendArrival(dst []byte, a hit.Arrival) []byte {
	dst = append(dst, byte(a.Channel))
	for _, t := range [...]text{a.Source, a.Referrer, a.UTMSource, a.UTMMedium, a.UTMCampaign, a.UTMContent, a.UTMTerm, a.Entry, a.EntryHost} {
		dst = appendString(dst, t.String())
	}
	return dst
}

func appendVisitor(dst []byte, v hit.Visitor) []byte {
	dst = append(dst, byte(v.Device), byte(v.Screen), v.Country[0], v.Country[1])
	for _, t := range [...]text{v.Provider, v.Browser, v.BrowserVersion, v.OS, v.OSVersion, v.Region, v.City, v.Language} {
		dst = appendString(dst, t.String())
	}
	return dst
}

func appendString(dst []byte, s string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(s)))
	return append(dst, s...)
}
