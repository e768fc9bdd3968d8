package collector

import "io"

// ahead reads from a reader in a goroutine, some blocks before they are asked for.
type ahead struct {
	full  chan block
	empty chan []byte
	done  chan struct{}
	ended chan struct{}
	now   block
	used  int
}

// block is a part of the input, and the error that came with it.
type block struct {
	data []byte
	err  error
}

const (
	aheadBlocks = 4
	aheadSize   = 256 << 10
)

// newAhead starts reading. The goroutine ends at the reader's first error or at stop.
func newAhead(r io.Reader) *ahead {
	a := &ahead{
		full:  make(chan block, aheadBlocks),
		empty: make(chan []byte, aheadBlocks),
		done:  make(chan struct{}),
		ended: make(chan struct{}),
	}
	for range aheadBlocks {
		a.empty <- make([]byte, aheadSize)
	}
	go a.run(r)
	return a
}

// run fills empty blocks.
func (a *ahead) run(r io.Reader) {
	defer close(a.ended)
	for {
		var buf []byte
		select {
		case buf = <-a.empty:
		case <-a.done:
			return
		}
		n, err := readFull(r, buf)
		a.full <- block{data: buf[:n], err: err} // never blocks: there are as many places as blocks
		if err != nil {
			return
		}
	}
}

// readFull fills buf, or as much of it as there is, and returns the reader's own error: io.ReadFull would make the end of
// the input and data that break off the same.
func readFull(r io.Reader, buf []byte) (n int, err error) {
	for n < len(buf) && err == nil {
		var m int
		m, err = r.Read(buf[n:])
		n += m
	}
	return n, err
}

// Read returns what was read ahead.
func (a *ahead) Read(p []byte) (int, error) {
	for a.used == len(a.now.data) {
		if a.now.err != nil {
			return 0, a.now.err
		}
		if a.now.data != nil {
			a.empty <- a.now.data[:aheadSize]
		}
		a.now, a.used = <-a.full, 0
	}
	n := copy(p, a.now.data[a.used:])
	a.used += n
	return n, nil
}

// stop ends the goroutine and overwrites the blocks.
func (a *ahead) stop() {
	close(a.done)
	<-a.ended
	clear(a.now.data[:cap(a.now.data)])
	for {
		select {
		case b := <-a.full:
			clear(b.data[:cap(b.data)])
		case b := <-a.empty:
			clear(b)
		default:
			return
		}
	}
}
