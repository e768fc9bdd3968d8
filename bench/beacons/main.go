// Command beacons measures how many beacons klar serve acknowledges after fsync, against a bare net/http handler that reads
// the body and answers 202, under the same load in one run, and how long klar takes to answer at half its rate. The machine
// may be shared and noisy: the ratio of the pairs is what to quote.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"time"

	"github.com/klar-analytics/klar/bench/process"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	klar := flag.String("klar", "bin/klar", "klar's binary")
	seconds := flag.Int("seconds", 5, "seconds of each run")
	runs := flag.Int("runs", 3, "runs of each server, in turn")
	connections := flag.Int("connections", 512, "connections that send at the same time")
	bare := flag.Bool("bare", false, "be the bare handler")
	flag.Parse()
	if *bare {
		return serveBare()
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	theirs, err := process.Start(exec.CommandContext(ctx, self, "-bare"))
	if err != nil {
		return err
	}
	defer theirs.Stop()
	ours, _, err := process.StartKlar(ctx, *klar, "sites: [{id: example.org}]\nbeacons: {rate: 0}\n")
	if err != nil {
		return err
	}
	defer ours.Stop()

	length := time.Duration(*seconds) * time.Second
	var ratios, rates []float64
	theirCPU, ourCPU := cost{pid: theirs.ID()}, cost{pid: ours.ID()}
	for r := range *runs {
		other, err := theirCPU.of(func() (*result, error) { return flood(theirs.Address, *connections, length) })
		if err != nil {
			return fmt.Errorf("the bare handler: %w", err)
		}
		own, err := ourCPU.of(func() (*result, error) { return flood(ours.Address, *connections, length) })
		if err != nil {
			return fmt.Errorf("klar serve: %w", err)
		}
		ratio := own.rate / other.rate
		fmt.Printf("run %d: bare handler %.0f/s, klar after fsync %.0f/s: %.0f %%\n", r+1, other.rate, own.rate, 100*ratio)
		ratios, rates = append(ratios, ratio), append(rates, own.rate)
	}
	slices.Sort(ratios)
	slices.Sort(rates)
	half := rates[len(rates)/2] / 2
	paced, err := pace(ours.Address, *connections, half, length)
	if err != nil {
		return fmt.Errorf("klar serve: %w", err)
	}
	fmt.Printf("klar acknowledges %.0f %% (%.0f–%.0f %%) of what the bare handler answers; goal 60 %%\n",
		100*ratios[len(ratios)/2], 100*ratios[0], 100*ratios[len(ratios)-1])
	fmt.Printf("CPU for each: bare handler %.1f µs, klar %.1f µs, with nothing of the engine\n", theirCPU.each(), ourCPU.each())
	fmt.Printf("at half its rate, %.0f/s: median %.1f ms, p99 %.1f ms, longest %.1f ms; goal for p99 50 ms\n",
		paced.rate, paced.quantile(0.5), paced.quantile(0.99), paced.quantile(1))
	return nil
}

// serveBare serves until it is killed, and first prints its address.
func serveBare() error {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Println("http://" + listener.Addr().String())
	server := http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, "ok")
	})}
	return server.Serve(listener)
}
