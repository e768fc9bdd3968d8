package spool

import (
	"encoding/binary"

	"github.com/klar-analytics/klar/hit"
)

func flowFlags(h *hit.Hit) uint64 {
	var flags uint64
	var likely hit.Host
	if !h.From.IsZero() || h.FromHour != 0 {
		flags |= hasFrom
		likely = h.Host
	}
	if h.FromHost != likely {
		flags |= otherHost
	}
	if h.Moves != 0 || h.Lasted != 0 {
		flags |= hasMoves
	}
	if h.Reading != 0 || h.Scroll != 0 {
		flags |= hasReading
	}
	return flags
}

// flow appends what a hit changes about the page before it.
func (e *Encoder) flow(dst []byte, h *hit.Hit, flags uint64, r *Refs) []byte {
	if flags&hasFrom != 0 {
		dst = appendText(dst, &e.paths, r.From, e.record, h.From)
		dst = binary.AppendVarint(dst, h.FromHour-h.Hour)
	}
	if flags&otherHost != 0 {
		dst = appendText(dst, &e.hosts, r.FromHost, e.record, h.FromHost)
	}
	if flags&hasMoves != 0 {
		dst = append(dst, byte(h.Moves))
		dst = binary.AppendUvarint(dst, uint64(h.Lasted))
	}
	if flags&hasReading != 0 {
		dst = append(dst, h.Scroll)
		dst = binary.AppendUvarint(dst, uint64(h.Reading))
	}
	return dst
}

func (d *decoder) flow(h *hit.Hit, flags uint64) {
	if flags&hasFrom != 0 {
		h.From = decodeText(d, &d.paths, hit.NewPath)
		h.FromHour, h.FromHost = h.Hour+d.int(), h.Host
	}
	if flags&otherHost != 0 {
		h.FromHost = decodeText(d, &d.hosts, hit.NewHost)
	}
	if flags&hasMoves != 0 {
		h.Moves, h.Lasted = hit.Moves(d.byte()), d.uint32()
	}
	if flags&hasReading != 0 {
		h.Scroll, h.Reading = d.byte(), d.uint32()
	}
	if h.Moves&^hit.AllMoves != 0 || h.Scroll > 100 {
		d.bad = true
	}
}
