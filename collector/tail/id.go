package tail

// ID tells files apart while they are renamed. It is given anew when a file is copied, and an inode is given anew when
// its file is deleted; so the time of birth and the content have a say as well.
type ID struct {
	Device, Inode uint64
	// Born is when the file was made, in nanoseconds since 1970; 0 where the file system does not know.
	Born int64
}

// is tells whether two ids may be of one file. The number of a device may change when the machine is started anew; the
// time of birth stands in for it.
func (id ID) is(other ID) bool {
	if id.Inode != other.Inode {
		return false
	}
	if id.Born != 0 && other.Born != 0 {
		return id.Born == other.Born
	}
	return id.Device == other.Device
}

// status is what is known of a file without reading it.
type status struct {
	id       ID
	size     int64
	modified int64 // nanoseconds since 1970
	links    uint64
	regular  bool
}
