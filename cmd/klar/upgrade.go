package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// errUpgrade ends klar serve so that another program takes its place.
var errUpgrade = errors.New("upgrade")

const (
	// tryTime bounds how long the new program may take to say that it runs and likes the configuration.
	tryTime = 20 * time.Second
	// upgradeFlushTime bounds what an upgrade waits for deliveries: connections wait as long, and the next klar goes on with
	// what is in the spool.
	upgradeFlushTime = time.Second
)

// ownProgram is the file that this program was started from, by the name it was started with: a link may lead to another
// version by now. It is found out at the start, before the working directory or the file can be others.
func ownProgram() (string, error) {
	if path, err := exec.LookPath(os.Args[0]); err == nil {
		return filepath.Abs(path)
	}
	return os.Executable()
}

// upgradeOn ends klar serve by end with errUpgrade on a signal, if the program that is now in the place of this one can take
// over. Its goroutine ends with the context.
func (c *call) upgradeOn(ctx context.Context, signals <-chan os.Signal, program string, end func(error)) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-signals:
		}
		err := c.try(ctx, program)
		if err == nil {
			c.log.Info("upgrade: the new program runs; connections wait until it has taken over", "program", program)
			c.sockets.handOn()
			end(errUpgrade)
			return
		}
		if ctx.Err() == nil {
			c.log.Error("upgrade: the new program does not run, or refuses the configuration; the old one goes on", "program", program, "error", err)
		}
	}
}

// try asks the new program whether it likes the configuration.
func (c *call) try(ctx context.Context, program string) error {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	args := []string{"version"}
	if c.configFile != "" {
		args = []string{"check", "--config-only", "--config", c.configFile}
	}
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Args[0] = os.Args[0]
	out, err := cmd.CombinedOutput()
	if err != nil && len(out) > 0 {
		return fmt.Errorf("%w: %.500s", err, out) // what klar check says is of the configuration alone
	}
	return err
}

// finish delivers what is on its way. Before an upgrade it hurries, and nothing keeps the new program from its turn.
func (c *call) finish(upgrade bool, served error, beacons *beacons, collected *collecting) error {
	if !upgrade {
		return errors.Join(served, beacons.end(), collected.end())
	}
	beacons.sink.flush = upgradeFlushTime
	collected.hurry()
	if err := errors.Join(served, beacons.end(), collected.end()); err != nil {
		c.log.Error("upgrade: the old program ended with an error", "error", err)
	}
	return errUpgrade
}

// replace runs the new program in this process, with the same arguments and the sockets. It returns only when that fails.
func (c *call) replace(program string) error {
	sockets, err := c.sockets.environment()
	if err != nil {
		return fmt.Errorf("upgrade: the sockets cannot be handed over: %w", err)
	}
	// Until the new program asks for them, these signals would end it.
	signal.Ignore(syscall.SIGUSR2, syscall.SIGHUP)
	err = syscall.Exec(program, os.Args, append(os.Environ(), sockets))
	return fmt.Errorf("upgrade: the new program cannot be run: %w", err)
}
