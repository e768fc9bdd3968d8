package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// result is what a load saw.
type result struct {
	rate      float64 // answers a second
	latencies []time.Duration
}

// quantile is a latency in milliseconds.
func (r *result) quantile(q float64) float64 {
	slices.Sort(r.latencies)
	return r.latencies[int(q*float64(len(r.latencies)-1))].Seconds() * 1000
}

// visitors and views are how many people there are and how many pages each of them looks at, again and again. Fewer would be
// a flood to the rules of alerts, each network of which is written down.
const visitors, views = 20_000, 4

// requests are page views of 300 pages by people with four browsers, ready to be written to a connection.
func requests() [][]byte {
	agents := []string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
		"Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
		"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
	}
	list := make([][]byte, visitors*views)
	for i := range list {
		visitor := i % visitors
		page := visitor + 7*(i/visitors)
		body := fmt.Sprintf(`{"n":"pageview","v":32,"u":"https://example.org/section-%c/page-%c%c","d":"example.org","r":"https://www.google.com/"}`,
			'a'+page%3, 'a'+page/3%10, 'a'+page/30%10)
		list[i] = fmt.Appendf(nil, "POST /api/event HTTP/1.1\r\nHost: stats.example.org\r\nUser-Agent: %s\r\nAccept: */*\r\nAccept-Language: de\r\n"+
			"Content-Type: text/plain\r\nOrigin: https://example.org\r\nX-Forwarded-For: 100.%d.%d.9\r\nContent-Length: %d\r\n\r\n%s",
			agents[visitor%len(agents)], 64+visitor/256, visitor%256, len(body), body)
	}
	return list
}

// flood sends on all connections as fast as the answers come.
func flood(address string, connections int, length time.Duration) (*result, error) {
	return load(address, connections, length, 0)
}

// pace sends at a rate, whether answers come or not: what waits for a connection to become free counts as latency.
func pace(address string, connections int, rate float64, length time.Duration) (*result, error) {
	return load(address, connections, length, time.Duration(float64(connections)/rate*float64(time.Second)))
}

// load sends on each connection once in every interval; 0 is without a pause.
func load(address string, connections int, length, interval time.Duration) (*result, error) {
	list := requests()
	results := make([]result, connections)
	errs := make([]error, connections)
	begin := time.Now()
	var all sync.WaitGroup
	for c := range connections {
		all.Go(func() {
			first := begin.Add(interval * time.Duration(c) / time.Duration(connections))
			errs[c] = send(address, list, c*len(list)/connections, first, begin.Add(length), interval, &results[c])
		})
	}
	all.Wait()
	took := time.Since(begin)
	var sum result
	for c := range results {
		if errs[c] != nil {
			return nil, errs[c]
		}
		sum.latencies = append(sum.latencies, results[c].latencies...)
	}
	sum.rate = float64(len(sum.latencies)) / took.Seconds()
	return &sum, nil
}

// send sends requests of the list on one connection.
func send(address string, list [][]byte, from int, due, until time.Time, interval time.Duration, r *result) error {
	conn, err := new(net.Dialer).DialContext(context.Background(), "tcp", address)
	if err != nil {
		return err
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for i := from; due.Before(until); i++ {
		if interval == 0 {
			due = time.Now()
		} else {
			time.Sleep(time.Until(due))
		}
		if _, err := conn.Write(list[i%len(list)]); err != nil {
			return err
		}
		if err := answered(in); err != nil {
			return err
		}
		r.latencies = append(r.latencies, time.Since(due))
		due = due.Add(interval)
	}
	return nil
}

// answered reads one answer, which must say that the beacon was taken in and counted.
func answered(in *bufio.Reader) error {
	length := 0
	for first := true; ; first = false {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return err
		}
		text := string(line)
		switch {
		case first && !strings.HasPrefix(text, "HTTP/1.1 202"):
			return fmt.Errorf("answered %q", text)
		case strings.HasPrefix(text, "X-Klar-Dropped"):
			return fmt.Errorf("answered %q", text)
		case strings.HasPrefix(text, "Content-Length: "):
			if length, err = strconv.Atoi(strings.TrimSpace(text[len("Content-Length: "):])); err != nil {
				return err
			}
		case text == "\r\n":
			_, err := in.Discard(length)
			return err
		}
	}
}
