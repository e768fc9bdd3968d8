// Command klar is privacy-preserving web analytics and a log pipeline in one binary. It owns flags, configuration,
// wiring and signals; everything else lives in the packages it wires.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/klar-analytics/klar/alert"
	"github.com/klar-analytics/klar/anonymize"
	"github.com/klar-analytics/klar/dashboards/settings"
	"github.com/klar-analytics/klar/livetail"
)

// version is set by the build.
var version = "dev"

// command is one of klar's commands. Its setup registers the command's flags and returns what to run once they are
// parsed.
type command struct {
	name, args, short, long string
	// made says that it also needs to know what was made in the interface.
	made bool

	setup func(c *call) func(ctx context.Context) error
}

// call is one invocation of a command.
type call struct {
	flags  *flag.FlagSet
	args   []string
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer

	configFile, data, dsn string
	listen                string // of serve
	made                  bool   // as in command

	log     *slog.Logger      // of serve; nil of the others
	sockets *sockets          // of serve
	peers   peers             // of serve
	visits  *anonymize.Visits // of serve: its logs and beacons share them
	tail    *livetail.Tail    // of serve
	alarms  *alarms           // of serve
	windows *alert.Windows    // of import, with --alerts

	config config
}

// errUsage says that the command line was wrong and that this has been said.
var errUsage = errors.New("usage")

func commands() []command {
	return []command{serveCommand(), importCommand(), queryCommand(), reportCommand(), sqlCommand(), deleteCommand(), userCommand(), spoolCommand(), alertCommand(), checkCommand(), trackerCommand(), engineCommand()}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		if !errors.Is(err, errUsage) && !errors.Is(err, errSaid) {
			fmt.Fprintln(os.Stderr, "klar:", strings.ReplaceAll(err.Error(), "\n", "; "))
		}
		os.Exit(1)
	}
}

// run executes one command line. It returns an error with a one-line reason, or errUsage.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	if len(args) == 0 {
		help(stderr)
		return errUsage
	}
	name := args[0]
	switch name {
	case "help", "-h", "--help", "-help":
		if len(args) > 1 {
			name, args = args[1], []string{args[1], "--help"}
			break
		}
		help(stdout)
		return nil
	case "version", "--version", "-version":
		_, err := fmt.Fprintln(stdout, "klar", version)
		return err
	}
	for _, cmd := range commands() {
		if cmd.name == name {
			return start(ctx, cmd, args[1:], stdin, stdout, stderr)
		}
	}
	return fmt.Errorf("%q is no command; see 'klar help'", name)
}

func start(ctx context.Context, cmd command, args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	c := &call{flags: flag.NewFlagSet(cmd.name, flag.ContinueOnError), stdin: stdin, stdout: stdout, stderr: stderr}
	c.flags.SetOutput(io.Discard)
	c.flags.StringVar(&c.configFile, "config", os.Getenv("KLAR_CONFIG"), "configuration `FILE` (YAML)")
	c.flags.StringVar(&c.data, "data", "", "data `DIR` (default ./data)")
	c.flags.StringVar(&c.dsn, "dsn", "", "ClickHouse server `URL`, http(s)://user:password@host:port/database, instead of the embedded engine")
	runCommand := cmd.setup(c)
	if err := c.parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			commandHelp(stdout, cmd, c.flags)
			return nil
		}
		return fmt.Errorf("%s: %w; see 'klar help %s'", cmd.name, err, cmd.name)
	}
	var err error
	c.made = cmd.made
	if c.config, err = c.load(); err != nil {
		return err
	}
	return runCommand(ctx)
}

// load reads the configuration file, and under it what was made in the interface, for commands that need it.
func (c *call) load() (config, error) {
	next, err := c.read()
	if err != nil {
		return next, err
	}
	var made settings.Settings
	if c.made {
		if made, err = settings.Read(next.Data); err != nil {
			return next, err
		}
	}
	return next, next.merge(made)
}

// read reads the configuration file, whose values are yet to be checked by merge. What the flags say goes before it.
func (c *call) read() (config, error) {
	next, err := readConfig(c.configFile)
	if err != nil {
		return next, err
	}
	if c.data != "" {
		next.Data = c.data
	}
	if c.dsn != "" {
		if err := checkDSN(c.dsn); err != nil {
			return next, fmt.Errorf("--dsn: %w", err)
		}
		next.Storage.DSN = c.dsn
	}
	if c.listen != "" {
		if err := checkListen(c.listen); err != nil {
			return next, fmt.Errorf("--listen: %w", err)
		}
		next.HTTP.Listen = c.listen
	}
	return next, nil
}

// parse reads flags before, between and behind the arguments; behind "--" there are arguments only.
func (c *call) parse(args []string) error {
	for {
		if err := c.flags.Parse(args); err != nil {
			return err
		}
		rest := c.flags.Args()
		if read := len(args) - len(rest); len(rest) == 0 || read > 0 && args[read-1] == "--" {
			c.args = append(c.args, rest...)
			return nil
		}
		c.args, args = append(c.args, rest[0]), rest[1:]
	}
}

func help(w io.Writer) {
	fmt.Fprint(w, "klar: privacy-preserving web analytics and log pipeline\n\nusage: klar COMMAND [flags] [arguments]\n\n")
	for _, cmd := range commands() {
		fmt.Fprintf(w, "  %-8s %s\n", cmd.name, cmd.short)
	}
	fmt.Fprint(w, "  version  prints the version\n\n'klar help COMMAND' explains a command and its flags.\n")
}

func commandHelp(w io.Writer, cmd command, flags *flag.FlagSet) {
	fmt.Fprintf(w, "usage: klar %s [flags] %s\n\n%s\n\nflags:\n", cmd.name, cmd.args, strings.TrimSpace(cmd.long))
	flags.VisitAll(func(f *flag.Flag) {
		arg, usage := flag.UnquoteUsage(f)
		if arg != "" {
			arg = " " + arg
		}
		fmt.Fprintf(w, "  --%-22s %s\n", f.Name+arg, usage)
	})
}
