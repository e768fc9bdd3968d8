package report

import "time"

// MaxOffenders bounds how many networks an answer lists.
const MaxOffenders = 1000

// Offender is a shortened network that tripped rules of attacks, and what is known of it in a range.
type Offender struct {
	// Net in CIDR notation, of at most 24 bits of IPv4 or 48 of IPv6.
	Net string `json:"net"`
	// Country is two letters, Provider a name; both are empty if unknown.
	Country  string `json:"country"`
	Provider string `json:"provider"`
	// Requests are at least how many tripped a rule, of which Certain were an attack beyond doubt: those that were recognised,
	// or those that one rule of windows counted, if they are more.
	Requests uint64 `json:"requests"`
	Certain  uint64 `json:"certain"`
	// Harmless are at least how many other requests came from the network in the same spans of five minutes: what a block
	// of it would hit besides.
	Harmless uint64 `json:"harmless"`
	// Threats are the requests by class.
	Threats map[string]uint64 `json:"threats"`
	// Rules are what was recognised besides the classes: CVEs and rules of alerts, at most 20.
	Rules []string `json:"rules"`
	// First and Last are the starts of the first and last five minutes, UTC.
	First time.Time `json:"first"`
	Last  time.Time `json:"last"`
}

// Offenders is an answer: the networks with the most requests, and how many there are in all.
type Offenders struct {
	Networks []Offender `json:"networks"`
	Total    uint64     `json:"total"`
}
