package accesslog

// Error says why a line was rejected: which field, and what is wrong with it, never what stands there. All errors that
// Parse returns are pointers to values made once, so they cost nothing and may be compared with == and be map keys.
type Error struct {
	// Field is the nginx variable that the format has at this place, such as "$status", or empty for the whole line
	// and for variables that are not read.
	Field string
	// Reason is a predicate of the field, such as "is not a number".
	Reason string

	text string
}

// Error returns the field and the reason, as in "field $status is not a number".
func (e *Error) Error() string { return e.text }

// ErrDirective is what [Parser.Parse] returns for a line that says how the lines after it are written, as those of W3C logs
// do that begin with a #. It is no request and nothing is wrong with it: a reader passes it over like an empty line.
var ErrDirective error = &Error{Reason: "is a directive", text: "the line is a directive"}

// reason is a kind of failure.
type reason uint8

const (
	missing reason = iota
	empty
	notNumber
	notTime
	notAddress
	unclosed
	notJSON
	noLead
	isAnAddress
	notAccess
	noColumns
	otherColumns
	reasons
)

var predicates = [reasons]string{
	missing:    "is missing",
	empty:      "is empty",
	notNumber:  "is not a number",
	notTime:    "is not a time",
	notAddress: "is not an address",
	unclosed:   "has no closing quote",
	notJSON:    "is not a JSON object",
	noLead:     "does not begin as the format does",

	isAnAddress:  "is an address",
	notAccess:    "is not that of an access log",
	noColumns:    "stands before the #Fields line that names its columns",
	otherColumns: "does not have the columns that the #Fields line names",
}

// failures holds every error there is.
var failures = func() (all [fields][reasons]Error) {
	for f := range all {
		for r := range all[f] {
			e := Error{Field: names[f], Reason: predicates[r]}
			e.text = "field " + e.Field + " " + e.Reason
			switch field(f) {
			case line:
				e.text = "the line " + e.Reason
			case skipped:
				e.text = "a field that is not read " + e.Reason
			}
			all[f][r] = e
		}
	}
	return all
}()

// fail returns the error of one field.
func fail(f field, r reason) *Error { return &failures[f][r] }
