package main

import (
	"fmt"
	"io"
)

// progress tells a terminal how many networks were read, and everyone what came out of it.
type progress struct {
	out  io.Writer
	name string
	live bool
	n    int
}

func (p *progress) add() {
	if p.n++; p.live && p.n%20000 == 0 {
		fmt.Fprintf(p.out, "\r%s: %d networks", p.name, p.n)
	}
}

func (p *progress) done(size int64) {
	if p.live {
		fmt.Fprint(p.out, "\r")
	}
	fmt.Fprintf(p.out, "%s: %d networks, %.1f MB\n", p.name, p.n, float64(size)/1e6)
}
