package storage

import (
	"slices"
	"strings"
	"time"

	"github.com/ClickHouse/ch-go/proto"
)

// block is the rows of one table and partition, as one block of ClickHouse's Native format.
type block struct {
	table   string
	columns []string
	month   uint32 // the partition, toYYYYMM
	rows    int
	data    []byte
}

// row is a row before it is written: its key of ranks, the month first, in the order of the table's key.
type row struct {
	key [4]uint64
	sum uint32 // number of its sum
}

func (r *row) month() uint32 { return uint32(r.key[0] >> 32) }

// pair puts two ranks into one word of a key.
func pair(high, low uint32) uint64 { return uint64(high)<<32 | uint64(low) }

func high(word uint64) uint32 { return uint32(word >> 32) }
func low(word uint64) uint32  { return uint32(word) }

// months gives the month, as toYYYYMM does, of instants; it remembers the last one's bounds.
type months struct{ from, until, month uint32 }

func (m *months) of(instant uint32) uint32 {
	if instant < m.from || instant >= m.until {
		t := time.Unix(int64(instant), 0).UTC()
		first := time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
		m.from = uint32(first.Unix())
		m.until = uint32(min(first.AddDate(0, 1, 0).Unix(), 1<<32-1))
		m.month = uint32(t.Year()*100 + int(t.Month()))
	}
	return m.month
}

// blockWriter builds a block column by column.
type blockWriter struct {
	rows  int
	size  int // of the block in bytes, more or less
	input proto.Input
}

func (w *blockWriter) add(name string, data proto.ColInput) {
	w.input = append(w.input, proto.InputColumn{Name: name, Data: data})
}

// label adds a LowCardinality(String) column of the texts with the given ranks.
func (w *blockWriter) label(name string, r ranking, rank func(int) uint32) {
	// Only the texts of this block belong to its dictionary; they keep their order.
	used, count, size := make([]uint32, len(r.texts)), 0, 0
	for i := range w.rows {
		if at := rank(i); used[at] == 0 {
			used[at] = 1
			count, size = count+1, size+len(r.texts[at])
		}
	}
	index := &proto.ColStr{Buf: make([]byte, 0, size), Pos: make([]proto.Position, 0, count)}
	for i, text := range r.texts {
		if used[i] != 0 {
			used[i] = uint32(len(index.Pos))
			index.Append(text)
		}
	}
	c := &proto.ColLowCardinalityRaw{Index: index}
	switch n := index.Rows(); {
	case n <= 1<<8:
		c.Keys8 = make([]uint8, w.rows)
		for i := range c.Keys8 {
			c.Keys8[i] = uint8(used[rank(i)])
		}
	case n <= 1<<16:
		c.Key = proto.KeyUInt16
		c.Keys16 = make([]uint16, w.rows)
		for i := range c.Keys16 {
			c.Keys16[i] = uint16(used[rank(i)])
		}
	default:
		c.Key = proto.KeyUInt32
		c.Keys32 = make([]uint32, w.rows)
		for i := range c.Keys32 {
			c.Keys32[i] = used[rank(i)]
		}
	}
	w.size += w.rows*(1<<c.Key) + len(index.Buf)
	w.add(name, c)
}

// text adds a String column of the texts with the given ranks.
func (w *blockWriter) text(name string, r ranking, rank func(int) uint32) {
	for i := range w.rows {
		w.size += len(r.texts[rank(i)]) + 1
	}
	w.direct(name, proto.ColumnTypeString, 1, func(b *proto.Buffer, i int) { b.PutString(r.texts[rank(i)]) })
}

// instant adds a DateTime('UTC') column.
func (w *blockWriter) instant(name string, at func(int) uint32) {
	w.direct(name, "DateTime('UTC')", 4, func(b *proto.Buffer, i int) { b.PutUInt32(at(i)) })
}

// status adds a UInt16 column.
func (w *blockWriter) status(name string, at func(int) uint32) {
	w.direct(name, proto.ColumnTypeUInt16, 2, func(b *proto.Buffer, i int) { b.PutUInt16(uint16(at(i))) })
}

// sum adds a UInt64 column.
func (w *blockWriter) sum(name string, at func(int) uint64) {
	w.direct(name, proto.ColumnTypeUInt64, 8, func(b *proto.Buffer, i int) { b.PutUInt64(at(i)) })
}

// signed adds an Int64 column, of what is moved: added in one place and taken away in another.
func (w *blockWriter) signed(name string, at func(int) int64) {
	w.direct(name, proto.ColumnTypeInt64, 8, func(b *proto.Buffer, i int) { b.PutInt64(at(i)) })
}

// direct adds a column whose values, of about size bytes each, are written into the block one by one.
func (w *blockWriter) direct(name string, kind proto.ColumnType, size int, put func(*proto.Buffer, int)) {
	w.size += w.rows * size
	w.add(name, directColumn{kind, w.rows, put})
}

// directColumn is a column that is not held in memory beside the block.
type directColumn struct {
	kind proto.ColumnType
	rows int
	put  func(*proto.Buffer, int)
}

func (c directColumn) Type() proto.ColumnType { return c.kind }
func (c directColumn) Rows() int              { return c.rows }

func (c directColumn) EncodeColumn(b *proto.Buffer) {
	for i := range c.rows {
		c.put(b, i)
	}
}

func (c directColumn) WriteColumn(w *proto.Writer) { w.ChainBuffer(c.EncodeColumn) }

// block encodes the columns into the memory of an earlier block.
func (w *blockWriter) block(memory []byte) (block, error) {
	buffer := proto.Buffer{Buf: slices.Grow(memory[:0], w.size+w.size/8+4096)}
	// Over HTTP a block is of revision 0.
	if err := (proto.Block{Columns: len(w.input), Rows: w.rows}).EncodeRawBlock(&buffer, 0, w.input); err != nil {
		return block{}, err
	}
	b := block{rows: w.rows, data: buffer.Buf}
	for _, c := range w.input {
		b.columns = append(b.columns, c.Name)
	}
	return b, nil
}

// insert is the statement that the block's data follow.
func (b *block) insert() string {
	return "INSERT INTO " + b.table + " (" + strings.Join(b.columns, ", ") + ")"
}
