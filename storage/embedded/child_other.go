//go:build !linux

package embedded

import "syscall"

// childAttributes keep the terminal's signals from the child. The end of its standard input tells it of its
// parent's death.
func childAttributes() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

// physicalMemory is not asked for here: the engine gets the least.
func physicalMemory() int64 { return 0 }
