package spool

import (
	"encoding/binary"
	"errors"
	"unique"

	"github.com/klar-analytics/klar/hit"
)

// Record is a batch of hits with the position of their source after them.
type Record struct {
	// Key names the source; empty for none.
	Key string
	// Position is what the source gave.
	Position []byte
	Hits     []hit.Hit
}

// errRecord says that a record whose checksum is right makes no sense: it is of another version of Klar.
var errRecord = errors.New("a record of the spool is not of this version of Klar")

// Decode reads a record's payload. Every text goes through its constructor in package hit.
func Decode(payload []byte) (Record, error) {
	d := decoder{data: payload}
	r, count := d.head()
	if d.bad || count > uint64(len(d.data)) { // a hit takes more than a byte
		return Record{}, errRecord
	}
	if count > 0 {
		r.Hits = make([]hit.Hit, count)
	}
	before := &hit.Hit{}
	for i := range r.Hits {
		d.hit(&r.Hits[i], before)
		if d.bad {
			return Record{}, errRecord
		}
		before = &r.Hits[i]
	}
	if len(d.data) != 0 {
		return Record{}, errRecord
	}
	return r, nil
}

// decodeHead reads what stands before the hits, and their number.
func decodeHead(payload []byte) (Record, uint64, error) {
	d := decoder{data: payload}
	r, count := d.head()
	if d.bad {
		return Record{}, 0, errRecord
	}
	return r, count, nil
}

// decoder reads one record. After bad is set, what it returns is worth nothing.
type decoder struct {
	data     []byte
	bad      bool
	sites    []hit.Site
	hosts    []hit.Host
	paths    []hit.Path
	events   []hit.Event
	bots     []hit.Bot
	arrivals []unique.Handle[hit.Arrival]
	visitors []unique.Handle[hit.Visitor]
	reached  []unique.Handle[hit.Reached]
}

func (d *decoder) head() (r Record, count uint64) {
	if d.byte() != recordVersion {
		d.bad = true
	}
	r.Key = d.string()
	r.Position = []byte(d.string())
	return r, d.uint()
}

func (d *decoder) hit(h, before *hit.Hit) {
	flags := d.uint()
	if flags > knownFlags {
		d.bad = true
	}
	h.Site, h.Host, h.Hour, h.Day = before.Site, before.Host, before.Hour, before.Day
	h.Origin, h.Kind, h.Method, h.Threat, h.Status = before.Origin, before.Kind, before.Method, before.Threat, before.Status
	if flags&sameSite == 0 {
		h.Site = decodeText(d, &d.sites, hit.NewSite)
	}
	if flags&sameHost == 0 {
		h.Host = decodeText(d, &d.hosts, hit.NewHost)
	}
	h.Path = decodeText(d, &d.paths, hit.NewPath)
	if flags&hasEvent != 0 {
		h.Event = decodeText(d, &d.events, hit.NewEvent)
	}
	if flags&hasBot != 0 {
		h.Bot, h.BotClass = decodeText(d, &d.bots, hit.NewBot), hit.BotClass(d.byte())
		if h.BotClass != hit.BotUnknown && (h.Bot.IsZero() || h.BotClass.String() == "") {
			d.bad = true
		}
	}
	h.Time = before.Time + d.int()
	if flags&sameHour == 0 {
		h.Hour += d.int()
		h.Day += d.int()
	}
	if flags&sameClass == 0 {
		d.class(h)
	}
	h.Bytes = d.uint()
	if flags&hasPerson != 0 {
		d.person(h, flags)
	}
	if flags&hasReached != 0 {
		h.Reached = decodeRef(d, &d.reached, d.reach)
	}
	if flags&hasProps != 0 {
		h.Props = d.property()
	}
	if flags&hasSignal != 0 {
		h.Signal = d.signal()
	}
	if (h.Kind == hit.KindSignal) != (flags&hasSignal != 0) {
		d.bad = true
	}
}

func (d *decoder) class(h *hit.Hit) {
	h.Origin, h.Kind, h.Method, h.Threat = hit.Origin(d.byte()), hit.Kind(d.byte()), hit.Method(d.byte()), hit.Threat(d.byte())
	low, high := d.byte(), d.byte()
	h.Status = uint16(low) | uint16(high)<<8
	if h.Origin.String() == "" || h.Kind.String() == "" || h.Method.String() == "" || h.Threat != hit.ThreatNone && h.Threat.String() == "" {
		d.bad = true
	}
}

func (d *decoder) person(h *hit.Hit, flags uint64) {
	h.Visitor = d.visitor()
	h.Crowd = h.Visitor
	if flags&sameCrowd == 0 {
		h.Crowd = d.visitor()
	}
	if flags&hasBefore != 0 {
		h.Before = d.visitor()
	}
	h.Arrival = decodeRef(d, &d.arrivals, d.arrival)
	h.Marks, h.Seconds = hit.Marks(d.uint32()), d.uint32()
	d.flow(h, flags)
}

func (d *decoder) arrival() unique.Handle[hit.Arrival] {
	a := hit.Arrival{Channel: hit.Channel(d.byte())}
	if a.Channel.String() == "" {
		d.bad = true
	}
	a.Source = hit.NewSource(d.string())
	a.Referrer = hit.NewReferrer(d.string())
	for _, c := range [...]*hit.Campaign{&a.UTMSource, &a.UTMMedium, &a.UTMCampaign, &a.UTMContent, &a.UTMTerm} {
		*c = hit.NewCampaign(d.string())
	}
	a.Entry, a.EntryHost = hit.NewPath(d.string()), hit.NewHost(d.string())
	return unique.Make(a)
}

func (d *decoder) visitor() unique.Handle[hit.Visitor] {
	return decodeRef(d, &d.visitors, func() unique.Handle[hit.Visitor] {
		v := hit.Visitor{Device: hit.Device(d.byte()), Alone: hit.Alone{Screen: hit.Screen(d.byte())}}
		if v.Device != hit.DeviceUnknown && v.Device.String() == "" || v.Screen != hit.ScreenUnknown && v.Screen.String() == "" {
			d.bad = true
		}
		v.Country = hit.NewCountry(string([]byte{d.byte(), d.byte()}))
		v.Provider = hit.NewProvider(d.string())
		v.Browser = hit.NewBrowser(d.string())
		v.BrowserVersion = hit.NewVersion(d.string())
		v.OS = hit.NewOS(d.string())
		v.OSVersion = hit.NewVersion(d.string())
		v.Region = hit.NewRegion(d.string())
		v.City = hit.NewCity(d.string())
		v.Language = hit.NewLanguage(d.string())
		return unique.Make(v)
	})
}

func decodeText[T any](d *decoder, known *[]T, constructor func(string) T) T {
	return decodeRef(d, known, func() T { return constructor(d.string()) })
}

// decodeRef reads a reference, and the value behind it when it is new.
func decodeRef[T any](d *decoder, known *[]T, value func() T) T {
	var zero T
	switch ref := d.uint(); {
	case ref == refZero || d.bad:
		return zero
	case ref == refNew:
		v := value()
		*known = append(*known, v)
		return v
	case ref-refFirst < uint64(len(*known)):
		return (*known)[ref-refFirst]
	}
	d.bad = true
	return zero
}

func (d *decoder) byte() byte {
	if len(d.data) == 0 {
		d.bad = true
		return 0
	}
	b := d.data[0]
	d.data = d.data[1:]
	return b
}

func (d *decoder) uint() uint64 {
	v, n := binary.Uvarint(d.data)
	if n <= 0 {
		d.bad, d.data = true, nil
		return 0
	}
	d.data = d.data[n:]
	return v
}

func (d *decoder) uint32() uint32 {
	v := d.uint()
	if v != uint64(uint32(v)) {
		d.bad = true
	}
	return uint32(v)
}

func (d *decoder) int() int64 {
	v, n := binary.Varint(d.data)
	if n <= 0 {
		d.bad, d.data = true, nil
		return 0
	}
	d.data = d.data[n:]
	return v
}

func (d *decoder) string() string {
	n := d.uint()
	if n > uint64(len(d.data)) {
		d.bad, d.data = true, nil
		return ""
	}
	s := string(d.data[:n])
	d.data = d.data[n:]
	return s
}
