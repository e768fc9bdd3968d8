package embedded

import "syscall"

// childAttributes let the kernel kill the child with its parent, and keep the terminal's signals from it.
func childAttributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
