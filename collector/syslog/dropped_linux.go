//go:build amd64 || arm64

package syslog

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// meminfoDrops is the place of the count of dropped datagrams in what SO_MEMINFO answers (SK_MEMINFO_DROPS of
// linux/sock_diag.h), which has meminfoVars numbers.
const (
	meminfoDrops = 8
	meminfoVars  = 9
)

// dropped returns how many datagrams the system had no room for in a socket's buffer. The count has 32 bits and may begin
// anew.
func dropped(fd uintptr) (uint32, bool) {
	var vars [meminfoVars]uint32
	size := uint32(unsafe.Sizeof(vars))
	_, _, failed := unix.Syscall6(unix.SYS_GETSOCKOPT, fd, unix.SOL_SOCKET, unix.SO_MEMINFO,
		uintptr(unsafe.Pointer(&vars)), uintptr(unsafe.Pointer(&size)), 0)
	return vars[meminfoDrops], failed == 0 && size == uint32(unsafe.Sizeof(vars))
}
