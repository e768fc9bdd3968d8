package tail

import (
	"os"

	"golang.org/x/sys/unix"
)

const statMask = unix.STATX_BASIC_STATS | unix.STATX_BTIME

// statName looks at a file by its name, through symbolic links.
func statName(name string) (status, error) {
	var x unix.Statx_t
	if err := unix.Statx(unix.AT_FDCWD, name, 0, statMask, &x); err != nil {
		return status{}, &os.PathError{Op: "stat", Path: name, Err: err}
	}
	return newStatus(&x), nil
}

// statFile looks at an open file.
func statFile(f *os.File) (status, error) {
	var x unix.Statx_t
	if err := unix.Statx(int(f.Fd()), "", unix.AT_EMPTY_PATH, statMask, &x); err != nil {
		return status{}, &os.PathError{Op: "stat", Path: f.Name(), Err: err}
	}
	return newStatus(&x), nil
}

func newStatus(x *unix.Statx_t) status {
	s := status{
		id:       ID{Device: unix.Mkdev(x.Dev_major, x.Dev_minor), Inode: x.Ino},
		size:     int64(x.Size),
		modified: x.Mtime.Sec*1e9 + int64(x.Mtime.Nsec),
		links:    uint64(x.Nlink),
		regular:  x.Mode&unix.S_IFMT == unix.S_IFREG,
	}
	if x.Mask&unix.STATX_BTIME != 0 {
		s.id.Born = x.Btime.Sec*1e9 + int64(x.Btime.Nsec)
	}
	return s
}
