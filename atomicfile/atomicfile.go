// Package atomicfile owns the replacing of small files: whole or not at all, and for good.
package atomicfile

import (
	"errors"
	"os"
	"path/filepath"
)

// Suffix is what the name of a file ends in that is not in its place yet. One that a crash left is overwritten by the next
// Write, and is of no use.
const Suffix = ".new"

// Write replaces a file, or makes it, with mode 0600. Who reads it finds the old text or the new one whole, also after a
// loss of power, and the new one once Write has returned without an error. Two writers of one file must take turns.
func Write(name string, text []byte) error {
	if err := Stage(name, text); err != nil {
		return err
	}
	return Commit(name)
}

// Stage writes what Commit then puts into its place. After an error nothing is left of it.
func Stage(name string, text []byte) error {
	f, err := os.OpenFile(name+Suffix, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return errors.Join(err, Discard(name))
	}
	return nil
}

// Commit puts what was staged into its place.
func Commit(name string) error {
	if err := os.Rename(name+Suffix, name); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(name))
}

// Discard removes what was staged.
func Discard(name string) error { return os.Remove(name + Suffix) }

// SyncDir makes the names in a directory last.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
