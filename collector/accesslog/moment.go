package accesslog

import "encoding/binary"

const (
	// clfLen is the length of 17/May/2015:10:05:03 +0000.
	clfLen = 26
	// zonelessLen is the length of 17/May/2015:10:05:03.
	zonelessLen = 20
	// lastSecond is the end of the year 9999.
	lastSecond = 253402300799
)

// minute remembers the last minute read in the common log format, since most lines share it with the line before.
type minute struct {
	known      bool
	head, tail uint64 // "17/May/2015:10:0", the first 16 bytes
	last       byte   // the last digit of the minute
	zone       [6]byte
	start      int64
}

// parse reads a moment in any notation that access logs have, to whole seconds since 1970: 17/May/2015:10:05:03 +0000,
// ISO 8601 (2015-05-17T10:05:03Z, also with slashes in the date, an offset or a fraction), or seconds, milliseconds,
// microseconds or nanoseconds since 1970, which their size tells apart. Without an offset it is UTC. Years are 1970 to 9999.
func (m *minute) parse(v []byte) (int64, bool) {
	switch {
	case len(v) == clfLen && v[2] == '/':
		return m.parseCLF(v)
	case (len(v) == zonelessLen || len(v) > zonelessLen && v[zonelessLen] == '.') && v[2] == '/':
		b := [clfLen]byte([]byte("17/May/2015:10:05:03 +0000"))
		copy(b[:zonelessLen], v)
		return m.parseCLF(b[:])
	case len(v) >= 19 && (v[4] == '-' || v[4] == '/'):
		return parseISO(v)
	}
	return parseEpoch(v)
}

// parseCLF reads 17/May/2015:10:05:03 +0000.
func (m *minute) parseCLF(v []byte) (int64, bool) {
	_ = v[clfLen-1]
	sec, ok := two(v[18:])
	if !ok || sec > 60 || v[17] != ':' {
		return 0, false
	}
	head, tail := binary.LittleEndian.Uint64(v), binary.LittleEndian.Uint64(v[8:])
	if m.known && head == m.head && tail == m.tail && v[16] == m.last && [6]byte(v[20:26]) == m.zone {
		return m.start + sec, true
	}
	start, ok := parseCLFMinute(v)
	if !ok {
		return 0, false
	}
	*m = minute{known: true, head: head, tail: tail, last: v[16], zone: [6]byte(v[20:26]), start: start}
	return start + sec, true
}

// parseCLFMinute reads the minute and the zone of 17/May/2015:10:05:03 +0000.
func parseCLFMinute(v []byte) (int64, bool) {
	day, ok1 := two(v)
	century, ok2 := two(v[7:])
	year, ok3 := two(v[9:])
	hour, ok4 := two(v[12:])
	min, ok5 := two(v[15:])
	if !(ok1 && ok2 && ok3 && ok4 && ok5) || v[6] != '/' || v[11] != ':' || v[14] != ':' || v[20] != ' ' {
		return 0, false
	}
	offset, ok := parseOffset(v[21:])
	if !ok {
		return 0, false
	}
	return moment(century*100+year, monthOf(v[3], v[4], v[5]), day, hour, min, offset)
}

// parseISO reads 2015-05-17T10:05:03 and what may follow.
func parseISO(v []byte) (int64, bool) {
	century, ok1 := two(v)
	year, ok2 := two(v[2:])
	month, ok3 := two(v[5:])
	day, ok4 := two(v[8:])
	hour, ok5 := two(v[11:])
	min, ok6 := two(v[14:])
	sec, ok7 := two(v[17:])
	if !(ok1 && ok2 && ok3 && ok4 && ok5 && ok6 && ok7) || sec > 60 {
		return 0, false
	}
	if v[7] != v[4] || v[13] != ':' || v[16] != ':' || v[10] != 'T' && v[10] != ' ' && v[10] != 't' {
		return 0, false
	}
	v = v[19:]
	if len(v) > 0 && (v[0] == '.' || v[0] == ',') {
		for v = v[1:]; len(v) > 0 && v[0] >= '0' && v[0] <= '9'; {
			v = v[1:]
		}
	}
	if len(v) > 0 && v[0] == ' ' {
		v = v[1:]
	}
	offset, ok := parseOffset(v)
	if !ok {
		return 0, false
	}
	start, ok := moment(century*100+year, month, day, hour, min, offset)
	return start + sec, ok
}

// parseEpoch reads a time since 1970.
func parseEpoch(v []byte) (int64, bool) {
	var n int64
	digits := 0
	for ; digits < len(v) && digits < 19; digits++ {
		c := v[digits] - '0'
		if c > 9 {
			break
		}
		n = n*10 + int64(c)
	}
	if digits == 0 {
		return 0, false
	}
	if rest := v[digits:]; len(rest) > 0 {
		if rest[0] != '.' {
			return 0, false
		}
		for _, c := range rest[1:] {
			if c < '0' || c > '9' {
				return 0, false
			}
		}
	}
	switch {
	case n >= 1e17:
		n /= 1e9
	case n >= 1e14:
		n /= 1e6
	case n > lastSecond:
		n /= 1e3
	}
	return n, n >= 0 && n <= lastSecond // 19 digits may have been too many
}

// parseOffset reads +0200, +02:00, +02, Z or nothing, in seconds.
func parseOffset(v []byte) (int64, bool) {
	if len(v) == 0 || len(v) == 1 && v[0]|0x20 == 'z' {
		return 0, true
	}
	if v[0] != '+' && v[0] != '-' || len(v) < 3 {
		return 0, false
	}
	hours, ok := two(v[1:])
	rest := v[3:]
	if len(rest) == 3 && rest[0] == ':' {
		rest = rest[1:]
	}
	var minutes int64
	if len(rest) > 0 && ok {
		if len(rest) != 2 {
			return 0, false
		}
		minutes, ok = two(rest)
	}
	if !ok || hours > 15 || minutes > 59 {
		return 0, false
	}
	offset := hours*3600 + minutes*60
	if v[0] == '-' {
		offset = -offset
	}
	return offset, true
}

// moment returns the seconds since 1970 of a minute that is so many seconds ahead of UTC.
func moment(year, month, day, hour, min, offset int64) (int64, bool) {
	if year < 1970 || month < 1 || month > 12 || day < 1 || day > monthDays(year, month) || hour > 23 || min > 59 {
		return 0, false
	}
	at := daysSince1970(year, month, day)*86400 + hour*3600 + min*60 - offset
	return at, at >= 0
}

// monthDays returns the length of a month of the Gregorian calendar.
func monthDays(year, month int64) int64 {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// daysSince1970 counts days by years that begin in March, so that the leap day is a year's last.
func daysSince1970(year, month, day int64) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	era := year / 400
	ofEra := year - era*400
	ofYear := (153*(month-3)+2)/5 + day - 1
	return era*146097 + ofEra*365 + ofEra/4 - ofEra/100 + ofYear - 719468
}

// monthOf returns the number of an English month's short name, 0 for none.
func monthOf(a, b, c byte) int64 {
	const all = "janfebmaraprmayjunjulaugsepoctnovdec"
	a, b, c = a|0x20, b|0x20, c|0x20
	for i := 0; i < len(all); i += 3 {
		if all[i] == a && all[i+1] == b && all[i+2] == c {
			return int64(i/3 + 1)
		}
	}
	return 0
}

// two reads two digits.
func two(v []byte) (int64, bool) {
	a, b := v[0]-'0', v[1]-'0'
	return int64(a)*10 + int64(b), a <= 9 && b <= 9
}

// parseDay reads 2015-05-17, to which a time may follow, as the seconds since 1970 at its beginning in UTC.
func parseDay(v []byte) (int64, bool) {
	if len(v) < len("2015-05-17") || len(v) > 10 && v[10] != ' ' && v[10] != 'T' || v[4] != '-' || v[7] != '-' {
		return 0, false
	}
	century, ok1 := two(v)
	year, ok2 := two(v[2:])
	month, ok3 := two(v[5:])
	day, ok4 := two(v[8:])
	if !(ok1 && ok2 && ok3 && ok4) {
		return 0, false
	}
	return moment(century*100+year, month, day, 0, 0, 0)
}

// parseClock reads 10:05:03, to which a fraction may follow, as seconds since midnight.
func parseClock(v []byte) (int64, bool) {
	if len(v) < len("10:05:03") || len(v) > 8 && v[8] != '.' || v[2] != ':' || v[5] != ':' {
		return 0, false
	}
	hour, ok1 := two(v)
	min, ok2 := two(v[3:])
	sec, ok3 := two(v[6:])
	return hour*3600 + min*60 + sec, ok1 && ok2 && ok3 && hour <= 23 && min <= 59 && sec <= 60
}
