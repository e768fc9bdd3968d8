// Command live measures klar serve by itself: what it needs to follow a log that grows at a given pace, how fast a log may grow
// at most, and what it costs at rest.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"time"

	"github.com/klar-analytics/klar/bench/process"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// configuration is that of the klar that is measured.
const configuration = "sites: [{id: example.org}]\nsources: [{file: '%s/access.log', format: combined, site: example.org}]\n"

func run(ctx context.Context) error {
	klar := flag.String("klar", "bin/klar", "klar's binary")
	from := flag.String("from", "../shared/data/logs/apache-combined-10k.log", "the real log")
	pace := flag.Float64("pace", 200, "MB a minute that are written at a steady pace")
	seconds := flag.Int("seconds", 30, "seconds of each part")
	flood := flag.Float64("flood", 200, "MB that are written as fast as possible; 0 for none")
	rest := flag.Bool("rest", true, "measure klar at rest, too")
	flag.Parse()
	length := time.Duration(*seconds) * time.Second

	server, dir, err := process.StartKlar(ctx, *klar, configuration)
	if err != nil {
		return err
	}
	defer server.Stop()
	if *rest {
		if err := measureRest(server, length); err != nil {
			return err
		}
	}
	w, err := newWriter(dir+"/access.log", *from)
	if err != nil {
		return err
	}
	defer w.close()
	if err := measurePace(server, w, *pace, length); err != nil {
		return err
	}
	if *flood == 0 {
		return nil
	}
	return measureFlood(server, w, *flood)
}
