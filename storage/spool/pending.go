package spool

// Newest returns the number of the newest segment in a directory, Oldest that of the oldest, 0 if there is none. Cuts are
// delivered in the order of their numbers and deleted then: once Oldest is beyond a number, all up to it are delivered. No
// lock is needed.
func Newest(dir string) (uint64, error) {
	numbers, err := segments(dir)
	if err != nil || len(numbers) == 0 {
		return 0, err
	}
	return numbers[len(numbers)-1], nil
}

// Oldest returns the number of the oldest segment in a directory; see Newest.
func Oldest(dir string) (uint64, error) {
	numbers, err := segments(dir)
	if err != nil || len(numbers) == 0 {
		return 0, err
	}
	return numbers[0], nil
}
