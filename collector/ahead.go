package collector

import (
	"context"
	"io"
)

// ahead reads from a reader in a goroutine, some blocks before they are asked for, so that unpacking does not wait for
// parsing, and so that a reader that never answers can be left alone.
type ahead struct {
	full  chan block
	empty chan []byte
	// done is closed by stop, ended by the goroutine; cancel, which may be nil, ends Read from outside.
	done, ended chan struct{}
	cancel      <-chan struct{}
	now         block
	used        int
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

// newAhead starts reading. The goroutine ends at the reader's first error, or after stop when the reader returns.
func newAhead(r io.Reader, cancel <-chan struct{}) *ahead {
	a := &ahead{
		full:   make(chan block, aheadBlocks),
		empty:  make(chan []byte, aheadBlocks),
		done:   make(chan struct{}),
		ended:  make(chan struct{}),
		cancel: cancel,
	}
	for range aheadBlocks {
		a.empty <- make([]byte, aheadSize)
	}
	go a.run(r)
	return a
}

// run fills empty blocks, with what the reader has at the moment.
func (a *ahead) run(r io.Reader) {
	defer close(a.ended)
	for {
		var buf []byte
		select {
		case buf = <-a.empty:
		case <-a.done:
			return
		}
		n, err := r.Read(buf)
		select {
		case <-a.done:
			clear(buf)
			return
		default:
		}
		a.full <- block{data: buf[:n], err: err} // never blocks: there are as many places as blocks
		if err != nil {
			return
		}
	}
}

// Read returns what was read ahead. After stop and after a cancel it returns context.Canceled.
func (a *ahead) Read(p []byte) (int, error) {
	for a.used == len(a.now.data) {
		if a.now.err != nil {
			return 0, a.now.err
		}
		if a.now.data != nil {
			a.empty <- a.now.data[:aheadSize]
			a.now = block{}
		}
		select {
		case a.now = <-a.full:
			a.used = 0
		case <-a.done:
			return 0, context.Canceled
		case <-a.cancel:
			return 0, context.Canceled
		}
	}
	n := copy(p, a.now.data[a.used:])
	a.used += n
	return n, nil
}

// stop ends the goroutine and overwrites the blocks. With wait it returns when the goroutine has ended.
func (a *ahead) stop(wait bool) {
	close(a.done)
	if wait {
		<-a.ended
		clear(a.now.data[:cap(a.now.data)])
	}
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
