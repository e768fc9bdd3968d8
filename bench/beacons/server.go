package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// server is a program that is measured, in a process of its own.
type server struct {
	address string // host and port
	cmd     *exec.Cmd
	dir     string // of its data, to be removed; empty for none
}

func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait() // it was asked to end: how it does says nothing
	if s.dir != "" {
		_ = os.RemoveAll(s.dir)
	}
}

func startBare(ctx context.Context) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	return start(exec.CommandContext(ctx, self, "-bare"), "")
}

// startKlar starts klar serve with the site that the load is for, without a rate, and with its data beside the program's
// directory: a temporary one may lie in memory, where an fsync costs nothing.
func startKlar(ctx context.Context, klar string) (*server, error) {
	work := filepath.Join("build", "bench")
	if err := os.MkdirAll(work, 0o755); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(work, "beacons-")
	if err != nil {
		return nil, err
	}
	config := filepath.Join(dir, "klar.yaml")
	if err := os.WriteFile(config, []byte("sites: [{id: example.org}]\nbeacons: {rate: 0}\n"), 0o600); err != nil {
		return nil, err
	}
	return start(exec.CommandContext(ctx, klar, "serve", "--config", config, "--data", filepath.Join(dir, "data"), "--listen", "127.0.0.1:0"), dir)
}

// start starts a program that prints its address.
func start(cmd *exec.Cmd, dir string) (*server, error) {
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{cmd: cmd, dir: dir}
	said := bufio.NewReader(out)
	for {
		line, err := said.ReadString('\n')
		if _, address, ok := strings.Cut(line, "http://"); ok {
			s.address = strings.TrimSpace(address)
			go func() { _, _ = io.Copy(io.Discard, said) }() // ends with the program
			return s, nil
		}
		if err != nil {
			s.stop()
			return nil, errors.New(filepath.Base(cmd.Path) + " ended without saying its address")
		}
	}
}
