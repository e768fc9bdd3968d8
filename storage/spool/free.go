package spool

import "golang.org/x/sys/unix"

// Free returns how many bytes of its disk the spool may still take.
func (s *Spool) Free() (int64, error) {
	var stat unix.Statfs_t
	if err := unix.Statfs(s.dir, &stat); err != nil {
		return 0, diskError(err)
	}
	return int64(stat.Bavail) * int64(stat.Bsize), nil
}
