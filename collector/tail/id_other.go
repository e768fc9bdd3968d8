//go:build !linux

package tail

import (
	"os"
	"syscall"
)

// statName looks at a file by its name, through symbolic links.
func statName(name string) (status, error) {
	info, err := os.Stat(name)
	if err != nil {
		return status{}, err
	}
	return newStatus(info), nil
}

// statFile looks at an open file.
func statFile(f *os.File) (status, error) {
	info, err := f.Stat()
	if err != nil {
		return status{}, err
	}
	return newStatus(info), nil
}

func newStatus(info os.FileInfo) status {
	s := status{size: info.Size(), modified: info.ModTime().UnixNano(), regular: info.Mode().IsRegular(), links: 1}
	if sys, ok := info.Sys().(*syscall.Stat_t); ok {
		s.id = ID{Device: uint64(sys.Dev), Inode: uint64(sys.Ino)}
		s.links = uint64(sys.Nlink)
	}
	return s
}
