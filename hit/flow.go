package hit

// Flow says how a page view, an event or an engagement report continues the visit: what it changes about the page that
// was seen before it. That page's sums are added to where the page view itself was added, so that they can be crossed
// and filtered like it.
type Flow struct {
	// From is the page of the visit's latest page view before; zero when there is none. A page view that was logged
	// later than one that followed it comes from itself, so that nothing moves. Of an engagement report, the page it
	// tells of.
	From Path
	// FromHost and FromHour are the host of that page view and the start of its hour, as Host and Hour of [Hit].
	FromHost Host
	FromHour int64
	// Lasted is how long in seconds the visit had lasted up to its hit before.
	Lasted uint32
	// Reading is how many more seconds From was read, as far as this hit tells.
	Reading uint32
	// Scroll is by how many percent further than known From was scrolled, at most 100.
	Scroll uint8
	Moves  Moves
}

// Moves say which counts of visitors and visits change with a [Flow].
type Moves uint8

// The moves. A visitor's exit pages are the last pages of their visits of the day, of a running one the latest.
const (
	ExitFirst     Moves = 1 << iota // Path becomes an exit page of the visitor today that was none
	ExitLeft                        // From is none any more
	Timed                           // first of the visit on Path, whose reading time will be reported
	FromTimed                       // first of the visit on From whose reading time is known
	FromScrolled                    // first of the visit on From whose depth is known
	ExitHostFirst                   // Host becomes one with an exit page of the visitor today that was none
	ExitHostLeft                    // FromHost is none any more

	// AllMoves has all of them.
	AllMoves = ExitHostLeft<<1 - 1
)

// Has reports whether all moves of n are set.
func (m Moves) Has(n Moves) bool { return m&n == n }

// Bit returns 1 if the move is set and 0 otherwise, to add up.
func (m Moves) Bit(n Moves) int {
	if m&n != 0 {
		return 1
	}
	return 0
}
