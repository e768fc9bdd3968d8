package hit

// Observation is what the rules of alerts see of one request. It lives for one call and in windows of seconds in memory,
// and is never stored. It tells neither path nor agent.
type Observation struct {
	Site Site
	Net  Net
	// Time of the request in seconds since 1970, UTC.
	Time int64
	// File, Query and Agent tell different paths, query strings and agents apart, and nothing else: keyed hashes whose key
	// dies with the process; 0 for none. Series is the same of a target that ends in a number, without that number, so that
	// those that count through numbers have one.
	File, Query, Agent, Series uint64
	Status                     uint16
	Method                     Method
	// Kind says what the path names, as if it had been asked for by GET and answered 200: a missing image is [KindStatic].
	Kind  Kind
	Login Login
	// Country and Provider are those of Net; zero if unknown.
	Country  Country
	Provider Provider
	// Finding is what the request was recognised as.
	Finding
	Bot bool
}

// Tripped says that a request tripped a rule of windows, or is more of what did.
type Tripped struct {
	Rule Rule
	// Requests are how many the rule counts by this one: itself and, when it trips the rule, those that led to it.
	Requests uint64
}

// Login says whether a request tries to sign in, as far as its method and path tell.
type Login uint8

// The kinds of tries. WordPress answers a wrong password with 200.
const (
	LoginNone Login = iota
	LoginForm
	LoginWordPress
)

var loginNames = [...]string{"", "form", "wordpress"}

// String returns the name that rules use, empty for none.
func (l Login) String() string { return name(loginNames[:], int(l)) }
