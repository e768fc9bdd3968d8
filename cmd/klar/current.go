package main

import "time"

// currentVisitors counts the visitors of a site who did something within a time of up to half an hour. A site with beacons and logs has most of its people in
// both: the larger number is nearer the truth than the sum.
func currentVisitors(b *beacons, f *collecting) func(site string, within time.Duration) int {
	return func(site string, within time.Duration) int {
		n := b.sink.CurrentVisitors(site, within)
		if f != nil {
			n = max(n, f.sink.CurrentVisitors(site, within))
		}
		return n
	}
}
