package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// measure asks both sides.
type measure struct {
	store   *store
	address string // of the Stats API
	site    string
	runs    int
	peer    bool
}

// times are those of the runs of a question, sorted.
type times []time.Duration

func (t times) median() float64 { return ms(t[len(t)/2]) }
func (t times) max() float64    { return ms(t[len(t)-1]) }

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// period asks everything about a range and prints a table.
func (m *measure) period(ctx context.Context, name string, from, to time.Time, goal time.Duration) error {
	w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "%s\tmedian ms\tmax\twith ids, median\tmax\ttimes\t\n", name)
	var slowest float64
	var klar, ids float64 // over the panels that both answer
	for i, p := range slices.Concat(panels, filtered) {
		own, peer, err := m.panel(ctx, p, from, to)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		title := p.name
		if i < len(panels) {
			slowest = max(slowest, own.median())
		} else {
			title = "filtered: " + title
		}
		fmt.Fprintf(w, "%s\t%.1f\t%.1f\t", title, own.median(), own.max())
		if len(peer) > 0 {
			if i < len(panels) {
				klar, ids = klar+own.median(), ids+peer.median()
			}
			fmt.Fprintf(w, "%.1f\t%.1f\t%.1f\t\n", peer.median(), peer.max(), peer.median()/own.median())
		} else {
			fmt.Fprintln(w, "\t\t\t")
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Printf("slowest panel %.0f ms, goal %.0f ms", slowest, ms(goal))
	if klar > 0 {
		fmt.Printf("; the panels that both answer: %.0f ms, with ids %.0f ms, %.1f times as long, goal 20", klar, ids, ids/klar)
	}
	fmt.Print("\n\n")
	return nil
}

// panel asks one question of both sides, in turn, so that a slow moment of the machine meets both.
func (m *measure) panel(ctx context.Context, p panel, from, to time.Time) (own, peer times, err error) {
	sql := ""
	if m.peer {
		sql = p.sql(from, to)
	}
	for i := range m.runs + 1 {
		took, err := m.timed(func() error { return m.api(ctx, p.body(m.site, from, to)) })
		if err != nil {
			return nil, nil, err
		}
		if i > 0 {
			own = append(own, took)
		}
		if sql == "" {
			continue
		}
		took, err = m.timed(func() error { _, err := m.store.sql(ctx, sql); return err })
		if err != nil {
			return nil, nil, err
		}
		if i > 0 {
			peer = append(peer, took)
		}
	}
	slices.Sort(own)
	slices.Sort(peer)
	return own, peer, nil
}

func (m *measure) timed(ask func() error) (time.Duration, error) {
	began := time.Now()
	err := ask()
	return time.Since(began), err
}

// api asks the Stats API, which must have something to say.
func (m *measure) api(ctx context.Context, body string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+m.address+"/api/v2/query", strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err == nil && (answer.StatusCode != http.StatusOK || !strings.Contains(string(b), `"metrics":[`)) {
		err = fmt.Errorf("status %d: %.300s", answer.StatusCode, b)
	}
	return err
}
