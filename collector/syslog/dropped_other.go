//go:build !linux || (!amd64 && !arm64)

package syslog

// dropped is known on Linux only.
func dropped(uintptr) (uint32, bool) { return 0, false }
