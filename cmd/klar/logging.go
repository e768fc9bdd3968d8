package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// errSaid ends a command whose error is in its log already.
var errSaid = errors.New("said")

// logFlags are the flags of commands that run for long.
type logFlags struct{ format, level *string }

func (c *call) logFlags() logFlags {
	return logFlags{
		format: c.flags.String("log-format", "text", "form of the log on standard error, `text|json`"),
		level:  c.flags.String("log-level", "info", "least `LEVEL` that is logged: debug, info, warn or error"),
	}
}

// logger returns the log that the flags describe.
func (f logFlags) logger(w io.Writer) (*slog.Logger, error) {
	var o slog.HandlerOptions
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
	level, ok := levels[strings.ToLower(*f.level)]
	if !ok {
		return nil, fmt.Errorf("--log-level: %q is not debug, info, warn or error", *f.level)
	}
	o.Level = level
	switch *f.format {
	case "text":
		return slog.New(slog.NewTextHandler(w, &o)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, &o)), nil
	}
	return nil, fmt.Errorf("--log-format: %q is not text or json", *f.format)
}

// end logs why a command ends, so that a log of JSON is JSON to its end, and returns what is left to be said.
func (f logFlags) end(log *slog.Logger, err error) error {
	if err == nil || *f.format != "json" {
		return err
	}
	log.Error("klar ends", "error", err.Error())
	return errSaid
}
