// Package accuracy owns the reference counter: it counts a log the classic way, with the identifiers of visitors and
// visits in plain sight, and compares what Klar answers about the same log. It is made of tests; nothing imports it.
package accuracy
