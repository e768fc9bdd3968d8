package main

import (
	"os"
	"runtime"
)

// gcFloor is how much garbage klar serve may have before it is collected, however small its heap is, in bytes: as much as an
// array that is never written to, and so takes no memory. Otherwise many beacons cost a collection every few milliseconds.
const gcFloor = 32 << 20

// tune sets Go's runtime up for klar serve, until the function that it returns is called. Unless GOMAXPROCS says how many, one
// goroutine more runs at a time than Go would let: who waits in fsync holds a place until the runtime notices, which takes up to
// 20 ms, and on a machine with one processor everything else would wait, too.
func tune() (end func()) {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 1)
	}
	ballast := make([]byte, gcFloor)
	return func() { runtime.KeepAlive(ballast) }
}
