package spool

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// A segment is a header and records. A record's frame:
//
//	4 bytes  frameMagic
//	4 bytes  length of the payload
//	8 bytes  the offset up to which this segment was known to be on the disk when the record was written
//	4 bytes  CRC-32C of the spool's id, the segment's number, the record's offset, the 12 bytes before, and the payload
//
// Numbers are little-endian. The id in the checksum keeps what stands in a payload from passing for a frame.
const (
	frameMagic = "\xa7KRc"
	frameSize  = 20
	// maxPayload bounds a record, in bytes.
	maxPayload = 64 << 20

	segmentMagic = "klarspl1"
	headerSize   = 8 + 16 + 8 + 4 // magic, spool id, number, CRC-32C
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// ID is the random name of a spool, made with it.
type ID [16]byte

func appendHeader(dst []byte, id ID, number uint64) []byte {
	start := len(dst)
	dst = append(dst, segmentMagic...)
	dst = append(dst, id[:]...)
	dst = binary.LittleEndian.AppendUint64(dst, number)
	return binary.LittleEndian.AppendUint32(dst, crc32.Checksum(dst[start:], castagnoli))
}

// frames writes and reads the frames of one segment.
type frames struct {
	id     ID
	number uint64
}

func (f frames) sum(offset int64, head, payload []byte) uint32 {
	var own [32]byte
	copy(own[:], f.id[:])
	binary.LittleEndian.PutUint64(own[16:], f.number)
	binary.LittleEndian.PutUint64(own[24:], uint64(offset))
	sum := crc32.Update(0, castagnoli, own[:])
	return crc32.Update(crc32.Update(sum, castagnoli, head), castagnoli, payload)
}

// seal fills in the frame of the record in b, which begins with frameSize bytes of room, for its offset.
func (f frames) seal(b []byte, offset, synced int64) {
	copy(b, frameMagic)
	binary.LittleEndian.PutUint32(b[4:], uint32(len(b)-frameSize))
	binary.LittleEndian.PutUint64(b[8:], uint64(synced))
	binary.LittleEndian.PutUint32(b[16:], f.sum(offset, b[4:16], b[frameSize:]))
}

// at reads the record at an offset of the segment's bytes.
func (f frames) at(data []byte, offset int64) (payload []byte, synced int64, ok bool) {
	b := data[offset:]
	if len(b) < frameSize || string(b[:4]) != frameMagic {
		return nil, 0, false
	}
	n := binary.LittleEndian.Uint32(b[4:])
	if n > maxPayload || uint64(n) > uint64(len(b)-frameSize) {
		return nil, 0, false
	}
	payload = b[frameSize : frameSize+int(n)]
	if f.sum(offset, b[4:16], payload) != binary.LittleEndian.Uint32(b[16:]) {
		return nil, 0, false
	}
	return payload, int64(binary.LittleEndian.Uint64(b[8:])), true
}

// Damage is a part of a segment that was on the disk and can no longer be read. Its hits are lost.
type Damage struct {
	Segment uint64
	Offset  int64 // in bytes, in the segment
	Bytes   int64
}

// contents is what a segment holds.
type contents struct {
	payloads [][]byte
	damage   []Damage
	end      int64 // of the last good record; what follows was never acknowledged
}

// read finds the records in a segment's bytes. durable is how many of them are known to have been on the disk. What
// cannot be read is damage if it had been acknowledged: it lies below durable, or a later record says so. Otherwise it
// is the torn end of a crash, and it and what follows are left out, because the source will send it again.
func (f frames) read(data []byte, durable int64) contents {
	c := contents{end: min(headerSize, int64(len(data)))}
	for offset := c.end; offset < int64(len(data)); {
		payload, _, ok := f.at(data, offset)
		if ok {
			c.payloads = append(c.payloads, payload)
			offset += frameSize + int64(len(payload))
			c.end = offset
			continue
		}
		next := f.next(data, offset+1, max(durable, f.acknowledged(data, offset+1)) > offset)
		if next < 0 {
			if durable > offset {
				c.damage = append(c.damage, Damage{f.number, offset, durable - offset})
				c.end = min(durable, int64(len(data)))
			}
			break
		}
		c.damage = append(c.damage, Damage{f.number, offset, next - offset})
		offset = next
	}
	return c
}

// next returns the offset of the first good record from an offset on; -1 if there is none or it is not wanted.
func (f frames) next(data []byte, from int64, wanted bool) int64 {
	for wanted && from < int64(len(data)) {
		i := bytes.Index(data[from:], []byte(frameMagic))
		if i < 0 {
			return -1
		}
		from += int64(i)
		if _, _, ok := f.at(data, from); ok {
			return from
		}
		from++
	}
	return -1
}

// acknowledged returns up to where the records from an offset on say that the segment was on the disk.
func (f frames) acknowledged(data []byte, from int64) (most int64) {
	for {
		if from = f.next(data, from, true); from < 0 {
			return most
		}
		payload, synced, _ := f.at(data, from)
		most = max(most, synced)
		from += frameSize + int64(len(payload))
	}
}
