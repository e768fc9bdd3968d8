// Package attack owns the attacks on what Klar stores. It consists of tests: they run a log through the anonymizer and
// the store, keep beside it who each line was of, and count how much of that can be had back from the database, the
// spool and the files. They print rates and counts, never an address or an agent.
package attack
