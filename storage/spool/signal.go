package spool

import (
	"encoding/binary"
	"unique"

	"github.com/klar-analytics/klar/hit"
)

func appendSignal(dst []byte, s hit.Signal) []byte {
	dst = append(dst, byte(s.Threat), s.Country[0], s.Country[1])
	for _, text := range [...]string{s.Net.String(), s.Rule.String(), s.Provider.String()} {
		dst = appendString(dst, text)
	}
	dst = binary.AppendUvarint(dst, s.Requests)
	return binary.AppendUvarint(dst, s.Certain)
}

func (d *decoder) signal() unique.Handle[hit.Signal] {
	s := hit.Signal{Threat: hit.Threat(d.byte()), Country: hit.NewCountry(string([]byte{d.byte(), d.byte()}))}
	if s.Threat != hit.ThreatNone && s.Threat.String() == "" {
		d.bad = true
	}
	if s.Net = hit.ParseNet(d.string()); s.Net.IsZero() {
		d.bad = true
	}
	s.Rule = hit.NewRule(d.string())
	s.Provider = hit.NewProvider(d.string())
	s.Requests, s.Certain = d.uint(), d.uint()
	return unique.Make(s)
}
