package genlog

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strconv"
	"time"
)

// Year writes about count lines to w in the combined format: the requests of one site in the year that starts at from,
// in the order of their times, or of its first days only. Three quarters are people's, who come with the rhythm of day and week, in part again, from
// search engines, other sites and campaigns, and see pages and what these load; the rest are bots. It returns how many
// lines were written.
func Year(w io.Writer, from time.Time, realLog string, count, days int, seed uint64) (int, error) {
	lines, err := read(realLog)
	if err != nil {
		return 0, err
	}
	rnd := rand.New(rand.NewPCG(seed, 2))
	y := &year{
		rnd: rnd, material: newMaterial(lines, rnd), from: from, seconds: int(from.AddDate(1, 0, 0).Sub(from) / time.Second),
		out: bufio.NewWriterSize(w, 1<<20), running: make([][]visit, longest),
	}
	if len(y.people) == 0 || len(y.bots) == 0 || len(y.external) == 0 {
		return 0, fmt.Errorf("%s holds no people, no bots or no referrers", realLog)
	}
	if err := y.write(count, days); err != nil {
		return y.written, err
	}
	return y.written, y.out.Flush()
}

const (
	// longest is how many seconds may lie between two pages of a visit, at most.
	longest = 2048
	// botShare is the bots' part of all requests.
	botShare = 0.25
	// returning is the part of the visits whose visitor was there before.
	returning = 0.4
)

// year is the state of the site.
type year struct {
	*material
	rnd     *rand.Rand
	from    time.Time
	seconds int
	out     *bufio.Writer
	line    []byte
	written int

	stamp   []byte // the second, as the log shows it
	month   int
	running [][]visit // visits by the second of their next page, modulo longest
	known   int       // how many visitors there were
}

// write goes through the seconds of the year.
func (y *year) write(count, days int) error {
	perVisit := y.linesOfVisit()
	people := float64(count) * (1 - botShare) / perVisit
	bots := float64(count) * botShare
	var weights float64
	for hour := range y.seconds / 3600 {
		weights += y.weight(hour)
	}
	var visits, crawled float64 // due since the last of each
	for s := range min(y.seconds, days*86400) {
		if s%3600 == 0 {
			y.month = int(y.from.Add(time.Duration(s)*time.Second).Month()) - 1
		}
		y.stamp = y.stamp[:0]
		share := y.weight(s/3600) / weights / 3600
		visits += people * share
		for ; visits >= 1; visits-- {
			y.begin(s)
		}
		crawled += bots / float64(y.seconds)
		for ; crawled >= 1; crawled-- {
			y.crawl(s)
		}
		slot := &y.running[s%longest]
		for i := range *slot {
			y.page(s, &(*slot)[i])
		}
		*slot = (*slot)[:0]
		if s%3600 == 0 {
			if _, err := y.out.Write(nil); err != nil { // who reads may have gone away
				return err
			}
		}
	}
	return nil
}

// weight is how busy an hour is: nights and weekends are quieter, and the site grows.
func (y *year) weight(hour int) float64 {
	at := y.from.Add(time.Duration(hour) * time.Hour)
	w := 1 - 0.75*math.Cos(2*math.Pi*(float64(at.Hour())-3)/24)
	if d := at.Weekday(); d == time.Saturday || d == time.Sunday {
		w *= 0.65
	}
	return w * (1 + 0.4*float64(hour)/8760)
}

// linesOfVisit finds out how many requests a visit makes.
func (y *year) linesOfVisit() float64 {
	const tries = 20_000
	out, rnd, month := y.out, y.rnd, y.month
	y.out, y.rnd = bufio.NewWriter(io.Discard), rand.New(rand.NewPCG(9, 9))
	for range tries {
		v := y.newVisit()
		for v.left > 0 {
			y.show(0, &v)
		}
	}
	lines := y.written
	y.out, y.rnd, y.month, y.written, y.known = out, rnd, month, 0, 0
	return float64(lines) / tries
}

// request writes a line.
func (y *year) request(second int, who client, method, path, status string, size int, referrer string) {
	if len(y.stamp) == 0 {
		y.stamp = y.from.Add(time.Duration(second)*time.Second).AppendFormat(append(y.stamp, " - - ["...), clfTime)
		y.stamp = append(y.stamp, `] "`...)
	}
	b := who.address(y.line[:0])
	b = append(b, y.stamp...)
	b = append(b, method...)
	b = append(b, ' ')
	b = append(b, path...)
	b = append(b, ` HTTP/1.1" `...)
	b = append(b, status...)
	b = append(b, ' ')
	b = strconv.AppendInt(b, int64(size), 10)
	b = append(b, ` "`...)
	b = append(b, referrer...)
	b = append(b, `" "`...)
	b = append(b, who.agent...)
	b = append(b, "\"\n"...)
	y.line = b
	_, _ = y.out.Write(b) // the error sticks to out
	y.written++
}
