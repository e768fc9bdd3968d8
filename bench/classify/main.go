// Command classify measures what it costs to say of an ordinary request that it is no attack: each part of the requests of
// the real log, with nothing remembered of what came before, and beside it libinjection on the same parts, in turn in one
// run. It prints medians and the ratio of the pairs.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/corazawaf/libinjection-go"

	"github.com/klar-analytics/klar/anonymize/threat"
)

// goal is what a request may cost.
const goal = 400 * time.Nanosecond

// request is the parts of a line that are looked at. values are path, parameters and referrer as libinjection wants them,
// decoded: that is not measured.
type request struct {
	method, target, path, query, referrer []byte
	status                                int
	values                                []string
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "classify:", err)
		os.Exit(1)
	}
}

func run() error {
	from := flag.String("from", "../shared/data/logs/apache-combined-10k.log", "the real log")
	rounds := flag.Int("rounds", 15, "how often each goes through the log, in turn")
	flag.Parse()
	text, err := os.ReadFile(*from)
	if err != nil {
		return err
	}
	var list []request
	for line := range bytes.Lines(text) {
		if r, ok := parse(line); ok && !attack(&r) {
			list = append(list, r)
		}
	}
	if len(list) == 0 {
		return fmt.Errorf("%s has no request", *from)
	}
	own, peer, ratios := make([]time.Duration, *rounds), make([]time.Duration, *rounds), make([]float64, *rounds)
	for n := range *rounds {
		own[n] = each(list, func(r *request) { attack(r) })
		peer[n] = each(list, inject)
		ratios[n] = float64(peer[n]) / float64(own[n])
	}
	slices.Sort(own)
	slices.Sort(peer)
	slices.Sort(ratios)
	middle := *rounds / 2
	fmt.Printf("%d ordinary requests, %d rounds: Klar %v a request (fastest %v, goal %v), libinjection %v; %.1f times as long (%.1f–%.1f)\n",
		len(list), *rounds, own[middle], own[0], goal, peer[middle], ratios[middle], ratios[0], ratios[*rounds-1])
	return nil
}

// each returns what do takes for a request.
func each(list []request, do func(*request)) time.Duration {
	start := time.Now()
	for i := range list {
		do(&list[i])
	}
	return time.Since(start) / time.Duration(len(list))
}

// attack looks at the request as Klar does, and reports whether it is one.
func attack(r *request) bool {
	found, _ := threat.Path(r.path)
	return threat.Answered(found, r.status).Or(threat.Query(r.query)).Or(threat.Header(r.referrer)).
		Or(threat.Form(r.method, r.target, r.status, nil)).Threat != 0
}

// inject looks for two of the classes by libinjection, in each value.
func inject(r *request) {
	for _, v := range r.values {
		if found, _ := libinjection.IsSQLi(v); !found {
			libinjection.IsXSS(v)
		}
	}
}

// parse reads a line in the combined format.
func parse(line []byte) (r request, ok bool) {
	parts := bytes.Split(line, []byte{'"'})
	if len(parts) < 6 {
		return r, false
	}
	fields := bytes.Fields(parts[1])
	if len(fields) < 2 {
		return r, false
	}
	r.method, r.target, r.referrer = fields[0], fields[1], parts[3]
	r.path, r.query, _ = bytes.Cut(r.target, []byte{'?'})
	if status := bytes.Fields(parts[2]); len(status) > 0 {
		r.status, _ = strconv.Atoi(string(status[0]))
	}
	r.values = append(r.values, decoded(r.path))
	for part := range bytes.SplitSeq(r.query, []byte{'&'}) {
		if _, value, named := bytes.Cut(part, []byte{'='}); named {
			r.values = append(r.values, decoded(value))
		}
	}
	if len(r.referrer) > 1 {
		r.values = append(r.values, decoded(r.referrer))
	}
	return r, true
}

// decoded returns a value without its percent-encoding, as it is if that is wrong.
func decoded(value []byte) string {
	if text, err := url.QueryUnescape(string(value)); err == nil {
		return text
	}
	return string(value)
}
