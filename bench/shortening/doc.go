// Package shortening owns the measure of what detection costs when addresses are shortened: what alerts find, whom they
// name together, and how many harmless people a block of the named network would hit. It consists of tests, for only they
// may know who each line was of. They print counts, never an address.
package shortening
