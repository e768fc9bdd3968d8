// Package process owns the programs that the benchmarks measure: it starts them and reads what they use of the machine.
package process

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// Server is a program that is measured, in a process of its own.
type Server struct {
	// Address is host and port.
	Address string
	cmd     *exec.Cmd
	dir     string // of its data, to be removed; empty for none
}

// ID returns the number of the process.
func (s *Server) ID() int { return s.cmd.Process.Pid }

// Stop ends the program, and removes its data.
func (s *Server) Stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait() // it was asked to end: how it does says nothing
	if s.dir != "" {
		_ = os.RemoveAll(s.dir)
	}
}

// StartKlar starts klar serve with a configuration, in which %s is the directory that it is in. That lies, with the data,
// beside the program's: a temporary one may lie in memory, where an fsync costs nothing.
func StartKlar(ctx context.Context, klar, configuration string) (s *Server, dir string, err error) {
	work, err := filepath.Abs(filepath.Join("build", "bench"))
	if err != nil {
		return nil, "", err
	}
	if err := os.MkdirAll(work, 0o755); err != nil {
		return nil, "", err
	}
	if dir, err = os.MkdirTemp(work, "serve-"); err != nil {
		return nil, "", err
	}
	config := filepath.Join(dir, "klar.yaml")
	if err := os.WriteFile(config, []byte(strings.ReplaceAll(configuration, "%s", dir)), 0o600); err != nil {
		return nil, "", err
	}
	s, err = Start(exec.CommandContext(ctx, klar, "serve", "--config", config, "--data", filepath.Join(dir, "data"), "--listen", "127.0.0.1:0"))
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, "", fmt.Errorf("klar serve: %w", err)
	}
	s.dir = dir
	return s, dir, nil
}

// Start starts a program that prints its address.
func Start(cmd *exec.Cmd) (*Server, error) {
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &Server{cmd: cmd}
	said := bufio.NewReader(out)
	for {
		line, err := said.ReadString('\n')
		if _, address, ok := strings.Cut(line, "http://"); ok {
			s.Address = strings.TrimSpace(address)
			go func() { _, _ = io.Copy(io.Discard, said) }() // ends with the program
			return s, nil
		}
		if err != nil {
			s.Stop()
			return nil, errors.New(filepath.Base(cmd.Path) + " ended without saying its address")
		}
	}
}
