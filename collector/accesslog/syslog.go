package accesslog

import "bytes"

// mayBeSyslog tells from its first bytes whether a line may have come through syslog. Addresses begin with a 2, too.
func mayBeSyslog(line []byte) bool {
	if len(line) < 16 {
		return false
	}
	first := line[0]
	return first >= 'A' && first <= 'Z' || first == '<' || first == '2' && line[4] == '-'
}

// afterSyslog returns what follows the prefix that syslog has put before a line: a priority, a time in the manner of RFC 3164
// or, as rsyslog writes it, of RFC 3339, a host, which nginx can leave out, and the program with a colon. A line that has no
// such prefix comes back as it is.
func afterSyslog(line []byte) []byte {
	rest := line
	if rest[0] == '<' {
		n := bytes.IndexByte(rest, '>')
		if n < 2 || n > 4 {
			return line
		}
		rest = rest[n+1:]
	}
	n := endOfSyslogTime(rest)
	if n < 0 {
		return line
	}
	rest = rest[n:]
	for range 2 {
		n := bytes.IndexByte(rest, ' ')
		if n <= 0 {
			return line
		}
		word := rest[:n]
		rest = rest[n+1:]
		if word[n-1] == ':' {
			return rest
		}
	}
	return line
}

// endOfSyslogTime returns where the time and the space after it end that b begins with, or -1.
func endOfSyslogTime(b []byte) int {
	const short = len("Oct 11 22:14:15 ")
	if len(b) < short {
		return -1
	}
	if monthOf(b[0], b[1], b[2]) > 0 {
		if b[3] == ' ' && b[6] == ' ' && b[9] == ':' && b[12] == ':' && b[15] == ' ' {
			return short
		}
		return -1
	}
	n := bytes.IndexByte(b, ' ')
	if n < len("2015-05-17T10:05:03Z") || b[10] != 'T' {
		return -1
	}
	if _, ok := parseISO(b[:n]); !ok {
		return -1
	}
	return n + 1
}
