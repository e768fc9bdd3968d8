package notify

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/klar-analytics/klar/atomicfile"
)

// letter is a message for one receiver, in a file of its own.
type letter struct {
	To     string    `json:"to"` // the receiver's key
	Kind   Kind      `json:"kind"`
	Queued time.Time `json:"queued"`

	file string
}

// letterFile is what stands in the file.
type letterFile struct {
	letter
	Message Message `json:"message"`
}

const letterSuffix = ".json"

func newLetter(id string, to Receiver, now time.Time) letter {
	sum := sha256.Sum256([]byte(id + "\x00" + to.key))
	return letter{To: to.key, Kind: to.kind, Queued: now.UTC(), file: hex.EncodeToString(sum[:16]) + letterSuffix}
}

// openLetters returns what waits in a directory, oldest first. Files that are not whole, of a crash before anybody was told that
// they are kept, are removed, and so is what Klar has not written.
func openLetters(dir string) ([]letter, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the outbox cannot be made: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("the outbox cannot be read: %w", err)
	}
	var letters []letter
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), letterSuffix+atomicfile.Suffix) {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return nil, err
			}
		}
		if !strings.HasSuffix(e.Name(), letterSuffix) {
			continue
		}
		path := filepath.Join(dir, e.Name())
		f, err := readLetter(path)
		if errors.Is(err, errForeign) {
			err = os.Remove(path)
		} else if err == nil {
			f.file = e.Name()
			letters = append(letters, f.letter)
		}
		if err != nil {
			return nil, fmt.Errorf("the outbox cannot be read: %w", err)
		}
	}
	slices.SortStableFunc(letters, func(a, b letter) int {
		return cmp.Or(a.Queued.Compare(b.Queued), strings.Compare(a.file, b.file))
	})
	return letters, nil
}

// write makes the file, whole or not at all.
func (l letter) write(dir string, m Message) error {
	b, err := json.Marshal(letterFile{l, m})
	if err != nil {
		return err
	}
	if len(b) > MaxMessage {
		return fmt.Errorf("a message of %d bytes is more than the outbox takes, %d", len(b), MaxMessage)
	}
	return atomicfile.Write(filepath.Join(dir, l.file), b)
}

// read returns the message.
func (l letter) read(dir string) (Message, error) {
	f, err := readLetter(filepath.Join(dir, l.file))
	return f.Message, err
}

// errForeign is the error of a file that holds no letter.
var errForeign = errors.New("it is not what Klar has written")

// readLetter reads a file. Its errors do not show what is in it.
func readLetter(path string) (letterFile, error) {
	var f letterFile
	r, err := os.Open(path)
	if err != nil {
		return f, err
	}
	b, err := io.ReadAll(io.LimitReader(r, MaxMessage+1))
	if err = errors.Join(err, r.Close()); err != nil {
		return f, err
	}
	if len(b) > MaxMessage || json.Unmarshal(b, &f) != nil || f.To == "" {
		return f, errForeign
	}
	return f, nil
}

// remove deletes the file, for good also after a crash.
func (l letter) remove(dir string) error {
	if err := os.Remove(filepath.Join(dir, l.file)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return atomicfile.SyncDir(dir)
}
