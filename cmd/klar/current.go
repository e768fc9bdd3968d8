package main

// currentVisitors counts the visitors of a site who are on it now. A site with beacons and logs has most of its people in
// both: the larger number is nearer the truth than the sum.
func currentVisitors(b *beacons, f *collecting) func(site string) int {
	return func(site string) int {
		n := b.sink.CurrentVisitors(site)
		if f != nil {
			n = max(n, f.sink.CurrentVisitors(site))
		}
		return n
	}
}
