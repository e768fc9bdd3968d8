package report

import (
	"fmt"
	"strconv"
)

// Error is a question that cannot be answered. Part names the offending part of the request, such as "metrics[1]".
type Error struct {
	Part   string
	Reason string
}

// Error returns part and reason in one line, as the Stats API shows them.
func (e *Error) Error() string {
	if e.Part == "" {
		return e.Reason
	}
	return e.Part + ": " + e.Reason
}

// Refuse returns an Error with a formatted reason.
func Refuse(part, format string, args ...any) *Error {
	return &Error{Part: part, Reason: fmt.Sprintf(format, args...)}
}

// quote shows a piece of the request in an error, shortened to what a reader needs to find it.
func quote(s string) string {
	const longest = 60
	runes := []rune(s)
	if len(runes) > longest {
		return strconv.Quote(string(runes[:longest]) + "…")
	}
	return strconv.Quote(s)
}

// at names an element of a list.
func at(part string, i int) string { return part + "[" + strconv.Itoa(i) + "]" }
