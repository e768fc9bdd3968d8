package main

import (
	"os"
	"runtime"
)

const (
	// serveFloor and importFloor are how much garbage klar serve and klar import may have before it is collected, however
	// small their heaps are, in bytes. Otherwise many beacons, and the lines of a log, cost a collection every few
	// milliseconds.
	serveFloor  = 64 << 20
	importFloor = 256 << 20
)

// tune sets Go's runtime up for klar serve, until the function that it returns is called. Unless GOMAXPROCS says how many, one
// goroutine more runs at a time than Go would let: who waits in fsync holds a place until the runtime notices, which takes up to
// 20 ms, and on a machine with one processor everything else would wait, too.
func tune() (end func()) {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 1)
	}
	return gcFloor(serveFloor)
}

// gcFloor allows that much garbage until the function that it returns is called: as much as an array that is never
// written to, and so takes no memory. A larger GOGC would let a large heap grow by more than a small one.
func gcFloor(bytes int) (end func()) {
	ballast := make([]byte, bytes)
	return func() { runtime.KeepAlive(ballast) }
}
